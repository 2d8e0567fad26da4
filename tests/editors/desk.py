"""What a user does at an editor's keyboard, whatever the editor: the verbs of the stories."""

import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs" / "editors"
# Looking for commits by itself, the server takes up to ten seconds.
TIMEOUT = 30.0
Settings = Mapping[str, Mapping[str, Any]]
# Whatever model runs on this machine is none of a test's business; nor do stories wait for a rest.
SETTINGS = {"agent": {"enabled": False}, "reward": {"cooldownSeconds": 0, "cardsPerHour": 1000}}


def surroundings(home: Path) -> Mapping[str, str]:
    """An environment of its own for an editor and its server, which is found on the path."""
    runtime = home / "run"
    runtime.mkdir(parents=True, mode=0o700)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return {
        **kept,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


class Desk(ABC):
    """An editor with files open. Paths are absolute; a place is told by its text."""

    version: str

    @abstractmethod
    def open(self, path: Path) -> None:
        """Open a file, or go back to its buffer."""

    @abstractmethod
    def replace(self, path: Path, old: str, new: str) -> None:
        """Replace the first occurrence of a text."""

    @abstractmethod
    def save(self, *paths: Path) -> None:
        """Save these files, or all that were changed."""

    @abstractmethod
    def undo(self, path: Path) -> None:
        """Undo one step in a file."""

    @abstractmethod
    def text(self, path: Path) -> str:
        """The text of a file's buffer."""

    @abstractmethod
    def hints(self, path: Path) -> list[str]:
        """The messages of our hints, as the editor holds them for display."""

    @abstractmethod
    def choose(
        self, path: Path, at: str, title: str, *, meanwhile: tuple[Path, str, str] | None = None
    ) -> None:
        """Ask for the actions at a text and choose the one that begins so.

        With the menu open, `meanwhile` is replaced by somebody. Raises `LookupError` when there is
        no such action.
        """

    @abstractmethod
    def answer(self, path: Path, at: str, verb: str) -> None:
        """Answer the suggestion on the line of a text by a command of the snippet: "dismiss"."""

    @abstractmethod
    def run(self, command: str, *arguments: Any) -> Any:
        """Run a command of the server as the snippet does; its answer."""

    @abstractmethod
    def suggestions(self) -> list[dict[str, Any]]:
        """What `proactive/suggestions` told last."""

    @abstractmethod
    def listed(self) -> list[str]:
        """The lines of the list that the snippet makes, as `file:line: text`."""

    @abstractmethod
    def shown(self) -> str:
        """The evidence that is on screen; empty when there is none."""

    @abstractmethod
    def close(self) -> None:
        """Leave the editor, which ends its server."""

    def ready(self) -> None:
        """Wait until everything sent so far was looked at; see `tests.driver.Editor.ready`."""
        for _ in range(5):
            self.run("dismiss", "no such id")

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait for a condition."""
        end = time.monotonic() + TIMEOUT
        while not (found := condition()):
            if time.monotonic() > end:
                raise TimeoutError(f"waited in vain for {what}")
            time.sleep(0.05)
        return found
