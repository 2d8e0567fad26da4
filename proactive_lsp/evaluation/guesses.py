"""What a model might name at a boundary, to train the filter for tasks of a model.

The places of no real model: they would train the filter on its habits. At each boundary that rules
leave free stands the place of what comes next, and beside it `WRONG` places that a model names
without knowing: near the lines edited last, in a file that is open for work, in one that usually
goes along, where an untouched file says a word of the last edit, or anywhere. A wrong one that a
later hunk touches after all is right.
"""

from collections.abc import Iterator, Sequence
from random import Random

from proactive_lsp.agent.predict import KIND
from proactive_lsp.evaluation.files import left_out
from proactive_lsp.evaluation.labels import Pending
from proactive_lsp.evaluation.oracle import Quotation, drawn, quotable
from proactive_lsp.events import span
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Need, Place, Task
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.tokens import added_words, vanished_words, words

WRONG = 2
"""Wrong places for each true one, where there are as many: a third of what a model names is right.

No history knows how good a model is. Those made for the task find the next place three times of
four (NES at Ant Group, arXiv 2508.02473), small general ones hardly ever; where a model is better
or worse, this user's answers move the probability.
"""

NEAR = 12  # lines
ALONG = 5  # files that usually go along
WAYS = ("near", "touched", "along", "mentions", "anywhere")


def guesses(situation: Situation, later: Sequence[Pending], seed: str) -> Iterator[Task]:
    """The tasks of one boundary; `later` are the hunks still to come."""
    random = Random(seed)  # noqa: S311 - for repetition, not secrecy
    for hunk in later:
        if line := quotable(hunk, situation.lines(hunk.path)):
            yield _task(situation, (hunk.path, line))
            break
    for _ in range(WRONG):
        # Drawn even where it is not used, so that one way does not shift the others.
        way, chance = random.choice(WAYS), random.random()
        place = _wrong(situation, way, Random(f"{seed} {chance}"))  # noqa: S311
        if place is not None:
            yield _task(situation, place)


def _wrong(situation: Situation, way: str, random: Random) -> Quotation | None:
    last = situation.recent[0] if situation.recent else None
    match way:
        case "near" if last is not None:
            return _beside(situation, last.path, last.after_start, random)
        case "touched":
            return drawn(random, situation.tree, sorted(situation.written))
        case "along" if last is not None:
            habits = situation.past.together(last.path)
            files = sorted(habits, key=lambda path: (-habits[path], path))
            known = set(situation.tree.paths())
            return drawn(random, situation.tree, [path for path in files if path in known][:ALONG])
        case "mentions" if last is not None:
            return _mentioning(situation, last, random)
        case _:
            return drawn(random, situation.tree, situation.tree.paths())


def _beside(situation: Situation, path: str, line: int, random: Random) -> Quotation | None:
    lines = situation.lines(path)
    around = lines[max(0, line - NEAR) : line + NEAR]
    once = [text for text in around if text.strip() and lines.count(text) == 1]
    return (path, random.choice(once)) if once else None


def _mentioning(situation: Situation, edit: LineHunk, random: Random) -> Quotation | None:
    """Where a file that nobody touched says a word that the edit brought or took away."""
    # Words that the engine looked for anyhow; any other would cost a pass over all files.
    told = {*vanished_words(edit), *added_words(edit)}
    known = sorted(word for word in told if situation.finder.interested(word))
    if not known:
        return None
    word = random.choice(known)
    files = [path for path in situation.files(word) if path not in situation.written]
    files = [path for path in files if left_out(path) is None]
    if not files:
        return None
    path = random.choice(files)
    lines = situation.lines(path)
    once = [text for text in lines if word in words(text) and lines.count(text) == 1]
    return (path, random.choice(once)) if once else None


def _task(situation: Situation, place: Quotation) -> Task:
    path, text = place
    line = situation.lines(path).index(text)
    range = span(line, 0, line, len(text))
    found = Place(path, range, before=text)
    need = Need(KIND, path, range, text.strip(), "", (), (found,))
    return Task(need, "", "", by_model=True)
