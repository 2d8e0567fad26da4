"""What a path on the command line means: a repository, a mined folder, a folder of repositories."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct

from proactive_lsp.evaluation.commits import Commit, read_commits, select
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.mining import Manifest, read_manifest
from proactive_lsp.workspace.git_history import CommitPair, History
from proactive_lsp.workspace.repository import NoRepository


class Source(Struct, frozen=True):
    """A repository to take commits from; `mined` when a folder of sessions stands for them."""

    name: str
    path: Path
    mined: Manifest | None = None


def open_history(path: Path) -> History:
    """The history of a repository; raises `EvaluationError` where there is none to read."""
    if not path.is_dir():
        raise EvaluationError(f"{path}: no such folder; give a clone of a repository")
    found = History.open(path)
    if isinstance(found, NoRepository):
        raise EvaluationError(f"{path}: {found.reason}")
    return found


def head_of(history: History, path: Path, rev: str = "HEAD") -> str:
    """The id of a commit; raises `EvaluationError` when there is no such commit."""
    facts = history.commit(rev)
    if facts is None:
        what = "has no commits yet" if rev == "HEAD" else f"knows no commit {rev!r}"
        raise EvaluationError(f"{path}: the repository {what}")
    return facts.id


def sources_of(path: Path) -> tuple[Source, ...]:
    """The repositories that a path stands for; raises `EvaluationError` when there are none."""
    if not path.is_dir():
        raise EvaluationError(f"{path}: no such folder; give a repository or a mined folder")
    mined = read_manifest(path)
    if mined is not None:
        repository = Path(mined.repository)
        if not repository.is_dir():
            raise EvaluationError(f"{path}: it was mined from {repository}, which is gone")
        return (Source(mined.name, repository, mined),)
    found = History.open(path)
    if isinstance(found, History):
        found.close()
        return (Source(name_of(path), path),)
    inside = tuple(Source(name_of(each), each) for each in sorted(path.iterdir()) if _is_one(each))
    if not inside:
        raise EvaluationError(f"{path}: {found.reason}")
    return inside


def name_of(path: Path) -> str:
    """What people call the repository of a folder."""
    path = path.absolute()
    return path.parent.name if path.name == ".git" else path.name.removesuffix(".git")


def chosen(history: History, source: Source, most: int) -> Iterator[Commit]:
    """The commits of a source, newest first: those that were mined, else the newest that count."""
    head = head_of(history, source.path)
    if source.mined is None:
        yield from select(history, head, most=most)
        return
    yield from read_commits(history, tuple(islice(_mined(history, source.mined), most)))


def _mined(history: History, mined: Manifest) -> Iterator[CommitPair]:
    for id in mined.commits:
        facts = history.commit(id)
        if facts is None or len(facts.parents) != 1:
            raise EvaluationError(f"{mined.repository}: commit {id[:12]} is gone; mine it again")
        yield id, facts.parents[0]


def _is_one(path: Path) -> bool:
    if not path.is_dir():
        return False
    found = History.open(path)
    if isinstance(found, NoRepository):
        return False
    found.close()
    return True
