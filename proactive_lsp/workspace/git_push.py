"""Where a branch is pushed to, by the text of a repository's own configuration.

Read without a process, since it is polled. Includes and the user's own configuration are not
looked at: without a word of either, a branch is pushed to the one of its name at `origin`.
"""

import re
from collections.abc import Mapping, Sequence

_SECTION = re.compile(r'\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]\s*(?:[#;].*)?\Z')
_KEY = re.compile(r'\s*([\w-]+)\s*=\s*"?([^"#;]*)"?\s*(?:[#;].*)?\Z')
_HEADS = "refs/heads/"
# What the reflog of a remote's branch says when it was us who moved it.
BY_PUSH = "update by push"


def push_refs(config: str, branch: str) -> Sequence[str]:
    """The refs that may stand for the branch at its remote, the likeliest first."""
    values = _values(config)
    remote = (
        values.get(("branch", branch, "pushremote"))
        or values.get(("remote", "", "pushdefault"))
        or values.get(("branch", branch, "remote"))
        or "origin"
    )
    names = [branch]
    merge = values.get(("branch", branch, "merge"), "")
    if merge.startswith(_HEADS) and remote == values.get(("branch", branch, "remote")):
        names.insert(0, merge.removeprefix(_HEADS))
    refs = (f"refs/remotes/{remote}/{name}" for name in names)
    return tuple(dict.fromkeys(ref for ref in refs if ".." not in ref))


def _values(config: str) -> Mapping[tuple[str, str, str], str]:
    """The last value of each key; sections and keys in lower case, subsections as written."""
    found: dict[tuple[str, str, str], str] = {}
    section, subsection = "", ""
    for line in config.splitlines():
        if header := _SECTION.match(line):
            section, subsection = header[1].lower(), re.sub(r"\\(.)", r"\1", header[2] or "")
        elif key := _KEY.match(line):
            found[section, subsection, key[1].lower()] = key[2].strip()
    return found
