"""Named numbers about a task at one moment, and about each of its places.

Each is small and readable by a person: a share in [0, 1], or a count on a logarithmic scale where
1 stands for about a thousand. Those of the history are shares of earlier commits.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log2
from posixpath import dirname

from proactive_lsp.events import Position, paths_of
from proactive_lsp.reward.relevance import PREFIX, relevance
from proactive_lsp.reward.told import told
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Need, Task
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.syntax import Definition, parse
from proactive_lsp.workspace.tokens import words
from proactive_lsp.workspace.tree import language_of

# How far back "the user is busy with this file" looks, in events.
RECENT_EVENTS = 12
NEIGHBOURS = 3
# Features of many lines say no more than those of the first so many.
MOST_LINES = 8
# Fewer commits of a file tell no habit.
FEWEST_COMMITS = 3

# For a line of a file, the kinds of need that point at it.
Agreement = Mapping[tuple[str, int], frozenset[str]]
NO_AGREEMENT: Agreement = {}


def agreement_of(needs: Iterable[Need]) -> Agreement:
    """Which kinds of need point at the same line."""
    kinds: dict[tuple[str, int], set[str]] = defaultdict(set)
    for need in needs:
        for place in need.places:
            if not place.whole:
                kinds[place.path, place.range.start.line].add(need.kind)
    return {where: frozenset(names) for where, names in kinds.items()}


def features(task: Task, situation: Situation) -> Mapping[str, float]:
    """The need's own features, those of its edit and those of the moment, by name.

    `relevance` is whether recent events touched the trigger's file; `at-NAME` is 1 for the kind
    of boundary; `edit-*` tell the shape of the edit that the need is about; `text-*`, for a task
    that a model wrote, how its words lie to the recent events.
    """
    need = task.need
    recent = {
        path
        for remembered in situation.memory.recent(RECENT_EVENTS)
        for path in paths_of(remembered.event)
    }
    return {
        **need.features,
        "places": _log(len(need.places)),
        "files": _log(len({place.path for place in need.places})),
        "relevance": float(need.path in recent),
        **_edit_features(_hunk_of(need, situation)),
        f"at-{situation.boundary.kind}": 1.0,
        **(_text_features(task, situation) if task.by_model else {}),
    }


def place_features(
    task: Task, situation: Situation, agreement: Agreement
) -> tuple[Mapping[str, float], ...]:
    """For each place of the task its own features and how it lies to the edit.

    `agree` is the share of three other kinds that point at the same line; `distance` how far it is
    from the edit in the same file; `forward` and `backward` how often earlier commits that touched
    the one file touched the other.
    """
    need = task.need
    hunk = _hunk_of(need, situation)
    own = situation.lines(need.path)
    around = _surroundings(hunk, own, need.range.start.line)
    said = {
        word for line in (*(hunk.before if hunk else ()), *_written(hunk)) for word in words(line)
    }
    inside = _inside(situation, need.path, need.range.start)
    found: list[Mapping[str, float]] = []
    for place in need.places:
        line = place.range.start.line
        same_file = place.path == need.path
        theirs = situation.lines(place.path)
        text = theirs[line] if 0 <= line < len(theirs) else ""
        forward, backward = _habit(situation.past, need.path, place.path)
        found.append(
            {
                **place.features,
                "same-file": float(same_file),
                "same-folder": float(dirname(place.path) == dirname(need.path)),
                "same-class": float(file_kind(place.path) == file_kind(need.path)),
                "other-language": float(language_of(place.path) != language_of(need.path)),
                "uncertain": float(not place.certain),
                # A prediction never has an edit, which its prior knows.
                "no-edit": float(place.after is None and not task.by_model),
                "whole-file": float(place.whole),
                "agree": (len(agreement.get((place.path, line), ())) - 1) / 3
                if not place.whole and (place.path, line) in agreement
                else 0.0,
                "distance": _log(abs(line - need.range.start.line)) if same_file else 0.0,
                "below": float(same_file and line > need.range.start.line),
                "same-definition": float(
                    same_file
                    and bool(inside)
                    and _inside(situation, place.path, place.range.start) == inside
                ),
                "neighbours": _neighbours(around, theirs, line) if not place.whole else 0.0,
                "same-indent": float(bool(text) and _indent(text) == around[1]),
                "overlap": _overlap(said, text),
                "length": _log(len(text.strip())),
                "forward": forward,
                "backward": backward,
            }
        )
    return tuple(found)


def _hunk_of(need: Need, situation: Situation) -> LineHunk | None:
    """The edit that a need is about: at its own lines, else the latest of its file."""
    line = need.range.start.line
    latest: LineHunk | None = None
    for hunk in situation.recent:
        if hunk.path != need.path:
            continue
        if hunk.after_start <= line <= hunk.after_start + max(len(hunk.after) - 1, 0):
            return hunk
        latest = latest or hunk
    return latest


def _edit_features(hunk: LineHunk | None) -> Mapping[str, float]:
    if hunk is None:
        return {"edit-unknown": 1.0}
    return {
        "edit-removed": _log(len(hunk.before)),
        "edit-added": _log(len(hunk.after)),
        "edit-inserts": float(not hunk.before),
        "edit-deletes": float(not hunk.after),
        "edit-same-size": float(len(hunk.before) == len(hunk.after)),
    }


def _text_features(task: Task, situation: Situation) -> Mapping[str, float]:
    numbers = relevance(task.title, told(situation))
    return {f"{PREFIX}{name}": value for name, value in numbers.items()}


def _written(hunk: LineHunk | None) -> Sequence[str]:
    return hunk.after[:MOST_LINES] if hunk is not None else ()


def _surroundings(
    hunk: LineHunk | None, own: Sequence[str], line: int
) -> tuple[Mapping[int, str], str]:
    """The lines around the edit by their distance from it, and its indentation."""
    first, last = line, line
    shown = own[line] if 0 <= line < len(own) else ""
    if hunk is not None:
        first, last = hunk.after_start, hunk.after_start + len(hunk.after) - 1
        shown = next((text for text in (*hunk.before, *hunk.after) if text.strip()), shown)
    steps: dict[int, str] = {}
    for step in range(1, NEIGHBOURS + 1):
        if first - step >= 0 and first - step < len(own):
            steps[-step] = own[first - step].strip()
        if last + step < len(own):
            steps[step] = own[last + step].strip()
    return steps, _indent(shown)


def _neighbours(around: tuple[Mapping[int, str], str], theirs: Sequence[str], line: int) -> float:
    same = sum(
        bool(text) and 0 <= line + step < len(theirs) and theirs[line + step].strip() == text
        for step, text in around[0].items()
    )
    return same / (2 * NEIGHBOURS)


def _overlap(said: set[str], text: str) -> float:
    """The share of the line's words that stand in the edit, too."""
    own = words(text)
    return sum(word in said for word in own) / len(own) if own else 0.0


