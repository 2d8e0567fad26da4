"""Take secrets out of a text, and out of every text of an event, before anything is written.

A masked character becomes `x`; line breaks, the length in UTF-16 and whether it parses stay, so
ranges remain right and a recording replays. Three questions find a secret: does it have the shape
of a known token, does it stand where a secret is named, does it look drawn by chance? In code only
literals answer the second one, in configuration and on command lines any value does.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import TypeVar, assert_never

import msgspec
from msgspec import Struct

from proactive_lsp.events import (
    Answer,
    Change,
    Close,
    Command,
    CommittedFile,
    DiagnosticItem,
    Diagnostics,
    Edit,
    Event,
    FileOperation,
    Focus,
    Git,
    Open,
    Save,
    SuggestionEvent,
    TestResult,
)
from proactive_lsp.lines import split_lines
from proactive_lsp.secret_names import RULES, named_values
from proactive_lsp.secret_rules import (
    Mode,
    Rule,
    Source,
    Span,
    known_formats,
    pem_blocks,
    random_runs,
)

CONTEXT_LINES = 40
# The end of a longer line above, the start of one below, tell enough.
CONTEXT_CHARS = 500


def redact(text: str, *, language: str | None = None, unfinished: bool = False) -> str:
    """The text with every secret masked: same UTF-16 length, same line breaks, still parsing.

    `language` is an LSP language id; None reads the text as prose, such as a message or output.
    `unfinished` is for a burst still being typed: a short mixed literal goes too. Doing it twice
    changes nothing.
    """
    return _masked(text, language, unfinished=unfinished)


def _masked(
    text: str, language: str | None, *, unfinished: bool, rules: tuple[Rule, ...] = RULES
) -> str:
    mode = _mode(language)
    # What stood hidden behind one mask may show up beside it, so look again until it is quiet;
    # each round turns characters into `x` for good, and in practice the second changes nothing.
    for _ in range(8):
        masked = _mask(text, _found(Source(text, mode, unfinished), rules))
        if masked == text:
            break
        text = masked
    return text


def redact_edit(edit: Edit, lines: Sequence[str], language: str | None = None) -> Edit:
    """A settled edit, redacted as part of the text it made: the same lines, the same length.

    `lines` is the whole text after the edit, of which 40 lines around each change are read. So a
    password goes although its name stands on a line that nobody touched. What a line tells by
    itself is left to `redact_event`. The edit itself comes back when its changes are not those of
    `Documents.settle`: whole lines, from the bottom up.
    """
    language = _language(edit.path) or language
    places: list[_Place] = []
    growth = 0
    for index in range(len(edit.changes) - 1, -1, -1):
        change = edit.changes[index]
        count = len(split_lines(change.text)) - change.text.endswith(("\n", "\r"))
        if not change.text:
            count = 0
        first, removed = 0, 0
        if change.range is not None:
            start, end = change.range.start, change.range.end
            first, removed = start.line + growth, end.line - start.line
        if "".join(lines[first : first + count]) != change.text:
            return edit
        growth += count - removed
        if count:
            places.append(_Place(index, first, first + count))
    changes = list(edit.changes)
    for group in _near(places):
        top, bottom = group[0].first, group[-1].last
        cut, around = _context(lines, top, bottom)
        whole = "".join(around)
        masked_whole = _masked(whole, language, unfinished=True, rules=_ACROSS_LINES)
        if masked_whole == whole:
            continue
        masked = split_lines(masked_whole)[cut:]
        for place in group:
            text = "".join(masked[place.first - top : place.last - top])
            changes[place.index] = Change(changes[place.index].range, text)
    return _with(edit, changes=tuple(changes))


def redact_part(part: Sequence[str], lines: Sequence[str], first: int, last: int, path: str) -> str:
    """A part that stands, or stood, in place of `lines[first:last]`, redacted as if it were there.

    All lines are without their ends; the part comes back joined by line feeds.
    """
    above, below = lines[max(0, first - CONTEXT_LINES) : first], lines[last : last + CONTEXT_LINES]
    whole = redact("\n".join((*above, *part, *below)), language=_language(path))
    return "\n".join(whole.split("\n")[len(above) : len(above) + len(part)])


class _Place(Struct, frozen=True):
    """The lines `first` to `last` (exclusive) that the change of this index made."""

    index: int
    first: int
    last: int


def _near(places: Iterable[_Place]) -> Iterator[list[_Place]]:
    """The places from top to bottom, those together that have context in common."""
    group: list[_Place] = []
    for place in places:
        if group and place.first - group[-1].last > 2 * CONTEXT_LINES:
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _context(lines: Sequence[str], first: int, last: int) -> tuple[int, list[str]]:
    """These lines with those around them, and how many stand above; long ones are cut."""
    above = [line[-CONTEXT_CHARS:] for line in lines[max(0, first - CONTEXT_LINES) : first]]
    below = [line[:CONTEXT_CHARS] for line in lines[last : last + CONTEXT_LINES]]
    # A name stands before its value; below, only the end of a private key tells anything.
    if not any("PRIVATE KEY" in line for line in below):
        below = below[:2]
    return len(above), [*above, *lines[first:last], *below]


def redact_file(
    path: str, text: str, language: str | None = None, *, unfinished: bool = False
) -> str:
    """A file's text, redacted as its name wants; `language` counts where that tells nothing."""
    return redact(text, language=_language(path) or language, unfinished=unfinished)


