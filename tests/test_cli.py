"""The command line, with the real engine: output, exit codes, and errors in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from proactive_lsp import __version__
from proactive_lsp.__main__ import serve_arguments
from proactive_lsp.cli import run_command_line

KIND = "broken-call"
SHAPES = "def area(width, height):\n    return width * height\n"
APP = "from shapes import area\n\nprint(area(2, height=3))\n"
FILES = {"shapes.py": SHAPES, "app.py": APP}


def header(name, **fields):
    """The first line of a session over two small files."""
    workspace = {"kind": "files", "files": FILES}
    return {
        **{"proactive_session": [1, 0], "name": name, "created": "", "client": "test"},
        **{"workspace": workspace, **fields},
    }


def position(line, character):
    """In LSP's words."""
    return {"line": line, "character": character}


def renames_a_parameter(name, *labels):
    """The user renames a parameter and saves; a call names the old one."""
    heads = [(0, 16, 22), (1, 19, 25)]
    edits = [
        {
            **{"t": 2 + number / 10, "type": "edit", "path": "shapes.py", "version": number + 2},
            "changes": [
                {
                    "range": {"start": position(line, start), "end": position(line, end)},
                    "text": "depth",
                }
            ],
        }
        for number, (line, start, end) in enumerate(heads)
    ]
    opened = {"t": 1, "type": "open", "path": "shapes.py", "version": 1, "language": "python"}
    return (
        header(name),
        {**opened, "text": SHAPES},
        *edits,
        {"t": 3, "type": "save", "path": "shapes.py"},
        *labels,
    )


EXPECT = {
    **{"t": 3, "type": "expect", "need": KIND, "path": "app.py", "within": 5},
    **{"after": "print(area(2, depth=3))\n"},
    "range": {"start": position(2, 0), "end": position(2, 24)},
}


@pytest.fixture
def write(tmp_path):
    """Writes a session file and gives its path."""

    def write(name, *lines):
        path = tmp_path / "sessions" / f"{name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    return write


@pytest.fixture
def run(capsys):
    """Runs a command in this process; gives code, stdout and stderr."""

    def run(*arguments):
        capsys.readouterr()
        code = run_command_line([str(argument) for argument in arguments])
        return (code, *capsys.readouterr())

    return run


