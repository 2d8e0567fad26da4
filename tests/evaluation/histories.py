"""Small real histories, and short ways to live through them."""

from pathlib import Path

from proactive_lsp.evaluation.commits import Commit, select
from proactive_lsp.evaluation.history import HistoryOptions, evaluate
from proactive_lsp.workspace.git_history import History
from proactive_lsp.workspace.tree import GitTree
from tests.desk import OTHERS_OFF
from tests.repositories import commit, repository, write

LINE = "    total = scale(width, unit) + margin  # in points\n"
NEW = "    total = scale(width, unit) - margin  # in points\n"
CLONES = {
    "one.py": f"def one(width, unit, margin):\n{LINE}    return total\n",
    "two.py": f"def two(width, unit, margin):\n{LINE}    return total\n",
    "three.py": f"def three(width, unit, margin):\n{LINE}    return total\n",
}
FIXED = {name: text.replace(LINE, NEW) for name, text in CLONES.items()}


def history_of(root: Path, *states: dict[str, str | None]) -> Path:
    """A repository with a commit per state; None deletes a file."""
    root.mkdir(exist_ok=True)
    first, *others = states
    repository(root, {path: text for path, text in first.items() if text is not None})
    for number, state in enumerate(others):
        for path, text in state.items():
            if text is None:
                (root / path).unlink()
        write(root, {path: text for path, text in state.items() if text is not None})
        commit(root, f"Change {number}")
    return root


def opened(root: Path) -> History:
    found = History.open(root)
    assert isinstance(found, History)
    return found


def newest(history: History) -> Commit:
    (found,) = select(history, "HEAD", most=1)
    return found


def base_of(history: History, commit: Commit) -> GitTree:
    tree = history.tree(commit.parent)
    assert tree is not None
    return GitTree(tree)


def lived(root: Path, **options):
    """The newest commit that counts, lived through."""
    history = opened(root)
    try:
        found = newest(history)
        return evaluate(
            found,
            base_of(history, found),
            history.past(found.parent),
            HistoryOptions(**{"disable": OTHERS_OFF.off, **options}),
        )
    finally:
        history.close()
