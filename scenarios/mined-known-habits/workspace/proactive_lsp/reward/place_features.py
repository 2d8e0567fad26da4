"""Named numbers about each place of a task: its company, and how it lies to the edit."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from posixpath import dirname

from msgspec import Struct, structs

from proactive_lsp.events import Diagnostics, Position
from proactive_lsp.reward.edit_features import COMMENT, edit_words, hunk_of, likeness, log_share
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Judgement, Need, Task
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.syntax import Definition, parse
from proactive_lsp.workspace.tree import language_of

# How far back another tool's word on a file counts, in events.
RECENT_EVENTS = 12
NEIGHBOURS = 3
# Fewer commits of a file tell no habit.
FEWEST_COMMITS = 3
_IMPORT = re.compile(r"\s*(import|from|use|require|export\b.*\bfrom)\b")
_DEFINITION = re.compile(
    r"\s*(?:(?:export|default|public|private|protected|static|async|pub|abstract)\s+)*"
    r"(?:def|class|function|func|fn|type|interface|struct|enum|impl|trait)\b"
)


class Agreement(Struct, frozen=True):
    """What all needs of one look point at together.

    `kinds` and `needs` are, for a line of a file, the kinds of need that point at it and how many
    needs do; `places` how many places each file has in all of them. `odds` are known once they were
    judged: how likely the likeliest is that points at the line.
    """

    kinds: Mapping[tuple[str, int], frozenset[str]] = {}
    needs: Mapping[tuple[str, int], int] = {}
    places: Mapping[str, int] = {}
    odds: Mapping[tuple[str, int], float] = {}


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


def judged_agreement(agreement: Agreement, judgements: Iterable[Judgement]) -> Agreement:
    """The same with what was judged of the needs; places that were left out have no odds."""
    odds: dict[tuple[str, int], float] = {}
    for judgement in judgements:
        for place, p in zip(judgement.task.places, judgement.odds, strict=False):
            if not place.whole:
                where = (place.path, place.range.start.line)
                odds[where] = max(p, odds.get(where, 0.0))
    return structs.replace(agreement, odds=odds)


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
    _, hunk = hunk_of(need, situation)
    own = situation.lines(need.path)
    around = _surroundings(hunk, own, need.range.start.line)
    words_of = edit_words(hunk)
    inside = _inside(situation, need.path, need.range.start)
    files: dict[str, Mapping[str, float]] = {}
    diagnosed: dict[str, Sequence[tuple[int, int]]] = {}
    found: list[Mapping[str, float]] = []
    for place in need.places:
        path, line = place.path, place.range.start.line
        if path not in files:
            files[path] = _file_features(need, situation, path, agreement)
            diagnosed[path] = _diagnosed(situation, path)
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
            "length": log_share(len(text.strip())),
        }
        if not place.whole:
            numbers |= {
                **_company(need.kind, path, line, agreement),
                **likeness(words_of, text),
                "distance": log_share(abs(line - need.range.start.line)) if same_file else 0.0,
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
                "line-comment": float(COMMENT.match(text) is not None),
                "line-import": float(_IMPORT.match(text) is not None),
                "line-definition": float(_DEFINITION.match(text) is not None),
                "diagnosed": float(any(first <= line <= last for first, last in diagnosed[path])),
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
        "file-commits": log_share(past.commits_of(path)),
        "file-rested": (log_share(rested) if rested is not None else 1.0) if past.commits else 0.0,
        "file-edits": log_share(len(spans)),
        "in-file": log_share(agreement.places.get(path, 0)),
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
    numbers["needs-here"] = log_share(max(0, agreement.needs.get((path, line), 0) - 1))
    return numbers


def _nearest_edit(spans: Sequence[tuple[int, int]], line: int) -> float:
    """How many lines lie between a line and the nearest edit of its file; 1 without any."""
    if not spans:
        return 1.0
    number = bisect_right(spans, line, key=itemgetter(0))
    beside = spans[max(0, number - 1) : number + 1]
    return log_share(min(max(first - line, line - (end - 1), 0) for first, end in beside))


def _diagnosed(situation: Situation, path: str) -> Sequence[tuple[int, int]]:
    """From which line to which another tool's latest word on the file is about each time."""
    for remembered in reversed(situation.memory.recent(RECENT_EVENTS)):
        event = remembered.event
        if isinstance(event, Diagnostics) and event.path == path:
            return [(item.range.start.line, item.range.end.line) for item in event.items]
    return ()


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


_definitions: TextCache[Sequence[Definition]] = TextCache(100_000)


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
