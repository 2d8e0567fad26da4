"""Notice that a test failed, and which line of the work its output leads to.

    E   ZeroDivisionError                       points at the line of shapes.py, where a model
    shapes.py:12: ZeroDivisionError             can mend it once asked to

The line is one of the product that the output names, nearest to what was edited last; else one that
was edited last in a function that the test calls; else the test's own. It is quiet once the test
passed, the line was edited, or other text was checked out. Whoever ran the test has seen it fail,
so without a model that writes there is nothing to say.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from proactive_lsp.events import Command, Edit, Event, Git, TestResult, span
from proactive_lsp.memory import Remembered
from proactive_lsp.needs.pointing import is_source, where
from proactive_lsp.needs.traces import Frame, frames, runner, tells_of_failure, test_name
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.documents import shift_range, utf16_length
from proactive_lsp.workspace.enclosing import FUNCTIONS, definitions_of, enclosing
from proactive_lsp.workspace.kinds import file_kind

KIND = "failing-test"
NEEDS_MODEL = True
MOST_NEEDS = 2
RECENT_EVENTS = 200
LONGEST_NAME = 40
_FAILED = frozenset({"failed", "fail", "failure", "errored", "error"})
_MOVES = frozenset({"checkout", "merge", "rebase", "stash"})


class _Failure(Struct, frozen=True):
    """A test that failed and did not pass since: its name, what it said, and the event's number."""

    name: str
    output: str
    seq: int
    path: str | None = None


class _Spot(Struct, frozen=True):
    """A line to mend, why it is that one, and what the filter should know of it."""

    path: str
    line: int
    why: str
    between: int
    in_test: bool = False


def detect(situation: Situation) -> Iterator[Need]:
    """One need for each place that tests failed at, the latest failure first."""
    recent = situation.memory.recent(RECENT_EVENTS)
    taken: set[tuple[str, int]] = set()
    for failure in _failures(recent):
        if len(taken) == MOST_NEEDS:
            return
        since = [each.event for each in recent if each.seq > failure.seq]
        found = _frames(failure, situation, since)
        spot = _spot(found, failure, situation)
        if spot is None or (spot.path, spot.line) in taken:
            continue
        need = _need(failure, spot, found, situation)
        if need is not None:
            taken.add((spot.path, spot.line))
            yield need


def _failures(recent: Sequence[Remembered]) -> Iterator[_Failure]:
    """Tests whose last result is a failure with an output, newest first."""
    judged: set[str] = set()
    for remembered in reversed(recent):
        event = remembered.event
        if isinstance(event, Git) and event.op in _MOVES:
            # What failed before failed with other text.
            return
        if isinstance(event, TestResult):
            key = f"test {event.path} {event.name}"
            if key in judged:
                continue
            judged.add(key)
            if event.outcome.lower() in _FAILED and event.message:
                yield _Failure(event.name, event.message, remembered.seq, event.path)
        elif isinstance(event, Command) and event.phase is None:
            program = runner(event.line)
            key = f"command {program or event.line}"
            if key in judged:
                continue
            tail = event.tail or ""
            if program or tells_of_failure(tail):
                judged.add(key)
                if event.exit != 0 and tail:
                    yield _Failure(test_name(tail), tail, remembered.seq)


def _frames(failure: _Failure, situation: Situation, since: Sequence[Event]) -> Sequence[Frame]:
    """The lines that the output names, where they are now; without those edited since."""
    found: list[Frame] = []
    for frame in frames(failure.output, situation.tree.paths()):
        place = span(frame.line, 0, frame.line, 1)
        for event in since:
            if isinstance(event, Edit) and event.path == frame.path:
                moved = shift_range(place, event.changes)
                if moved is None:
                    break
                place = moved
        else:
            lines = situation.lines(frame.path)
            row = place.start.line
            if row < len(lines) and lines[row].strip():
                found.append(Frame(frame.path, row, frame.deep))
    return found


