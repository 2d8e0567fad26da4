"""Which function a line stands in, by indentation and keywords alone: no syntax tree is read."""

import re
from collections.abc import Sequence

from proactive_lsp.workspace.hunks import LineHunk

# A header farther up is not looked for.
MOST_LINES = 200
# A shorter name, or one with underscores around it, is in every file.
SHORTEST_NAME = 4
_HEADER = re.compile(r"[ \t]*(?:\w+[ \t]+)*(?:def|function|func|fn)[ \t]+(?:\([^)]*\)[ \t]*)?(\w+)")


def enclosing_name(hunk: LineHunk, lines: Sequence[str]) -> str | None:
    """The name of the function around a hunk; None where there is none, or it says nothing."""
    start = min(hunk.after_start, len(lines))
    written = next((line for line in (*hunk.after, *hunk.before) if line.strip()), "")
    deep = _indent(written)
    for line in reversed(lines[max(0, start - MOST_LINES) : start]):
        if not line.strip() or _indent(line) >= deep:
            continue
        deep = _indent(line)
        header = _HEADER.match(line)
        if header is not None:
            name = header.group(1)
            return name if len(name) >= SHORTEST_NAME and not name.startswith("__") else None
        if deep == 0:
            return None
    return None


def defines(text: str, name: str) -> bool:
    """Whether a line looks like the header of a function of that name; a call may, too."""
    if name not in text:
        return False
    return re.search(rf"(?m)^[ \t]*(?:\w+[ \t]+)*{re.escape(name)}[ \t]*[(<]", text) is not None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
