"""Run git so that nothing in the repository can make it execute, fetch, wait or write.

Every git process of proactive-lsp is started by `GitCommand`. What a hostile `.git/config` could
do with the commands used here, and what stops it:

- `core.fsmonitor` and hooks are programs: both are overridden on the command line, which wins
  over every configuration file.
- A missing object of a partial clone is fetched, and a transport (`ext::`, `core.sshCommand`, a
  credential helper) is a program: `GIT_ALLOW_PROTOCOL` allows none. `protocol.allow=never` alone
  would lose against `protocol.ext.allow=always`; `GIT_NO_LAZY_FETCH` is unknown to old gits.
- Filters, textconv, external diffs, pagers, editors and GPG belong to commands that are never
  run: no `status`, no `log` or `show`, no patches, nothing that reads the working tree's files.
  Only in repositories that the gym made itself, whose configuration is ours, is more done.
- Ownership by someone else is git's own refusal. It works only while git discovers the
  repository by itself, so `--git-dir` is never passed.
- A named pipe in the place of a file would make git wait for ever: there is a timeout, and after
  a few of them git is not started again.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct

if TYPE_CHECKING:
    from git import Git

TIMEOUT = 10.0  # seconds until a process is killed
_PATIENCE = 3  # timeouts until git is given up for this repository
_GIVEN_UP = "git did not answer in time before and is not asked again"

_FLAGS = (
    *("--no-pager", "--no-optional-locks", "--no-replace-objects"),
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),
)
_VARIABLES = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    # An empty list would do, but Windows takes an empty variable for an unset one.
    "GIT_ALLOW_PROTOCOL": "none",
}
_NO_USER_FLAGS = (
    *("-c", f"core.excludesFile={os.devnull}"),
    *("-c", f"core.attributesFile={os.devnull}"),
)
_NO_USER_VARIABLES = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}

# The user's own choices about git as such. Every other GIT_ variable is hidden: a server that was
# started from a hook or from git's editor inherits GIT_DIR and would read the wrong repository.
KEPT = (
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH"),
    *("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"),
)


class Output(Struct, frozen=True):
    """What a finished git said; `status` is not 0 when it failed, was killed or never ran."""

    status: int
    out: bytes
    error: str


class NoGitError(Exception):
    """There is no git program to run; the message says what to do."""


def git_program() -> str | None:
    """The absolute path of git, or None when PATH has none.

    Relative entries of PATH are passed over: they may name the workspace, and its own `git`.
    """
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    found = shutil.which(
        "git", path=os.pathsep.join(entry for entry in entries if Path(entry).is_absolute())
    )
    # On Windows the current folder is searched as well, and gives a relative path.
    return found if found is not None and Path(found).is_absolute() else None


class GitCommand:
    """Starts git in one folder, always with the same flags and environment.

    Without `user_config` git reads the repository's own configuration alone, as replays want it.
    `identity` are variables that say who commits, and when. Raises `NoGitError` when there is no
    program.
    """

    def __init__(
        self, root: Path, *, user_config: bool = True, identity: Mapping[str, str] | None = None
    ) -> None:
        program = git_program()
        if program is None:
            raise NoGitError("no git program on PATH; install git to have repository events")
        flags = _FLAGS if user_config else (*_FLAGS, *_NO_USER_FLAGS)
        # Were the folder gone, GitPython would run git in ours instead; `-C` fails.
        self._command = (program, "-C", str(root), *flags)
        own = {} if user_config else _NO_USER_VARIABLES
        self._variables = {**(identity or {}), **_VARIABLES, **own}
        self._git = _git_python(program)
        self._timeouts = 0

    def run(self, *arguments: str, stdin: bytes | None = None) -> Output:
        """Run to the end, at most `TIMEOUT` seconds; never raises."""
        from git import GitError  # loaded by then

        if self._timeouts >= _PATIENCE:
            return Output(-1, b"", _GIVEN_UP)
        try:
            with _inherited_hidden(), tempfile.TemporaryFile() as file:
                file.write(stdin or b"")
                file.seek(0)
                status, out, error = self._git.execute(
                    [*self._command, *arguments],
                    istream=file,
                    env=self._variables,
                    with_extended_output=True,
                    with_exceptions=False,
                    stdout_as_string=False,
                    strip_newline_in_stdout=False,
                    # GitPython cannot kill on Windows and refuses the argument there.
                    kill_after_timeout=None if sys.platform == "win32" else TIMEOUT,
                )
        except (GitError, OSError) as problem:
            return Output(-1, b"", str(problem))
        self._timeouts += error.startswith("Timeout:")
        return Output(status, out, error)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a process that stays, with pipes; ending it is up to the caller.

        Raises GitPython's `GitError` or `OSError` when it cannot be started.
        """
        if self._timeouts >= _PATIENCE:
            raise TimeoutError(_GIVEN_UP)
        with _inherited_hidden():
            wrapped = self._git.execute(
                [*self._command, *arguments],
                istream=subprocess.PIPE,
                env=self._variables,
                as_process=True,
            )
        # The wrapper would end it at a time of the garbage collector's choosing.
        process = cast("subprocess.Popen[bytes]", wrapped.proc)  # pyright: ignore[reportUnknownMemberType]
        wrapped.proc = None
        return process

    def give_up(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a started process that did not answer in time."""
        self._timeouts += 1
        process.kill()


def _git_python(program: str) -> "Git":
    """GitPython's process starter; its import runs `git version`, which reads no repository."""
    try:
        with _inherited_hidden(GIT_PYTHON_GIT_EXECUTABLE=program):
            from git import Git  # here: 5 MiB that a folder without git never pays
    except ImportError as error:
        raise NoGitError(f"{program} does not run; repair git to have repository events") from error
    return Git()


@contextmanager
def _inherited_hidden(**extra: str) -> Generator[None]:
    """Take inherited GIT_ variables away from the processes that are started inside."""
    # GitPython copies `os.environ` and can add to it, not remove.
    hidden: Mapping[str, str] = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("GIT_") and name not in KEPT
    }
    for name in hidden:
        del os.environ[name]
    os.environ.update(extra)
    try:
        yield
    finally:
        for name in extra:
            del os.environ[name]
        os.environ.update(hidden)
