"""What a timeline says of events and outcomes, and what it keeps to itself."""

import pytest
from msgspec.structs import replace

from proactive_lsp.events import (
    Answer,
    Change,
    Close,
    Command,
    Edit,
    Open,
    Save,
    TestResult,
    span,
)
from proactive_lsp.replay.folding import MOST_KEPT
from proactive_lsp.replay.story import Story
from proactive_lsp.suggestions import Silence

TEXT = "x = 1\n"


def told(*steps, text=TEXT):
    """The entries for events and (outcome, plan, news) steps."""
    entries = []
    story = Story(entries.append)
    for step in steps:
        if isinstance(step, tuple):
            story.decided(*step, lambda path: text)
        else:
            story.heard(step)
    story.pause()
    return entries


def texts(*steps):
    """Time and text of the entries."""
    return [(entry.t, entry.text) for entry in told(*steps)]


def opened(t, path, text=TEXT):
    """A file in an editor."""
    return Open(t, path, 1, "python", text)


def result(t, name, outcome):
    """A test that ended."""
    return TestResult(t, name, outcome)


def test_runs_of_typing_are_one_entry():
    """Until something else happens or another file is typed in."""
    edits = [Edit(t, path, t, ()) for t, path in enumerate("aaab")]
    assert texts(*edits, Save(5, "b"), Edit(6, "b", 6, ())) == [
        (0, "typed a (3 edits)"),
        (3, "typed b"),
        (5, "saved b"),
        (6, "typed b"),
    ]


def test_endless_typing_is_one_entry_and_few_events():
    """However long it goes on, the first edit, the last ones and their number are known."""
    story = Story(lambda entry: entries.append(entry))
    entries = []
    story.heard(opened(0, "a"))
    for number in range(1, 5_001):
        story.heard(Edit(number, "a", number, (Change(span(0, 0, 0, 0), "y"),)))
    (run,) = story._runs
    assert len(run.events) <= MOST_KEPT
    assert len(story._documents.get("a")._edits) < MOST_KEPT
    story.pause()
    assert (entries[-1].t, entries[-1].text) == (1, "typed a:1 (5000 edits)")
    assert entries[-1].excerpt.startswith("y" * 100)


def test_typing_is_read_before_the_file_closes():
    """What was typed is what counts, also when nobody keeps it."""
    edit = Edit(1, "a", 2, (Change(span(0, 4, 0, 5), "2"),))
    typed, closed = told(opened(0, "a"), edit, Close(2, "a"))[1:]
    assert (typed.text, typed.excerpt, closed.text) == ("typed a:1", "x = 2", "closed a")


def test_a_card_comes_with_its_evidence_and_its_edit(made):
    """The probability stands in front, where no line can end before it."""
    outcome = made.offers(2)
    plan = made.plan(outcome.offered, (span(0, 0, 0, 1), "y"))
    (offered,) = told((outcome, plan, ()))
    assert (offered.kind, offered.text) == ("offered", "(p 0.75) Fix line 0")
    assert offered.details == ("it is broken (a.py:1)",)
    assert [(piece.before, piece.after) for piece in offered.pieces] == [(("x = 1",), ("y = 1",))]


def test_an_acceptance_is_one_entry(made):
    """Its edits, its answer, and not that the card is gone now; the editor's opens before it."""
    outcome = made.offers(2)
    id = outcome.offered.id
    gone = made.outcome(4, withdrawn=((outcome.offered, "done"),))
    assert texts(
        (outcome, None, ()),
        opened(4, "b"),
        opened(4.2, "c"),
        Edit(4.3, "b", 2, (), origin=id),
        Answer(4.3, id, "accepted"),
        Edit(4.3, "c", 2, (), origin=id),
        opened(4.3, "d"),
        Edit(4.3, "d", 2, (), origin=id),
        (gone, None, ()),
        Save(5, "b"),
    )[1:] == [
        (4, "opened b, c, d"),
        (4.3, 'accepted "Fix line 0" in 3 files'),
        (5, "saved b"),
    ]


def test_an_acceptance_in_one_file_names_it(made):
    """And one that is told by half says what is known."""
    outcome = made.offers(2)
    id = outcome.offered.id
    assert texts(
        (outcome, None, ()),
        Edit(4, "b", 2, (), origin=id),
        Answer(4, id, "accepted"),
        Edit(8, "b", 3, (), origin=id),
        Answer(12, "unknown", "accepted"),
    )[1:] == [
        (4, 'accepted "Fix line 0" in b'),
        (8, 'applied "Fix line 0" in b'),
        (12, "accepted suggestion unknown"),
    ]


def test_the_number_of_files_is_said_once(made):
    """Titles of cards often say it."""
    from msgspec.structs import replace

    outcome = made.offers(2)
    card = replace(outcome.offered, title="Update 5 calls in 2 files")
    edits = [Edit(4, path, 2, (), origin=card.id) for path in "ab"]
    answer = Answer(4, card.id, "accepted")
    _, accepted = told((replace(outcome, offered=card), None, ()), *edits, answer)
    assert accepted.text == 'accepted "Update 5 calls in 2 files"'


def test_files_opened_at_once_are_one_entry():
    """Of many, the first ones."""
    assert texts(*(opened(n / 10, str(n)) for n in range(7)), opened(9, "a")) == [
        (0, "opened 0, 1, 2, 3, 4 and 2 more"),
        (9, "opened a (2 lines)"),
    ]


