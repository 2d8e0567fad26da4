"""What else the model is shown to write something: who calls it, what was edited, how others look.

All of it is bounded, redacted, and data: lines of it stand behind a bar.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from proactive_lsp.agent.writing.shown import Shown, show
from proactive_lsp.redaction import CONTEXT_CHARS, CONTEXT_LINES, redact_part, redact_path
from proactive_lsp.sentences import barred, quoted
from proactive_lsp.situation import Situation
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.languages import language_of
from proactive_lsp.workspace.syntax import Definition, calls

CALLER_CHARS, EDIT_CHARS = 900, 1_800
MOST_CALLER_FILES = 8
MAX_FILE_CHARS = 400_000


class File(Struct, frozen=True):
    """A file of the workspace: its text as it stands, and as it is shown."""

    path: str
    text: str
    shown: Shown


def read(situation: Situation, path: str) -> File | None:
    """The file; None for one that cannot be read or is too large to be worked on."""
    text = situation.tree.read(path)
    if text is None or len(text) > MAX_FILE_CHARS:
        return None
    return File(path, text, show(path, text))


def name_of(path: str) -> str:
    """A path as it is told."""
    return quoted(redact_path(path))


def rows_of(definition: Definition) -> tuple[int, int]:
    """Its first line, and the one behind its last."""
    end = definition.range.end
    return definition.range.start.line, end.line + (end.character > 0)


def callers(situation: Situation, name: str, but: tuple[str, int, int]) -> str:
    """Lines that call `name` outside the given rows of its own file; "" where none were found.

    Only what costs no pass over the workspace of its own is looked up.
    """
    if not name or not situation.finder.interested(name):
        return ""
    blocks: list[str] = []
    for path in situation.files(name)[:MOST_CALLER_FILES]:
        file, language = read(situation, path), language_of(path)
        if file is None or language is None:
            continue
        rows = dict.fromkeys(each.range.start.line for each in calls(language, file.text, {name}))
        own, first, last = but
        shown = [file.shown.lines[row] for row in rows if path != own or not first <= row < last]
        if shown:
            blocks.append("\n".join((f"{name_of(path)}:", *barred(shown[:3]))))
    return upto(blocks, CALLER_CHARS)


def edits(situation: Situation, chars: int = EDIT_CHARS) -> str:
    """The lines that the user worked on last, newest first."""
    return upto((_hunk(situation, hunk) for hunk in situation.recent), chars)


def _hunk(situation: Situation, hunk: LineHunk) -> str:
    # The name of a secret may stand on a line around the hunk.
    lines = situation.lines(hunk.path)
    first, last = hunk.after_start, hunk.after_start + len(hunk.after)
    top = max(0, first - CONTEXT_LINES)
    near = [line[:CONTEXT_CHARS] for line in lines[top : last + CONTEXT_LINES]]
    old, new = (
        redact_part(part, near, first - top, last - top, hunk.path).split("\n") if part else []
        for part in (hunk.before, hunk.after)
    )
    title = f"{name_of(hunk.path)}, line {first + 1}:"
    return "\n".join((title, *barred(old, "-"), *barred(new, "+")))


def upto(blocks: Iterable[str], chars: int) -> str:
    """The first blocks that fit, the first one cut where even that does not."""
    return "\n".join(_fitting(blocks, chars))


def _fitting(blocks: Iterable[str], chars: int) -> Iterator[str]:
    left = chars
    for block in blocks:
        if len(block) > left:
            if left == chars:
                yield block[:chars].rpartition("\n")[0]
            return
        left -= len(block) + 1
        yield block
