"""Named numbers about one task at one moment, each small and readable by a person."""

from collections.abc import Mapping
from posixpath import dirname

from proactive_lsp.events import paths_of
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Task

# How far back "the user is busy with this file" looks, in events.
RECENT_EVENTS = 12


def features(task: Task, situation: Situation) -> Mapping[str, float]:
    """The need's own features and those of the moment, by name; each is in [0, 1] or a count.

    `same-file` and `same-folder` are shares of the places; `uncertain` the share of places
    that would need the user's tick; `relevance` whether recent events touched the trigger's
    file; `at-NAME` is 1 for the kind of boundary.
    """
    places = task.places
    total = len(places) or 1
    recent = {
        path
        for remembered in situation.memory.recent(RECENT_EVENTS)
        for path in paths_of(remembered.event)
    }
    folder = dirname(task.need.path)
    return {
        **task.need.features,
        "places": float(len(places)),
        "same-file": sum(place.path == task.need.path for place in places) / total,
        "same-folder": sum(dirname(place.path) == folder for place in places) / total,
        "uncertain": sum(not place.certain for place in places) / total,
        # A prediction never has an edit, which its prior knows.
        "no-edit": 0.0 if task.by_model else sum(p.after is None for p in places) / total,
        "relevance": float(task.need.path in recent),
        f"at-{situation.boundary.kind}": 1.0,
    }