@pytest.mark.parametrize(("op", "silence"), [("dismissed", "dismissed"), ("muted", "muted")])
def test_the_silence_after_a_no_is_no_news(made, op, silence):
    """But a later one is, and so is that of another need."""
    outcome = made.offers(2)
    answer = Answer(4, outcome.offered.id, op)
    echo = made.silences(4, silence)
    other = made.silences(4, silence, line=5)
    entries = told(
        (outcome, None, ()), answer, (echo, None, echo.judgements), (other, None, other.judgements)
    )
    assert [entry.text for entry in entries[1:]] == [f'{op} "Fix line 0"', "Fix line 5"]
    late = made.silences(40, silence)
    assert told((outcome, None, ()), answer, (late, None, late.judgements))[2].kind == "silent"


def test_a_silence_comes_with_its_evidence_once(made):
    """Later boundaries bring no news, and a new reason stands alone."""
    first, then = made.silences(1), made.silences(2, "too-soon", "resting")
    entries = told(
        (first, None, first.judgements), (first, None, ()), (then, None, then.judgements)
    )
    assert [(entry.kind, entry.details) for entry in entries] == [
        ("silent", ("it is broken (a.py:1)", "below-threshold: too unlikely")),
        ("silent", ("too-soon: resting",)),
    ]


def test_tells_what_was_withdrawn_and_said(made):
    """With the reason, where the user did not do it himself."""
    outcome = made.outcome(1, withdrawn=((made.card(), "it is done"),), messages=("no model",))
    withdrawn, message = told((outcome, None, ()))
    assert (withdrawn.kind, withdrawn.details) == ("withdrawn", ("it is done",))
    assert (message.kind, message.text) == ("message", "no model")


def by_model(outcome):
    """The same, thought of by a model."""

    def marked(tasks):
        return tuple(replace(task, by_model=True) for task in tasks)

    if outcome.offered is not None:
        card = replace(outcome.offered, tasks=marked(outcome.offered.tasks))
        return replace(outcome, offered=card)
    judged = (replace(each, task=marked([each.task])[0]) for each in outcome.judgements)
    return replace(outcome, judgements=tuple(judged))


@pytest.mark.parametrize(
    ("asked", "mark"),
    [
        (("predict",), "model"),
        (("predict", "refine"), "model, refined"),
        (("judge", "predict"), "model, judged"),
    ],
)
def test_what_the_model_thought_of_is_marked(made, asked, mark):
    """And that it was asked again; a card of the rules is not, whatever was asked meanwhile."""
    entries = []
    story = Story(entries.append)
    offers, silences = by_model(made.offers(1)), by_model(made.silences(2, line=3))
    story.decided(offers, None, (), lambda path: TEXT, asked=asked)
    story.decided(silences, None, silences.judgements, lambda path: TEXT, asked=asked)
    story.decided(made.offers(3, line=4), None, (), lambda path: TEXT, asked=asked)
    assert [entry.text for entry in entries] == [
        f"(p 0.75, {mark}) Fix line 0",
        f"({mark}) Fix line 3",
        "(p 0.75) Fix line 4",
    ]


def test_a_silence_of_the_model_is_told_once_also_between_others(made):
    """Another reason, or the same in other words, is news."""
    silences = [("nothing-left", "a"), ("refused-place", "b"), ("nothing-left", "a")]
    silences.append(("refused-place", "c"))
    steps = [
        (made.outcome(t, silence=Silence(kind, text)), None, ())
        for t, (kind, text) in enumerate(silences)
    ]
    assert [entry.details[0] for entry in told(*steps)] == [
        "nothing-left: a",
        "refused-place: b",
        "refused-place: c",
    ]


def test_the_model_says_once_that_it_is_not_there(made):
    """The rules speak on in between."""
    outcome = made.outcome(1, silence=Silence("model-unavailable", "no Ollama"))
    (entry,) = told((outcome, None, ()), (made.outcome(2), None, ()), (outcome, None, ()))
    assert (entry.text, entry.details) == ("the model", ("model-unavailable: no Ollama",))


def test_a_test_run_is_one_entry_per_outcome():
    """Who failed matters, who passed does not."""
    assert texts(
        *(result(1, name, "failed") for name in "ab"),
        *(result(1.1, name, "passed") for name in "cde"),
        result(1.2, "f", "skipped"),
        result(1.3, "g", "failed"),
        Command(1.4, "pytest", 1),
        result(9, "a", "passed"),
    ) == [
        (1, "3 tests failed: a, b, g"),
        (1.1, "3 tests passed"),
        (1.2, "test f skipped"),
        (1.4, "ran pytest (exit 1)"),
        (9, "test a passed"),
    ]


def test_what_is_offered_comes_after_what_led_to_it(made):
    """A run of tests ends there, so that the first failure explains the card."""
    entries = told(result(1, "a", "failed"), (made.offers(1), None, ()), result(1, "b", "failed"))
    assert [entry.kind for entry in entries] == ["happened", "offered", "happened"]


def test_rest_tells_all_but_typing():
    """Typing may go on after any pause."""
    entries = []
    story = Story(entries.append)
    story.heard(opened(0, "a"))
    story.rest()
    assert len(entries) == 1
    story.heard(Edit(1, "a", 2, ()))
    story.rest()
    assert len(entries) == 1


def test_of_many_silences_the_likeliest_are_told(made):
    """What a card says already comes last, and the rest is counted by reason."""
    odds = [("duplicate", 0.9), ("below-threshold", 0.2), ("too-soon", 0.5), ("too-soon", 0.4)]
    news = [
        replace(judgement, p=p)
        for line, (kind, p) in enumerate(odds)
        for judgement in made.silences(1, kind, line=line).judgements
    ]
    entries = told((made.outcome(1), None, news))
    assert [entry.text for entry in entries] == ["Fix line 2", "Fix line 3", "2 more"]
    assert entries[-1].details == ("1 below-threshold, 1 duplicate",)
