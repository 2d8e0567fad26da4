"""Places that are whole lines of a file: to replace, to remove, or to insert between."""

from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename, commonprefix

from proactive_lsp.events import span
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.documents import bare, split_lines, utf16_length

# Characters of a line that a fact quotes.
LONGEST_QUOTE = 60
_whole_lines: TextCache[tuple[str, ...]] = TextCache(500_000)


def lines_place(
    situation: Situation,
    path: str,
    first: int,
    last: int,
    after: Sequence[str] | None,
    features: Mapping[str, float] | None = None,
    *,
    certain: bool = True,
) -> Place | None:
    """The lines from `first` to `last`, to become `after`; None where they are not.

    With nothing to become they go, along with their ends; without `after` they are pointed at.
    """
    lines = _lines(situation, path)
    if not 0 <= first <= last < len(lines):
        return None
    going = after is not None and not after and last + 1 < len(lines)
    text = "".join(lines[first : last + 1])
    if not going:
        text = "".join(lines[first:last]) + bare(lines[last])
    end = (last + 1, 0) if going else (last, utf16_length(bare(lines[last])))
    return Place(
        path=path,
        range=span(first, 0, *end),
        before=text,
        after=None if after is None else _end(lines[first]).join(after),
        certain=certain,
        features=features or {},
    )


def insertion_place(
    situation: Situation,
    path: str,
    line: int,
    written: Sequence[str],
    features: Mapping[str, float] | None = None,
    *,
    certain: bool = True,
) -> Place | None:
    """Right before the line, to write these lines there; None where there is no such line."""
    lines = _lines(situation, path)
    if not 0 < line < len(lines):
        return None
    end = _end(lines[line - 1])
    return Place(
        path=path,
        range=span(line, 0, line, 0),
        before="",
        after="".join(f"{each}{end}" for each in written),
        certain=certain,
        features=features or {},
    )


def reindented(lines: Iterable[str], was: str, now: str) -> tuple[str, ...]:
    """The lines, shifted as the line `was` is shifted where it reads `now`."""
    old, new = indent(was), indent(now)
    if old == new:
        return tuple(lines)
    return tuple(
        f"{new}{line[len(old) :]}"
        if line.startswith(old) and line.strip()
        else f"{new}{line.lstrip()}"
        if line.strip()
        else line
        for line in lines
    )


def indent(line: str) -> str:
    """The white space before the line's text."""
    return line[: len(line) - len(line.lstrip())]


def across(places: Sequence[Place], path: str) -> str:
    """Where the places are, for a title: nothing for one in the trigger's file."""
    files = {place.path for place in places}
    if len(files) > 1:
        return f" in {len(files)} files"
    (only,) = files
    return f" in {basename(only)}" if only != path and len(places) == 1 else ""


def shown(old: str, new: str) -> tuple[str, str]:
    """Both lines short enough to read, cut so that what differs is seen."""
    old, new = old.strip(), new.strip()
    same = len(commonprefix([old, new]))
    skip = same - 12 if max(len(old), len(new)) > LONGEST_QUOTE and same > 24 else 0
    return cut(old, skip), cut(new, skip)


def cut(line: str, skip: int = 0) -> str:
    """The line without its first characters, and no longer than a fact quotes."""
    text = f"…{line[skip:]}" if skip else line
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


def _lines(situation: Situation, path: str) -> Sequence[str]:
    text = situation.tree.read(path)
    if text is None:
        return ()
    return _whole_lines.get(None, text, lambda: tuple(split_lines(text)))


def _end(line: str) -> str:
    return line[len(bare(line)) :] or "\n"
