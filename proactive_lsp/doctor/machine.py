"""Look at this machine: Python, git, the folder where memory is kept, the trained filter."""

import os
import platform
from pathlib import Path

from proactive_lsp.doctor.findings import Finding
from proactive_lsp.memory import ReadStore, UnreadableError, store_path
from proactive_lsp.reward import weights_problem
from proactive_lsp.workspace.git_command import GitCommand, NoGitError


def look_at_machine(folder: Path) -> tuple[Finding, ...]:
    """One finding each; `folder` is the workspace. Nothing is made or changed."""
    return (
        Finding("python", "ok", platform.python_version()),
        _git(folder),
        _memory(store_path(folder, None)),
        _filter(),
    )


def _git(folder: Path) -> Finding:
    try:
        found = GitCommand(folder).run("version")
    except NoGitError as error:
        return Finding("git", "note", str(error))
    if found.status != 0:
        return Finding("git", "broken", found.error.strip() or "git does not run", "repair git")
    return Finding("git", "ok", _version(found.out))


def _version(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip().removeprefix("git version ")


def _memory(file: Path) -> Finding:
    """The file itself where it is there, else the nearest folder that is."""
    if not file.exists():
        nearest = next(parent for parent in file.parents if parent.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
            return _unwritable(file, nearest)
        return Finding("memory", "ok", f"{file} (made when the editor first remembers something)")
    if not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK | os.X_OK):
        return _unwritable(file, file if not os.access(file, os.W_OK) else file.parent)
    try:
        ReadStore(file)
    except UnreadableError as error:
        return Finding("memory", "broken", str(error))
    return Finding("memory", "ok", str(file))


def _unwritable(file: Path, what: Path) -> Finding:
    return Finding(
        "memory",
        "broken",
        f"{file} cannot be written",
        f"give yourself the right to write {what}; until then nothing is remembered",
    )


def _filter() -> Finding:
    problem = weights_problem()
    if problem:
        return Finding("filter", "broken", problem, "install proactive-lsp again")
    return Finding("filter", "ok", "its trained weights are read")
