"""Small real git repositories, the same on every machine."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path


def git(root: Path, *arguments: str) -> str:
    """Run git in a folder, with a fixed identity and nobody's configuration."""
    env = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
    }
    done = subprocess.run(
        ("git", *arguments), cwd=root, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout


def repository(root: Path, files: Mapping[str, str]) -> Path:
    """A repository with these files in its first commit."""
    write(root, files)
    git(root, "init", "-q", "-b", "main")
    commit(root, "Start")
    return root


def commit(root: Path, message: str) -> None:
    """Stage everything and commit it."""
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return root
