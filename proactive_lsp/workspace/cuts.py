"""Where the texts of languages with braces may be cut: before declarations at the start of a line.

What stands in a comment, a template or a string of several lines is no declaration. A cut may be
wrong all the same, within braces or where this scan loses its way: then a part does not parse.
"""

import re
from collections.abc import Iterator

# A template with what is substituted in it, which may have templates and braces of its own.
_SIMPLE_TEMPLATE = r"`(?:[^`\\]|\\.)*+`"
_SUBSTITUTED = rf"\$\{{(?:[^{{}}`]|{_SIMPLE_TEMPLATE}|\{{[^{{}}]*+\}})*+\}}"
_SINGLE = r"""'(?:[^'\\\n]|\\.)*+'?"""
_DOUBLE = r""""(?:[^"\\\n]|\\.)*+"?"""
_COMMENT = r"//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/"
# A slash divides behind a name, a number or a closing bracket; elsewhere a pattern begins. Each
# slash is tried, so a pattern that is much longer than people write is none.
_IN_PATTERN = r"[^\\/\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,100}+\]"
_PATTERN = rf"(?<=[=(,:!&|?;{{}}\[>])[ ]?/(?![*/])(?:{_IN_PATTERN}){{1,300}}+/"


def _scanner(skipped: tuple[str, ...], unclosed: str, starts: str) -> re.Pattern[str]:
    text = f"{'|'.join(skipped)}|(?P<unclosed>{unclosed})|^(?P<start>{starts})"
    return re.compile(text, re.DOTALL | re.MULTILINE)


_ECMASCRIPT = _scanner(
    (_COMMENT, _PATTERN, rf"`(?:[^`\\$]|\\.|{_SUBSTITUTED}|\$)*+`", _DOUBLE, _SINGLE),
    r"/\*|`",
    r"@\w|(?:export[ ]+)?(?:default[ ]+)?(?:declare[ ]+)?(?:abstract[ ]+)?(?:async[ ]+)?"
    r"(?:function|class|interface|enum|namespace)\b"
    r"|(?:export[ ]+)?const[ ]+[\w$]+[ ]*=[ ]*(?:async[ ]*)?(?:function\b|[(<])"
    r"|(?:describe|test|it)(?:\.\w+)*\(",
)
_SCANNERS = {
    "javascript": _ECMASCRIPT,
    "javascriptreact": _ECMASCRIPT,
    "typescript": _ECMASCRIPT,
    "typescriptreact": _ECMASCRIPT,
    "go": _scanner((_COMMENT, r"`[^`]*+`", _DOUBLE, _SINGLE), r"/\*|`", r"(?:func|type)\b"),
    "rust": _scanner(
        (
            # One comment may stand in another, and a lifetime is no open quote.
            r"//[^\n]*+|/\*(?:[^*/]|\*(?!/)|/(?!\*)|/\*(?:[^*]|\*(?!/))*+\*/)*+\*/",
            r'\br(?P<hashes>#*)".*?"(?P=hashes)|"(?:[^"\\]|\\.)*+"',
            r"'(?:[^'\\\n]|\\[^\n]{1,9})'",
        ),
        r'/\*|\br#*"|"',
        r"#\[|(?:pub(?:\([^)\n]*\))?[ ]+)?(?:(?:const|async|unsafe|default|extern(?:[ ]+\"\w*\")?)"
        r"[ ]+)*(?:fn|struct|enum|union|trait|impl|mod)\b",
    ),
    "java": _scanner(
        (_COMMENT, r'"""(?:[^"\\]|\\.|"(?!""))*+"""', _DOUBLE, _SINGLE),
        r'/\*|"""',
        r"@\w|(?:(?:public|protected|private|abstract|final|static|sealed|non-sealed)[ ]+)*"
        r"(?:class|interface|enum|record|@interface)\b",
    ),
}


def cuts(language: str, text: str) -> Iterator[int]:
    """Offsets where a declaration begins; none for a language that nobody described here.

    None either behind a text left open, where no declaration is sure to begin.
    """
    scanner = _SCANNERS.get(language)
    attached = False
    for found in scanner.finditer(text) if scanner is not None else ():
        if found["unclosed"] is not None:
            return
        start = found["start"]
        if start is None:
            continue
        # What is attached to a declaration, an annotation or attribute, begins it.
        if not attached and found.start():
            yield found.start()
        attached = start.startswith(("@", "#")) and start != "@interface"
