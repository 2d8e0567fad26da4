"""Labels against outcomes: which card counts, and what is said of a missed one."""

import pytest

from proactive_lsp.events import span
from proactive_lsp.replay.check import Checker
from proactive_lsp.replay.edited import lines_after
from proactive_lsp.replay.metrics import metrics, total
from proactive_lsp.replay.session import Expect, LabelLine, Quiet
from proactive_lsp.suggestions import Place, TextEdit

TEXT = "x = 1\nuse(x)\nend\n"


def expect(t=0.0, within=10.0, need="broken-call", path="a.py", range=None, after=None):
    """A label with everything but what the test is about."""
    return Expect(t=t, need=need, path=path, range=range, within=within, after=after)


def checked(label, *outcomes, plan=None, text=TEXT):
    """The checker after these outcomes."""
    checker = Checker([LabelLine(7, label)] if label is not None else [])
    for outcome in outcomes:
        checker.decided(outcome, plan, {"a.py": text, "b.py": text}.get)
    return checker


def happened(checker):
    """What is said of the only miss."""
    (miss,) = checker.misses()
    assert miss.line == 7
    return miss.happened


@pytest.mark.parametrize("t", [0.0, 5.0, 10.0])
def test_a_card_in_time_meets_an_expect(made, t):
    """Both ends included."""
    assert checked(expect(), made.offers(t)).misses() == ()


@pytest.mark.parametrize(
    "label",
    [
        expect(range=span(0, 1, 0, 4)),
        expect(range=span(1, 0, 1, 0)),
        expect(path="b.py", range=span(4, 2, 4, 2)),
    ],
)
def test_the_trigger_or_any_place_will_do(made, label):
    """Touching is enough."""
    places = (
        Place("a.py", span(1, 0, 1, 1), "x", "y"),
        Place("b.py", span(4, 0, 4, 9), "x", "y"),
    )
    assert checked(label, made.offers(1, places=places)).misses() == ()


def test_another_place_is_a_miss(made):
    """And it is said which."""
    told = happened(checked(expect(range=span(9, 0, 9, 1)), made.offers(1)))
    assert told == 'offered "Fix line 0" (broken-call, a.py:1) at 1 s'


def test_too_late_is_a_miss(made):
    """Nothing happened in its time."""
    assert happened(checked(expect(within=1), made.offers(2))) == "nothing of the kind was noticed"


def test_a_silenced_need_tells_its_reason(made):
    """The reason that is nearest to the label wins over other cards."""
    elsewhere = made.offers(1, line=5, kind="rename")
    told = happened(checked(expect(), elsewhere, made.silences(2), elsewhere))
    assert told == (
        'judged "Fix line 0" (a.py:1) at 2 s and kept silent, below-threshold: too unlikely'
    )


def test_a_need_that_was_never_judged_is_named(made):
    """It was noticed, at least."""
    told = happened(checked(expect(), made.outcome(3, needs=(made.need(),))))
    assert told == 'noticed "Fix line 0" at 3 s without offering it'


def test_after_is_compared_with_whole_lines(made):
    """With the edit of this very moment."""
    outcome = made.offers(1, line=1)
    plan = made.plan(outcome.offered, (span(1, 4, 1, 5), "x, 2"))
    label = expect(range=span(1, 0, 1, 5), after="use(x, 2)\n")
    assert checked(label, outcome, plan=plan).misses() == ()
    assert checked(expect(after="use(x, 2)"), outcome, plan=plan).misses() == ()


def test_another_text_is_a_miss(made):
    """And it is said what it would read."""
    outcome = made.offers(1, line=1)
    plan = made.plan(outcome.offered, (span(1, 4, 1, 5), "x, 3"))
    told = happened(checked(expect(after="use(x, 2)"), outcome, plan=plan))
    assert told.endswith("but it would read 'use(x, 3)\\n'")
    assert happened(checked(expect(after=""), outcome)).endswith("but the card has no edit")


def test_quiet_is_broken_by_any_card(made):
    """Once per card; silent candidates are fine."""
    label = Quiet(1, 5)
    kept = checked(label, made.offers(0.5), made.silences(2), made.offers(5.5))
    assert kept.misses() == ()
    broken = checked(label, made.offers(1), made.offers(5))
    assert len(broken.misses()) == 2
    assert broken.misses()[0].expected == "no card from 1 to 5 s"


def test_metrics_count_cards_expects_and_calm_boundaries(made):
    """One right card, one wrong, one quiet boundary; answers are no boundaries."""
    outcomes = [
        made.offers(1),
        made.offers(20, line=3),
        made.outcome(30),
        made.outcome(31, kind="answer"),
    ]
    numbers = metrics(checked(expect(), *outcomes).counts(edits=50))
    assert (numbers.precision, numbers.recall, numbers.f1) == (0.5, 1.0, 0.6667)
    assert (numbers.false_alarm, numbers.quiet_rate) == (0.5, 0.5)
    assert numbers.suggestions_per_100_edits == 4.0


def test_a_boundary_that_the_model_adds_to_counts_once(made):
    """Silent rules and a card of the model make one boundary that spoke."""
    numbers = checked(expect(t=50), made.outcome(1), made.offers(1)).counts(edits=0)
    assert (numbers.calm, numbers.calm_silent) == (1, 0)


def test_nothing_to_divide_by_is_none(made):
    """Without labels a card is neither right nor wrong."""
    counts = checked(None, made.offers(1)).counts(edits=0)
    numbers = metrics(counts)
    assert numbers == metrics(total([])) or numbers.suggestions_per_100_edits is None
    assert numbers.precision is numbers.recall is numbers.f1 is numbers.quiet_rate is None
    assert metrics(checked(expect(), made.outcome(1)).counts(edits=1)).f1 is None
    wrong = metrics(checked(expect(), made.offers(20)).counts(edits=1))
    assert (wrong.precision, wrong.recall, wrong.f1) == (0, 0, 0)


@pytest.mark.parametrize(
    ("edits", "line", "wanted"),
    [
        ([], 1, "two\n"),
        ([(span(0, 0, 0, 3), "1\n1")], 1, "two\n"),
        ([(span(0, 0, 1, 0), "")], 1, "two\n"),
        ([(span(1, 0, 1, 0), "new\n")], 1, "new\ntwo\n"),
        ([(span(2, 0, 2, 0), "new\n")], 1, "two\n"),
        ([(span(1, 0, 2, 0), "")], 1, ""),
        ([(span(1, 0, 1, 1), "T"), (span(1, 2, 1, 3), "O")], 1, "TwO\n"),
        ([(span(0, 2, 1, 1), "-")], 1, "on-wo\n"),
        ([(span(1, 2, 2, 2), "-"), (span(3, 0, 3, 4), "4")], 1, "tw-ree\n"),
        ([(span(3, 0, 9, 9), "4")], 3, "4"),
        ([(span(0, 0, 99, 0), "all")], 2, "all"),
    ],
)
def test_whole_lines_after_edits(edits, line, wanted):
    """Edits above, at the borders, inside and across."""
    text = "one\ntwo\nthree\nfour"
    made = [TextEdit(where, new) for where, new in edits]
    assert lines_after(text, span(line, 1, line, 2), made) == wanted


def test_a_range_up_to_the_next_line_leaves_that_out():
    """As editors select whole lines."""
    assert lines_after("one\ntwo\nthree", span(0, 0, 2, 0), []) == "one\ntwo\n"
