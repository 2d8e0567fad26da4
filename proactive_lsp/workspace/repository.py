"""Know a git repository without touching it: its state, its files, its commits.

Polling reads git's files; a process is started only when something moved. Anything that git
cannot answer (a broken index, a missing object, a time-out) is an empty answer.
"""

import hashlib
import re
from collections.abc import Collection, Hashable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from proactive_lsp.events import BadPath, check_path
from proactive_lsp.workspace.git_command import GitCommand, NoGitError, Output
from proactive_lsp.workspace.git_files import FileStamp, GitFiles, ReflogEntry, stamp_of
from proactive_lsp.workspace.git_objects import (
    CommitFacts,
    CommitTree,
    ObjectReader,
    parse_commit,
    parse_tree,
    path_of,
)
from proactive_lsp.workspace.git_past import read_past
from proactive_lsp.workspace.past import Past

# The tree without files, which git knows without having it.
_EMPTY_TREE = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
RAW_DIFF = ("-r", "-z", "--raw", "--no-abbrev", "--relative", "--no-ext-diff", "--no-textconv")
RENAMES = ("-M", "-l200")  # a limit, since the cost grows with its square
# What stands before a tracked path in `ls-files --stage`; of a submodule all of the line.
_INDEX_ENTRY = re.compile(
    rb"\A(?:160000 [0-9a-f]+ \d\t.*|[0-7]{6} [0-9a-f]{40,64} \d\t)", re.DOTALL
)
_UNMERGED = re.compile(rb"(?:^|\0)[0-7]{6} [0-9a-f]+ [123]\t([^\0]+)")
_DUBIOUS = "detected dubious ownership"
_TRIES = 3  # to read HEAD and its reflog at one moment
_MAX_REFUSED = 8  # paths that `check-ignore` may refuse in one question

Status = Literal["added", "deleted", "modified", "renamed", "type-changed"]
_STATUS: dict[bytes, Status] = {
    b"A": "added",
    b"D": "deleted",
    b"M": "modified",
    b"R": "renamed",
    b"T": "type-changed",
}


class RepositoryState(Struct, frozen=True):
    """Where a repository stands; two of them tell what happened in between.

    `head` is None before the first commit, `branch` when HEAD is detached. `index` is equal as
    long as the same content is staged. `reflog` is the size of HEAD's reflog, `stash` the newest
    stash. `unmerged` are the paths with conflicts. `pushed` is where the branch stands at its
    remote, as far as this repository knows.
    """

    head: str | None
    branch: str | None
    merging: bool = False
    rebasing: bool = False
    picking: bool = False
    index: Hashable = None
    unmerged: tuple[str, ...] = ()
    stash: str | None = None
    reflog: int = 0
    pushed: str | None = None

    @property
    def busy(self) -> bool:
        """Whether an operation of several steps is in progress."""
        return self.merging or self.rebasing or self.picking


class NoRepository(Struct, frozen=True):
    """There is no repository to work with; the reason is for the user."""

    reason: str


class ChangedFile(Struct, frozen=True):
    """What one file became between two trees.

    `old_path` is set for a rename. The blobs are None where there is no regular file: not there
    at all, a symbolic link or a submodule.
    """

    status: Status
    path: str
    old_path: str | None = None
    old_blob: str | None = None
    new_blob: str | None = None


