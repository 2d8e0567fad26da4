"""Find the values that a text gives to secret names: `token = "…"`, `export TOKEN=…`, `--token …`.

What counts as a value depends on how the text is read. In code it is a literal, so `get_token()`
and `password: str` stay; in configuration and on command lines it is whatever follows; in prose
one word, unless it reads as a call or as the next word of a sentence.
"""

import re
from collections.abc import Iterator

from proactive_lsp.secret_rules import RULES as SHAPES
from proactive_lsp.secret_rules import Source, Span, is_placeholder
from proactive_lsp.secret_words import STEMS, is_secret_name

_NAME_REST = re.compile(r"[\w.-]*")
_NAME_CHARS = re.compile(r"[\w.-]*\Z")
_LONGEST_NAME = 80
_LONGEST_GAP = 200
_LONGEST_LEFT = 1_000
_LONGEST_VALUE = 20_000  # so that no text costs its length for each of its names

# Between a name and its value; group "quote" is the quote around the name itself.
_OPERATOR = re.compile(
    r"""(?P<quote>\\?["'`])?\]?\)?[ \t]*"""
    r"""(?P<sign>[?!]?:[ \t]*+[\w.&*\[\]|, <>?'"]{0,60}?[ \t]*+=(?![=>])"""
    r"""|:=|=>|[=!]==?|[+|?:]?=|\|\||\?\?|or\b|::?"""
    r"""|[ \t][\w.*\[\]]{1,30}[ \t]*=(?!=)|(?<=[ \t])(?=["']))"""
    r"""[ \t]*(?:\\\r?\n[ \t]*)?"""
)
_CALL_NAME = re.compile(r"""\\?["'`][ \t]*,[ \t]*""")
_CALLER = re.compile(r"""(?:get|set|put|add|append|header|env)\w*\([ \t]*\\?["'`]-{0,2}$""", re.I)
_LITERAL = re.compile(
    r"""(?P<prefix>[A-Za-z]{0,2})(?:"""
    r'''"""(?P<a>(?:\\.|[^\\])*?)(?:"""|(?:\r?\n){2}|\Z)'''
    r"""|'{3}(?P<b>(?:\\.|[^\\])*?)(?:'{3}|(?:\r?\n){2}|\Z)"""
    r"""|`(?P<c>(?:\\.|[^`\\])*)`"""
    r"""|\\"(?P<d>[^"\\\r\n]*)\\?"|"(?P<e>(?:\\\r\n|\\.|[^"\\\r\n])*)"?"""
    r"""|'(?P<f>(?:\\\r\n|\\.|[^'\\\r\n])*)'?)""",
    re.DOTALL,
)
# A value on the line below its name; a string there may also be the docstring of a block.
_BROKEN = re.compile(r"""[ \t]*+\r?\n[ \t]++(?:(?=(?P<open>["'`])))?""")
_LISTED = re.compile(r"""["'`][^"'`\r\n]{0,500}["'`][ \t]*,""")
_ALONE = re.compile(r"(?![-#!&*|>{\[])[^\r\n:]{1,500}(?:\r?\n|\Z)")
# What may wrap a literal without making it another value.
_WRAPPER = re.compile(
    r"(?:[\w.]*(?:(?:[Ss]ecret|b64)\w*+|bytes|str|quote|fromhex|encode)|f|new \w+)?[(\[{]\s*"
)
_GLUE = re.compile(r"(?:\.\w+\(\))?[ \t]*+(?:[+.]?[ \t]*+\\?\r?\n[ \t]*+\+?|\+)?[ \t]*+")
# Another value to fall back on: `get("TOKEN", "…")`, `get("TOKEN") or "…"`, `x if y else "…"`.
_FALLBACK = re.compile(
    r"""(?:[^\r\n"'#,(]*[(\[][ \t]*["'][^"'\r\n]*["'][ \t]*"""
    r"""(?:,|[^\r\n"'#,]*?(?:\bor\b|\|\||\?\?))"""
    r"""|[^\r\n"'#,]*?(?:\bor\b|\|\||\?\?|\belse\b))[ \t]*(?=["'`])"""
)
_NUMBER = re.compile(r"\d++(?![\w.])")
_BRACES = re.compile(r"\{\{|\}\}|(\{[^{}]*(?:\}|\Z))")
_SHELL_WORD = re.compile(
    r"""(?:\\\r?\n|\\.|"(?:\\.|[^"\\])*"|'[^']*'|\$\([^()\r\n]*\)|[^\s;&|"'\\)])+""", re.DOTALL
)
_DEFAULT = re.compile(r"""["']?\$\{\w+:?[-=]([^}\r\n]+)\}""")
_PROSE_WORD = re.compile(r"""[^\s"'`,;&)\]}<>|]+""")
# A comment starts at a space and `#`.
_CONFIG_VALUE = re.compile(r"(?:[^\r\n\t \\]++|\\\r?\n|\\|[ \t]++(?![#;]))+")
_BLOCK = re.compile(
    r"[|>][-+\d]*[ \t]*(?:#[^\r\n]*)?\r?\n(?P<body>(?:[ \t]++[^\r\n]*+(?:\r?\n|\Z))+)"
)
_TYPES = frozenset(
    (
        "str",
        "string",
        "String",
        "int",
        "bytes",
        "bool",
        "boolean",
        "Optional",
        "any",
        "Any",
        "number",
    )
)
_SCHEME = re.compile(r"(?:Bearer|Basic|Token|token|Digest|ApiKey|Negotiate)[ \t]+")
_ENV_ITEM = re.compile(r"""["']?[ \t]*+,?[ \t]*+\r?\n[ \t]*+["']?value["']?[ \t]*:[ \t]*""")
_SETTER = re.compile(r"(?:\bset(?:env|x)?|\bENV|\bARG|\bconfig)[ \t]+(?:-+\w+[ \t]+)*(?://\S*:)?$")