def start(*arguments, **environment):
    """Runs a command in a process of its own."""
    root = Path(__file__).parents[1]
    return subprocess.run(
        [sys.executable, "-m", "proactive_lsp", *map(str, arguments)],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_replay_tells_what_happened_and_what_was_offered(write, run):
    """Readable without colours at 80 columns."""
    code, out, err = run("replay", write("one", *renames_a_parameter("one")))
    assert (code, err) == (0, "")
    assert "typed shapes.py:2 (2 edits)  return" in out
    assert " offered   (p " in out
    assert "+ print(area(2, depth=3))" in out
    assert "1 session, 4 events, 1 card offered" in out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_json_on_stdout_is_alone(write, run):
    """The rest goes to stderr."""
    path = write("one", *renames_a_parameter("one", EXPECT))
    code, out, err = run("replay", path, "--json", "-")
    read = json.loads(out)
    assert code == 0
    assert "(2 edits)" in err
    (card,) = [row for row in read["sessions"][0]["suggestions"] if row["offered"]]
    assert (card["need"], card["reason"], card["answer"]) == (KIND, None, None)
    assert [file["path"] for file in card["edit"]] == ["app.py"]
    assert read["sessions"][0]["metrics"]["precision"] == 1
    assert read["totals"]["metrics"]["recall"] == 1


def test_json_into_a_file(write, run, tmp_path):
    """The timeline stays on stdout."""
    target = tmp_path / "out.json"
    code, out, _ = run("replay", write("one", *renames_a_parameter("one")), "--json", target)
    assert code == 0
    assert "offered" in out
    assert json.loads(target.read_bytes())["totals"]["sessions"] == 1
    code, _, err = run("replay", write("one", header("one")), "--json", tmp_path / "no" / "x")
    assert (code, err.count("\n")) == (2, 1)


def test_check_compares_with_the_labels(write, run):
    """Kept is one line and exit 0; missed says what happened instead and is exit 1."""
    kept = write("kept", *renames_a_parameter("kept", EXPECT))
    assert run("replay", kept, "--check")[:2] == (
        0,
        "ok      kept\n1 session, 4 events, 1 card offered, 0 misses, "
        "precision 1.00, recall 1.00\n",
    )
    missed = write("missed", *renames_a_parameter("missed", {**EXPECT, "after": "other"}))
    code, out, err = run("replay", kept, missed, "--check")
    assert (code, err) == (1, "")
    assert f"missed  missed: {missed}:6: expected a {KIND} card at app.py:3" in out
    assert r"it would read 'print(area(2, depth=3))\n'" in out
    quiet = {"t": 3, "type": "quiet", "until": 9}
    assert run("replay", write("q", *renames_a_parameter("q", quiet)), "--check")[0] == 1
    assert run("replay", write("none", *renames_a_parameter("none")), "--check")[0] == 0


def test_a_disabled_kind_is_a_miss(write, run):
    """So that a scenario shows which detector it needs."""
    path = write("one", *renames_a_parameter("one", EXPECT))
    assert run("replay", path, "--check", "--disable", KIND)[0] == 1
    code, _, err = run("replay", path, "--disable", "nonsense")
    assert (code, err.count("\n")) == (2, 1)
    assert KIND in err


def test_the_result_depends_on_the_sessions_alone(write):
    """Not on the hash seed, the number of jobs, or the run."""
    for name in ("a", "b", "c"):
        folder = write(name, *renames_a_parameter(name, EXPECT)).parent
    outputs = [
        start("replay", folder, "--json", "-", "--jobs", jobs, PYTHONHASHSEED=seed)
        for jobs, seed in (("1", "1"), ("1", "2"), ("2", "1"))
    ]
    assert [output.returncode for output in outputs] == [0, 0, 0]
    assert outputs[0].stdout == outputs[1].stdout == outputs[2].stdout
    assert outputs[0].stderr == outputs[2].stderr
    names = [session["name"] for session in json.loads(outputs[0].stdout)["sessions"]]
    assert names == ["a", "b", "c"]


def test_an_error_in_a_worker_is_the_same_line(write):
    """Whatever process met it."""
    folder = write("a", *renames_a_parameter("a")).parent
    broken = write("b", header("b"), {"t": 1, "type": "dream"})
    for jobs in ("1", "2"):
        result = start("replay", folder, "--jobs", jobs)
        assert result.returncode == 2
        assert result.stderr.decode() == f"proactive-lsp: {broken}:2: unknown type 'dream'\n"


def test_a_replay_writes_nothing(write, tmp_path, run):
    """Neither beside the session nor in its workspace."""
    folder = tmp_path / "w"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    lines = list(renames_a_parameter("one"))
    lines[0] = header("one", workspace={"kind": "folder", "path": "../w"})
    path = write("one", *lines)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    code, out, _ = run("replay", path)
    assert code == 0
    assert "+ print(area(2, depth=3))" in out
    assert before == {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}


def test_warnings_go_to_stderr(write, run):
    """And the replay goes on."""
    later = {**header("one"), "proactive_session": [1, 9]}
    code, _, err = run("replay", write("one", later, {"t": 0, "type": "dream"}))
    assert (code, err.count("\n")) == (0, 1)
    assert "skipped 1 line of unknown type (dream)" in err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("replay",),
        ("replay", "none.jsonl"),
        ("replay", "none.jsonl", "--jobs", "0"),
        ("replay", "none.jsonl", "--speed", "slow"),
        ("replay", "none.jsonl", "--html", "x"),
        ("sessions", "show", "none.jsonl"),
        ("sessions", "show", "line\nbreak\x1b[31m"),
        ("serve", "--nonsense"),
    ],
)
def test_errors_are_one_line_and_exit_2(run, arguments):
    """Without a traceback, and nothing on stdout."""
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("proactive-lsp: ")
    assert "\x1b" not in err


@pytest.mark.parametrize(
    ("arguments", "does"),
    [
        (("replay", "none.jsonl"), "name a recording that is there"),
        (("replay", "x", "--jobs", "0"), "give 1 or more"),
        (("replay", "x", "--jobs", "y"), "'--jobs': no whole number; see proactive-lsp replay -"),
        (("replay", "x", "--speed", "y"), "'y' is not one of 'max', 'real'; see proactive-lsp rep"),
        (("sessions", "show"), "see proactive-lsp sessions show --help"),
        (("replay", "x", "--repo", "/nope"), "--repo /nope: no such folder; give a clone"),
        (("serve", "--record", "/nope/x.jsonl"), "there is no folder /nope; create it first"),
        (("serve", "--record", "/"), "--record /: this is a folder; name a file in it"),
    ],
)
def test_an_error_says_what_to_do(run, arguments, does):
    """In the words of the command line, not of a library."""
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert does in err
    assert "Input should" not in err


