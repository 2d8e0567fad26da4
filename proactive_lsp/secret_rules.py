"""Find the spans of a text that hold a secret; each rule is one question, `RULES` lists them.

Rules only look. They may overlap, and every span is inside a literal, a value or a token, so that
masking it leaves the text parsing.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct

from proactive_lsp.secret_words import FORMATS, looks_half_drawn, looks_random

Span = tuple[int, int]
Mode = Literal["code", "config", "shell", "prose"]


class Source(Struct, frozen=True):
    """One text with how to read it."""

    text: str
    mode: Mode
    unfinished: bool


Rule = Callable[[Source], Iterator[Span]]


# --- tokens of a known shape -------------------------------------------------------------------

# After a token that ends its line or literal: the rest of it in the next line or literal.
_MORE = re.compile(
    r"""\\\r?\n[ \t]*(?P<run>[\w+/=.-]+)"""
    r"""|(?P<quote>["'])[ \t]*+(?:[\\+.]?[ \t]*+\r?\n[ \t]*+\+?[ \t]*+|\+[ \t]*+)?[A-Za-z]{0,2}"""
    r"""(?P=quote)(?P<literal>[\w+/=.-]++)(?=(?P=quote))"""
)


def known_formats(source: Source) -> Iterator[Span]:
    """Tokens that show by their first letters what they are, anywhere, and what continues them."""
    text = source.text
    for literal, pattern in FORMATS:
        if literal not in text:
            continue
        reached = 0
        for found in pattern.finditer(text):
            yield found.span()
            end = found.end()
            if end <= reached:  # part of what continues the one before
                continue
            while more := _MORE.match(text, end):
                group = "run" if more["run"] else "literal"
                yield more.span(group)
                reached = end = more.end(group)


_PEM_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_PEM_RUN = re.compile(
    r"""(?<!\\)(?![a-z]{1,9}\b)[A-Za-z0-9+/]{2,}={0,2}(?![\w"'])"""
    r"""|(?<!\\)(?![a-z]{1,9}\b)[A-Za-z0-9+/]{2,}|(?<=\\n)[A-Za-z0-9+/]+={0,2}"""
)
# A line of an unclosed block: one run of base64 and the dressing of a literal or a comment.
_PEM_LINE = re.compile(
    r"""[ \t"'#*>|+]*+(?:[A-Za-z0-9+/]++={0,2}|[A-Z][\w-]++: [^\r\n]*+)?"""
    r"""(?:\\[nr])*+["']?[ \t,+\\);]*+(?:\r\n?|\n|\Z)"""
)
_PEM_LONGEST = 20_000


def pem_blocks(source: Source) -> Iterator[Span]:
    """The body of a private key, also one without its end or, in a fragment, its beginning."""
    text = source.text
    if "PRIVATE KEY" not in text:
        return
    closed = 0
    ends = [end.span() for end in _PEM_END.finditer(text)]
    for begin in _PEM_BEGIN.finditer(text):
        if begin.start() < closed:
            continue
        at = bisect_left(ends, (begin.end(), 0))
        end = ends[at][0] if at < len(ends) else len(text)
        near = at < len(ends) and end <= begin.end() + _PEM_LONGEST
        closed = end if near else _unclosed_pem(text, begin.end())
        for run in _PEM_RUN.finditer(text, begin.end(), closed):
            yield run.span()
    for start, end in ends:
        if start > closed:
            yield from _pem_lines_before(text, closed, start)
            closed = end


def _unclosed_pem(text: str, start: int) -> int:
    line_end = text.find("\n", start)
    position = len(text) if line_end < 0 else line_end + 1
    while position < len(text) and (line := _PEM_LINE.match(text, position)):
        position = line.end()
    return position


def _pem_lines_before(text: str, floor: int, end: int) -> Iterator[Span]:
    position = text.rfind("\n", floor, end) + 1
    while position > floor:
        before = max(floor, text.rfind("\n", floor, position - 1) + 1)
        if not _PEM_LINE.fullmatch(text, before, position):
            return
        for run in _PEM_RUN.finditer(text, before, position):
            yield run.span()
        position = before


# --- places where a secret stands by its grammar -------------------------------------------------

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # scheme://user:password@host, and a token in the place of the user.
    ("://", re.compile(r"""://[^\s/:@"'<>]{0,100}:([^\s"'<>/]{1,300})@""")),
    ("://", re.compile(r"""(?<!http)(?<!https)://[^\s/:@"'<>]{0,100}:([^\s"'<>@]{1,300})@""")),
    ("://", re.compile(r"""://((?=[^\s/:@]{0,300}\d)[^\s/:@"'<>{}$]{16,300}):?@""")),
    ("earer ", re.compile(r"""earer[ ]+((?=[\w.~+/=-]*[\dA-Z]|\S{20})[\w.~+/=-]{8,})""")),
    ("asic ", re.compile(r"""asic[ ]+((?=[\w+/=]*[\dA-Z])[\w+/]{8,}={0,2})""")),
    ("hooks.slack.com/", re.compile(r"hooks\.slack\.com/\w+/([\w/-]{8,})")),
    ("/webhooks/", re.compile(r"/api/webhooks/\d+/([\w-]{8,})")),
    ("sig=", re.compile(r"[?&]sig=([\w%+/=-]{8,})")),
    ("ccountKey=", re.compile(r"AccountKey=([\w+/=]{8,})")),
    ("<", re.compile(r"(?i)<(?=[\w.-]*(?:password|secret|token|apikey))[\w.-]+>([^<>\n]+)</")),
    ("alue=", re.compile(r"""=["'](?=[\w.:-]*(?i:password|secret|token|"""
                         r"""api_?key))[\w.:-]+["']\s+value=["']([^"'\n]+)["']""")),
)  # fmt: skip
_SHELL_VALUE = r"""('[^'\n]*'|"[^"\n]*"|[^\s'"]+)"""
# How programs take a password on their command line.
_COMMANDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("sshpass", re.compile(r"sshpass\s+-p\s*(\S+)")),
    ("-p", re.compile(r"(?:mysql|mariadb)[\w-]{0,40}+[^\n|;&]{0,300}?\s-p" + _SHELL_VALUE)),
    ("login", re.compile(r"login\b[^\n|;&]{0,300}?\s-p[ =]?" + _SHELL_VALUE)),
    ("curl", re.compile(r"curl\b[^\n|;&]{0,300}?\s(?:-u|--user|-U|--proxy-user)"
                        r"[ =]?['\"]?[^\s:'\"]{0,300}:([^\s'\"]+)")),
    ("pass:", re.compile(r"\s-pass(?:in|out)?\s+pass:(\S+)")),
    ("redis-cli", re.compile(r"redis-cli\b[^\n|;&]{0,300}?\s-a\s+(\S+)")),
    ("htpasswd", re.compile(r"htpasswd\s+-\w{0,9}b\w{0,9}\s+\S++\s++\S++\s++(\S+)")),
    ("stdin", re.compile(r"echo\s+(?:-n\s+)?([^\s|]+)\s*\|[^\n|]{0,100}--password-stdin")),
    ("sudo", re.compile(r"echo\s+([^\s|]+)\s*\|\s*sudo\s+-S")),
    ("password", re.compile(r"login\s+\S+\s+password\s+(\S+)")),
    ("ssh-keygen", re.compile(r"ssh-keygen\b[^\n|;&]{0,300}?\s-[NP]\s*" + _SHELL_VALUE)),
    ("openssl", re.compile(r"openssl\b[^\n|;&]{0,300}?\s-[kK]\s+" + _SHELL_VALUE)),
    ("zip", re.compile(r"\b(?:un)?zip\b[^\n|;&]{0,300}?\s-P\s*" + _SHELL_VALUE)),
    ("7z", re.compile(r"\b7z\w?\b[^\n|;&]{0,300}?\s-p" + _SHELL_VALUE)),
    ("literal", re.compile(r"--from-literal[= ][\w.-]{1,100}=" + _SHELL_VALUE)),
    ("literal", re.compile(r"--from-literal[= ][\"'][\w.-]{1,100}=([^\"'\n]+)")),
    ("IDENTIFIED", re.compile(r"IDENTIFIED\s+BY\s+'([^'\n]+)'")),
)  # fmt: skip


