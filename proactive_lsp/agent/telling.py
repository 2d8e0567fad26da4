"""Choose what to tell of the events of one moment: each thing once, the noise of editors never.

Typing is told by what it came to and is nothing here but the place where that is told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from proactive_lsp.events import (
    Close,
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
from proactive_lsp.sentences import barred, quoted, sentence

# Of tests that failed at one moment so many are named.
MOST_FAILED = 5

Became = Callable[[str, str], list[str]]
"""The blocks that tell what became of a file, by its path and by what was done to it."""


def tell(
    events: Sequence[Event],
    offers: Mapping[str, SuggestionEvent],
    reported: dict[tuple[str, str], Diagnostics],
    *,
    at: str,
    became: Became,
) -> Iterator[str]:
    """Blocks of the story, oldest first, each with its time.

    `at` is the file that the user looks at, as far as told; `reported` remembers what other tools
    said of each file, so that it is told again only when it changed. A file that was edited is told
    where that ended.
    """
    last = _last_edits(events)
    said = {(each.path, each.source): each for each in events if isinstance(each, Diagnostics)}
    tests = [each for each in events if isinstance(each, TestResult)]
    number = 0
    while number < len(events):
        event = events[number]
        after = events[number + 1] if number + 1 < len(events) else None
        number += 1
        match event:
            case Edit():
                if last[event.path] is not event:
                    continue
                saved = isinstance(after, Save) and after.path == event.path
                number += saved
                who = "The user" if event.origin is None else "An accepted suggestion"
                did = f"{who} edited and saved" if saved else f"{who} edited"
                yield from _at(event.t, became(event.path, did))
                at = event.path
            case Focus(window="left"):
                # Whatever happens elsewhere is told by what comes back from there.
                continue
            case Open() | Focus():
                if event.path != at:
                    did = "The user looks at"
                    yield from _at(event.t, became(event.path, did) or [f"{did} {_name(event)}."])
                at = event.path
            case Close():
                continue
            case SuggestionEvent() if event.op != "offered":
                continue
            case Git(op="stage"):
                # It holds until the commit, and is told with what holds now.
                continue
            case Diagnostics():
                key = (event.path, event.source)
                if said[key] is not event or _same(reported.get(key), event):
                    continue
                if not event.items and key not in reported:
                    continue
                reported[key] = event
                yield from _at(event.t, [sentence(event, offers)])
            case TestResult():
                if event is tests[0]:
                    yield from _at(event.t, _ran(tests, offers))
            case _:
                yield from _at(event.t, [sentence(event, offers)])


def looked_at(events: Sequence[Event], at: str) -> str:
    """The file that the user looks at after these events; `at` is the one before them."""
    for event in reversed(events):
        if isinstance(event, Open | Focus | Edit):
            return event.path
    return at


def moves(events: Sequence[Event]) -> bool:
    """Whether the repository put other text into the files, which is nobody's edit."""
    return any(
        (isinstance(event, Git) and event.op in ("checkout", "merge", "rebase", "stash"))
        or (isinstance(event, FileOperation) and event.op == "renamed")
        for event in events
    )


def headed(title: str, lines: Sequence[str]) -> str:
    """A sentence and the lines it is about, which are marked already."""
    return "\n".join((f"{title}:", *lines))


def data(title: str, lines: Sequence[str]) -> str:
    """A sentence and lines of data, each behind its bar."""
    return headed(title, list(barred(lines)))


def _name(event: Open | Focus) -> str:
    return quoted(event.path)


def _last_edits(events: Sequence[Event]) -> Mapping[str, Edit]:
    return {event.path: event for event in events if isinstance(event, Edit)}


def _same(before: Diagnostics | None, now: Diagnostics) -> bool:
    return before is not None and before.items == now.items


def _ran(tests: Sequence[TestResult], offers: Mapping[str, SuggestionEvent]) -> list[str]:
    failed = [test for test in tests if test.outcome not in ("passed", "skipped")]
    told = [sentence(test, offers) for test in failed[:MOST_FAILED]]
    if len(failed) > MOST_FAILED:
        told.append(f"{len(failed) - MOST_FAILED} more tests did not pass.")
    if passed := len(tests) - len(failed):
        told.append(f"{passed} test{'s' if passed > 1 else ''} passed or were skipped.")
    return ["\n".join(told)]


def _at(t: float, blocks: Sequence[str]) -> Iterator[str]:
    return (f"[{t:.0f} s] {block}" if not number else block for number, block in enumerate(blocks))