def redact_path(path: str) -> str:
    """The path with a key in a file name masked, anything else untouched."""
    return _mask(
        path, _found(Source(path, "prose", unfinished=False), (known_formats, random_runs))
    )


def redact_event(event: Event) -> Event:
    """The event with every string it carries redacted, paths and ids included.

    An edit may hold a key of which only the first half is typed, so it is read as unfinished.
    """
    match event:
        case Open():
            return _with(
                event, "path", "language", text=redact_file(event.path, event.text, event.language)
            )
        case Edit():
            changes = tuple(
                Change(change.range, redact_file(event.path, change.text, unfinished=True))
                for change in event.changes
            )
            return _with(event, "path", "origin", changes=changes)
        case Diagnostics():
            items = tuple(map(_diagnostic, event.items))
            return _with(event, "path", "source", items=items)
        case Git():
            return _with(
                event,
                "head",
                "branch",
                paths=None if event.paths is None else tuple(map(redact_path, event.paths)),
                message=_optional(event.message),
                files=tuple(map(_committed, event.files)),
            )
        case Command():
            line = redact(event.line, language="shellscript")
            return _with(event, line=line, tail=_optional(event.tail))
        case TestResult():
            name = redact(event.name)
            return _with(event, "path", "outcome", name=name, message=_optional(event.message))
        case FileOperation():
            return _with(event, "path", "to")
        case SuggestionEvent():
            return _with(event, "id", "need", "path")
        case Answer():
            return _with(event, "id")
        case Close() | Save() | Focus():
            return _with(event, "path")
        case _:
            assert_never(event)


_AnyStruct = TypeVar("_AnyStruct", bound=Struct)


def _with(struct: _AnyStruct, *names: str, **fields: object) -> _AnyStruct:
    """The struct with these fields, and those of `names` as paths; itself if nothing is new."""
    for name in names:
        value = getattr(struct, name)
        if isinstance(value, str):
            fields[name] = redact_path(value)
    if all(getattr(struct, name) == value for name, value in fields.items()):
        return struct
    return msgspec.structs.replace(struct, **fields)


def _optional(text: str | None) -> str | None:
    return None if text is None else redact(text)


def _committed(file: CommittedFile) -> CommittedFile:
    texts = {
        name: redact_file(file.path, text)
        for name, text in (("before", file.before), ("after", file.after))
        if text is not None
    }
    return _with(file, "path", **texts)


def _diagnostic(item: DiagnosticItem) -> DiagnosticItem:
    return _with(item, "code", message=redact(item.message))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SHELL = _words("shellscript shell bash sh zsh fish powershell bat dockerfile makefile")