def grammar(source: Source) -> Iterator[Span]:
    """Credentials in URLs, headers, webhooks, tags and well-known command lines."""
    text = source.text
    for table in (_PATTERNS, _COMMANDS):
        for literal, pattern in table:
            if literal not in text:
                continue
            for found in pattern.finditer(text):
                start, end = found.span(1)
                if text[start] in "\"'" and text[start] == text[end - 1]:
                    start, end = start + 1, end - 1
                if not is_placeholder(text[start:end]):
                    yield start, end


_PLACEHOLDER = re.compile(
    r"x+|\*+|\.{3}|<[\w -]*>|\$\{?[A-Z_][A-Z0-9_]*\}?|\$\{\w+\}|\$\([^()]*\)|"
    r"\$?\{\{[^{}]*\}\}|\{[\w.]*\}|"
    r"%\(\w+\)s|%[sdr]|%\w+%|\$\d|\$\$?\w+\.\w+|"
    r"[Nn]one|null|nil|undefined|[Tt]rue|[Ff]alse|TRUE|FALSE|NULL|ENC\[[\w,:+/=-]*\]",
    re.DOTALL,
)


def is_placeholder(value: str) -> bool:
    """Whether a value stands for another one, or for nothing: `${TOKEN}`, `<token>`, `null`."""
    return not value or _PLACEHOLDER.fullmatch(value) is not None


