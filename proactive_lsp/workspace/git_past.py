"""Read from a repository which files its commits touched and how they are called, for `Past`."""

from collections.abc import Collection, Mapping, Sequence

from proactive_lsp.workspace.git_command import GitCommand
from proactive_lsp.workspace.git_objects import path_of
from proactive_lsp.workspace.past import MOST_COMMITS, Past

_NAMES = ("-r", "-z", "--name-only", "--no-renames", "--relative", "--no-ext-diff", "--no-textconv")


def read_past(command: GitCommand, tip: str, known: dict[str, tuple[str, ...]]) -> Past:
    """What `tip` and the commits before it touched; `known` is what was read of them already.

    A commit without a parent, as where a shallow clone ends, touched nothing.
    """
    # One line with the id and one with the subject, whatever the subject holds.
    wanted = ("--no-merges", f"--max-count={MOST_COMMITS}", "--encoding=UTF-8", "--format=%s")
    listed = command.run("rev-list", *wanted, tip)
    if listed.status != 0:
        return Past()
    lines = listed.out.decode("utf-8", "replace").split("\n")
    ids = [line.removeprefix("commit ") for line in lines[0:-1:2]]
    unknown = [id for id in ids if id not in known]
    if unknown:
        known.update(_touched(command, unknown))
    return Past((known.get(id, ()) for id in ids), lines[1::2])


def _touched(command: GitCommand, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    asked = "".join(f"{id}\n" for id in ids).encode()
    answer = command.run("diff-tree", "--stdin", *_NAMES, stdin=asked)
    return _by_commit(answer.out, frozenset(ids))


def _by_commit(listing: bytes, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {id: [] for id in ids}
    paths: list[str] = []
    for field in listing.split(b"\0"):
        name = field.decode("ascii", "replace")
        if name in found:
            paths = found[name]
        elif (path := path_of(field)) is not None:
            paths.append(path)
    return {id: tuple(paths) for id, paths in found.items()}
