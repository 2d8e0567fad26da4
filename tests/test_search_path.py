"""Nothing is imported from the working directory, which is somebody's workspace."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.driver import Editor
from tests.repositories import repository

ROOT = Path(__file__).parents[1]
MODULE = (sys.executable, "-m", "proactive_lsp")
# Of others, of the standard library, and what starts worker processes.
NAMES = (
    *("platformdirs", "git", "ollama", "httpx", "msgspec", "pygls", "typer", "rich"),
    *("pathlib", "asyncio", "logging", "json", "multiprocessing", "pickle", "socket"),
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A workspace with modules that tell when they are imported."""
    tells = 'open(__file__ + ".imported", "w").close()\nraise ImportError("from the workspace")\n'
    return repository(tmp_path / "hostile", {**{f"{name}.py": tells for name in NAMES}, "a.py": ""})


@pytest.fixture
def script(tmp_path: Path) -> tuple[str, str]:
    """The console script, as an installer writes it."""
    file = tmp_path / "bin" / "proactive-lsp"
    file.parent.mkdir()
    start = 'if __name__ == "__main__":\n    sys.exit(main())\n'
    file.write_text(f"import sys\nfrom proactive_lsp.__main__ import main\n{start}")
    return (sys.executable, str(file))


def imported(workspace: Path) -> list[str]:
    """The modules of the workspace that ran."""
    return sorted(path.name for path in workspace.glob("*.imported"))


def run(
    command: tuple[str, ...], *arguments: str, cwd: Path, path: str = str(ROOT)
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with a PYTHONPATH."""
    return subprocess.run(
        [*command, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(params=["module", "script"])
def command(request: pytest.FixtureRequest, script: tuple[str, str]) -> tuple[str, ...]:
    """Both ways to start the program."""
    return MODULE if request.param == "module" else script


async def test_serving_in_a_workspace_runs_nothing_of_it(
    hostile: Path, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """With everything imported, the repository looked at and the memory opened."""
    monkeypatch.chdir(hostile)
    env = {"XDG_STATE_HOME": str(tmp_path / "state")}
    async with Editor(hostile, env=env, command=(*command, "serve")) as editor:
        editor.open(hostile / "a.py")
        editor.save(hostile / "a.py")
        await editor.ready()
    assert imported(hostile) == []


def test_replaying_in_a_workspace_runs_nothing_of_it(
    hostile: Path, command: tuple[str, ...], tmp_path: Path
):
    """Its worker processes neither."""
    header = {
        **{"proactive_session": [1, 0], "name": "one"},
        **{"workspace": {"kind": "files", "files": {}}},
    }
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(header) + "\n")
    sessions = [str(tmp_path / name) for name in ("one.jsonl", "two.jsonl")]
    done = run(command, "replay", *sessions, "--jobs", "2", cwd=hostile)
    assert (done.returncode, done.stderr) == (0, "")
    assert imported(hostile) == []


def test_an_empty_entry_names_no_folder(hostile: Path, script: tuple[str, str]):
    """As a careless `PYTHONPATH=$PYTHONPATH:more` makes one."""
    done = run(script, "replay", "nowhere", cwd=hostile, path=f"{ROOT}{os.pathsep}")
    assert done.stderr.startswith("proactive-lsp: nowhere: no such file")
    assert imported(hostile) == []


def test_what_the_user_named_stays(tmp_path: Path, command: tuple[str, ...]):
    """The working directory too, when PYTHONPATH says so."""
    named = tmp_path / "named"
    named.mkdir()
    (named / "typer.py").write_text('raise SystemExit("typer of the user")\n')
    path = f"{named}{os.pathsep}{ROOT}"
    for cwd in (tmp_path, named):
        assert run(command, "replay", "x", cwd=cwd, path=path).stderr == "typer of the user\n"


def test_a_checkout_runs_from_its_own_folder():
    """Where nothing but the working directory leads to us."""
    assert run(MODULE, "replay", "nowhere", cwd=ROOT, path="").returncode == 2
    sessions = ("scenarios/demo", "scenarios/too-soon")
    done = run(MODULE, "replay", *sessions, "--jobs", "2", cwd=ROOT, path="")
    assert "a worker process died" not in done.stderr
