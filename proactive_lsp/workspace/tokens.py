"""Lines as words and strings, in any language: what an edit took away, and what it brought."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from proactive_lsp.workspace.hunks import LineHunk

_WORD = re.compile(r"[^\W\d]\w*")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_STRING = re.compile(r"""(?P<quote>["'`])(?P<text>(?:(?!(?P=quote))[^\\\n]|\\.)+)(?P=quote)""")
# A shorter word is a loop variable, or stands everywhere.
SHORTEST_WORD = 3
SHORTEST_STRING = 8
# A longer line is data.
LONGEST_LINE = 2_000


@lru_cache(maxsize=8_192)
def words(line: str) -> tuple[str, ...]:
    """The identifiers and words of a line, each once, in order."""
    return tuple(dict.fromkeys(_WORD.findall(line)))


@lru_cache(maxsize=8_192)
def tokens(line: str) -> tuple[str, ...]:
    """Every word, number and mark of punctuation of a line, in order."""
    return tuple(_TOKEN.findall(line))


def strings(lines: Iterable[str]) -> tuple[str, ...]:
    """The texts between quotes on these lines, each once; none that spans lines."""
    short = (line for line in lines if len(line) <= LONGEST_LINE)
    found = (match["text"] for line in short for match in _STRING.finditer(line))
    return tuple(dict.fromkeys(found))


def vanished_words(hunk: LineHunk) -> tuple[str, ...]:
    """Words that stood in the hunk's lines and do not any longer."""
    return _only(hunk.before, hunk.after)


def added_words(hunk: LineHunk) -> tuple[str, ...]:
    """Words that stand in the hunk's lines and did not before."""
    return _only(hunk.after, hunk.before)


def vanished_strings(hunk: LineHunk) -> tuple[str, ...]:
    """Quoted texts that stood in the hunk's lines and do not any longer."""
    kept = "\n".join(hunk.after)
    gone = (text for text in strings(hunk.before) if text not in kept)
    return tuple(text for text in gone if len(text) >= SHORTEST_STRING)


def _only(lines: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    known = {word for line in others for word in words(line)}
    found = (word for line in lines for word in words(line))
    return tuple(
        dict.fromkeys(word for word in found if word not in known and len(word) >= SHORTEST_WORD)
    )
