"""The program itself: it says where to look, keeps marks through a kill, and ends when told to."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar

import pytest

from proactive_lsp.annotate.library import Library
from proactive_lsp.annotate.marks import read_marks
from proactive_lsp.cli import run_command_line


@pytest.fixture
def program(sessions):
    """The running program, and the first two lines of its output."""
    command = [sys.executable, "-m", "proactive_lsp", "annotate", str(sessions), "--as", "ada"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process, process.stdout.readline(), process.stdout.readline()
        process.kill()


def mark(link, card):
    """Enter by the link and keep a mark, as the page would."""
    origin = link.partition("/?")[0]
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    assert b"Sessions" in opener.open(link).read()
    body = json.dumps({"session": 0, "type": "worth", "card": card, "worth": "accept"})
    headers = {"Origin": origin, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{origin}/mark", body.encode(), headers)
    return json.load(opener.open(request))


def test_a_mark_that_was_confirmed_outlives_a_kill(program, sessions):
    process, first, second = program
    assert first == "2 sessions, marked as ada; Ctrl+C ends.\n"
    library = Library(sessions)
    card = library.lived(0).cards[0].key
    assert mark(second.split()[1], card)["marked"] == 1
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert [*read_marks(library.paths[0], "ada").judged] == [card]


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_told_to(program, told):
    process, _, second = program
    assert second.startswith("Open http://127.0.0.1:")
    process.send_signal(told)
    assert process.stdout.read() == "0 marks kept.\n"
    assert process.wait() == 0


def test_bad_arguments_are_one_line(sessions, tmp_path, capsys):
    for arguments, message in (
        ([str(tmp_path / "none")], "no such file or folder"),
        ([str(sessions), "--as", "a/b"], "a name has letters"),
        ([str(sessions), "--repo", str(tmp_path)], "--repo"),
    ):
        assert run_command_line(["annotate", *arguments]) == 2
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1
