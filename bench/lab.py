"""Where everything runs: a temporary directory, and how both servers are started in it."""

import os
import shutil
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from client import Server

ROOT = Path(__file__).resolve().parents[1]
OURS = (sys.executable, "-m", "proactive_lsp", "serve")
BARE = (sys.executable, str(Path(__file__).with_name("bare_server.py")))


class Lab:
    """Starts servers whose state, settings and repositories are all below `directory`.

    `ours` replaces the command of our server, to profile it or to see a measure fail.
    """

    def __init__(self, directory: Path, ours: Sequence[str] = OURS) -> None:
        self.directory = directory
        self._ours = tuple(ours)
        self._states = 0
        self.env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "Bench",
            "GIT_AUTHOR_EMAIL": "bench@localhost",
            "GIT_COMMITTER_NAME": "Bench",
            "GIT_COMMITTER_EMAIL": "bench@localhost",
        }

    def ours(self, *wrapper: str) -> Server:
        """Start our server with an empty memory, behind a wrapping command if one is given."""
        return self._start("ours", (*wrapper, *self._ours))

    def bare(self) -> Server:
        """Start the baseline."""
        return self._start("bare", BARE)

    def state_env(self) -> dict[str, str]:
        """The environment with a state directory that nothing has used before."""
        self._states += 1
        state = self.directory / f"state-{self._states}"
        state.mkdir()
        return {**self.env, "XDG_STATE_HOME": str(state)}

    def folder(self, name: str) -> Path:
        """An empty folder of this name."""
        folder = self.directory / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def _start(self, name: str, command: Sequence[str]) -> Server:
        return Server(command, env=self.state_env(), log=self.directory / f"{name}.log")


def options(model_host: str | None = None) -> dict[str, Any]:
    """A new user's settings, but that any number of cards is allowed and where the model is.

    Without a host the model is looked for where nobody listens, as on a machine without Ollama.
    """
    return {
        "reward": {"cardsPerHour": 1_000_000},
        "agent": {"host": model_host or f"http://127.0.0.1:{_free_port()}", "callsPerHour": 1000},
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
