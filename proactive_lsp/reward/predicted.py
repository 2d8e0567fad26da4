"""Named numbers about a place that a model names: how it lies to what was done last.

A rule's place has a trigger, and is seen from there. A model's has none, so it is seen from the
edit made last, and from all that was edited lately. `predicted.json` weighs the numbers, in the
form of `weights.json`: `bench reward --train-predicted` makes it of real histories. How often a
model is right no history knows; `evaluation/guesses.py` states what is assumed.
"""

from collections.abc import Mapping, Sequence
from posixpath import basename, splitext

from msgspec import Struct, structs

from proactive_lsp.events import span
from proactive_lsp.reward.edit_features import EditWords, edit_words, likeness
from proactive_lsp.reward.features import features
from proactive_lsp.reward.place_features import Agreement, place_features
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Task
from proactive_lsp.workspace.tokens import words

# Of the files that were edited, so many are asked for their habits.
MOST_TOUCHED = 20

Numbers = Mapping[str, float]


def model_features(
    task: Task, situation: Situation, agreement: Agreement
) -> tuple[Numbers, tuple[Numbers, ...]]:
    """What the places of a model's task have in common, and the numbers of each.

    Those of `features` and `place_features` as of a need at the edit made last, and of each place:
    `rule-odds`, the probability of the likeliest rule that points here or at a line beside it;
    `together`, how often earlier commits that touched an edited file touched this one; `path-alike`
    the share of words that its name has in common with that of an edited file; `recent-gone` and
    `recent-came` the share of the line's words that recent edits took or brought, `recent-like` how
    much it is like one of their lines; `written` whether it was itself written lately.
    """
    seen = _from_last_edit(task, situation)
    lately = _lately(situation)
    own = (
        {**numbers, **_of_place(place, situation, agreement, lately)}
        for place, numbers in zip(
            task.places, place_features(seen, situation, agreement), strict=True
        )
    )
    return features(seen, situation), tuple(own)


def _from_last_edit(task: Task, situation: Situation) -> Task:
    """The task as if the edit made last had brought it up."""
    if not situation.recent:
        return task
    last = situation.recent[0]
    start = last.after_start
    need = structs.replace(
        task.need, path=last.path, range=span(start, 0, start + max(len(last.after) - 1, 0), 0)
    )
    return structs.replace(task, need=need)


class _Lately(Struct, frozen=True):
    """The recent edits and their words, the words that went or came in all of them, their files."""

    edits: tuple[EditWords, ...]
    gone: frozenset[str]
    came: frozenset[str]
    touched: tuple[str, ...]


def _lately(situation: Situation) -> _Lately:
    edits = tuple(edit_words(hunk) for hunk in situation.recent)
    return _Lately(
        edits=edits,
        gone=frozenset(word for edit in edits for word in edit.gone),
        came=frozenset(word for edit in edits for word in edit.came),
        touched=tuple(sorted(situation.written))[:MOST_TOUCHED],
    )


def _of_place(
    place: Place, situation: Situation, agreement: Agreement, lately: _Lately
) -> Mapping[str, float]:
    path, line = place.path, place.range.start.line
    lines = situation.lines(path)
    text = lines[line] if 0 <= line < len(lines) else ""
    own = frozenset(words(text))
    like = [likeness(edit, text) for edit in lately.edits]
    return {
        "rule-odds": max(agreement.odds.get((path, line + step), 0.0) for step in (-1, 0, 1)),
        "together": _together(situation, path, lately.touched),
        "path-alike": max((_path_alike(path, other) for other in lately.touched), default=0.0),
        "recent-gone": _share(own & lately.gone, own),
        "recent-came": _share(own & lately.came, own),
        "recent-like": max(
            (max(each.get("like-before", 0.0), each.get("like-after", 0.0)) for each in like),
            default=0.0,
        ),
        "written": float(situation.edited(path, line)),
    }


def _together(situation: Situation, path: str, touched: Sequence[str]) -> float:
    """How often earlier commits that touched an edited file touched this one, at most."""
    past = situation.past
    return max(
        (
            past.together(other).get(path, 0) / past.commits_of(other)
            for other in touched
            if other != path and past.commits_of(other)
        ),
        default=0.0,
    )


def _path_alike(path: str, other: str) -> float:
    if path == other:
        return 1.0
    one, two = (_name_words(each) for each in (path, other))
    return _share(one & two, one | two)


def _name_words(path: str) -> frozenset[str]:
    return frozenset(words(splitext(basename(path))[0].replace("_", " ")))


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / len(whole) if whole else 0.0