@pytest.mark.parametrize("record", ["/nope/x.jsonl", "/"])
def test_serve_refuses_at_once_what_it_could_not_record(record):
    """Before an editor talks to it."""
    result = start("serve", "--record", record)
    assert (result.returncode, result.stdout, result.stderr.count(b"\n")) == (2, b"", 1)


def test_a_replay_refuses_its_json_file_before_it_begins(write, run, tmp_path):
    """A long run would be lost otherwise; a folder is no file."""
    path = write("one", *renames_a_parameter("one"))
    for target in (tmp_path / "no" / "x.json", tmp_path):
        code, out, err = run("replay", path, "--json", target)
        assert (code, out) == (2, "")
        assert err.startswith(f"proactive-lsp: --json {target}: ")


def test_a_folder_that_is_no_repository_is_refused_though_nobody_needs_one(write, run, tmp_path):
    """It was named for a reason."""
    code, out, err = run("replay", write("one", header("one")), "--repo", tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith(f"proactive-lsp: --repo {tmp_path}: ")


@pytest.mark.skipif(os.name != "posix", reason="needs pipes")
@pytest.mark.parametrize("command", ["replay", "sessions show"])
def test_a_pipe_is_refused_without_waiting(run, tmp_path, command):
    """Named directly, or found in a folder."""
    os.mkfifo(tmp_path / "pipe.jsonl")
    for path in (tmp_path / "pipe.jsonl", tmp_path):
        code, _, err = run(*command.split(), path)
        assert (code, err.count("\n")) == (2, 1)
        assert "pipe.jsonl: not a regular file" in err


def test_sessions_show_takes_the_folder_of_a_session(write, run):
    """As a replay does."""
    folder = write("session", *renames_a_parameter("one")).parent
    assert (
        run("sessions", "show", folder)[:2] == run("sessions", "show", folder / "session.jsonl")[:2]
    )
    (folder / "session.jsonl").rename(folder / "a.jsonl")
    write("b", header("b"))
    assert "holds 2 sessions; name one" in run("sessions", "show", folder)[2]


def test_sessions_show_lists_a_file(write, run):
    """Header, events with times, labels."""
    code, out, _ = run("sessions", "show", write("one", *renames_a_parameter("one", EXPECT)))
    assert code == 0
    assert out.splitlines()[:2] == [
        "one  test, 2 files in the session",
        "     1.0  opened shapes.py (3 lines)",
    ]
    assert "1:17 to 1:23  'depth'" in out
    assert "label     expects a broken-call card at app.py:3" in out


def test_sessions_show_lists_up_to_the_fault(write, run):
    """What is before it may be what one looks for."""
    path = write("one", *renames_a_parameter("one"), {"t": 1, "type": "dream"})
    code, out, err = run("sessions", "show", path)
    assert code == 2
    assert "saved shapes.py" in out
    assert f"{path}:6" in err


@pytest.mark.parametrize("arguments", [["--version"], ["--version", "replay"]])
def test_version(arguments):
    """The fast way and the other say the same."""
    result = start(*arguments)
    assert (result.returncode, result.stdout.decode().strip()) == (
        0,
        f"proactive-lsp {__version__}",
    )


@pytest.mark.parametrize(
    ("arguments", "record"),
    [
        ([], None),
        (["--stdio"], None),
        (["--record", "a b"], Path("a b")),
        (["--record=x", "--stdio"], Path("x")),
    ],
)
def test_serve_reads_its_own_options(arguments, record):
    """Without the help of a library."""
    assert serve_arguments(arguments) == (record,)


@pytest.mark.parametrize("arguments", [["--help"], ["--record"], ["--stdio=x"], ["x"]])
def test_serve_leaves_the_rest_to_the_command_line(arguments):
    """Which has the words for it."""
    assert serve_arguments(arguments) is None


def test_serving_imports_no_terminal_library():
    """An editor waits for it."""
    code = (
        "import sys; import proactive_lsp.__main__, proactive_lsp.server.main\n"
        "print([name for name in ('typer', 'rich', 'click') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "[]\n"


def test_the_help_lists_the_commands_as_one_meets_them(run):
    code, out, _ = run("--help")
    listed = [line.split()[0] for line in out.partition("Commands:")[2].splitlines() if line]
    assert (code, listed[:2], listed[-1]) == (0, ["serve", "doctor"], "bench")
    assert "..." not in out.partition("Commands:")[2]
