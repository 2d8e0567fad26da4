"""Where explanations come from: a transcript, or the memory that the server keeps of a folder."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path

from msgspec import Struct

from proactive_lsp.explain.evidence import Explained
from proactive_lsp.explain.learned import LearnedRow, learned_rows
from proactive_lsp.explain.live import SINCE
from proactive_lsp.explain.log import BadKeptError, Counted, Kept, count_rows, read_kept
from proactive_lsp.explain.page import Note, Page, learned_page, row_page, silent_page, state_of
from proactive_lsp.explain.remembered import MOST_SHOWN, remembered_page
from proactive_lsp.memory import Memory, ReadStore, UnreadableError, store_path
from proactive_lsp.replay.reading import read_transcript
from proactive_lsp.replay.session import SessionError
from proactive_lsp.replay.wording import counted

MOST_NEAR = 5
MOST_STATES = 6


class Told(Struct, frozen=True):
    """What one session, or the server in one folder, offered and kept back, oldest first."""

    name: str
    rows: tuple[Explained, ...]
    learned: tuple[LearnedRow, ...]


class Source(Struct, frozen=True):
    """All of it, under the name that an error has for it.

    `counts` are of every silence, though not every one may be among the rows; `warning` says what
    could not be read.
    """

    name: str
    told: tuple[Told, ...]
    counts: tuple[Counted, ...]
    counted: str
    muted: tuple[tuple[str, str], ...] = ()
    warning: str = ""

    @property
    def rows(self) -> tuple[tuple[Told, Explained], ...]:
        """Every row with the session it is of, oldest first."""
        return tuple((told, row) for told in self.told for row in told.rows)


def from_transcript(file: Path) -> Source:
    """What a replay wrote; raises `SessionError`."""
    sessions = read_transcript(file).sessions
    told = tuple(
        Told(session.name, tuple(row.explained for row in session.suggestions), session.learned)
        for session in sessions
    )
    counts = count_rows(row for each in told for row in each.rows)
    number = counted(len(sessions), "session")
    return Source(str(file), told, counts, f"In {number}; a need counts once for each new reason.")


def from_memory(workspace: Path, state_dir: Path | None = None) -> Source:
    """What the server keeps of a folder; raises `SessionError` when there is nothing to read."""
    path, memory = _memory_of(workspace, state_dir)
    kept, warning = Kept(), ""
    try:
        kept = read_kept(memory)
    except BadKeptError as error:
        warning = f"{path}: {error}; ignored until the server writes new ones"
    told = Told("", (*kept.silences, *kept.cards), learned_rows(memory))
    return Source(
        str(workspace.resolve()),
        (told,),
        kept.counts,
        SINCE,
        tuple(memory.muted()),
        warning,
    )


def remembered(workspace: Path, state_dir: Path | None = None) -> Page:
    """What is remembered of a folder; raises `SessionError` when there is nothing to read."""
    return remembered_page(_memory_of(workspace, state_dir, events=MOST_SHOWN)[1])


def _memory_of(workspace: Path, state_dir: Path | None, *, events: int = 0) -> tuple[Path, Memory]:
    """Where it lies, and the memory with so many of its events."""
    if not workspace.is_dir():
        raise SessionError(f"{workspace}: no such folder; give one with --workspace DIR")
    path = store_path(workspace, state_dir)
    if not path.exists():
        advice = "open it in an editor that runs proactive-lsp, or give --workspace or --from"
        raise SessionError(f"{workspace.resolve()}: nothing is remembered of this folder; {advice}")
    try:
        return path, Memory(ReadStore(path, events), earlier=events)
    except UnreadableError as error:
        raise SessionError(str(error)) from error


def last(source: Source) -> Page:
    """The card that was offered last."""
    offered = [(told, row) for told, row in source.rows if row.offered]
    if not offered:
        return (Note("No card was offered."),)
    told, row = offered[-1]
    return row_page(row, session=told.name)


def silent(source: Source) -> Page:
    """The reasons of silence with counts, and the latest."""
    rows = ((told.name, row) for told, row in source.rows if not row.offered)
    return silent_page(source.counts, rows, source.counted)


def learned(source: Source) -> Page:
    """What answers changed, session by session, since each replay begins with nothing learned."""
    return learned_page([(told.name, told.learned) for told in source.told], source.muted)


def one(source: Source, id: str) -> Page:
    """The suggestion whose id begins so; raises `SessionError` when that is none or several.

    Of several times it came up, the latest session counts, and in that its card before its
    silences.
    """
    full = _full_id(source, id)
    found = [(told, row) for told, row in source.rows if row.id == full]
    told = found[-1][0]
    here = [row for each, row in found if each is told]
    row = next((row for row in reversed(here) if row.offered), here[-1])
    return row_page(row, _notes([each for each, _ in found], here), told.name)


def _full_id(source: Source, id: str) -> str:
    ids = list(dict.fromkeys(row.id for _, row in reversed(source.rows)))
    if id in ids:
        return id
    begun = [each for each in ids if id and each.startswith(id)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        some = ", ".join(sorted(begun)[:MOST_NEAR])
        what = f"{id!r} begins {len(begun)} ids"
        raise SessionError(f"{source.name}: {what}; give more of one: {some}")
    if not ids:
        raise SessionError(f"{source.name}: no suggestion has the id {id!r}; there are none at all")
    # A mistyped sign leaves most of a whole id; of a beginning, what is right comes first.
    near = get_close_matches(id, ids, n=MOST_NEAR, cutoff=0.75) or sorted(
        ids, key=lambda each: -_equal_signs(each, id)
    )
    raise SessionError(
        f"{source.name}: no suggestion has the id {id!r}; there are {', '.join(near[:MOST_NEAR])}"
    )


def _equal_signs(one: str, other: str) -> int:
    """How many signs two texts have in common before they differ."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _notes(times: Sequence[Told], here: Sequence[Explained]) -> Iterable[str]:
    sessions = len({id(told) for told in times})
    if sessions > 1:
        yield f"It came up {len(times)} times in {sessions} sessions; this is the latest."
    if len(here) > 1:
        states = [state_of(row) for row in here]
        more = len(states) - MOST_STATES
        earlier = f"({more} earlier) " if more > 0 else ""
        yield f"All of it: {earlier}{', '.join(states[-MOST_STATES:])}."
