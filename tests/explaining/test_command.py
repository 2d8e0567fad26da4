"""`proactive-lsp explain` over transcripts: what it prints, and its errors in one line."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from proactive_lsp.cli import run_command_line
from proactive_lsp.explain.page import Kind, Odds, Points, Title
from proactive_lsp.explaining.terminal import show
from proactive_lsp.explaining.words import MEANINGS, meaning
from proactive_lsp.reward.model import sigmoid

SCENARIOS = Path(__file__).parents[2] / "scenarios"
EVIL = "\x1b[2J\r\n\x07[red]x[/red]\u202e\x9b:smile: `code`"


@pytest.fixture
def run(capsys):
    """Runs a command in this process; gives code, stdout and stderr."""

    def run(*arguments):
        capsys.readouterr()
        code = run_command_line([str(argument) for argument in arguments])
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def transcript(run, tmp_path):
    """Replays scenarios and gives the file with their transcript."""

    def transcript(*names):
        file = tmp_path / "t.json"
        assert run("replay", *(SCENARIOS / name for name in names), "--json", file)[0] == 0
        return file

    return transcript


@pytest.fixture
def write(tmp_path):
    """Writes any content as a file."""

    def write(content):
        file = tmp_path / "t.json"
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        file.write_bytes(text)
        return file

    return write


def rows_of(file):
    """Every suggestion of a transcript."""
    return [
        row for each in json.loads(file.read_bytes())["sessions"] for row in each["suggestions"]
    ]


def readable(text):
    """Within 80 columns, without colours."""
    return "\x1b" not in text and max(map(len, text.splitlines())) <= 80


@pytest.mark.shipped_weights
def test_the_last_card(run, transcript):
    """Title, evidence with citations, pushes, sum, threshold, verdict, answers, places."""
    file = transcript("demo")
    row = [row for row in rows_of(file) if row["offered"]][-1]
    code, out, err = run("explain", "--last", "--from", file)
    assert (code, err) == (0, "")
    assert readable(out)
    lines = out.splitlines()
    assert lines[0].startswith(row["title"][:40])
    assert f"{row['id']}, offered at {row['t']:.1f} s of the session demo" in out
    fact = row["facts"][0]
    assert f"{fact['path']}:{fact['line'] + 1}" in out
    assert f"probability {row['p']:.2f}, shown from {row['threshold']:.2f} on: offered" in out
    shown = [line.split() for line in lines if line.startswith("  ") and " log odds " in line]
    total = sum(push for _, push in row["pushes"])
    assert shown[0][2] == f"{total:+.2f}"
    assert sigmoid(total) == pytest.approx(row["p"], abs=2e-4)
    for name, push in row["pushes"]:
        assert any(line.split()[:2] == [name, f"{push:+.2f}"] for line in lines), name


@pytest.mark.shipped_weights
def test_every_row_of_all_scenarios_adds_up_and_is_small(run, transcript):
    """A card and a silence, with the texts of the scenarios; and the whole is bounded."""
    file = transcript("demo", "too-soon", "new-name", "rename-on-a-branch", "merge-in-progress")
    rows = rows_of(file)
    assert len(rows) > 20
    for row in rows:
        total = sum(push for _, push in row["pushes"])
        assert sigmoid(total) == pytest.approx(row["p"], abs=2e-4)
        sizes = [len(json.dumps(row[key])) for key in ("pushes", "facts", "places", "tasks")]
        assert sum(sizes) < (8_000 if row["offered"] else 800)
    edits = sum(len(json.dumps(row["edit"], indent=2)) for row in rows)
    assert len(file.read_bytes()) - edits < 2_600 * len(rows)


@pytest.mark.shipped_weights
def test_an_id_and_its_beginning(run, transcript):
    """A unique one; the same page either way, for a card and for a silence."""
    file = transcript("too-soon")
    ids = {row["id"]: row for row in rows_of(file)}
    for id, row in ids.items():
        whole = run("explain", id, "--from", file)
        assert whole[0] == 0
        assert row["title"][:30] in whole[1]
        length = next(n for n in range(1, 13) if sum(o.startswith(id[:n]) for o in ids) == 1)
        assert run("explain", id[:length], "--from", file) == whole


def test_an_id_of_several_sessions_is_that_of_the_latest(run, transcript, write):
    """And how often it came up is said."""
    read = json.loads(transcript("lost-parameter").read_bytes())
    (session,) = read["sessions"]
    later = {**session, "name": "later"}
    file = write({**read, "sessions": [session, later]})
    card = next(row for row in session["suggestions"] if row["offered"])
    code, out, _ = run("explain", card["id"], "--from", file)
    assert code == 0
    assert "of the session later" in out
    times = 2 * sum(row["id"] == card["id"] for row in session["suggestions"])
    assert f"It came up {times} times in 2 sessions" in out


def test_within_a_session_the_card_counts_and_the_silences_are_told(run, transcript, write):
    """What came of a need, moment by moment."""
    read = json.loads(transcript("lost-parameter").read_bytes())
    session = read["sessions"][0]
    card = next(row for row in session["suggestions"] if row["offered"])
    silent = {**card, "offered": False, "reason": "too-soon: resting", "t": 1.0, "edit": None}
    session["suggestions"] = [silent, card, {**silent, "t": 99.0}]
    _, out, _ = run("explain", card["id"], "--from", write(read))
    assert "All of it: too-soon at 1.0 s, offered at" in out
    assert ": offered" in out


@pytest.mark.shipped_weights
def test_silences_with_their_counts(run, transcript):
    """By reason and by kind, the latest with probability, threshold and pushes."""
    file = transcript("demo", "too-soon", "new-name")
    code, out, err = run("explain", "--silent", "--from", file)
    assert (code, err) == (0, "")
    assert readable(out)
    silent = [row for row in rows_of(file) if not row["offered"]]
    below = [row for row in silent if row["reason"].startswith("below-threshold: ")]
    assert f"{len(below)}  below-threshold" in out
    for kind in {row["need"] for row in below}:
        assert f"{kind} {sum(row['need'] == kind for row in below)}" in out
    assert f"probability {silent[-1]['p']:.2f}, shown from" in out
    assert f"{silent[-1]['id']} of new-name\n" in out


def test_what_was_learned(run, transcript):
    """Session by session, or plainly nothing."""
    _, out, _ = run("explain", "--learned", "--from", transcript("too-soon", "lost-parameter"))
    assert readable(out)
    assert "In the session too-soon:\n   -1.34  broken-call at save in parcels/: 1 dismissed" in out
    assert "In the session lost-parameter:\n   +0.04  broken-call at save" in out
    _, out, _ = run("explain", "--learned", "--from", transcript("half-typed"))
    assert out == "  Nothing was learned: no card was answered so far.\n"


def test_nothing_to_tell_is_told(run, transcript, write):
    """No error: it is the answer."""
    read = json.loads(transcript("formatting-only").read_bytes())
    file = write({**read, "sessions": [{**read["sessions"][0], "suggestions": []}]})
    assert run("explain", "--last", "--from", file)[:2] == (0, "  No card was offered.\n")
    nothing = "  Nothing was noticed lately that could have been offered.\n"
    assert run("explain", "--silent", "--from", file)[:2] == (0, nothing)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--last", "--silent"),
        ("abc", "--last"),
        ("abc", "--learned"),
        ("--silent", "--learned"),
    ],
)
def test_exactly_one_is_asked_for(run, arguments):
    code, out, err = run("explain", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "give exactly one of ID, --last, --silent, --learned and --memory" in err


def test_an_unknown_id_names_near_ones(run, transcript):
    file = transcript("demo")
    ids = [row["id"] for row in rows_of(file)]
    wrong = f"{ids[0][:5]}{'0' if ids[0][5] != '0' else '1'}{ids[0][6:]}"
    for asked in (wrong, wrong[:6]):
        code, out, err = run("explain", asked, "--from", file)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert f"no suggestion has the id '{asked}'" in err
        assert ids[0] in err
    code, _, err = run("explain", "", "--from", file)
    assert (code, err.count("\n")) == (2, 1)


def test_an_ambiguous_id_names_what_it_begins(run, transcript, write):
    read = json.loads(transcript("lost-parameter").read_bytes())
    rows = read["sessions"][0]["suggestions"]
    read["sessions"][0]["suggestions"] = [{**rows[0], "id": f"abc{n}"} for n in range(9)]
    code, out, err = run("explain", "ab", "--from", write(read))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "'ab' begins 9 ids; give more of one: abc0, abc1, abc2, abc3, abc4" in err


def broken(read, **fields):
    """A transcript whose first row has other fields; None takes one away."""
    row = {**read["sessions"][0]["suggestions"][0], **fields}
    row = {key: value for key, value in row.items() if value != "gone"}
    return {**read, "sessions": [{**read["sessions"][0], "suggestions": [row]}]}


def test_a_transcript_that_is_none_is_one_line(run, transcript, write, tmp_path):
    """Broken, old, cut off, foreign, missing, no file at all: which file, what, what to do."""
    whole = transcript("lost-parameter").read_bytes()
    read = json.loads(whole)
    for content, what in (
        (b"", "no whole JSON"),
        (whole[: len(whole) // 2], "no whole JSON"),
        (b"\xff\xfe\x00", "no whole JSON"),
        (b"[" * 100_000, "no whole JSON"),
        (b'{"sessions": "\xff", "totals": 1}', "no whole JSON"),
        ([1, 2], "no transcript"),
        ({"sessions": []}, "no transcript"),
        ({"repositories": [], "mean": {}}, "no transcript"),
        ({"sessions": [], "totals": {}}, "another version"),
        ({**read, "sessions": {}}, "another version"),
        (broken(read, threshold="gone"), "missing required field threshold"),
        (broken(read, p=1.5), "$.sessions[0].suggestions[0].p"),
        (broken(read, pushes=[["prior"]]), "pushes"),
        (broken(read, pushes=[["prior", 1e300]]), "pushes"),
        (broken(read, facts=[{"text": "x", "path": "a", "line": -5}]), "line"),
        (broken(read, t="soon"), "$.sessions[0].suggestions[0].t"),
    ):
        file = write(content)
        code, out, err = run("explain", "--last", "--from", file)
        assert (code, out, err.count("\n")) == (2, "", 1), what
        assert err.startswith(f"proactive-lsp: {file}: ")
        assert what in err
        assert "proactive-lsp replay PATH --json FILE" in err
    for path, what in ((tmp_path / "none", "no such file"), (tmp_path, "not a regular file")):
        code, out, err = run("explain", "--silent", "--from", path)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert what in err


@pytest.mark.skipif(os.name != "posix", reason="needs pipes")
def test_a_pipe_is_refused_without_waiting(run, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    code, _, err = run("explain", "--last", "--from", tmp_path / "pipe")
    assert (code, err.count("\n")) == (2, 1)
    assert "not a regular file" in err


def test_nothing_from_a_workspace_controls_the_terminal(run, transcript, write):
    """Neither control characters nor markup, wherever they stand."""
    read = json.loads(transcript("lost-parameter").read_bytes())
    fact = {"text": EVIL, "path": EVIL, "line": 1}
    where = read["sessions"][0]["suggestions"][0]["range"]
    spot = {"path": EVIL, "range": where, "note": EVIL}
    task = dict.fromkeys(("need", "title"), EVIL)
    fields = {"pushes": [[EVIL, 1.0]], "facts": [fact], "title": EVIL, "answer": EVIL}
    task |= {"p": 0.5, "threshold": 0.5, "learned": 0, "pushes": [[EVIL, 1]], "facts": [fact]}
    fields |= {"trigger": EVIL, "need": EVIL, "offered": True}
    evil = broken(read, **fields, places=[spot], tasks=[task])
    silent = broken(evil, offered=False, reason=f"too-soon: {EVIL}")
    silent["sessions"][0]["name"] = EVIL
    learned = {"kind": EVIL, "trigger": EVIL, "prefix": EVIL, "answers": {EVIL: 1}, "shift": 1}
    silent["sessions"][0]["learned"] = [learned]
    for content, what in (
        (evil, "--last"),
        (silent, "--silent"),
        (silent, "--learned"),
        (silent, silent["sessions"][0]["suggestions"][0]["id"]),
    ):
        code, out, _ = run("explain", what, "--from", write(content))
        assert code == 0
        assert not set("\x1b\r\x07\u202e\x9b") & set(out)
        assert "[red]x[/red]" in out.replace("\n", "").replace(" ", "")


def printed(page, width=80, **console):
    """What a terminal of that width shows."""
    stream = io.StringIO()
    show(page, Console(file=stream, width=width, markup=False, highlight=False, **console))
    return stream.getvalue()


def test_the_table_of_pushes():
    """Sorted by size, their sum below, then probability, threshold and verdict."""
    pushes = (("prior", -2.0), ("agree", 1.0), ("unheard-of", 0.5), ("other", -0.25))
    page = (Title("Fix it"), Kind("broken-call", "save"), Points(("it is so (a.py:1)",)))
    assert (
        printed((*page, Odds(pushes, 0.32, 0.6, "kept back")))
        == """\