def _spot(found: Sequence[Frame], failure: _Failure, situation: Situation) -> _Spot | None:
    # Frames from the innermost call on.
    ordered = found[::-1] if any(frame.deep for frame in found) else found
    own = [frame for frame in ordered if is_source(frame.path)]
    near = [frame for frame in own if _distance(frame, situation) is not None]
    if near:
        frame = min(near, key=lambda each: _distance(each, situation) or 0)
        return _Spot(frame.path, frame.line, "its output names this line", ordered.index(frame))
    if own:
        frame = own[0]
        return _Spot(frame.path, frame.line, "its output names this line", ordered.index(frame))
    test = _test_frame(ordered, failure, situation)
    if test is None:
        return None
    edited = _called(test, situation)
    if edited is not None:
        return edited
    return _Spot(test.path, test.line, "its output names this line", 0, in_test=True)


def _distance(frame: Frame, situation: Situation) -> int | None:
    """How many lines lie between a frame and the nearest edit of its file."""
    rows = [
        0
        if hunk.after_start <= frame.line < hunk.after_start + len(hunk.after)
        else abs(frame.line - hunk.after_start) + 1
        for hunk in situation.recent
        if hunk.path == frame.path
    ]
    return min(rows, default=None)


def _test_frame(ordered: Sequence[Frame], failure: _Failure, situation: Situation) -> Frame | None:
    """The line of the test that failed; where only its file is known, that of its name."""
    for frame in ordered:
        if file_kind(frame.path) == "tests":
            return frame
    if failure.path is None or ordered:
        return None
    name = failure.name.rpartition("::")[2].rpartition(".")[2].partition("[")[0]
    for each in definitions_of(failure.path, situation.tree.read(failure.path)):
        if each.name == name:
            return Frame(failure.path, each.name_range.start.line, deep=True)
    return None


def _called(test: Frame, situation: Situation) -> _Spot | None:
    """What was edited last in a function that the test calls."""
    inside = enclosing(
        definitions_of(test.path, situation.tree.read(test.path)), test.line, FUNCTIONS
    )
    if inside is None:
        return None
    for hunk in situation.recent:
        if not is_source(hunk.path):
            continue
        row = where(hunk).start.line
        lines = situation.lines(hunk.path)
        edited = enclosing(
            definitions_of(hunk.path, situation.tree.read(hunk.path)), row, FUNCTIONS
        )
        if edited is None or row >= len(lines) or not lines[row].strip():
            continue
        if edited.name in inside.uses or f".{edited.name}" in inside.uses:
            why = f"`{inside.name}` calls `{edited.name}`, which was edited"
            return _Spot(hunk.path, row, why, 1)
    return None


def _need(
    failure: _Failure, spot: _Spot, found: Sequence[Frame], situation: Situation
) -> Need | None:
    lines = situation.lines(spot.path)
    if spot.line >= len(lines):
        return None
    line = lines[spot.line]
    left = utf16_length(line) - utf16_length(line.lstrip())
    place = Place(
        spot.path,
        span(spot.line, left, spot.line, utf16_length(line.rstrip())),
        line.strip(),
        certain=False,
    )
    name = failure.name.rpartition("::")[2] or "a test"
    name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    called = f"`{name}`" if failure.name else name
    facts = [Fact(f"{called} failed", event=failure.seq), Fact(spot.why, spot.path, spot.line)]
    tests = [frame for frame in found if file_kind(frame.path) == "tests"]
    if tests and not spot.in_test:
        facts.append(Fact("the test failed here", tests[0].path, tests[0].line))
    return Need(
        kind=KIND,
        path=spot.path,
        range=place.range,
        anchor=line.strip(),
        title=f"Fix what makes {called} fail",
        facts=tuple(facts),
        places=(place,),
        features={
            "in-test": float(spot.in_test),
            "edited-line": float(situation.edited(spot.path, spot.line)),
            "frames-between": min(spot.between, 5) / 5,
        },
    )
