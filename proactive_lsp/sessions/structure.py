"""Turn a session into its structure: every name and literal a meaningless word, shapes kept.

    total = price * 12  # per dozen      →      qhxwe = mzuoa * 53  # kfy xwlqjo

What stays is white space, punctuation, the words of the language itself, the UTF-16 length of each
word and whether it begins with a capital, and which names are the same. So lines, ranges and
syntax stay, and needs that only look at shapes still see them. Which word a name becomes depends
on a secret that is drawn for each session and never written down.
"""

import hashlib
import re
from typing import TypeVar, assert_never

import msgspec

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
from proactive_lsp.replay.session import Expect, FilesWorkspace, Header, Quiet, Workspace
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.grammars import GRAMMARS, keywords
from proactive_lsp.workspace.languages import language_of

# Names that say what a file is for, the same in every project.
_ROLES = frozenset(
    {"test", "tests", "testing", "spec", "specs", "conftest", "doc", "docs", "src", "lib"}
    | {"readme", "changelog", "changes", "history", "news"}
)
# Words of a language to which its grammar gives a name of their own.
_OWN_WORDS = frozenset(
    {"self", "Self", "cls", "super", "this", "crate", "mut", "void", "boolean", "bool", "str"}
    | {"None", "True", "False", "null", "nil", "true", "false", "undefined", "char", "usize"}
    | {f"{kind}{bits}" for kind in "iuf" for bits in (8, 16, 32, 64, 128)}
)
_NUMBER = (
    r"0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+"
    r"|[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?(?:[iuf](?:8|16|32|64|128|size)|[jJlLfFdDnu])?"
)
_ESCAPE = r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[abefnrtv0'\"\\])"
# In front of a text, and of what stands in braces within one.
_PREFIX = r"(?<!\w)(?i:[rbuft]|br|rb|fr|rf|cr?)(?=#*[\"'])|(?<=!)[rsa](?=[:}])"
_ODD = r"[^\w\s\x00-\x7f]"
_CODE = re.compile(
    rf"(?P<escape>{_ESCAPE})|(?P<prefix>{_PREFIX})|(?P<number>\b(?:{_NUMBER})\b)"
    rf"|(?P<word>\w+)|(?P<odd>{_ODD})"
)
_PROSE = re.compile(rf"(?P<number>\b[0-9]+\b)|(?P<word>\w+)|(?P<odd>{_ODD})")
_MARKS = re.compile(
    r"(?P<before>_*(?:tests?_(?=.)|Test(?=[A-Z]))?)(?P<name>.*?)"
    r"(?P<after>(?:(?<=.)_tests?|(?<=[a-z0-9])Tests?)?_*)\Z",
    re.DOTALL,
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# After so many different names they are forgotten; the same ones then become the same words again.
_MOST_NAMES = 200_000
_MOST_TRIES = 40
_Shaped = TypeVar("_Shaped", bound="Expect | Quiet")


class Shaper:
    """Makes structure of texts, paths, events and headers, alike as long as it lives."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret[:64]
        self._words: dict[str, str] = {}
        self._taken: set[str] = set()

    def text(self, text: str, language: str | None) -> str:
        """The structure of a text: the same UTF-16 length, the same lines, as well-formed."""
        kept = keywords(language)
        pattern = _CODE if language in GRAMMARS else _PROSE

        def shaped(found: re.Match[str]) -> str:
            token = found[0]
            match found.lastgroup:
                case "escape":
                    return _escape(token)
                case "prefix":
                    return token
                case "number":
                    return self._number(token)
                case "odd":
                    return "_" * utf16_length(token)
                case _ if token in kept or (kept and token in _OWN_WORDS):
                    return token
                case _:
                    return self._word(token, kept)

        return pattern.sub(shaped, text)

    def path(self, path: str) -> str:
        """A path with the same folders and endings under other names."""
        *folders, name = path.split("/")
        stem, dot, ending = name.rpartition(".")
        known = bool(dot and stem) and language_of(f"a.{ending}") is not None
        last = f"{self._name(stem)}.{ending}" if known else self._name(name)
        return "/".join((*map(self._name, folders), last))

    def event(self, event: Event) -> Event:
        """An event that tells as much of when and where, and nothing of what was written."""
        replace = msgspec.structs.replace
        match event:
            case Open():
                language = language_of(event.path) or event.language.lower()
                text = self.text(event.text, language)
                return replace(event, path=self.path(event.path), text=text)
            case Edit():
                language = language_of(event.path)
                changes = tuple(
                    Change(change.range, self.text(change.text, language))
                    for change in event.changes
                )
                origin = self._id(event.origin) if event.origin is not None else None
                return replace(event, path=self.path(event.path), changes=changes, origin=origin)
            case Close() | Save() | Focus():
                return replace(event, path=self.path(event.path))
            case FileOperation():
                to = self.path(event.to) if event.to is not None else None
                return replace(event, path=self.path(event.path), to=to)
            case Diagnostics():
                items = tuple(map(self._item, event.items))
                source = self._prose(event.source)
                return replace(event, path=self.path(event.path), source=source, items=items)
            case Git():
                return replace(
                    event,
                    head=self._id(event.head) if event.head is not None else None,
                    branch=self._optional(event.branch),
                    paths=None if event.paths is None else tuple(map(self.path, event.paths)),
                    message=self._optional(event.message),
                    files=tuple(map(self._committed, event.files)),
                )
            case Command():
                return replace(event, line=self._prose(event.line), tail=self._optional(event.tail))
            case TestResult():
                path = self.path(event.path) if event.path is not None else None
                name, message = self._prose(event.name), self._optional(event.message)
                return replace(event, name=name, path=path, message=message)
            case SuggestionEvent():
                return replace(event, id=self._id(event.id), path=self.path(event.path))
            case Answer():
                return replace(event, id=self._id(event.id))
            case _:
                assert_never(event)

    def label(self, label: _Shaped) -> _Shaped:
        """A label for the same place."""
        if isinstance(label, Quiet):
            return label
        after = label.after
        if after is not None:
            after = self.text(after, language_of(label.path))
        return msgspec.structs.replace(label, path=self.path(label.path), after=after)

    def header(self, header: Header) -> Header:
        """A header without the name and the client; texts that it does not carry are left away."""
        workspace = self._workspace(header.workspace)
        return msgspec.structs.replace(header, name="structure", client="", workspace=workspace)

    def _workspace(self, workspace: Workspace) -> FilesWorkspace:
        if not isinstance(workspace, FilesWorkspace):
            # A folder or a commit would be read as it is.
            return FilesWorkspace({})
        files = {
            self.path(path): self.text(text, language_of(path))
            for path, text in workspace.files.items()
        }
        past = tuple(tuple(map(self.path, paths)) for paths in workspace.past)
        return FilesWorkspace(files, past)

    def _committed(self, file: CommittedFile) -> CommittedFile:
        language = language_of(file.path)
        before, after = (
            self.text(text, language) if text is not None else None
            for text in (file.before, file.after)
        )
        return CommittedFile(self.path(file.path), before, after)

    def _item(self, item: DiagnosticItem) -> DiagnosticItem:
        message, code = self._prose(item.message), self._optional(item.code)
        return msgspec.structs.replace(item, message=message, code=code)

    def _prose(self, text: str) -> str:
        return self.text(text, None)

    def _optional(self, text: str | None) -> str | None:
        return self._prose(text) if text is not None else None

    def _name(self, name: str) -> str:
        pieces = name.split(".")
        return ".".join(piece if piece in _ROLES else self._prose(piece) for piece in pieces)

    def _id(self, id: str) -> str:
        return self._digest(id).hex()[: len(id)]

    def _number(self, number: str) -> str:
        """Another number in the same notation; digits that any notation has, none of them a 0."""
        digits = self._digest(number)
        head = 2 if number[:2].lower() in ("0x", "0b", "0o") else 0
        binary, hexadecimal = number[1:2] in "bB", number[1:2] in "xX"
        tail = re.search(r"[iuf](?:8|16|32|64|128|size)\Z", number) if not hexadecimal else None
        end = tail.start() if tail else len(number)
        made = list(number)
        for index in range(head, end):
            if number[index].isdigit() or (hexadecimal and head and number[index] != "_"):
                made[index] = "1" if head and binary else str(1 + digits[index % 64] % 7)
        return "".join(made)

    def _word(self, word: str, kept: frozenset[str]) -> str:
        if word.lower() in _ROLES or (word.startswith("__") and word.endswith("__")):
            return word
        marks = _MARKS.match(word)
        assert marks is not None
        before, name, after = marks["before"], marks["name"], marks["after"]
        return f"{before}{self._renamed(name, kept)}{after}" if name else word

    def _renamed(self, name: str, kept: frozenset[str]) -> str:
        """The word that stands for a name: always the same, and as far as there are enough of its
        length, no other name's.
        """
        known = self._words.get(name)
        if known is not None:
            return known
        if len(self._words) >= _MOST_NAMES:
            self._words.clear()
            self._taken.clear()
        length, made = utf16_length(name), ""
        for number in range(_MOST_TRIES):
            digest = self._digest(f"{number} {name}")
            made = "".join(_LETTERS[digest[index % 64] % 26] for index in range(length))
            if name[:1].isdigit():
                made = f"1{made[1:]}"
            elif name.isupper() and length > 1:
                made = made.upper()
            elif name[:1].isupper():
                made = made[0].upper() + made[1:]
            if made not in self._taken and made not in kept and made not in _OWN_WORDS | _ROLES:
                break
        self._taken.add(made)
        self._words[name] = made
        return made

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._secret).digest()


def _escape(escape: str) -> str:
    """An escape that stands for some other letter."""
    if len(escape) == 2:
        return escape
    return f"{escape[:2]}{'61':0>{len(escape) - 2}}"
