"""A program runs in a sandbox, or not at all."""

import pytest

from proactive_lsp.events import Command, Edit, FileOperation, TestResult
from proactive_lsp.gym import activities as do
from proactive_lsp.gym import terminal as terminals
from proactive_lsp.gym.clone import new_repository
from proactive_lsp.gym.environment import Environment
from proactive_lsp.gym.rhythm import Rhythm
from proactive_lsp.gym.terminal import MOST_OUTPUT, Ran, Terminal, sandbox_problem

OUTSIDE = """
import os, socket
def tries(what, name):
    try:
        what()
        print(name, 'went well')
    except OSError as error:
        print(name, 'failed')
tries(lambda: open('inside', 'w').write('x'), 'inside')
tries(lambda: open('{outside}', 'w'), 'outside')
tries(lambda: open('.git/config', 'a'), 'git')
tries(lambda: os.kill({pid}, 0), 'processes')
tries(lambda: socket.create_connection(('127.0.0.1', {port}), 2), 'network')
tries(lambda: open('/proc/sys/kernel/core_pattern', 'a'), 'kernel')
tries(lambda: socket.socket(socket.AF_UNIX).connect('{service}'), 'services')
tries(socket.socketpair, 'pairs')
print('SECRET' in os.environ)
"""


@pytest.fixture
def folder(tmp_path):
    clone = new_repository(tmp_path / "work", {"a.py": "a = 1\n"})
    clone.close()
    return clone.folder


def run(folder, *line, **more) -> Ran:
    """What came of a program; where the kernel allows no sandbox, that nothing was run."""
    ran = Terminal(("python", "pytest"), **more).run(line, folder)
    if (problem := sandbox_problem()) is not None:
        assert ran == problem
        pytest.xfail(problem)
    assert isinstance(ran, Ran), ran
    return ran


def test_a_program_reaches_nothing_outside(folder, tmp_path, monkeypatch):
    import os
    import socket

    monkeypatch.setenv("SECRET", "x")
    service = tmp_path / "service"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(str(service))
        local.listen()
        code = OUTSIDE.format(
            outside=tmp_path / "outside",
            pid=os.getpid(),
            port=server.getsockname()[1],
            service=service,
        )
        ran = run(folder, "python", "-c", code)
    assert ran.tail.splitlines() == [
        "inside went well",
        *(
            f"{name} failed"
            for name in ("outside", "git", "processes", "network", "kernel", "services")
        ),
        "pairs went well",
        "False",
    ]
    assert ran.exit == 0
    assert (folder / "inside").read_text() == "x"
    assert not (tmp_path / "outside").exists()


def test_what_is_not_allowed_is_not_run(folder):
    assert "not allowed; allow it with --allow sh" in Terminal(("python",)).run(
        ("sh", "-c", "touch x"), folder
    )
    assert "not allowed" in Terminal().run(("python", "-c", ""), folder)
    assert sorted(each.name for each in folder.iterdir()) == [".git", "a.py"]


def test_nothing_runs_where_there_is_no_sandbox(folder, monkeypatch):
    monkeypatch.setattr(terminals, "sandbox_problem", lambda: "no sandbox here")
    assert Terminal(("python",)).run(("python", "-c", "open('x', 'w')"), folder) == (
        "no sandbox here"
    )
    assert not (folder / "x").exists()


def test_time_and_output_are_bounded(folder):
    ran = run(folder, "python", "-c", "print('x', flush=True)\nwhile True: pass", timeout=1.0)
    assert (ran.exit, ran.tail) == (124, "x\n")
    ran = run(folder, "python", "-c", "print('x' * 10_000_000)")
    assert (ran.exit, len(ran.tail)) == (0, MOST_OUTPUT)
    # A disk is not filled either.
    ran = run(folder, "python", "-c", "open('big', 'wb').write(bytes(100_000_000))")
    assert ran.exit != 0


def test_no_shell_reads_the_line(folder):
    ran = run(folder, "python", "-c", "import sys; print(sys.argv[1:])", "$HOME", "; ls", "`id`")
    assert ran.tail.strip() == "['$HOME', '; ls', '`id`']"
    assert ran.exit == 0


def test_tests_and_written_files_become_events(folder, tmp_path):
    run(folder, "python", "-c", "")
    files = {
        "a.py": "a = 1\n",
        "test_a.py": (
            "from a import a\n\n\ndef test_good():\n    assert a == 1\n\n\n"
            "def test_bad():\n    open('made.txt', 'w').write('made\\n')\n    assert a == 2\n"
        ),
    }
    events = []
    for name in ("one", "two"):
        clone = new_repository(tmp_path / name, files)
        desk = Environment(clone, Rhythm("seed"), Terminal(("pytest",)))
        line = ("pytest", "-q", "-rA", "-p", "no:cacheprovider")
        events.append(list(desk.carry_out(do.RunProgram(line))))
        assert desk.state().tests["test_a.py::test_bad"] == "failed"
        assert desk.state().terminal.exit == 1
        clone.close()
    one, two = events
    # What took how long is nobody's business, so both runs tell the same.
    assert one == two
    assert {each.name: each.outcome for each in one if isinstance(each, TestResult)} == {
        "test_a.py::test_good": "passed",
        "test_a.py::test_bad": "failed",
    }
    assert [each.path for each in one if isinstance(each, FileOperation)] == ["made.txt"]
    assert [each.changes[0].text for each in one if isinstance(each, Edit)] == ["made\n"]
    assert isinstance(one[-1], Command)
    assert one[-1].line == " ".join(line)


INNER = """
import subprocess
def git(*words):
    subprocess.run(("git", "-c", "user.name=a", "-c", "user.email=a@b", *words), check=True)
for name in ("inner", "inner/deeper"):
    git("init", "-q", name)
    open(f"{name}/a.txt", "w").write("one\\n")
    git("-C", name, "add", "a.txt")
    git("-C", name, "commit", "-qm", "Begin")
    with open(f"{name}/.git/config", "a") as file:
        file.write('[filter "x"]\\n\\tclean = "touch PLACE; cat"\\n')
    open(f"{name}/.gitattributes", "w").write("* filter=x\\n")
    open(f"{name}/a.txt", "w").write("two\\n")
"""


def test_a_repository_that_a_program_made_runs_nothing(folder, tmp_path):
    run(folder, "python", "-c", "")
    ran_outside = tmp_path / "ran"
    clone = new_repository(tmp_path / "desk", {"a.py": "a = 1\n"})
    desk = Environment(clone, Rhythm("seed"), Terminal(("python",)))
    program = INNER.replace("PLACE", str(ran_outside))
    list(desk.carry_out(do.RunProgram(("python", "-c", program))))
    assert desk.state().terminal.exit == 0, desk.state().terminal.tail
    # Git looks for changes in it, had it stayed a repository, and so runs its filters.
    list(desk.carry_out(do.MakeCommit("All of it", ())))
    list(desk.carry_out(do.CreateFile("b.py", "b = 1\n")))
    list(desk.carry_out(do.MakeCommit("More", ())))
    clone.close()
    assert not ran_outside.exists()
    assert (tmp_path / "desk" / "inner" / "deeper" / "a.txt").read_text() == "two\n"