Fix it

broken-call, woken by save
  - it is so (a.py:1)

  prior            -2.00  ████████████  before anything else is known
  agree            +1.00  ██████        other kinds point at the line
  unheard-of       +0.50  ███
  other            -0.25  ██            all the others
  ──────────────────────
  log odds         -0.75  probability 0.32, shown from 0.60 on: kept back
"""
    )


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("word", ["a" * 300, "word " * 60, "寿司" * 80])
def test_nothing_is_wider_than_the_terminal(width, word):
    from rich.cells import cell_len

    odds = Odds(((word, 1.0), ("agree", 1e9)), 0.5, 0.5, word)
    text = printed((Title(word), Kind(word, word, word), Points((word,)), odds), width)
    assert max(map(cell_len, text.splitlines())) <= width


def test_colours_only_on_a_terminal():
    page = (Title("Fix it"), Odds((("prior", 1.0),), 0.7, 0.6, "offered"))
    assert "\x1b[" in printed(page, force_terminal=True)
    assert "\x1b" not in printed(page)


def test_a_terminal_without_such_signs_gets_others(transcript):
    """Where only ASCII can be shown the bars are made of it."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "proactive_lsp", "explain", "--last", "--from"),
            str(transcript("lost-parameter")),
        ],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )
    assert b"====" in done.stdout
    assert b"\\u2588" not in done.stdout


def test_meanings_fit():
    assert max(map(len, MEANINGS.values())) <= 34
    assert meaning("at-pause") == "woken by pause"
    assert meaning("what-at-all") == ""
