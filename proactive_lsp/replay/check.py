"""Compare what a replay offered with what the labels of its session wanted.

A card answers an `expect` when it is offered within its time, has a task of its kind, and a place
or its own trigger at the label's path that touches its range. With `after`, the whole lines of
the range must also read so once the card's plan is applied; without a range, those of any of its
places. A `quiet` is kept when no card is offered in its time.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from proactive_lsp.agent.predict import KIND as PREDICTED
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.labels import (
    Read,
    of_kind,
    offered_card,
    spots_of,
    stands_at,
    wanted_card,
    wanted_quiet,
    wrong_text,
)
from proactive_lsp.replay.metrics import Counts
from proactive_lsp.replay.session import Expect, LabelLine, Quiet
from proactive_lsp.suggestions import Plan, Suggestion


class Miss(Struct, frozen=True):
    """A label that was not kept: its line, what it wanted, and what happened instead."""

    line: int
    expected: str
    happened: str


class Verdict(Struct, frozen=True):
    """What the labels make of one card: the phrases of those it keeps, and of those it breaks.

    Neither where no label speaks of it; `labelled` tells whether there are any at all.
    """

    kept: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    labelled: bool = False


class _Watched:
    """An `expect`, and the most telling account so far of why no card answers it."""

    def __init__(self, line: int, expect: Expect) -> None:
        self.line = line
        self.expect = expect
        self.met = False
        self.happened = "nothing of the kind was noticed"
        self._telling = 0

    def note(self, telling: int, happened: str) -> None:
        if telling > self._telling:
            self._telling, self.happened = telling, happened


class Checker:
    """Follows a replay boundary by boundary with the labels at hand."""

    def __init__(self, labels: Sequence[LabelLine]) -> None:
        self._expects: list[_Watched] = []
        self._quiets: list[tuple[int, Quiet]] = []
        for line in labels:
            match line.label:
                case Expect():
                    self._expects.append(_Watched(line.line, line.label))
                case Quiet():
                    self._quiets.append((line.line, line.label))
        self._labelled = bool(labels)
        self._broken_quiets: list[Miss] = []
        self._cards = self._right_cards = 0
        # Of the card that was offered last.
        self.verdict = Verdict()
        # Whether it was spoken at each boundary that wanted nothing; the model may add to a
        # boundary that the rules left silent.
        self._calm: dict[tuple[str, float], bool] = {}

    def decided(self, outcome: Outcome, plan: Plan | None, read: Read) -> None:
        """Take in one outcome, with the plan of its card and the texts as they stand now."""
        t, card = outcome.boundary.t, outcome.offered
        wanted = [watched for watched in self._expects if watched.expect.covers(t)]
        kept: list[str] = []
        for watched in wanted:
            for telling, happened in _accounts(watched.expect, outcome):
                watched.note(telling, happened)
            if card is not None and self._answers(watched, card, plan, read):
                watched.met = True
                kept.append(wanted_card(watched.expect))
        # An answer is looked at but nothing may be offered then, so it is no boundary.
        if not wanted and outcome.boundary.kind != "answer":
            moment = (outcome.boundary.kind, t)
            self._calm[moment] = self._calm.get(moment, False) or card is not None
        if card is not None:
            self._cards += 1
            self._right_cards += bool(kept)
            broken = [
                Miss(line, wanted_quiet(quiet), offered_card(card))
                for line, quiet in self._quiets
                if quiet.covers(t)
            ]
            self._broken_quiets += broken
            said = tuple(miss.expected for miss in broken)
            self.verdict = Verdict(tuple(kept), said, self._labelled)

    def misses(self) -> tuple[Miss, ...]:
        """The labels that were not kept, in the order of the file; a `quiet` once per card."""
        unmet = (
            Miss(watched.line, wanted_card(watched.expect), watched.happened)
            for watched in self._expects
            if not watched.met
        )
        return tuple(sorted((*unmet, *self._broken_quiets), key=lambda miss: miss.line))

    def counts(self, *, edits: int) -> Counts:
        """The numbers for the metrics."""
        return Counts(
            edits=edits,
            cards=self._cards,
            labelled_cards=self._cards if self._labelled else 0,
            right_cards=self._right_cards,
            expects=len(self._expects),
            met=sum(watched.met for watched in self._expects),
            calm=len(self._calm) if self._labelled else 0,
            calm_silent=list(self._calm.values()).count(False) if self._labelled else 0,
        )

    def _answers(self, watched: _Watched, card: Suggestion, plan: Plan | None, read: Read) -> bool:
        expect = watched.expect
        if not of_kind(card, expect.need):
            return False
        if not stands_at(expect, spots_of(card)):
            return False
        wrong = wrong_text(expect, card, plan, read)
        if wrong is not None:
            watched.note(6, f"{offered_card(card)}, but {wrong}")
            return False
        return True


def _accounts(expect: Expect, outcome: Outcome) -> Iterator[tuple[int, str]]:
    """What happened at one boundary instead of the card that is wanted; the higher, the nearer."""
    card, t = outcome.offered, outcome.boundary.t
    if card is not None:
        yield (4 if of_kind(card, expect.need) else 1), offered_card(card)
    for judgement in outcome.judgements:
        need = judgement.task.need
        if need.kind == expect.need and judgement.silence is not None:
            reason = f"{judgement.silence.kind}: {judgement.silence.text}"
            where = f"{need.path}:{need.range.start.line + 1}"
            told = f'judged "{judgement.task.title}" ({where}) at {t:g} s and kept silent, {reason}'
            yield (5 if stands_at(expect, spots_of(need)) else 3), told
    if outcome.silence is not None and expect.need == PREDICTED:
        yield 3, f"the model stayed silent, {outcome.silence.kind}: {outcome.silence.text}"
    for need in outcome.needs:
        if need.kind == expect.need:
            yield 2, f'noticed "{need.title}" at {t:g} s without offering it'
