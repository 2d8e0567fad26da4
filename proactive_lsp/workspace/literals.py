"""Versions and command line options in lines of any language."""

import re
from collections.abc import Iterable, Sequence

from proactive_lsp.workspace.hunks import LineHunk

# Two numbers at least, with what may follow them: 1.2, 3.0.1, 2.0.0rc1, 1.0.0-beta.2, 1.0a37.
# Letters and digits are taken whole, so that a long name after a version is read but once.
VERSION = re.compile(
    r"(?<![\w.])v?"
    r"(\d+\.\d+(?:\.\d+)*(?:[-.+]?[A-Za-z]++(?:[.-]?\d++|[.-](?![A-Za-z\d]))?)*)(?![\w])"
)
_OPTION = re.compile(r"""(?<=["'`/])--[A-Za-z][\w-]+(?=["'`/=\s,])""")
# So many options around a new one are its siblings.
MOST_SIBLINGS = 8


def versions(lines: Iterable[str]) -> tuple[str, ...]:
    """The versions on these lines, each once, a `v` before them left out."""
    return tuple(dict.fromkeys(match[1] for line in lines for match in VERSION.finditer(line)))


def vanished_versions(hunk: LineHunk) -> tuple[str, ...]:
    """Versions that stood in the hunk's lines and do not any longer."""
    kept = frozenset(versions(hunk.after))
    return tuple(version for version in versions(hunk.before) if version not in kept)


def options(lines: Iterable[str]) -> tuple[str, ...]:
    """Quoted options such as `"--name"` on these lines, each once."""
    found = (match[0] for line in lines if "--" in line for match in _OPTION.finditer(line))
    return tuple(dict.fromkeys(found))


def added_options(hunk: LineHunk) -> tuple[str, ...]:
    """Options that stand in the hunk's lines and did not before."""
    known = frozenset(options(hunk.before))
    return tuple(option for option in options(hunk.after) if option not in known)


def sibling_options(hunk: LineHunk, lines: Sequence[str]) -> tuple[str, ...]:
    """The options of the same file that stand nearest to the hunk, those above first."""
    own = frozenset(options(hunk.after))
    above = options(reversed(lines[: hunk.after_start]))
    below = options(lines[hunk.after_start + len(hunk.after) :])
    half = MOST_SIBLINGS // 2
    near = (*above[:half], *below[: MOST_SIBLINGS - min(len(above), half)])
    return tuple(option for option in dict.fromkeys(near) if option not in own)


def literals_of_interest(hunk: LineHunk, lines: Sequence[str]) -> tuple[str, ...]:
    """What to look for in other files: versions that went, and the siblings of a new option."""
    siblings = sibling_options(hunk, lines) if added_options(hunk) else ()
    return (*vanished_versions(hunk), *siblings)