_CONFIG = _words(
    "dotenv ini properties toml yaml yml dockercompose env conf cfg netrc npmrc editorconfig "
    "helm terraform-vars systemd-conf"
)
_PROSE = _words("markdown plaintext restructuredtext log diff git-commit csv")
_BY_NAME = {
    **dict.fromkeys(("dockerfile", "makefile", "justfile", "procfile"), "shellscript"),
    **dict.fromkeys((".netrc", ".npmrc", ".pypirc", ".pgpass", "credentials"), "ini"),
}
_BY_SUFFIX = {
    **dict.fromkeys((".sh", ".bash", ".zsh", ".fish", ".ps1", ".bat", ".cmd"), "shellscript"),
    **dict.fromkeys((".yaml", ".yml"), "yaml"),
    **dict.fromkeys((".ini", ".cfg", ".conf", ".properties", ".env", ".tfvars"), "ini"),
    **dict.fromkeys((".md", ".rst", ".txt", ".log", ".csv"), "plaintext"),
    ".toml": "toml",
}
_CODE_SUFFIXES = _words(
    "py pyi ipynb js jsx mjs cjs ts tsx vue svelte go rs java kt kts scala c h cc cpp hpp cs rb "
    "php swift lua r jl dart ex exs erl hs ml clj pl sql html xml css scss json jsonc proto"
)


def _language(path: str) -> str | None:
    """The language of a path where it matters here; None leaves it to the editor's word."""
    name = PurePosixPath(path).name.lower()
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.startswith(".env"):
        return "ini"
    suffix = PurePosixPath(name).suffix
    return _BY_SUFFIX.get(suffix, suffix[1:] if suffix[1:] in _CODE_SUFFIXES else None)


def _mode(language: str | None) -> Mode:
    if language is None or language in _PROSE:
        return "prose"
    if language in _SHELL:
        return "shell"
    return "config" if language in _CONFIG else "code"


# --- masking -----------------------------------------------------------------------------------

# Everything but line breaks, and but a backslash that continues a line.
_MASKED = re.compile(r"(?!\\[\r\n])[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_QUOTES = ('"', "'", "`", "")
_KEPT_ESCAPE = re.compile(r"x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.", re.DOTALL)


def _mask(text: str, spans: list[Span]) -> str:
    if not spans:
        return text
    pieces: list[str] = []
    done = 0
    for start, end in sorted(spans):
        first = max(start, done)
        if first >= end:
            continue
        if first == start:
            first += _half_escape(text, start, end)
        pieces.append(text[done:first])
        pieces.append(_blank(text[first:end], bare=text[first - 1 : first] not in _QUOTES))
        done = max(first, end)
    pieces.append(text[done:])
    return "".join(pieces)


def _blank(text: str, *, bare: bool) -> str:
    if bare and text.isdecimal() and text.isascii():
        return "1" * len(text)  # a number stays one, or JSON and TOML would not parse
    return _MASKED.sub(lambda found: "xx" if found[0] > "\uffff" else "x", text)


def _half_escape(text: str, start: int, end: int) -> int:
    """How much at the start belongs to an escape, whose backslash stands before: `\\n`, `\\x41`."""
    backslashes = (
        len(text[max(0, start - 64) : start]) - len(text[max(0, start - 64) : start].rstrip("\\"))
        if text[start - 1 : start] == "\\"
        else 0
    )
    if backslashes % 2 == 0:
        return 0
    kept = _KEPT_ESCAPE.match(text, start, end)
    return len(kept[0]) if kept else 0


def _found(source: Source, rules: tuple[Rule, ...] = RULES) -> list[Span]:
    pieces = tuple(_pieces(source.text))
    if len(pieces) == 1:
        return [span for rule in rules for span in rule(source)]
    # A token of a known shape may be longer than any piece.
    spans = [span for rule in rules if rule in _WHOLE for span in rule(source)]
    for start, end in pieces:
        piece = msgspec.structs.replace(source, text=source.text[start:end])
        spans += [
            (start + first, start + last)
            for rule in rules
            if rule not in _WHOLE
            for first, last in rule(piece)
        ]
    return spans


_ACROSS_LINES = (pem_blocks, known_formats, named_values)
_WHOLE = (known_formats, pem_blocks)
_LONGEST_LINE = 20_000
_STEP = 16_000


def _pieces(text: str) -> Iterator[Span]:
    """The text at once, or in pieces that overlap where a line is too long to be read at once.

    No rule may cost more than a piece for each thing that it finds.
    """
    start = position = 0
    while len(text) - position > _LONGEST_LINE:
        line_end = text.rfind("\n", position, position + _LONGEST_LINE) + 1
        if line_end:
            position = line_end
            continue
        if start < position:
            yield start, position
        yield position, position + _LONGEST_LINE
        start = position = position + _STEP
    yield start, len(text)