# --- strings of chance ---------------------------------------------------------------------------

_RUN = re.compile(r"[A-Za-z0-9+/_-]{20,}+")
_CHECKSUM = re.compile(r"(?:sha\d{1,3}[-:=]|\bh1:|md5[-:=])$")


def random_runs(source: Source) -> Iterator[Span]:
    """Long strings of chance anywhere; checksums, hashes and ids are none."""
    text = source.text
    for found in _RUN.finditer(text):
        run = found[0]
        # A sign at the edge is an operator or a bullet, and masking it would break code.
        start = found.end() - len(run.lstrip("+/-"))
        end = start + len(run.strip("+/-"))
        core = text[start:end]
        # Some checksums carry their name inside the run: `sha512-…`, others before it.
        named = re.match(r"sha\d{1,3}-", core) or _CHECKSUM.search(text[max(0, start - 8) : start])
        if named is None and looks_random(core):
            yield start, end


_LITERAL_START = re.compile(r"[\"'`]")
# What is typed as a value without quotes, or as a word; its parts between signs count.
_BARE = re.compile(r"(?<![^\s=:])[A-Za-z0-9+/_-]{8,}+")
_BARE_PART = re.compile(r"[A-Za-z0-9]{8,}+")
_HALF = re.compile(r"[A-Za-z0-9+/_-]{8,}+")


def half_typed(source: Source) -> Iterator[Span]:
    """In a burst still being typed: short mixed runs after a quote, and bare ones out of code."""
    if not source.unfinished:
        return
    text = source.text
    if source.mode != "code":
        for bare in _BARE.finditer(text):
            for part in _BARE_PART.finditer(text, *bare.span()):
                if looks_half_drawn(part[0]):
                    yield part.span()
    for line in re.finditer(r"[^\r\n]+", text):
        quote = _LITERAL_START.search(text, *line.span())
        if quote is None:
            continue
        for found in _HALF.finditer(text, quote.end(), line.end()):
            run = found[0]
            start = found.end() - len(run.lstrip("+/-"))
            if looks_random(run.strip("+/-"), least=8):
                yield start, start + len(run.strip("+/-"))


RULES = (pem_blocks, known_formats, grammar, random_runs, half_typed)