def named_values(source: Source) -> Iterator[Span]:
    """The values of everything with a secret name."""
    text = source.text
    # One character each stays one, so that positions agree.
    lowered = text.replace("İ", "I").lower()
    done = covered = 0
    for stem in STEMS.finditer(lowered):
        if stem.start() < done:
            continue
        name_start, name_end = _name_around(text, stem.start(), stem.end())
        done = name_end
        name = text[name_start:name_end].strip(".")
        if source.mode == "code":
            name = name.rpartition(".")[2]
        # A name far inside a long value is part of it, and would be read as long again.
        if name_end + _LONGEST_GAP < covered or not is_secret_name(name):
            continue
        for start, end in _values(source, name_start, name_end):
            if not is_placeholder(text[start:end]):
                covered = max(covered, end)
                yield start, end


def _name_around(text: str, start: int, end: int) -> Span:
    window = max(0, start - _LONGEST_NAME)
    left = _NAME_CHARS.search(text, window, start)
    right = _NAME_REST.match(text, end, end + _LONGEST_NAME)
    return (left.start() if left else start), (right.end() if right else end)


def _values(source: Source, start: int, end: int) -> Iterator[Span]:
    text = source.text
    flag = text[start : start + 1] == "-"
    operator = _OPERATOR.match(text, end, end + _LONGEST_GAP)
    if operator is None:
        if flag or _SETTER.search(text, max(0, start - 80), start):
            yield from _after_space(source, end)
        call = _CALL_NAME.match(text, end, end + _LONGEST_GAP)
        if call is not None:
            yield from _second_argument(text, start, call.end(), flag=flag)
        item = _ENV_ITEM.match(text, end, end + _LONGEST_GAP)
        if item is not None:
            yield from _bare_or_literal(source, item.end(), sign=":")
        return
    sign, at = operator["sign"], operator.end()
    broken = _BROKEN.match(text, at, at + _LONGEST_GAP)
    if broken is not None and _goes_on(source, broken, sign, quoted=bool(operator["quote"])):
        at = broken.end()
    scheme = _SCHEME.match(text, at)
    if scheme is not None:
        at = scheme.end()
    if not operator["quote"] and _closes(text, start, at):
        return
    literals = list(_literals(text, at))
    if literals:
        yield from literals
    elif source.mode == "code" and (operator["quote"] or not _in_words(text, start)):
        fallback = _FALLBACK.match(text, at, at + _LONGEST_GAP)
        number = _NUMBER.match(text, at) if operator["quote"] else None
        if fallback is not None:
            yield from _literals(text, fallback.end())
        elif number is not None:
            yield number.span()
    elif sign not in ("||", "??", "or"):
        yield from _bare(source, at, sign=sign)


def _goes_on(source: Source, broken: re.Match[str], sign: str, *, quoted: bool) -> bool:
    """Whether the value stands on the next line, and not some other statement."""
    if broken["open"] is None:
        alone = _ALONE.match(source.text, broken.end())
        return source.mode == "config" and sign == ":" and alone is not None
    if sign == ":":
        listed = _LISTED.match(source.text, broken.end())
        return quoted or source.mode == "config" or listed is not None
    return source.mode == "code" and sign.endswith("=")


def _after_space(source: Source, end: int) -> Iterator[Span]:
    """The word after a flag or a `set NAME`, not another flag."""
    text = source.text
    gap = len(text[end : end + 8]) - len(text[end : end + 8].lstrip(" \t"))
    if gap == 0 or text[end + gap : end + gap + 1] == "-":
        return
    if source.mode == "code" and not _in_words(text, end):
        return
    yield from _shell_word(text, end + gap)


def _second_argument(text: str, start: int, at: int, *, flag: bool) -> Iterator[Span]:
    """`("password", "value")`: any value of a setter or flag, a mixed one in a plain list."""
    literal = _LITERAL.match(text, at, at + _LONGEST_VALUE)
    if literal is None:
        return
    value_start, value_end = _content(literal)
    value = text[value_start:value_end]
    if value.startswith("-") or (len(value) < _LONGEST_NAME and is_secret_name(value)):
        return
    called = flag or _CALLER.search(text, max(0, start - 40), start) is not None
    if called or not value.replace("_", "").replace("-", "").replace(" ", "").isalpha():
        yield value_start, value_end