def _inside(situation: Situation, path: str, position: Position) -> str:
    """The qualified name of the innermost definition around a position, "" for none."""
    language = language_of(path)
    text = situation.tree.read(path) if language is not None else None
    if language is None or text is None:
        return ""
    definitions = _definitions.get(language, text, lambda: _in_order(language, text))
    # Whatever begins behind the position is not around it; the last that begins before it and
    # does not end before it is the innermost.
    first = bisect_right(definitions, position, key=_start)
    return next(
        (each.qualname for each in reversed(definitions[:first]) if position < each.range.end), ""
    )


def _in_order(language: str, text: str) -> Sequence[Definition]:
    module = parse(language, text)
    return sorted(module.definitions, key=_start) if module is not None else ()


def _start(definition: Definition) -> Position:
    return definition.range.start


_definitions: TextCache[Sequence[Definition]] = TextCache(300_000)


def _habit(past: Past, path: str, other: str) -> tuple[float, float]:
    """How often commits that touched the one touched the other, both ways; 0 for few commits."""
    if path == other:
        return 1.0, 1.0
    together = past.together(path).get(other, 0)
    return tuple(
        together / count if (count := past.commits_of(each)) >= FEWEST_COMMITS else 0.0
        for each in (path, other)
    )  # type: ignore[return-value]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _log(number: int) -> float:
    return min(1.0, log2(1 + number) / 10)
