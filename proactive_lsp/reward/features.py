"""Named numbers about a task at one moment: its edit, its stretch of work, its words.

Each is small and readable by a person: a share in [0, 1], or a count on a logarithmic scale where
1 stands for about a thousand. Those of the history are shares of earlier commits.
"""

from collections.abc import Mapping, Sequence

from proactive_lsp.events import Command, Event, Git, Save, TestResult, paths_of
from proactive_lsp.reward.edit_features import edit_features, hunk_of, log_share
from proactive_lsp.reward.relevance import PREFIX, relevance
from proactive_lsp.reward.told import told
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Task
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.syntax import parse
from proactive_lsp.workspace.tree import language_of

# How far back "the user is busy with this file" looks, in events.
RECENT_EVENTS = 12


def features(task: Task, situation: Situation) -> Mapping[str, float]:
    """The need's own features, those of its edit, of the stretch of work and of the moment.

    `edit-*` tell the shape of the edit that the need is about, `hunk-age` how many edits were made
    since; `stretch-*` how much was edited so far. Of the moment: `relevance` is whether recent
    events touched the trigger's file, `syntax-broken` whether it does not parse, `at-NAME` is 1 for
    the kind of boundary, `boundary-just-passed` falls from 1 to 0 in the minute after the last one.
    `text-*`, for a task that a model wrote, tell how its words lie to the recent events.
    """
    need = task.need
    events = [remembered.event for remembered in situation.memory.recent(RECENT_EVENTS)]
    number, hunk = hunk_of(need, situation)
    return {
        **need.features,
        "places": log_share(len(need.places)),
        "files": log_share(len({place.path for place in need.places})),
        f"from-{file_kind(need.path)}": 1.0,
        **edit_features(hunk),
        "hunk-age": log_share(number),
        "stretch-edits": log_share(len(situation.hunks)),
        "stretch-files": log_share(len(situation.written)),
        "relevance": float(any(need.path in paths_of(event) for event in events)),
        f"at-{situation.boundary.kind}": 1.0,
        "boundary-just-passed": max(0.0, 1 - _since_boundary(events, situation.now) / 60),
        "syntax-broken": float(_is_broken(situation, need.path)),
        **(_text_features(task, situation) if task.by_model else {}),
    }


def _since_boundary(events: Sequence[Event], now: float) -> float:
    """Seconds since the moment before this one at which speaking was allowed; an hour if none."""
    moments = [
        event.t
        for event in events
        if isinstance(event, Save | Git | Command | TestResult)
        and not (isinstance(event, Command) and event.phase == "started")
    ]
    before = [t for t in moments if t < now]
    return now - before[-1] if before else 3_600.0


def _is_broken(situation: Situation, path: str) -> bool:
    language = language_of(path)
    text = situation.tree.read(path) if language is not None else None
    module = parse(language, text) if language is not None and text is not None else None
    return module is not None and module.broken


def _text_features(task: Task, situation: Situation) -> Mapping[str, float]:
    numbers = relevance(task.title, told(situation))
    return {f"{PREFIX}{name}": value for name, value in numbers.items()}