class Repository:
    """The repository that a workspace folder lies in; all paths are relative to that folder.

    Get one by `find`. Not for use from several threads at once.
    """

    def __init__(
        self, root: Path, prefix: str, empty_tree: str, files: GitFiles, command: GitCommand
    ) -> None:
        self.root = root
        self._prefix = prefix
        self._empty_tree = empty_tree
        self._files = files
        self._command = command
        self._objects = ObjectReader(command)
        self._staged: tuple[FileStamp | None, Hashable, tuple[str, ...]] = (None, None, ())
        self._tracked: tuple[FileStamp | None, tuple[str, ...]] | None = None
        # As of the last `state`.
        self._push_ref: str | None = None
        self._reflogged = False

    @classmethod
    def find(cls, root: Path, *, user_config: bool = True) -> "Repository | NoRepository":
        """The repository of a folder, which may be a subfolder, a worktree or a submodule.

        Without `user_config` the user's and the system's git configuration are ignored.
        """
        try:
            root = root.resolve(strict=True)
            command = GitCommand(root, user_config=user_config)
        except (OSError, RuntimeError, ValueError) as error:
            return NoRepository(f"{root} cannot be opened: {error}")
        except NoGitError as error:
            return NoRepository(str(error))
        asked = ("--git-dir", "--git-common-dir", "--show-object-format", "--show-prefix")
        answer = command.run("rev-parse", *asked, "--show-toplevel")
        if answer.status != 0:
            return NoRepository(refusal(root, answer))
        try:
            git_dir, common_dir, hashing, prefix, top = answer.out.decode()[:-1].split("\n")
        except ValueError:
            return NoRepository(f"the path of the repository at {root} is not plain text")
        if not root.is_relative_to(top):
            return NoRepository(f"the repository at {root} has its working tree in {top}")
        files = GitFiles(root / git_dir, root / common_dir)
        if (files.common_dir / "reftable").is_dir():
            return NoRepository(f"the repository at {root} keeps its refs in the reftable format")
        empty_tree = _EMPTY_TREE.get(hashing, _EMPTY_TREE["sha1"])
        return cls(root, prefix, empty_tree, files, command)

    def stamp(self) -> Hashable:
        """Equal stamps mean that nothing happened; three stat calls, to be polled."""
        files = self._files
        head = files.git_dir / "HEAD"
        if self._push_ref is None:
            return tuple(map(stamp_of, (head, files.index, files.reflog)))
        # Whatever moves HEAD writes its reflog, where one is kept.
        moved = files.reflog if self._reflogged else head
        return tuple(map(stamp_of, (moved, files.index, files.common_dir / self._push_ref)))

    def state(self) -> RepositoryState:
        """Where the repository stands now; starts git only when the index file moved."""
        files = self._files
        reflog, (head, ref) = files.reflog_size(), files.head()
        # Git writes the reflog before it moves HEAD: a HEAD that moved meanwhile shows in it.
        for _ in range(_TRIES):
            if files.reflog_size() == reflog:
                break
            reflog, (head, ref) = files.reflog_size(), files.head()
        index, unmerged = self._staged_content()
        self._push_ref, self._reflogged = files.push_ref(ref), reflog > 0
        return RepositoryState(
            head=head,
            branch=ref.removeprefix("refs/heads/") if ref is not None else None,
            merging=files.exists("MERGE_HEAD"),
            rebasing=files.exists("rebase-merge", "rebase-apply"),
            picking=files.exists("CHERRY_PICK_HEAD", "REVERT_HEAD"),
            index=index,
            unmerged=unmerged,
            stash=files.ref("refs/stash"),
            reflog=reflog,
            pushed=files.ref(self._push_ref) if self._push_ref is not None else None,
        )

    def head_moves(
        self, before: RepositoryState, after: RepositoryState
    ) -> tuple[ReflogEntry, ...]:
        """What HEAD's reflog gained between two states; nothing where no reflog is kept."""
        return self._files.reflog_entries(before.reflog, after.reflog)

    def has_branch(self, name: str) -> bool:
        """Whether a local branch has this name."""
        return self._files.ref(f"refs/heads/{name}") is not None

    def stashes(self) -> tuple[str, ...]:
        """The stashes there are, oldest first."""
        return tuple(entry.new for entry in self._files.reasons("refs/stash"))

    def pushed_by(self) -> str | None:
        """What moved the remote's branch last, in git's words; None where no reflog is kept."""
        if self._push_ref is None:
            return None
        entries = self._files.reasons(self._push_ref)
        return entries[-1].message if entries else None

    def tracked(self) -> tuple[str, ...]:
        """Tracked files and those that could be added (not ignored), sorted.

        Cached until the index moves or `forget` is called. A tracked file is named even when it
        is gone from disk. Submodules, nested repositories and paths that are not UTF-8 are left
        out.
        """
        stamp = stamp_of(self._files.index)
        if self._tracked is None or self._tracked[0] != stamp:
            wanted = ("--stage", "--others", "--exclude-standard")
            listed = self._command.run("ls-files", "-z", *wanted).out.split(b"\0")
            files = (_INDEX_ENTRY.sub(b"", entry) for entry in listed)
            paths = {path for raw in files if (path := path_of(raw)) is not None}
            self._tracked = (stamp, tuple(sorted(paths)))
        return self._tracked[1]

    def forget(self) -> None:
        """A file came, went or is newly ignored: `tracked` is to ask again."""
        self._tracked = None

    def ignored(self, paths: Collection[str]) -> frozenset[str]:
        """Those of the paths that git ignores; one that it refuses to judge is not among them."""
        left = [path for path in paths if _is_inside(path)]
        found: set[str] = set()
        for _ in range(_MAX_REFUSED):
            if not left:
                break
            # "./" keeps a name such as ":(top)" from being read as a pattern.
            asked = "".join(f"./{path}\0" for path in left).encode("utf-8", "replace")
            answer = self._command.run(
                "check-ignore", "-z", "--stdin", "--verbose", "--non-matching", stdin=asked
            )
            # Four fields for each path: source, line, pattern ("" when none matched), path.
            fields = answer.out.split(b"\0")
            verdicts = list(zip(fields[2::4], left, strict=False))
            found.update(path for rule, path in verdicts if rule and not rule.startswith(b"!"))
            # Git stops at a path behind a symbolic link or in a submodule: go on after it.
            left = left[len(verdicts) + 1 :] if answer.status not in (0, 1) else []
        return frozenset(found)

    def read(self, commit: str, path: str) -> bytes | None:
        """A committed file's bytes as they were committed, without any filter."""
        if not _is_inside(path):
            return None
        found = self._objects.read(f"{commit}:{self._prefix}{path}")
        return found.content if found is not None and found.kind == "blob" else None

    def blob(self, blob: str) -> bytes | None:
        """The bytes of a blob, as `ChangedFile` names it."""
        found = self._objects.read(blob)
        return found.content if found is not None and found.kind == "blob" else None

    def tree(self, commit: str) -> CommitTree | None:
        """The files of one commit; None when there is no such commit."""
        found = self.resolve(commit)
        listed = self._command.run("ls-tree", "-r", "-z", found) if found is not None else None
        if listed is None or listed.status != 0:
            return None
        return CommitTree(self._objects, parse_tree(listed.out))

    def changed(self, old: str | None, new: str) -> tuple[ChangedFile, ...]:
        """What differs between two commits, in path order; `old` None is "nothing yet"."""
        after = self.resolve(new)
        before = self.resolve(old) if old is not None else None
        if after is None or (old is not None and before is None):
            return ()
        return self._diff("diff-tree", *RENAMES, before or self._empty_tree, after)

    def staged(self) -> tuple[str, ...]:
        """The paths whose staged content differs from HEAD."""
        head, _ = self._files.head()
        changes = self._diff("diff-index", "--cached", "--no-renames", head or self._empty_tree)
        return tuple(change.path for change in changes)

    def past(self) -> Past:
        """What HEAD and the commits before it touched."""
        head, _ = self._files.head()
        return read_past(self._command, head, {}) if head is not None else Past()

    def commit(self, rev: str) -> CommitFacts | None:
        """What a commit says of itself; None when there is no such commit."""
        found = self._objects.read(f"{rev}^{{commit}}")
        return parse_commit(found) if found is not None and found.kind == "commit" else None

    def resolve(self, name: str) -> str | None:
        """The id of the commit that a name stands for."""
        facts = self.commit(name)
        return facts.id if facts is not None else None

    def close(self) -> None:
        """End the helper process; allowed at any time, since the next read starts a new one."""
        self._objects.close()

    def _staged_content(self) -> tuple[Hashable, tuple[str, ...]]:
        """A digest of what is staged, and the unmerged paths.

        The index file itself also moves when `git status` refreshes it, which stages nothing.
        """
        stamp = stamp_of(self._files.index)
        if stamp != self._staged[0]:
            listed = self._command.run("ls-files", "-z", "--stage")
            good = listed.status == 0
            digest = hashlib.sha256(listed.out).hexdigest() if good else stamp
            paths = (path_of(raw) for raw in _UNMERGED.findall(listed.out))
            unmerged = tuple(dict.fromkeys(path for path in paths if path is not None))
            self._staged = (stamp, digest, unmerged)
        return self._staged[1:]

    def _diff(self, *arguments: str) -> tuple[ChangedFile, ...]:
        command, *rest = arguments
        answer = self._command.run(command, *RAW_DIFF, *rest)
        return tuple(parse_changes(answer.out)) if answer.status == 0 else ()


