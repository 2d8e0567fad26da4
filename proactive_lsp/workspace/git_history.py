"""Read the commits of a repository, with or without a working tree, and nothing of the present.

For replays and benchmarks: the folder may also be a bare repository or a `.git` folder. The user's
git configuration is ignored. What git cannot answer is an empty answer.
"""

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from proactive_lsp.workspace.git_command import GitCommand, NoGitError
from proactive_lsp.workspace.git_objects import CommitFacts, ObjectReader, parse_commit, parse_tree
from proactive_lsp.workspace.git_past import read_past
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.repository import (
    RAW_DIFF,
    RENAMES,
    ChangedFile,
    NoRepository,
    parse_changes,
    refusal,
)

# Neighbouring commits have most of their blobs in common.
_MOST_KEPT = 128_000_000  # bytes
_PAGE = 1_000  # commits listed at a time

CommitPair = tuple[str, str]


class History:
    """The commits that a repository has, below the folder it was opened in.

    Get one by `open`. Not for use from several threads at once.
    """

    def __init__(self, root: Path, command: GitCommand) -> None:
        self._root = root
        self._command = command
        self._objects = ObjectReader(command)
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._touched: dict[str, tuple[str, ...]] = {}

    @classmethod
    def open(cls, root: Path) -> "History | NoRepository":
        """The history of the repository that the folder is, or lies in."""
        try:
            root = root.resolve(strict=True)
            command = GitCommand(root, user_config=False)
        except (OSError, RuntimeError, ValueError) as error:
            return NoRepository(f"{root} cannot be opened: {error}")
        except NoGitError as error:
            return NoRepository(str(error))
        answer = command.run("rev-parse", "--git-dir")
        return cls(root, command) if answer.status == 0 else NoRepository(refusal(root, answer))

    def object_folder(self) -> Path | None:
        """Where the objects are; None when git cannot tell."""
        answer = self._command.run("rev-parse", "--git-path", "objects")
        name = os.fsdecode(answer.out).removesuffix("\n")
        return (self._root / name).resolve() if answer.status == 0 and name else None

    def commit(self, rev: str) -> CommitFacts | None:
        """What a commit says of itself; None when there is no such commit."""
        found = self._objects.read(f"{rev}^{{commit}}")
        return parse_commit(found) if found is not None and found.kind == "commit" else None

    def pairs(self, tip: str, since: str | None = None) -> Iterator[CommitPair]:
        """Commits that are no merge, each with its parent, newest first; listed as needed.

        `tip` and `since` are ids; what `since` reaches is left out. A commit without a parent,
        as where a shallow clone ends, is left out too.
        """
        wanted = (tip,) if since is None else (tip, f"^{since}")
        for page in range(0, 1 << 62, _PAGE):
            limits = (f"--max-count={_PAGE}", f"--skip={page}")
            answer = self._command.run("rev-list", "--no-merges", "--parents", *limits, *wanted)
            lines = answer.out.decode("ascii", "replace").splitlines()
            for line in lines:
                commit, *parents = line.split(" ")
                if len(parents) == 1:
                    yield commit, parents[0]
            if len(lines) < _PAGE:
                return

    def parents(self, tip: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every commit that an id reaches, each with its parents, newest first; merges, too."""
        for page in range(0, 1 << 62, _PAGE):
            limits = (f"--max-count={_PAGE}", f"--skip={page}")
            answer = self._command.run("rev-list", "--parents", *limits, tip)
            lines = answer.out.decode("ascii", "replace").splitlines()
            for line in lines:
                commit, *parents = line.split(" ")
                yield commit, tuple(parents)
            if len(lines) < _PAGE:
                return

    def changes(self, pairs: Sequence[CommitPair]) -> Mapping[str, tuple[ChangedFile, ...]]:
        """What each commit changed, in path order; one whose trees are missing is left out."""
        if not pairs:
            return {}
        asked = "".join(f"{commit} {parent}\n" for commit, parent in pairs).encode()
        answer = self._command.run("diff-tree", "--stdin", *RAW_DIFF, *RENAMES, stdin=asked)
        if answer.status == 0:
            return _by_commit(answer.out, {commit for commit, _ in pairs})
        if len(pairs) == 1:
            return {}
        # One broken commit ends the listing of all that follow it.
        half = len(pairs) // 2
        return {**self.changes(pairs[:half]), **self.changes(pairs[half:])}

    def past(self, commit: str) -> Past:
        """What a commit and those before it touched; nothing later."""
        return read_past(self._command, commit, self._touched)

    def blob(self, blob: str) -> bytes | None:
        """A file's bytes as they were committed, without any filter; None when not to be had."""
        if blob in self._kept:
            self._kept.move_to_end(blob)
            return self._kept[blob]
        found = self._objects.read(blob)
        if found is None or found.kind != "blob":
            return None
        self._kept[blob] = found.content
        self._size += len(found.content)
        while self._size > _MOST_KEPT and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped)
        return found.content

    def tree(self, commit: str) -> "PinnedTree | None":
        """The files of one commit, by its id; None when there is no such commit."""
        listed = self._command.run("ls-tree", "-r", "-z", commit)
        return PinnedTree(self, parse_tree(listed.out)) if listed.status == 0 else None

    def close(self) -> None:
        """End the helper process; the next read starts a new one."""
        self._objects.close()


class PinnedTree:
    """The regular files of one commit; for `GitTree`."""

    def __init__(self, history: History, blobs: Mapping[str, str]) -> None:
        self._history = history
        self._blobs = blobs

    def paths(self) -> Sequence[str]:
        """Their paths, sorted."""
        return tuple(self._blobs)

    def read(self, path: str) -> bytes | None:
        """The committed bytes; None for no such file, or one that is missing or too large."""
        blob = self._blobs.get(path)
        return self._history.blob(blob) if blob is not None else None


def _by_commit(
    listing: bytes, commits: frozenset[str] | set[str]
) -> dict[str, tuple[ChangedFile, ...]]:
    """Split a listing at the lines that name a commit; a commit that changed nothing has none."""
    found: dict[str, list[bytes]] = {commit: [] for commit in commits}
    entries: list[bytes] = []
    paths_due = 0
    for field in listing.split(b"\0"):
        # A file may be called like a commit, so paths are counted.
        if paths_due:
            paths_due -= 1
        elif field.startswith(b":"):
            paths_due = 2 if field.rpartition(b" ")[2][:1] in (b"R", b"C") else 1
        elif (commit := field.decode("ascii", "replace")) in found:
            entries = found[commit]
            continue
        entries.append(field)
    return {commit: tuple(parse_changes(b"\0".join(fields))) for commit, fields in found.items()}
