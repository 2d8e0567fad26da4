"""Take secrets out of a text, and out of every text of an event, before anything is written.

A masked character becomes `x`; line breaks, the length in UTF-16 and whether it parses stay, so
ranges remain right and a recording replays. Three questions find a secret: does it have the shape
of a known token, does it stand where a secret is named, does it look drawn by chance? In code only
literals answer the second one, in configuration and on command lines any value does.
"""

import re
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
from proactive_lsp.secret_names import RULES
from proactive_lsp.secret_rules import Mode, Rule, Source, Span, known_formats, random_runs


def redact(text: str, *, language: str | None = None, unfinished: bool = False) -> str:
    """The text with every secret masked: same UTF-16 length, same line breaks, still parsing.

    `language` is an LSP language id; None reads the text as prose, such as a message or output.
    `unfinished` is for a burst still being typed: a short mixed literal goes too. Doing it twice
    changes nothing.
    """
    mode = _mode(language)
    # What stood hidden behind one mask may show up beside it, so look again until it is quiet;
    # each round turns characters into `x` for good, and in practice the second changes nothing.
    for _ in range(8):
        masked = _mask(text, _found(Source(text, mode, unfinished)))
        if masked == text:
            break
        text = masked
    return text


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
                event, "path", "language", text=_text_of(event.path, event.text, event.language)
            )
        case Edit():
            changes = tuple(
                Change(change.range, _text_of(event.path, change.text, unfinished=True))
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


def _text_of(path: str, text: str, language: str | None = None, *, unfinished: bool = False) -> str:
    return redact(text, language=_language(path) or language, unfinished=unfinished)


def _committed(file: CommittedFile) -> CommittedFile:
    texts = {
        name: _text_of(file.path, text)
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
    return [span for rule in rules for span in rule(source)]
