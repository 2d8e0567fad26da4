"""What happened lately as short sentences, for a task in free text to be compared with."""

from collections.abc import Iterable
from itertools import groupby, islice

from proactive_lsp.events import Answer, Event, SuggestionEvent, paths_of
from proactive_lsp.reward.relevance import MOST_CHARS, MOST_EVENTS
from proactive_lsp.sentences import sentence
from proactive_lsp.situation import Situation

# As many as the stories have that relevance was fitted to, several of ours making one of theirs.
RECENT_EVENTS = 60


def told(situation: Situation) -> tuple[str, ...]:
    """The recent events, oldest first; those about the same files in a row are told as one.

    So the last one is what the user is at, and not the bare save after it. What was offered and
    answered is left out: a task is not relevant because we spoke of it.
    """
    newest_first = (
        remembered.event
        for remembered in reversed(situation.memory.recent(RECENT_EVENTS))
        if not isinstance(remembered.event, SuggestionEvent | Answer)
    )
    runs = (run for _, run in groupby(newest_first, key=_files))
    return tuple(map(_tell, islice(runs, MOST_EVENTS)))[::-1]


def _tell(run: Iterable[Event]) -> str:
    # The latest first: of a long run the end is what counts.
    text = ""
    for event in run:
        if len(text) > MOST_CHARS:
            break
        text = f"{text} {sentence(event, {})}".lstrip()
    return text


def _files(event: Event) -> tuple[str, ...]:
    return tuple(sorted(set(paths_of(event))))
