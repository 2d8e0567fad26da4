"""Numbers that compare what was offered with what the labels wanted."""

from collections.abc import Iterable

from msgspec import Struct


class Counts(Struct, frozen=True):
    """What the metrics are made of; sessions are added up before anything is divided.

    `cards` and `edits` count in every session. The others count in labelled ones alone, since
    where no label says what was wanted a card is neither right nor wrong.
    """

    edits: int = 0
    cards: int = 0
    labelled_cards: int = 0
    right_cards: int = 0
    expects: int = 0
    met: int = 0
    calm: int = 0
    calm_silent: int = 0


class Metrics(Struct, frozen=True):
    """Shares in [0, 1] rounded to 4 digits; None where the denominator is 0.

    - precision: offered cards that match an `expect` / all cards offered
    - recall: expects that a card met / expects
    - f1: harmonic mean of the two; 0 when both are 0, None when either is
    - false_alarm: offered cards that match no `expect` / all cards offered
    - quiet_rate: of the boundaries at which no `expect` wanted a card, the share without one
    - suggestions_per_100_edits: 100 * cards offered / edit events

    All but the last look at labelled sessions only.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    false_alarm: float | None
    quiet_rate: float | None
    suggestions_per_100_edits: float | None


def total(counts: Iterable[Counts]) -> Counts:
    """The sum, field by field."""
    fields = Counts.__struct_fields__
    sums = dict.fromkeys(fields, 0)
    for one in counts:
        for field in fields:
            sums[field] += getattr(one, field)
    return Counts(**sums)


def metrics(counts: Counts) -> Metrics:
    """The numbers of one session, or of the total of several."""
    wrong = counts.labelled_cards - counts.right_cards
    precision = _share(counts.right_cards, counts.labelled_cards)
    recall = _share(counts.met, counts.expects)
    return Metrics(
        precision=_rounded(precision),
        recall=_rounded(recall),
        f1=_rounded(_f1(precision, recall)),
        false_alarm=_rounded(_share(wrong, counts.labelled_cards)),
        quiet_rate=_rounded(_share(counts.calm_silent, counts.calm)),
        suggestions_per_100_edits=_rounded(_share(100 * counts.cards, counts.edits)),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _f1(precision: float | None, recall: float | None) -> float | None:
    if precision is None or recall is None:
        return None
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
