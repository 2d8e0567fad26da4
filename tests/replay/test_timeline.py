"""The timeline a person reads."""

import io
import time

import pytest
from rich.console import Console

from proactive_lsp.events import Change, Edit, Open, Save, span
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.metrics import Counts, metrics
from proactive_lsp.replay.pieces import Piece
from proactive_lsp.replay.printer import Printer
from proactive_lsp.replay.run import Replayed
from proactive_lsp.replay.story import Story
from proactive_lsp.replay.timeline import Timeline
from proactive_lsp.replay.transcript import SessionRow


def printed(*entries, terminal=False):
    """What 80 columns show."""
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=terminal, markup=False)
    timeline = Timeline(console)
    for entry in entries:
        timeline.show(entry)
    return stream.getvalue()


@pytest.mark.parametrize("word", ["a" * 300, "word " * 60, "寿司" * 80])
def test_nothing_is_wider_than_80_columns(word):
    """Long lines wrap below their own beginning."""
    piece = Piece("a.py:1", (word,), (word,))
    text = printed(Entry("offered", 12.34, word, (word,), word, (piece,)))
    from rich.cells import cell_len

    assert all(cell_len(line) <= 80 for line in text.splitlines())
    assert text.replace(" ", "").replace("\n", "").count(word.replace(" ", "")) == 4


def test_colours_only_on_a_terminal():
    """A pipe gets plain text."""
    entry = Entry("offered", 1, "Fix it")
    assert "\x1b[" in printed(entry, terminal=True)
    assert printed(entry) == "     1.0  offered   Fix it\n"


def test_nothing_from_a_session_controls_the_terminal():
    """Neither control characters nor markup, nor text direction."""
    evil = "\x1b[2J\r\n\x07[red]x[/red]\u202e\x9b:smile:\ud83d"
    piece = Piece(evil, (evil,), (evil,))
    text = printed(Entry("session", 0, evil), Entry("happened", 1, "y", (evil,), evil, (piece,)))
    assert len(text.splitlines()) == 6
    assert text.count("[red]x[/red]") == 6
    assert text.count(":smile:") == 6
    assert not set("\x1b\r\x07\u202e\x9b\ud83d") & set(text)


def test_printable_text_is_left_alone():
    """Accents and emoji included."""
    assert visible("naïve 😀 [bold]") == "naïve 😀 [bold]"
    assert visible("a\tb") == "a   b"


def test_the_whole_of_an_entry():
    """What belongs together stands together; marks of a diff stand alone in their column."""
    long = "total = " + " + ".join(f"price_{n}" for n in range(8))
    piece = Piece("app.py:3  in `main`", (long,), ("total = 0",))
    title = "Update 5 calls of `shipping_cost` in 4 files, and one more thing"
    text = printed(
        Entry("session", 0, "demo", excerpt="2025-01-01, vim, workspace/"),
        Entry("happened", 2.2, "typed app.py:17 (3 edits)", excerpt="def send(self): " + "x" * 80),
        Entry("offered", 13.7, f"(p 0.98) {title}", ("it is so",), pieces=(piece,)),
    )
    assert (
        text
        == """\
demo  2025-01-01, vim, workspace/
     2.2  typed app.py:17 (3 edits)  def send(self): xxxxxxxxxxxxxxxxxxxxxxxxxx…
    13.7  offered   (p 0.98) Update 5 calls of `shipping_cost` in 4 files, and
                      one more thing
            it is so
            app.py:3  in `main`
            - total = price_0 + price_1 + price_2 + price_3 + price_4 + price_5
                + price_6 + price_7
            + total = 0
"""
    )


def test_an_excerpt_without_room_stands_below():
    """A long path leaves none."""
    text = printed(Entry("happened", 1, "typed " + "a" * 60 + ":1", excerpt="x = " + "y" * 90))
    assert text.splitlines() == [f"     1.0  typed {'a' * 60}:1", f"            x = {'y' * 63}…"]


def test_endless_lines_are_cut():
    """A timeline is no place for a minified file."""
    assert len(printed(Entry("happened", 1, "x" * 1_000_000))) < 2000


@pytest.mark.parametrize(("events", "lines"), [(7, 1), (10**16, 2)])
def test_the_summary_fits(events, lines):
    """What was right has a line of its own when the first one is full."""
    stream = io.StringIO()
    counts = Counts(cards=9, labelled_cards=9, right_cards=8, expects=9, met=8)
    row = SessionRow("one", events, (), metrics(counts))
    result = Replayed("one.jsonl", row, counts, (), (), ())
    Printer(Console(file=stream, width=80), check=False).summary([result])
    text = stream.getvalue()
    assert len(text.splitlines()) == lines
    assert max(map(len, text.splitlines())) <= 80
    assert "precision 0.89" in text


def test_a_long_session_prints_at_once():
    """80 saves with 500 edits in between."""
    text = "".join(f"line {n}\n" for n in range(2000))
    stream = io.StringIO()
    timeline = Timeline(Console(file=stream, width=80))
    story = Story(timeline.show)
    start = time.process_time()
    story.heard(Open(0, "a", 1, "python", text))
    for n in range(1, 40_001):
        where = span(n // 501, 4, n // 501, 4)
        story.heard(Edit(n, "a", n, (Change(where, "x"),)))
        if n % 500 == 0:
            story.heard(Save(n, "a"))
    story.pause()
    assert stream.getvalue().count(" saved a") == 80
    assert stream.getvalue().count("(500 edits)") == 80
    assert time.process_time() - start < 2
