"""Named numbers about a task at one moment, and about each of its places.

Each is small and readable by a person: a share in [0, 1], or a count on a logarithmic scale where
1 stands for about a thousand. Those of the history are shares of earlier commits.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log2
from operator import itemgetter
from posixpath import dirname

from msgspec import Struct

from proactive_lsp.events import (
    Command,
    Diagnostics,
    Event,
    Git,
    Position,
    Save,
    TestResult,
    paths_of,
)
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
_COMMENT = re.compile(r"\s*(#|//|/?\*|--|;;|<!--)")
_IMPORT = re.compile(r"\s*(import|from|use|require|export\b.*\bfrom)\b")
_DEFINITION = re.compile(
    r"\s*(?:(?:export|default|public|private|protected|static|async|pub|abstract)\s+)*"
    r"(?:def|class|function|func|fn|type|interface|struct|enum|impl|trait)\b"
)


class Agreement(Struct, frozen=True):
    """What all needs of one look point at together.

    `kinds` and `needs` are, for a line of a file, the kinds of need that point at it and how many
    needs do; `places` how many places each file has in all of them.
    """

    kinds: Mapping[tuple[str, int], frozenset[str]] = {}
    needs: Mapping[tuple[str, int], int] = {}
    places: Mapping[str, int] = {}


NO_AGREEMENT = Agreement()
_NO_KINDS: frozenset[str] = frozenset()


def agreement_of(needs: Iterable[Need]) -> Agreement:
    """What these needs point at together; a whole file is no line of it."""
    kinds: dict[tuple[str, int], set[str]] = defaultdict(set)
    numbers: Counter[tuple[str, int]] = Counter()
    places: Counter[str] = Counter()
    for need in needs:
        lines = {(place.path, place.range.start.line) for place in need.places if not place.whole}
        numbers.update(lines)
        places.update(path for path, _ in lines)
        for where in lines:
            kinds[where].add(need.kind)
    frozen = {where: frozenset(names) for where, names in kinds.items()}
    return Agreement(frozen, dict(numbers), dict(places))


def features(task: Task, situation: Situation) -> Mapping[str, float]:
    """The need's own features, those of its edit, of the stretch of work and of the moment.

    `edit-*` tell the shape of the edit that the need is about, `hunk-age` how many edits were made
    since; `stretch-*` how much was edited so far. Of the moment: `relevance` is whether recent
    events touched the trigger's file, `syntax-broken` whether it does not parse, `at-NAME` is 1 for
    the kind of boundary, `boundary-just-passed` falls from 1 to 0 in the minute after the last one.
    """
    need = task.need
    events = [remembered.event for remembered in situation.memory.recent(RECENT_EVENTS)]
    number, hunk = _hunk_of(need, situation)
    return {
        **need.features,
        "places": _log(len(need.places)),
        "files": _log(len({place.path for place in need.places})),
        f"from-{file_kind(need.path)}": 1.0,
        **_edit_features(hunk),
        "hunk-age": _log(number),
        "stretch-edits": _log(len(situation.hunks)),
        "stretch-files": _log(len(situation.written)),
        "relevance": float(any(need.path in paths_of(event) for event in events)),
        f"at-{situation.boundary.kind}": 1.0,
        "boundary-just-passed": max(0.0, 1 - _since_boundary(events, situation.now) / 60),
        "syntax-broken": float(_is_broken(situation, need.path)),
    }


def _since_boundary(events: Sequence[Event], now: float) -> float:
    """Seconds since the moment before this one at which speaking was allowed; an hour if none."""
    moments = [event.t for event in events if isinstance(event, Save | Git | Command | TestResult)]
    before = [t for t in moments if t < now]
    return now - before[-1] if before else 3_600.0


def _is_broken(situation: Situation, path: str) -> bool:
    language = language_of(path)
    text = situation.tree.read(path) if language is not None else None
    module = parse(language, text) if language is not None and text is not None else None
    return module is not None and module.broken


def place_features(
    task: Task, situation: Situation, agreement: Agreement
) -> tuple[Mapping[str, float], ...]:
    """For each place of the task its own features and how it lies to the edit.

    - of the company: `agree` and `agree-near` are the share of three other kinds that point at the
      same line, or at one of the two above and below; `with-KIND` says which; `needs-here` and
      `in-file` count the needs at the line and the places in the file
    - of the edit: `distance` is how far it is in the same file, `nearest-edit` how far the nearest
      of all; `gone` and `came` the share of the line's words that the edit took or brought,
      `like-before` and `like-after` how much the line is like one of the edit's
    - of the file: `forward` and `backward` how often earlier commits that touched the one file
      touched the other, `file-commits` how many touched it, `file-rested` how many since;
      `past-known` whether any commit is known
    """
    need = task.need
    _, hunk = _hunk_of(need, situation)
    own = situation.lines(need.path)
    around = _surroundings(hunk, own, need.range.start.line)
    words_of = _edit_words(hunk)
    inside = _inside(situation, need.path, need.range.start)
    files: dict[str, Mapping[str, float]] = {}
    found: list[Mapping[str, float]] = []
    for place in need.places:
        path, line = place.path, place.range.start.line
        if path not in files:
            files[path] = _file_features(need, situation, path, agreement)
        same_file = path == need.path
        theirs = situation.lines(path)
        text = theirs[line] if 0 <= line < len(theirs) else ""
        definition = _inside(situation, path, place.range.start)
        numbers = {
            **place.features,
            **files[path],
            "uncertain": float(not place.certain),
            # A prediction never has an edit, which its prior knows.
            "no-edit": float(place.after is None and not task.by_model),
            "whole-file": float(place.whole),
            "length": _log(len(text.strip())),
        }
        if not place.whole:
            numbers |= {
                **_company(need.kind, path, line, agreement),
                **_likeness(hunk, words_of, text),
                "distance": _log(abs(line - need.range.start.line)) if same_file else 0.0,
                "below": float(same_file and line > need.range.start.line),
                "nearest-edit": _nearest_edit(situation.written.get(path, ()), line),
                "same-definition": float(same_file and bool(inside) and definition == inside),
                "same-name-around": float(
                    bool(inside)
                    and definition != inside
                    and definition.rpartition(".")[2] == inside.rpartition(".")[2]
                ),
                "neighbours": _neighbours(around, theirs, line),
                "same-indent": float(bool(text) and _indent(text) == around[1]),
                "line-blank": float(not text.strip()),
                "line-comment": float(_COMMENT.match(text) is not None),
                "line-import": float(_IMPORT.match(text) is not None),
                "line-definition": float(_DEFINITION.match(text) is not None),
                "diagnosed": float(_is_diagnosed(situation, path, line)),
            }
        found.append(numbers)
    return tuple(found)


def _file_features(
    need: Need, situation: Situation, path: str, agreement: Agreement
) -> Mapping[str, float]:
    """What all places in one file have in common."""
    forward, backward = _habit(situation.past, need.path, path)
    spans = situation.written.get(path, ())
    past = situation.past
    rested = past.last(path)
    return {
        "same-file": float(path == need.path),
        "same-folder": float(dirname(path) == dirname(need.path)),
        "same-class": float(file_kind(path) == file_kind(need.path)),
        f"in-{file_kind(path)}": 1.0,
        "other-language": float(language_of(path) != language_of(need.path)),
        "forward": forward,
        "backward": backward,
        # Nothing known is not the same as never touched.
        "past-known": float(bool(past.commits)),
        "file-commits": _log(past.commits_of(path)),
        "file-rested": (_log(rested) if rested is not None else 1.0) if past.commits else 0.0,
        "file-edits": _log(len(spans)),
        "in-file": _log(agreement.places.get(path, 0)),
    }


def _company(kind: str, path: str, line: int, agreement: Agreement) -> Mapping[str, float]:
    """Which other kinds of need point here, and close by."""
    here = agreement.kinds.get((path, line), _NO_KINDS) - {kind}
    near = {
        other
        for step in (-2, -1, 1, 2)
        for other in agreement.kinds.get((path, line + step), ())
        if other != kind
    }
    numbers = {f"with-{other}": 1.0 for other in sorted(here)}
    numbers["agree"] = len(here) / 3
    numbers["agree-near"] = len(near - here) / 3
    numbers["needs-here"] = _log(max(0, agreement.needs.get((path, line), 0) - 1))
    return numbers


class _EditWords(Struct, frozen=True):
    """The words of an edit's lines, those that it took away and those that it brought."""

    said: frozenset[str]
    gone: frozenset[str]
    came: frozenset[str]


