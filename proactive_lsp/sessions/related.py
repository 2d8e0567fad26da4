"""What in a workspace belongs to a label and to what was typed before it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from msgspec.structs import replace

from proactive_lsp.events import Edit, Range, span
from proactive_lsp.replay.session import Expect, Item, Quiet, SessionError, Unknown
from proactive_lsp.sessions.moment import Moment
from proactive_lsp.workspace.documents import bare, split_lines, utf16_length
from proactive_lsp.workspace.tree import FilesTree

_WORD = re.compile(r"[^\W\d]\w{2,}")
# A word that stands in more files says nothing about them.
_RARE = 10
_MOST_WORDS = 2_000


def files_with_words(items: Iterable[Item], files: Mapping[str, str]) -> frozenset[str]:
    """The files that share a rare word with an edit."""
    typed: dict[str, None] = {}
    for item in items:
        if isinstance(item, Edit) and len(typed) < _MOST_WORDS:
            for change in item.changes:
                typed.update(dict.fromkeys(_WORD.findall(change.text)))
    holders: dict[str, list[str]] = defaultdict(list)
    for path, text in files.items():
        for word in typed.keys() & set(_WORD.findall(text)):
            holders[word].append(path)
    return frozenset(path for paths in holders.values() if len(paths) <= _RARE for path in paths)


def whole_line(label: Expect, happened: Iterable[Item], files: Mapping[str, str]) -> Expect:
    """The label with its range from the first to the last column of its line, as it reads then.

    Raises `SessionError` when there is no such line or file.
    """
    moment = Moment(FilesTree(files))
    for item in happened:
        if item.t <= label.t + label.within and not isinstance(item, Expect | Quiet | Unknown):
            moment.apply(item)
    document = moment.open.get(label.path)
    text = document.text if document is not None else moment.saved.read(label.path)
    if text is None:
        known = (*moment.saved.paths(), *moment.open.paths())
        meant = get_close_matches(label.path, known, n=1)
        advice = f"; did you mean {meant[0]}?" if meant else ""
        raise SessionError(f"--path {label.path}: there is no such file then{advice}")
    if label.range is None:
        return label
    lines, line = split_lines(text), label.range.start.line
    if line >= len(lines):
        raise SessionError(f"--line {line + 1}: {label.path} has {len(lines)} lines then")
    return replace(label, range=_whole(line, lines[line]))


def _whole(line: int, text: str) -> Range:
    return span(line, 0, line, utf16_length(bare(text)))