def parse_changes(listing: bytes) -> Iterator[ChangedFile]:
    """Read raw diff output: a colon, modes, ids and status, then one path or two."""
    fields = iter(listing.split(b"\0"))
    for meta in fields:
        if not meta.startswith(b":"):
            return
        old_mode, new_mode, old_blob, new_blob, letter = meta[1:].split(b" ")
        path = path_of(next(fields, b""))
        old_path = None
        if letter[:1] == b"R":
            old_path, path = path, path_of(next(fields, b""))
        status = _STATUS.get(letter[:1])
        if path is None or status is None or (status == "renamed" and old_path is None):
            continue
        yield ChangedFile(
            status,
            path,
            old_path,
            old_blob.decode() if old_mode.startswith(b"100") else None,
            new_blob.decode() if new_mode.startswith(b"100") else None,
        )


def refusal(root: Path, answer: Output) -> str:
    """Git's own first sentence, with a remedy where there is one."""
    reason = answer.error.partition("\n")[0].removeprefix("fatal: ") or "git gave no reason"
    if _DUBIOUS in reason:
        remedy = f"git config --global --add safe.directory {root}"
        return f"{reason}; if you trust it, run `{remedy}`"
    return f"no usable repository at {root}: {reason}"


def _is_inside(path: str) -> bool:
    try:
        check_path(path)
    except BadPath:
        return False
    return True