def _edit_words(hunk: LineHunk | None) -> _EditWords:
    before = frozenset(word for line in _lines_before(hunk) for word in words(line))
    after = frozenset(word for line in _lines_after(hunk) for word in words(line))
    return _EditWords(before | after, before - after, after - before)


def _likeness(hunk: LineHunk | None, edit: _EditWords, text: str) -> Mapping[str, float]:
    """How much a line has in common with the edit."""
    own = words(text)
    if not own:
        return {}
    ours = frozenset(own)
    return {
        "overlap": len(ours & edit.said) / len(ours),
        "gone": len(ours & edit.gone) / len(ours),
        "came": len(ours & edit.came) / len(ours),
        "like-before": max((_alike(ours, line) for line in _lines_before(hunk)), default=0.0),
        "like-after": max((_alike(ours, line) for line in _lines_after(hunk)), default=0.0),
    }


def _alike(ours: frozenset[str], line: str) -> float:
    """The share of words that two lines have in common."""
    theirs = words(line)
    common = sum(word in ours for word in theirs)
    return common / (len(ours) + len(theirs) - common) if theirs else 0.0


def _nearest_edit(spans: Sequence[tuple[int, int]], line: int) -> float:
    """How many lines lie between a line and the nearest edit of its file; 1 without any."""
    if not spans:
        return 1.0
    number = bisect_right(spans, line, key=itemgetter(0))
    beside = spans[max(0, number - 1) : number + 1]
    return _log(min(max(first - line, line - (end - 1), 0) for first, end in beside))


