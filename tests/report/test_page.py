"""The page about a replay: whole, safe, bounded, and the same for the same sessions."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import Command, Git, Save, TestResult
from proactive_lsp.replay.chronicle import Chronicler
from proactive_lsp.replay.story import Story
from proactive_lsp.report.page import page_of
from tests.report.conftest import SHAPES, STORY, USE, edited, opened, saved
from tests.report.reading import NASTY, read

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "scenarios" / "demo"
SECTIONS = ("edits", "suggestions", "answers", "silences")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's page, made by the command."""
    file = tmp_path_factory.mktemp("demo") / "demo.html"
    assert run_command_line(["replay", str(DEMO), "--html", str(file)]) == 0
    return file.read_text(encoding="utf-8")


def test_the_demo_tells_what_was_offered_why_and_what_became_of_it(demo):
    page = read(demo)
    assert page.count("article") == 3
    for words in ("Update 5 calls of", "accepted", "dismissed", "wanted by a label",
                  "wanted by no label", "SerialLink(self.port, self.baud * 2)",
                  "before anything else is known", "below-threshold",
                  "saved docs/links.md"):  # fmt: skip
        assert words in page.text
    assert page.count("svg") == 1
    assert page.count("del") >= 5
    assert page.count("ins") >= 5


def test_evidence_and_marks_lead_to_what_is_told_of_them(demo):
    """Links stay within the page; `read` looks whether each arrives."""
    page = read(demo)
    cards = {link for link in page.links if link.startswith("#s1-c-")}
    assert len(cards) == 3
    facts = [link for link in page.links if link.startswith("#s1-e")]
    assert len(facts) > 20


def test_the_command_ends_with_the_path_of_the_page(tmp_path, capsys):
    file = tmp_path / "a b.html"
    assert run_command_line(["replay", str(DEMO), "--html", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"page: {file}"


def test_json_on_stdout_stays_alone(tmp_path, capsys):
    file = tmp_path / "demo.html"
    assert run_command_line(["replay", str(DEMO), "--html", str(file), "--json", "-"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("{")
    assert out.endswith("}\n")


@pytest.mark.parametrize("file", ["no/folder/a.html", ".", "-"])
def test_a_page_that_cannot_be_written_is_said_before_any_work(file, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_command_line(["replay", str(DEMO), "--html", file]) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.startswith(f"proactive-lsp: --html {file}: ")


def test_every_byte_is_the_same_whatever_the_hash_seed_and_the_jobs(tmp_path):
    names = ("docstring", "failing-test", "too-soon")
    pages = []
    for number, (seed, jobs) in enumerate((("0", "1"), ("1", "2"))):
        file = tmp_path / f"{number}.html"
        sessions = [str(ROOT / "scenarios" / name) for name in names]
        command = ["report", *sessions, "--jobs", jobs, "--html", str(file)]
        done = subprocess.run(
            [sys.executable, "-m", "proactive_lsp", *command],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": ("UTC", "Asia/Tokyo")[number]},
            check=False,
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
        pages.append(file.read_bytes())
    assert pages[0] == pages[1]
    page = read(pages[0].decode())
    assert page.count("section", "session") == 3
    assert {"#s1", "#s2", "#s3"} <= set(page.links)
    assert "asked: 1 predict" in page.text


def test_a_missed_label_is_told(write, page):
    label = {"t": 4.0, "type": "expect", "need": "docstring", "path": "shapes.py", "within": 1}
    read_page = read(page(write(*STORY, label)))
    assert "1 label was missed" in read_page.text
    assert "Expected a docstring card at shapes.py from 4 to 5 s" in read_page.text


def test_a_card_where_a_label_wanted_silence(write, page):
    quiet = {"t": 3.0, "type": "quiet", "until": 5.0}
    assert "a label wanted silence" in read(page(write(*STORY[:2], quiet, STORY[2]))).text


@pytest.mark.parametrize("lines", [(), (opened(0, "a.py", ""),), (saved(3.0),)])
def test_a_session_in_which_nothing_is_offered(lines, write, page):
    assert "No card was offered." in read(page(write(*lines))).text


def test_what_draws_is_loaded_by_pages_alone():
    """A server or a replay without a page has no room for it."""
    code = (
        "import sys, proactive_lsp.cli; print([name for name in sys.modules if 'pygal' in name or"
    )
    code += " name.startswith('proactive_lsp.report.')])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_no_session_at_all():
    assert read(page_of([])).count("section") == 0


def test_whatever_a_session_says_stays_text(write, page):
    """In every text that a session brings along: names, paths, messages, contents."""
    name = NASTY.replace("\x00", "").replace("\ud800", "")
    path = "a<b>'\"&\u202e.py"
    hostile = (
        opened(0.5, "shapes.py", SHAPES),
        opened(0.6, path, USE),
        edited(2.0, text=f"def surface(width, height):  # {name}\n"),
        saved(4.0),
        {"t": 5, "type": "command", "line": name, "exit": 1, "tail": name},
        {"t": 6, "type": "test", "name": name, "outcome": "failed", "path": path, "message": name},
        {"t": 7, "type": "git", "op": "commit", "head": "0" * 40, "branch": name, "message": name},
        {"t": 8, "type": "file", "op": "renamed", "path": path, "to": f"{path}2"},
        {"t": 9, "type": "answer", "id": name, "op": "dismissed"},
        {"t": 9, "type": "expect", "need": name, "path": path, "within": 1, "after": name},
    )
    files = {"shapes.py": SHAPES, path: USE, "use.py": USE}
    read_page = read(page(write(*hostile, name=name, files=files), write(*STORY, name=name)))
    assert "alert(1)" in read_page.text
    assert "\\u202e" in read_page.text


def test_very_long_lines_are_cut(write, page):
    line = "x = '" + "y" * 300_000 + "'\n"
    lines = (opened(5, "long.py", line), {"t": 6, "type": "command", "line": line, "exit": 0})
    text = page(write(*STORY, *lines, name="n" * 100_000))
    read(text)
    assert len(text) < 100_000


def test_ten_thousand_events_make_a_page_of_bounded_size_in_bounded_time(write, replayed):
    """Of the densest kind: every event is told by itself, and every fourth one is kept back for."""
    result = replayed(write(*STORY))
    chronicler = Chronicler(result.chronicle.header, lambda number: None)
    story = Story(chronicler.told)
    for at in range(2_500):
        t = float(at * 4)
        for event in (
            Save(t, f"folder/module_{at}.py"),
            TestResult(t + 1, f"test_{at}", "failed", message="it broke"),
            Command(t + 2, f"make target_{at}", at % 2),
            Git(t + 3, "commit", head="0" * 40, message=f"Commit {at}"),
        ):
            story.heard(event)
            chronicler.heard(event)
    story.pause()
    rows = [replace(row, t=row.t + at) for at in range(2_500) for row in result.row.suggestions]
    row = replace(result.row, events=10_000, suggestions=tuple(rows))
    large = replace(result, row=row, chronicle=chronicler.chronicle((), ()))
    before = time.perf_counter()
    text = page_of([large])
    assert time.perf_counter() - before < 2.0
    assert len(text.encode()) < 3_000_000
    assert "10000 events" in read(text).text
    assert "and 8000 entries more" in read(text).text


def test_several_hundred_sessions_share_the_room(write, replayed):
    result = replayed(write(*STORY))
    text = page_of([replace(result, row=replace(result.row, name=f"n{n}")) for n in range(300)])
    assert len(text.encode()) < 3_000_000
    page = read(text)
    assert page.count("section", "session") == 200
    assert "100 sessions more only count above." in page.text