def _bare_or_literal(source: Source, at: int, *, sign: str) -> Iterator[Span]:
    literals = list(_literals(source.text, at))
    yield from literals or _bare(source, at, sign=sign)


# --- literals ------------------------------------------------------------------------------------


def _literals(text: str, at: int) -> Iterator[Span]:
    """The contents of the literals of one value: joined, continued, or wrapped in brackets."""
    depth = 0
    while (wrapper := _WRAPPER.match(text, at, at + 2 * _LONGEST_GAP)) and depth < 4:
        depth, at = depth + 1, wrapper.end()
    while literal := _LITERAL.match(text, at, at + _LONGEST_VALUE):
        span = _content(literal)
        yield from _outside_braces(text, span) if "f" in literal["prefix"].lower() else (span,)
        at = literal.end()
        if depth:
            at += len(text[at : at + 400]) - len(text[at : at + 400].lstrip(" \t\r\n,+\\.#"))
            continue
        glue = _GLUE.match(text, at)
        joined = text[at : glue.end()] if glue else ""
        if "\n" in joined and not any(sign in joined for sign in "\\+"):
            return
        at += len(joined)


def _content(literal: re.Match[str]) -> Span:
    group = literal.lastgroup or "prefix"
    return literal.span(group)


def _outside_braces(text: str, span: Span) -> Iterator[Span]:
    """The fixed parts of an f-string; its expressions are code."""
    start, end = span
    for braces in _BRACES.finditer(text, start, end):
        if braces[1] is not None:
            yield start, braces.start()
            start = braces.end()
    yield start, end


# --- values without quotes -----------------------------------------------------------------------


def _bare(source: Source, at: int, *, sign: str) -> Iterator[Span]:
    text, mode = source.text, source.mode
    default = _DEFAULT.match(text, at, at + _LONGEST_LEFT)
    if default is not None:
        yield default.span(1)
    elif mode == "config":
        yield from _config_value(text, at)
    elif mode == "shell" and "=" in sign:
        yield from _shell_word(text, at)
    else:
        yield from _prose_word(text, at, sign=sign, strict=mode != "code")


def _shell_word(text: str, at: int) -> Iterator[Span]:
    word = _SHELL_WORD.match(text, at, at + _LONGEST_VALUE)
    if word is None:
        return
    start, end = word.span()
    if text[start] in "\"'" and end - start > 1 and text[end - 1] == text[start]:
        start, end = start + 1, end - 1
    if not re.fullmatch(r"\$\{?\w+\}?", text[start:end]):
        yield start, end


def _config_value(text: str, at: int) -> Iterator[Span]:
    block = _BLOCK.match(text, at, at + _LONGEST_VALUE)
    if block is not None:
        for line in re.finditer(r"[^\s][^\r\n]*", text[block.start("body") : block.end("body")]):
            offset = block.start("body")
            yield offset + line.start(), offset + line.end()
        return
    if text[at : at + 1] in tuple("!&*|>[{#"):
        return
    value = _CONFIG_VALUE.match(text, at, at + _LONGEST_VALUE)
    if value is None:
        return
    # Closers belong to a flow mapping around it.
    content = value[0].rstrip(" \t,}])\"'")
    yield at, at + len(content)


def _prose_word(text: str, at: int, *, sign: str, strict: bool) -> Iterator[Span]:
    begins = _PROSE_WORD.match(text, at, at + _LONGEST_GAP)
    if begins is None or "(" in begins[0]:
        return
    word = _PROSE_WORD.match(text, at, at + _LONGEST_VALUE)
    if word is None or word[0] in _TYPES:
        return
    value, end = word[0], word.end()
    if re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", value):  # `settings.token`
        return
    if not strict and at > 0 and text[at - 1] in " \t" and value.isalpha():
        return
    rest = text[end : end + 40].partition("\n")[0].strip()
    if ":" in sign and rest and value.isalpha() and value.islower():  # "token: unexpected end"
        return
    yield at, end


def _closes(text: str, start: int, at: int) -> bool:
    """Whether the quote at `at` closes a literal that began before: `getpass("Password: ")`."""
    quote = text[at : at + 1]
    line = _left_of(text, start)
    return quote in ('"', "'") and line.replace("\\" + quote, "").count(quote) % 2 == 1


def _in_words(text: str, at: int) -> bool:
    """Whether a place in code lies in a literal or a comment of its line, told by its quotes."""
    line = _left_of(text, at)
    if "#" in line or "//" in line:
        return True
    line = line.replace('\\"', "").replace("\\'", "")
    return line.count('"') % 2 == 1 or line.count("'") % 2 == 1


def _left_of(text: str, at: int) -> str:
    """The line up to a place, no more than its last part."""
    first = max(0, at - _LONGEST_LEFT)
    return text[max(text.rfind("\n", first, at) + 1, first) : at]


RULES = (*SHAPES, named_values)
