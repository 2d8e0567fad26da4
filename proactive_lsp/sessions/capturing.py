"""Make a scenario of a moment at which a suggestion was missing, or was one too many.

The scenario has the minutes before that moment, a label that says what was wanted, and of the
workspace only the files that matter. It fails until the fault is mended: that is tried before
anything is said.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.assembly import for_replay
from proactive_lsp.clock import VirtualClock
from proactive_lsp.events import paths_of
from proactive_lsp.llm.recorded import Answers
from proactive_lsp.replay.find import SESSION_NAME
from proactive_lsp.replay.run import Assembled, Replayed, ReplayOptions, replay_one
from proactive_lsp.replay.session import (
    Expect,
    FilesWorkspace,
    FolderWorkspace,
    Header,
    Item,
    Label,
    Quiet,
    SessionError,
    Unknown,
)
from proactive_lsp.sessions.reading import events_of
from proactive_lsp.sessions.related import files_with_words, whole_line
from proactive_lsp.sessions.shifting import shifted_label
from proactive_lsp.sessions.texts import carried, opened
from proactive_lsp.sessions.trimming import trim
from proactive_lsp.sessions.writing import write_session
from proactive_lsp.settings import Settings
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.tree import Tree

WORKSPACE = "workspace"
# So much of what happened before is usually all that the moment was decided by.
MINUTES = 5
# A larger session is not taken whole.
MOST_WHOLE = 50_000_000


class Captured(Struct, frozen=True):
    """A scenario: where it is, how many files of the workspace it has and how many there were.

    `happened` is what its replay did instead of what is wanted; empty when nothing is, so that the
    scenario does not fail. Without a label nothing is wanted.
    """

    folder: Path
    files: int
    of: int
    wanted: str = ""
    happened: str = ""

    @property
    def fails(self) -> bool:
        """Whether the fault shows in the replay."""
        return bool(self.happened)


def capture(
    path: Path,
    target: Path,
    label: Label | None,
    *,
    repo: Path | None = None,
    warn: Callable[[str], None] = lambda text: None,
) -> Captured:
    """Write the scenario into a new folder; raises `SessionError` when that cannot be done.

    What came after the label's time is left out. Where the last five minutes do not show the
    fault, the session is taken from its beginning.
    """
    with tempfile.TemporaryDirectory(prefix="proactive-capture-") as folder:
        try:
            draft = _draft(path, Path(folder), label, repo, warn)
        except OSError as error:
            raise SessionError(f"{path}: cannot work on it: {error.strerror}") from error
        small = _smallest(draft, Path(folder))
        return _write(target, draft, small)


class _Draft(Struct, frozen=True):
    """The session of a scenario with the whole workspace, and what its replay came to."""

    header: Header
    items: tuple[Item, ...]
    files: dict[str, str]
    replayed: Replayed
    label: Label | None


def _draft(
    path: Path,
    folder: Path,
    label: Label | None,
    repo: Path | None,
    warn: Callable[[str], None],
) -> _Draft:
    until = _until(label)
    begin = max(0.0, label.t - 60 * MINUTES) if label is not None else 0.0
    drafts: list[_Draft] = []
    starts = (begin, 0.0) if path.stat().st_size < MOST_WHOLE else (begin,)
    for number, start in enumerate(dict.fromkeys(starts)):
        piece = folder / f"piece-{number}.jsonl"
        trim(path, piece, start=start, end=until, repo=repo, warn=warn)
        draft = _labelled(piece, folder, label and shifted_label(label, -start), repo)
        if draft.replayed.misses:
            return draft
        drafts.append(draft)
    return drafts[0]


def _labelled(piece: Path, folder: Path, label: Label | None, repo: Path | None) -> _Draft:
    header, tree, past = opened(piece, repo)
    workspace = header.workspace
    if not isinstance(workspace, FilesWorkspace):
        workspace = carried(tree, past, piece)
    # It is about to be written to a disk, where these would be git's own.
    files = {name: text for name, text in workspace.files.items() if not _is_gits(name)}
    happened = tuple(events_of(piece))
    if isinstance(label, Expect):
        label = whole_line(label, happened, files)
    items = tuple(_with_label(happened, label))
    header = replace(header, name="capture", workspace=replace(workspace, files=files))
    return _Draft(header, items, files, _replay(header, items, folder), label)


def _with_label(events: Iterable[Item], label: Label | None) -> Iterator[Item]:
    waits = label
    for event in events:
        if waits is not None and waits.t <= event.t:
            yield waits
            waits = None
        yield event
    if waits is not None:
        yield waits


def _smallest(draft: _Draft, folder: Path) -> dict[str, str]:
    """As few files as the replay still decides the same with."""
    wanted = _decisions(draft)
    for paths in _selections(draft):
        files = {path: text for path, text in draft.files.items() if path in paths}
        if len(files) == len(draft.files):
            break
        header = _with_files(draft.header, files)
        fewer = replace(draft, replayed=_replay(header, draft.items, folder))
        if _decisions(fewer) == wanted:
            return files
    return draft.files


def _selections(draft: _Draft) -> Iterator[frozenset[str]]:
    """Which files may be enough, the fewest first.

    What a missing suggestion would have been about nobody told, so files count that share a rare
    word with what was typed.
    """
    named = {path for item in draft.items for path in _paths(item)}
    for row in draft.replayed.row.suggestions:
        if row.offered or (isinstance(draft.label, Expect) and row.need == draft.label.need):
            named.add(row.path)
            named.update(spot.path for spot in row.places)
            named.update(fact.path for fact in row.facts if fact.path is not None)
    related = files_with_words(draft.items, draft.files)
    if isinstance(draft.label, Expect):
        named |= related
    yield frozenset(named)
    yield frozenset(named | related)
    folders = {PurePosixPath(path).parent for path in named}
    beside = {path for path in draft.files if PurePosixPath(path).parent in folders}
    yield frozenset(named | related | beside)


def _paths(item: Item) -> tuple[str, ...]:
    match item:
        case Expect():
            return (item.path,)
        case Quiet() | Unknown():
            return ()
        case _:
            return paths_of(item)


def _decisions(draft: _Draft) -> tuple[object, ...]:
    """What is to stay as it is: every card, what became of the wanted kind, what is missed."""
    kind = draft.label.need if isinstance(draft.label, Expect) else None
    rows = [
        (row.t, row.need, row.path, row.range, row.offered, (row.reason or "").partition(":")[0])
        for row in draft.replayed.row.suggestions
        if row.offered or row.need == kind
    ]
    titles = [row.title for row in draft.replayed.row.suggestions if row.offered]
    return (*rows, *titles, *(miss.line for miss in draft.replayed.misses))


def _write(target: Path, draft: _Draft, files: Mapping[str, str]) -> Captured:
    """Write the folder and replay it as it stands there."""
    workspace = draft.header.workspace
    assert isinstance(workspace, FilesWorkspace)
    folder = FolderWorkspace(WORKSPACE, workspace.past, workspace.subjects)
    header = replace(draft.header, name=target.name, workspace=folder)
    session = target / SESSION_NAME
    try:
        target.mkdir(mode=0o700)
        for path, text in files.items():
            file = target / WORKSPACE / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "replace"))
        (target / WORKSPACE).mkdir(exist_ok=True)
        write_session(session, header, draft.items)
    except OSError as error:
        if not isinstance(error, FileExistsError):
            shutil.rmtree(target, ignore_errors=True)
        raise SessionError(f"{error.filename or target}: cannot write: {error.strerror}") from error
    replayed = replay_one(session, ReplayOptions(), _assemble, lambda entry: None)
    if _decisions(replace(draft, replayed=replayed)) != _decisions(draft):
        # A folder on disk leaves some out, such as those of tools; the session has room for them.
        session.unlink()
        write_session(session, _with_files(header, files, workspace), draft.items)
        replayed = replay_one(session, ReplayOptions(), _assemble, lambda entry: None)
    captured = Captured(target, len(files), len(draft.files))
    for miss in replayed.misses:
        return replace(captured, wanted=miss.expected, happened=miss.happened)
    return captured


def _with_files(
    header: Header, files: Mapping[str, str], workspace: FilesWorkspace | None = None
) -> Header:
    whole = workspace or header.workspace
    assert isinstance(whole, FilesWorkspace)
    return replace(header, workspace=replace(whole, files=dict(files)))


def _replay(header: Header, items: Iterable[Item], folder: Path) -> Replayed:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        session = Path(place) / SESSION_NAME
        write_session(session, header, items)
        return replay_one(session, ReplayOptions(), _assemble, lambda entry: None)


def _assemble(
    base: Tree, past: Past, clock: VirtualClock, options: ReplayOptions, answers: Answers | None
) -> Assembled:
    """The engine of a replay by rules alone."""
    settings = Settings(agent=AgentSettings(enabled=False))
    scheduler = for_replay(settings, base=base, clock=clock, past=past)
    engine = scheduler.engine
    return Assembled(scheduler, engine.plan, engine.work.tree.read, lambda: ())


def _until(label: Label | None) -> float:
    match label:
        case Expect():
            return label.t + label.within
        case Quiet():
            return label.until
        case None:
            return float("inf")


def _is_gits(path: str) -> bool:
    return ".git" in path.casefold().split("/")