def _is_diagnosed(situation: Situation, path: str, line: int) -> bool:
    """Whether another tool's latest word on the file is about this line."""
    for remembered in reversed(situation.memory.recent(RECENT_EVENTS)):
        event = remembered.event
        if isinstance(event, Diagnostics) and event.path == path:
            return any(item.range.start.line <= line <= item.range.end.line for item in event.items)
    return False


def _hunk_of(need: Need, situation: Situation) -> tuple[int, LineHunk | None]:
    """The edit that a need is about, at its own lines, else the latest of its file; and its number.

    Numbers count the edits made since.
    """
    line = need.range.start.line
    latest: tuple[int, LineHunk] | None = None
    for number, hunk in enumerate(situation.recent):
        if hunk.path != need.path:
            continue
        if hunk.after_start <= line <= hunk.after_start + max(len(hunk.after) - 1, 0):
            return number, hunk
        latest = latest or (number, hunk)
    return latest or (len(situation.recent), None)


def _edit_features(hunk: LineHunk | None) -> Mapping[str, float]:
    if hunk is None:
        return {"edit-unknown": 1.0}
    return {
        "edit-removed": _log(len(hunk.before)),
        "edit-added": _log(len(hunk.after)),
        "edit-inserts": float(not hunk.before),
        "edit-deletes": float(not hunk.after),
        "edit-same-size": float(len(hunk.before) == len(hunk.after)),
        "edit-alike": _edit_alike(hunk),
        "edit-prose": float(
            all(_COMMENT.match(line) or not line.strip() for line in (*hunk.before, *hunk.after))
        ),
    }


def _edit_alike(hunk: LineHunk) -> float:
    """The share of words that an edit left in its lines."""
    edit = _edit_words(hunk)
    return 1 - len(edit.gone | edit.came) / len(edit.said) if edit.said else 1.0


def _lines_before(hunk: LineHunk | None) -> Sequence[str]:
    return hunk.before[:MOST_LINES] if hunk is not None else ()


def _lines_after(hunk: LineHunk | None) -> Sequence[str]:
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
    if path == other and past.commits:
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
