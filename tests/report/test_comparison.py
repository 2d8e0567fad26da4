"""Two results side by side: what came, went and changed, and why."""

import io
import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import span
from proactive_lsp.replay.run import transcript
from proactive_lsp.report.comparison import compare
from proactive_lsp.report.comparison_page import comparison_page
from proactive_lsp.report.terminal import show_comparison
from tests.report.conftest import STORY
from tests.report.reading import NASTY, read

ROOT = Path(__file__).parents[2]


@pytest.fixture
def one(write, replayed):
    """The result of one session with one card."""
    return transcript([replayed(write(*STORY))], timings=False)


def changed(result, *, session=None, **fields):
    """The same with other fields for every card."""
    (row,) = result.sessions
    rows = tuple(replace(each, **fields) if each.offered else each for each in row.suggestions)
    return replace(result, sessions=(replace(row, suggestions=rows, **(session or {})),))


def changes(before, after):
    (compared,) = compare(before, after)
    return [(change.kind, change.said) for change in compared.changes]


def test_the_same_is_the_same(one):
    (compared,) = compare(one, one)
    assert compared.changes == ()
    assert compared.same == 1


def test_a_card_that_came_and_one_that_went(one):
    quiet = changed(one, offered=False, reason="below-threshold: too unlikely")
    assert changes(quiet, one) == [("came", "kept back: below-threshold: too unlikely")]
    assert changes(one, quiet) == [("went", "kept back: below-threshold: too unlikely")]
    nothing = replace(one, sessions=(replace(one.sessions[0], suggestions=()),))
    assert changes(one, nothing) == [("went", "not noticed")]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"answer": "accepted"}, "accepted instead of not answered"),
        ({"t": 9.5}, "offered at 9.5 s instead of 3 s"),
        ({"title": "Do it"}, "it was called “Rename 2 mentions of `area` to `surface`”"),
        ({"places": ()}, "0 places instead of 2"),
        ({"edit": None}, "an edit in one of them alone"),
        ({"edit": ()}, "an edit in one of them alone"),
        ({"range": span(7, 0, 7, 1)}, None),
    ],
)
def test_what_changed_is_said(one, fields, said):
    assert changes(one, changed(one, **fields)) == ([("changed", said)] if said else [])


def test_another_probability_is_said_with_its_threshold(one):
    ((kind, said),) = changes(one, changed(one, p=0.7, threshold=0.5))
    assert kind == "changed"
    assert said.endswith("became 0.70 (0.50)")


def test_sessions_meet_by_name_and_turn(one):
    (row,) = one.sessions
    other = replace(row, name="other")
    both = replace(one, sessions=(row, row))
    found = compare(both, replace(one, sessions=(row, other)))
    assert [(each.name, each.before is None, each.after is None) for each in found] == [
        ("one", False, False),
        ("one", False, True),
        ("other", True, False),
    ]
    assert [change.said for change in found[1].changes] == ["the session is not there"]


def test_page_and_terminal_escape_whatever_a_result_says(one):
    nasty = NASTY.replace("\ud800", "")
    fields = {"title": nasty, "path": nasty, "need": nasty, "id": nasty}
    before, after = changed(one, **fields), changed(one, session={"name": nasty}, **fields)
    compared = compare(before, after)
    page = read(comparison_page(before, after, compared, (nasty, "b")))
    assert "alert(1)" in page.text
    stream = io.StringIO()
    show_comparison(before, after, compared, Console(file=stream, width=80))
    assert "\x1b" not in stream.getvalue()


def test_the_command_compares_two_runs_with_other_options(tmp_path, capsys):
    session = str(ROOT / "scenarios" / "docstring")
    files = [str(tmp_path / name) for name in ("a.json", "b.json")]
    page = tmp_path / "c.html"
    assert run_command_line(["replay", session, "--json", files[0]]) == 0
    assert run_command_line(["replay", session, "--disable", "docstring", "--json", files[1]]) == 0
    capsys.readouterr()
    assert run_command_line(["report", "--compare", *files]) == 0
    said = capsys.readouterr().out
    assert "went" in said
    assert "1 card not the same, 0 as they were" in said
    assert run_command_line(["report", *files, "--html", str(page)]) == 0
    found = read(page.read_text(encoding="utf-8"))
    assert "not noticed" in found.text
    assert "-1.00" in found.text


@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b'{"sessions":[],"totals":{}}', b"\xff"])
def test_a_broken_result_is_said_in_one_line(content, tmp_path, capsys):
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(content)
    assert run_command_line(["report", str(tmp_path / "a.json"), str(tmp_path / "b.json")]) == 2
    heard = capsys.readouterr()
    assert heard.err.count("\n") == 1
    assert "write it again with proactive-lsp replay" in heard.err


def test_no_card_at_all(tmp_path, capsys, write):
    files = [tmp_path / "x.json", tmp_path / "y.json"]
    for file in files:
        assert run_command_line(["replay", str(write()), "--json", str(file)]) == 0
        assert json.loads(file.read_bytes())["sessions"][0]["suggestions"] == []
    assert run_command_line(["report", *map(str, files), "--html", str(tmp_path / "z.html")]) == 0
    text = (tmp_path / "z.html").read_text(encoding="utf-8")
    assert "Every card is the same in both." in read(text).text
