"""Run a program in the workspace so that it can do no harm, or say why it is not run.

Nothing runs unless it is allowed by name. What runs has no shell and a bare environment, sees the
disk read-only but for the workspace without its `.git` and a `/tmp` of its own, and has no
network, no way to the services of this machine, no other processes, little time, memory and
output. All of that is the kernel's work (user, mount, network and process namespaces by
util-linux's `unshare`, then `confined`); where it cannot be had nothing is run. What a program may
still do is to read what its user may read.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from proactive_lsp.events import BadPath, Command, check_path

TIMEOUT = 60.0  # seconds
MOST_OUTPUT = 4_000  # characters that are kept, the last ones
_UNSHARE = ("--user", "--map-root-user", "--mount", "--net", "--ipc", "--pid", "--kill-child")
_CONFINED = Path(__file__).with_name("confined.py")
# How long something took differs from run to run, and sessions must not.
_TOOK = re.compile(r"\b(?:in )?\d+\.\d+ ?s(?:ec(?:onds)?)?\b")
_TESTED = re.compile(r"^(FAILED|PASSED|ERROR|SKIPPED) ([^\s:]+)::(\S+)(?: - (.*))?$", re.MULTILINE)
_OUTCOMES = {"PASSED": "passed", "SKIPPED": "skipped"}

Tested = tuple[str | None, str, str]


class Ran(Struct, frozen=True):
    """What came of a program; `tests` has path, outcome and message by name, as pytest says."""

    line: str
    exit: int
    tail: str
    tests: Mapping[str, Tested] = {}

    def event(self, t: float) -> Command:
        """The event of its end."""
        return Command(t, self.line, self.exit, tail=self.tail)


class Terminal:
    """Runs what is allowed by name: `pytest` allows that program and `python -m pytest`, too."""

    def __init__(self, allowed: Sequence[str] = (), timeout: float = TIMEOUT) -> None:
        self._allowed = frozenset(allowed)
        self._timeout = timeout

    def run(self, line: Sequence[str], folder: Path) -> Ran | str:
        """What came of it, or one line that says why it was not run."""
        name, *arguments = line
        if name not in self._allowed:
            return f"{name} is not allowed; allow it with --allow {name}"
        if (problem := sandbox_problem()) is not None:
            return problem
        program = _program(name)
        if program is None:
            return f"there is no program {name} on PATH"
        unshare = shutil.which("unshare")
        assert unshare is not None
        confine = (unshare, *_UNSHARE, "--", sys.executable, "-I", str(_CONFINED), str(folder))
        status, output = _output((*confine, *program, *arguments), folder, self._timeout)
        tail = _TOOK.sub("0.00s", output.replace(str(folder), "."))[-MOST_OUTPUT:]
        return Ran(" ".join(line), status, tail, _tests(tail))


@lru_cache(maxsize=1)
def sandbox_problem() -> str | None:
    """Why programs cannot be run here; None when they can."""
    unshare = shutil.which("unshare")
    if unshare is None or not sys.platform.startswith("linux"):
        return "programs run in a sandbox of Linux alone, with `unshare` of util-linux"
    with tempfile.TemporaryDirectory(prefix="proactive-gym-try-") as folder:
        confine = (unshare, *_UNSHARE, "--", sys.executable, "-I", str(_CONFINED), folder)
        status, _ = _output((*confine, sys.executable, "-c", ""), Path(folder), TIMEOUT)
    return None if status == 0 else "this machine allows no sandbox, so programs are not run"


def _program(name: str) -> tuple[str, ...] | None:
    """How to start it: what runs us has its own python and the modules beside it."""
    if name in ("python", "python3"):
        return (sys.executable,)
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.is_file() else shutil.which(name)
    return (found,) if found is not None and "/" not in name else None


def _output(command: Sequence[str], folder: Path, timeout: float) -> tuple[int, str]:
    """Exit code and the end of what was printed; 124 when it took too long."""
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        # Those that are installed beside us are not the workspace's.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "COLUMNS": "100",
    }
    with tempfile.TemporaryFile() as file:
        try:
            status = subprocess.run(  # noqa: S603 - allowed by name, no shell
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=timeout,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            status = 124
        except OSError as error:
            return 127, error.strerror or "it cannot be started"
        size = file.seek(0, 2)
        file.seek(max(0, size - 4 * MOST_OUTPUT))
        return status, file.read().decode("utf-8", "replace")


def _tests(output: str) -> dict[str, Tested]:
    """The results in a summary of pytest's, as with `-rA`."""
    found: dict[str, Tested] = {}
    for word, path, name, message in _TESTED.findall(output):
        try:
            where = check_path(path)
        except BadPath:
            where = None
        found[f"{path}::{name}"] = (where, _OUTCOMES.get(word, "failed"), message)
    return found
