"""Show an explanation as Markdown, in which nothing of a workspace is a link, an image or a tag."""

import re
from collections.abc import Iterator
from typing import assert_never

from proactive_lsp.explain.evidence import Push
from proactive_lsp.explain.learned import LearnedRow
from proactive_lsp.explain.page import (
    Held,
    Kind,
    Label,
    Note,
    Odds,
    Page,
    Points,
    Shifts,
    Tally,
    Title,
    chance,
)

# A run of backticks opens code that the next run of the same length closes, as in CommonMark.
_CODE = re.compile(r"(?<!`)(?P<fence>`+)(?!`)(?P<code>.*?[^`])(?P=fence)(?!`)")
# What a link, an image, a tag or an address begins with, and what would undo our own escapes.
_ACTIVE = re.compile(r"[\\`<>\[\]!&@]|:(?=//)|(?<=www)\.")


def markdown(page: Page) -> str:
    """The whole page; blocks stand apart, silences are a list."""
    lines: list[str] = []
    for block in page:
        if lines and lines[-1] and not isinstance(block, Held):
            lines.append("")
        match block:
            case Title(text=text):
                lines.append(f"### {span(text)}")
            case Note(text=text):
                lines.append(span(text))
            case Label(text=text):
                lines += (span(text), "")
            case Kind():
                title = f": {span(block.title)}" if block.title else ""
                lines.append(f"**{span(block.need)}**, woken by {span(block.trigger)}{title}")
            case Points(items=items):
                lines += (f"- {span(item)}" for item in items)
            case Odds():
                lines += _odds(block)
            case Tally():
                lines += _tally(block)
            case Held():
                lines.append(f"- {span(block.title)}: {_because(block)}")
            case Shifts():
                lines += map(_shift, block.rows)
            case _:
                assert_never(block)
    return "\n".join(lines)


def span(text: str) -> str:
    """The text for one line of Markdown: its code stays code, the rest renders as it is written.

    So nothing from a workspace or a model becomes a link, an image or a tag.
    """
    text = " ".join(text.split())
    pieces: list[str] = []
    done = 0
    for found in _CODE.finditer(text):
        pieces += (_ACTIVE.sub(r"\\\g<0>", text[done : found.start()]), _fenced(found["code"]))
        done = found.end()
    return "".join((*pieces, _ACTIVE.sub(r"\\\g<0>", text[done:])))


def _fenced(code: str) -> str:
    """Code between more backticks than it has in a row."""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {code.strip()} {fence}" if longest else f"`{code}`"


def _odds(odds: Odds) -> Iterator[str]:
    p, threshold = chance(odds.p, odds.threshold)
    yield f"Probability {p}, shown from {threshold} on. So it was {span(odds.verdict)}."
    if odds.pushes:
        yield f"Log odds: {_pushes(odds.pushes)}. Together {odds.total:+.2f}."


def _because(held: Held) -> str:
    if not held.chance:
        return span(held.text)
    grounds = f"{held.chance}{f'; {_pushes(held.pushes)}' if held.pushes else ''}"
    return f"{span(held.text)} ({grounds})" if held.text else grounds


def _pushes(pushes: tuple[Push, ...]) -> str:
    return ", ".join(f"{span(name)} {push:+.2f}" for name, push in pushes)


def _tally(tally: Tally) -> Iterator[str]:
    for reason, count, kinds in tally.rows:
        listed = ", ".join(f"{span(kind)} {number}" for kind, number in kinds)
        yield f"- {span(reason)}: {count} ({listed})"


def _shift(row: LearnedRow) -> str:
    answers = ", ".join(f"{span(op)} {count:g}" for op, count in row.answers.items())
    where = f"in {row.prefix}" if row.prefix else "in the workspace's own folder"
    what = f"**{span(row.kind)}** at {span(row.trigger)} {span(where)}"
    return f"- {what}: {answers}; {row.shift:+.2f}"
