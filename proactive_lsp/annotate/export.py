"""Copies of the annotated sessions with what the annotators want as labels in them."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.annotate.labels import Labels, contradicts, labels_of
from proactive_lsp.annotate.library import Library
from proactive_lsp.annotate.marks import read_marks
from proactive_lsp.replay.answering import answers_path, carried_answers
from proactive_lsp.replay.session import (
    Expect,
    FolderWorkspace,
    Header,
    Item,
    Label,
    Quiet,
    SessionError,
    read_header,
    read_items,
)
from proactive_lsp.sessions.writing import write_session


class Exported(Struct, frozen=True):
    """What was written: files, labels in them, and what could not become one.

    `replaced` labels of the sessions said the contrary and were left out.
    """

    files: tuple[Path, ...] = ()
    labels: int = 0
    split: int = 0
    crowded: int = 0
    replaced: int = 0


def check_output(out: Path, library: Library) -> None:
    """Refuse a folder that has anything in it; raises `SessionError`."""
    if out.exists() and not out.is_dir():
        raise SessionError(f"--export {out}: a file; name a new folder")
    if out.is_dir() and any(out.iterdir()):
        raise SessionError(f"--export {out}: not empty; name a new folder")
    inside = (
        library.folder.resolve() if library.folder.is_dir() else library.folder.parent.resolve()
    )
    if out.resolve() == inside:
        raise SessionError(f"--export {out}: the sessions are here; name a new folder")


def export(library: Library, out: Path, annotator: str | None = None) -> Exported:
    """Write the sessions that have any mark; of one annotator, or what the majority of all wants.

    The copies lie in `out` as the sessions do in their folder. Raises `SessionError` for what
    cannot be read, before anything is written, and when there is nothing to write.
    """
    wanted: dict[int, Labels] = {}
    for index, path in enumerate(library.paths):
        everybody = (
            library.everybody(index) if annotator is None else (read_marks(path, annotator),)
        )
        if any(marks.standing for marks in everybody):
            wanted[index] = labels_of(everybody)
            _check(path)
    if not wanted:
        raise SessionError(f"{library.folder}: no mark to export; annotate it first")
    done = Exported()
    for index, labels in wanted.items():
        source = library.paths[index]
        base = library.folder if library.folder.is_dir() else library.folder.parent
        target = out / source.relative_to(base)
        replaced = _copy(source, target, labels.labels)
        done = Exported(
            files=(*done.files, target),
            labels=done.labels + len(labels.labels),
            split=done.split + labels.split,
            crowded=done.crowded + labels.crowded,
            replaced=done.replaced + replaced,
        )
    return done


def _check(source: Path) -> None:
    """Raises `SessionError` when the session, or what is recorded beside it, cannot be read."""
    read_header(source)
    for _ in read_items(source):
        pass
    carried_answers(source)


def _copy(source: Path, target: Path, labels: tuple[Label, ...]) -> int:
    """The session with these labels; gives how many of its own were left out for them."""
    target.parent.mkdir(parents=True, exist_ok=True)
    replaced: list[Label] = []
    header = _moved(read_header(source), source, target)
    write_session(target, header, _labelled(source, labels, replaced))
    answers = carried_answers(source)
    if answers is not None:
        answers_path(target).write_bytes(answers)
    return len(replaced)


def _labelled(source: Path, labels: tuple[Label, ...], replaced: list[Label]) -> Iterator[Item]:
    """What the copy has, in order of time; `replaced` gets the session's own that are left out."""
    left = list(labels)
    for _, item in read_items(source):
        while left and left[0].t <= item.t:
            yield left.pop(0)
        if isinstance(item, (Expect, Quiet)):
            if contradicts(item, labels):
                replaced.append(item)
                continue
            if item in labels:
                continue
        yield item
    yield from left


def _moved(header: Header, source: Path, target: Path) -> Header:
    """The header with the way to its folder as it is from the copy."""
    workspace = header.workspace
    if not isinstance(workspace, FolderWorkspace):
        return header
    folder = (source.parent / workspace.path).resolve()
    way = Path(os.path.relpath(folder, target.parent.resolve())).as_posix()
    return replace(header, workspace=replace(workspace, path=way))


def tell_export(done: Exported) -> Iterator[str]:
    """What was written and what was not, line by line."""
    from proactive_lsp.replay.wording import counted

    yield f"{counted(done.labels, 'label')} in {counted(len(done.files), 'session')}"
    notes: Iterable[tuple[int, str]] = (
        (done.split, "left out: as many wanted it as did not"),
        (done.crowded, "left out: to be silent, but a wanted one stands at the same moment"),
        (done.replaced, "of the sessions' own labels left out: the annotators want the contrary"),
    )
    for number, note in notes:
        if number:
            yield f"{number} {note}"
