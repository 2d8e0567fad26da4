"""The timeline a person reads."""

import io

import pytest
from rich.console import Console

from proactive_lsp.events import Answer, Edit, Save, span
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.story import Entry, Story
from proactive_lsp.replay.timeline import Timeline
from proactive_lsp.suggestions import Silence


def printed(*entries, terminal=False):
    """What 80 columns show."""
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=terminal, markup=False)
    timeline = Timeline(console)
    for entry in entries:
        timeline.show(entry)
    return stream.getvalue()


def told(*steps, text="x = 1\n"):
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


def test_runs_of_typing_are_one_entry():
    """Until something else happens or another file is typed in."""
    edits = [Edit(t, path, t, ()) for t, path in enumerate("aaab")]
    entries = told(*edits, Save(5, "b"), Edit(6, "b", 6, ()))
    assert [(entry.t, entry.text) for entry in entries] == [
        (0, "typed 3 edits in a"),
        (3, "typed 1 edit in b"),
        (5, "saved b"),
        (6, "typed 1 edit in b"),
    ]


def test_tells_what_was_noticed_offered_and_answered(made):
    """With evidence, places and the edit."""
    outcome = made.offers(2)
    plan = made.plan(outcome.offered, (span(0, 0, 0, 1), "y"))
    answer = Answer(3, outcome.offered.id, "accepted")
    noticed, offered, accepted = told((outcome, plan, ()), answer)
    assert (noticed.kind, noticed.details) == ("noticed", ("it is broken (a.py:1)",))
    assert offered.text == "Fix line 0 (p 0.75)"
    assert offered.details == ("at a.py:1", "- x = 1", "+ y = 1")
    assert accepted.text == 'accepted "Fix line 0"'


def test_a_need_is_noticed_once_and_its_silence_explained(made):
    """Later boundaries bring no news."""
    outcome = made.silences(1)
    entries = told((outcome, None, outcome.judgements), (outcome, None, ()))
    assert [entry.kind for entry in entries] == ["noticed", "silent"]
    assert entries[1].details == ("below-threshold: too unlikely",)


def test_tells_what_was_withdrawn_and_said(made):
    """With the reason."""
    outcome = made.outcome(1, withdrawn=((made.card(), "it is done"),), messages=("no model",))
    withdrawn, message = told((outcome, None, ()))
    assert (withdrawn.kind, withdrawn.details) == ("withdrawn", ("it is done",))
    assert (message.kind, message.text) == ("message", "no model")


def test_the_model_says_once_that_it_is_not_there(made):
    """The rules speak on in between."""
    outcome = made.outcome(1, silence=Silence("model-unavailable", "no Ollama"))
    (entry,) = told((outcome, None, ()), (made.outcome(2), None, ()), (outcome, None, ()))
    assert (entry.text, entry.details) == ("the model", ("model-unavailable: no Ollama",))


def test_large_edits_and_many_places_are_cut(made):
    """A timeline is no patch."""
    places = made.need().places * 9
    outcome = made.offers(1, places=places)
    text = "".join(f"{number}\n" for number in range(40))
    plan = made.plan(outcome.offered, (span(0, 0, 40, 0), ""))
    _, offered = told((outcome, plan, ()), text=text)
    assert "and at 4 more" in offered.details
    assert offered.details[-1] == "…"
    assert len(offered.details) < 25


@pytest.mark.parametrize("word", ["a" * 300, "word " * 60, "寿司" * 80])
def test_nothing_is_wider_than_80_columns(word):
    """Long lines wrap below their own beginning."""
    text = printed(Entry("offered", 12.34, word, (f"- {word}",)))
    from rich.cells import cell_len

    assert all(cell_len(line) <= 80 for line in text.splitlines())
    assert text.replace(" ", "").replace("\n", "").count(word.replace(" ", "")) == 2


def test_colours_only_on_a_terminal():
    """A pipe gets plain text."""
    entry = Entry("offered", 1, "Fix it")
    assert "\x1b[" in printed(entry, terminal=True)
    assert printed(entry) == "     1.0 offered   Fix it\n"


def test_nothing_from_a_session_controls_the_terminal():
    """Neither control characters nor markup, nor text direction."""
    evil = "\x1b[2J\r\n\x07[red]x[/red]\u202e\x9b:smile:\ud83d"
    text = printed(Entry("session", 0, evil), Entry("happened", 1, "y", (evil,)))
    assert len(text.splitlines()) == 3
    assert text.count("[red]x[/red]") == 2
    assert text.count(":smile:") == 2
    assert not set("\x1b\r\x07\u202e\x9b\ud83d") & set(text)


def test_printable_text_is_left_alone():
    """Accents and emoji included."""
    assert visible("naïve 😀 [bold]") == "naïve 😀 [bold]"
    assert visible("a\tb") == "a   b"
