"""Real repositories to test with, made by the git program."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


class Checkout:
    """A repository and its working tree, driven as a user would at a terminal."""

    def __init__(self, root: Path, *init: str) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *init)

    def git(self, *arguments: str, check: bool = True) -> str:
        """What git printed."""
        done = subprocess.run(
            ["git", "-C", str(self.root), *arguments],
            check=check,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
        return done.stdout.decode("utf-8", "replace").strip()

    def write(self, path: str, text: str = "") -> Path:
        """Write a file of the working tree."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def commit(self, message: str, **files: str) -> str:
        """Commit these files ("a_py" is "a.py") and all other changes; the commit's id."""
        for name, text in files.items():
            self.write(name.replace("_", "."), text)
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture(autouse=True)
def _plain_git(tmp_path, monkeypatch):
    """No configuration of the machine's user, and commits with a fixed author."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "1700000000 +0100")


@pytest.fixture
def checkout(tmp_path):
    """An empty repository."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    return Checkout(tmp_path / "project")


@pytest.fixture
def new_checkout(checkout):
    """Makes further repositories: `new_checkout(root, *options_of_init)`."""
    return Checkout
