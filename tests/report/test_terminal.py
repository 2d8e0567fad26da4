"""Sessions on a terminal: an overview, lanes of characters, cards, missed labels."""

import io

import pytest
from rich.console import Console

from proactive_lsp.cli import run_command_line
from proactive_lsp.report.swimlanes import NAMES
from proactive_lsp.report.terminal import show_sessions
from tests.report.conftest import STORY, saved
from tests.report.reading import NASTY


@pytest.fixture
def shown(replayed):
    """What is printed about sessions, 80 columns wide."""

    def shown(*paths, encoding="utf-8"):
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, encoding=encoding, errors="backslashreplace")
        show_sessions([replayed(path) for path in paths], Console(file=stream, width=80))
        stream.flush()
        return raw.getvalue().decode(encoding)

    return shown


def test_lanes_and_cards(write, shown):
    text = shown(write(*STORY, saved(20.0)))
    assert "Rename 2 mentions of `area` to `surface`" in text
    lanes = [line.strip().split("  ")[0] for line in text.splitlines()]
    assert [each for each in lanes if each in NAMES.values()] == [
        "edits",
        "saves, files",
        "suggestions",
        "silences",
    ]
    assert max(map(len, text.splitlines())) <= 80


def test_several_have_an_overview_and_a_missed_label_is_told(write, shown):
    label = {"t": 4.0, "type": "expect", "need": "docstring", "path": "shapes.py", "within": 1}
    text = shown(write(*STORY, name="first"), write(*STORY, label, name="second"))
    assert "missed (line 5): a docstring card at shapes.py" in text
    head = text.splitlines()[1]
    assert " ".join(head.split()) == "session events cards yes no silent wanted met quiet missed"


def test_no_name_moves_the_cursor(write, shown):
    nasty = NASTY.replace("\x00", "").replace("\ud800", "")
    text = shown(write(*STORY, name=nasty), write(*STORY, name=nasty))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_terminal_without_unicode(write, shown):
    text = shown(write(*STORY), encoding="ascii")
    assert "suggestions" in text
    assert "@" in text
    assert "\\u25" not in text


def test_the_command_prints_it_without_a_page(write, capsys):
    assert run_command_line(["report", str(write(*STORY))]) == 0
    assert "Rename 2 mentions of `area` to `surface`" in capsys.readouterr().out


def test_a_page_can_go_to_stdout(write, capsysbinary):
    assert run_command_line(["report", str(write(*STORY)), "--html", "-"]) == 0
    heard = capsysbinary.readouterr()
    assert heard.out.startswith(b"<!doctype html>")
    assert heard.err == b""
