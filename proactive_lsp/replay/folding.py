"""Fold events that make one action: a burst of typing, an acceptance, files opened, a test run.

A run is a list of events that are told as one; `MOMENT` is how far apart they may be in seconds.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from proactive_lsp.events import Answer, Edit, Event, Open, TestResult, starts_at
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.wording import counted, describe, listed

MOMENT = 0.5
# Twice as many edits as are looked at for what was typed last.
MOST_KEPT = 200


class Run:
    """Events that are told as one, in the order in which they happened.

    `count` is how many there were. Of endless typing only the first and the last are kept, of
    an acceptance one edit of a file, and of files that were opened together no texts.
    """

    __slots__ = ("count", "events")

    def __init__(self) -> None:
        self.count = 0
        self.events: list[Event] = []

    def add(self, event: Event) -> None:
        """It goes on."""
        self.count += 1
        self.events.append(event)
        if isinstance(event, Open):
            # Of a single one it is told how long it is.
            if self.count > 1 and isinstance(before := self.events[-2], Open):
                self.events[-2] = replace(before, text="")
        elif is_typing(event):
            if len(self.events) > MOST_KEPT:
                del self.events[1 : MOST_KEPT // 2]
        elif isinstance(event, Edit) and len(self.events) > 2:
            before = self.events[-2]
            if isinstance(before, Edit) and before.path == event.path:
                # Of an acceptance only the paths are told.
                del self.events[-2]


def joins(run: Sequence[Event], event: Event) -> bool:
    """Whether the event goes on with what the run is; typing in one file may take its time."""
    last = run[-1]
    if isinstance(event, Edit) and is_typing(event):
        return isinstance(last, Edit) and is_typing(last) and last.path == event.path
    if not near(last, event):
        return False
    card = _card(event)
    if card is not None:
        return card == _card(last)
    return isinstance(event, Open | TestResult) and type(event) is type(last)


def beside(run: Sequence[Event], event: Event) -> bool:
    """Whether the run may still grow after this other event: editors open files to edit them."""
    return near(run[-1], event) and all(
        isinstance(one, Open) or _card(one) is not None for one in (run[-1], event)
    )


def may_grow(event: Event) -> bool:
    """Whether events of this kind come in runs."""
    return isinstance(event, Open | TestResult | Edit) or _card(event) is not None


def is_typing(event: Event) -> bool:
    """Whether it is an edit of the user's own."""
    return isinstance(event, Edit) and event.origin is None


def near(last: Event, event: Event) -> bool:
    """Whether the two are of the same moment."""
    return event.t - last.t <= MOMENT


def told(run: Sequence[Event], titles: Mapping[str, str]) -> Iterator[Entry]:
    """The entries of a run that is no typing; `titles` are those of the cards by id."""
    first = run[0]
    if isinstance(first, TestResult):
        yield from _tests([event for event in run if isinstance(event, TestResult)])
    elif isinstance(first, Open) and len(run) > 1:
        paths = dict.fromkeys(event.path for event in run if isinstance(event, Open))
        yield Entry("happened", first.t, f"opened {listed(tuple(paths))}")
    elif isinstance(first, Edit):
        yield _carried_out(run, titles)
    elif isinstance(first, Answer):
        yield _carried_out(run, titles) if first.op == "accepted" else _answered(first, titles)
    else:
        yield Entry("happened", starts_at(first), describe(first))


def _carried_out(run: Sequence[Event], titles: Mapping[str, str]) -> Entry:
    """An acceptance with its edits, either of which may be missing."""
    paths = tuple(dict.fromkeys(event.path for event in run if isinstance(event, Edit)))
    word = "accepted" if any(isinstance(event, Answer) for event in run) else "applied"
    text = f"{word} {_named(_card(run[0]) or '', titles)}"
    where = paths[0] if len(paths) == 1 else f"{len(paths)} files"
    # Titles of cards often say already how many files they are about.
    if paths and f" in {where}" not in text:
        text += f" in {where}"
    return Entry("happened", run[0].t, text)


def _answered(answer: Answer, titles: Mapping[str, str]) -> Entry:
    return Entry("happened", answer.t, f"{answer.op} {_named(answer.id, titles)}")


def _tests(run: Sequence[TestResult]) -> Iterator[Entry]:
    """One entry per outcome; those that passed are not named when there are several."""
    for outcome in dict.fromkeys(test.outcome for test in run):
        tests = [test for test in run if test.outcome == outcome]
        names = tuple(dict.fromkeys(test.name for test in tests))
        text = describe(tests[0])
        if len(names) > 1:
            text = f"{counted(len(names), 'test')} {outcome}"
            text += "" if outcome == "passed" else f": {listed(names)}"
        yield Entry("happened", tests[0].t, text)


def _card(event: Event) -> str | None:
    """The id of the card that the event carries out or accepts."""
    match event:
        case Edit(origin=origin):
            return origin
        case Answer(op="accepted", id=id):
            return id
        case _:
            return None


def _named(id: str, titles: Mapping[str, str]) -> str:
    return f'"{titles[id]}"' if id in titles else f"suggestion {id}"
