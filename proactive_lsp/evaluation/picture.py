"""Precision and recall of each kind as a picture: a dot with its interval, in SVG."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from proactive_lsp.evaluation.figures import Line, share

_NAMES, _PANEL, _GAP = 190, 250, 50  # pixels from left to right
_TOP, _ROW = 44, 24  # pixels from top to bottom
_WIDTH = _NAMES + 2 * _PANEL + _GAP + 30
_TICKS = 4


def picture_of(lines: Sequence[Line]) -> str:
    """An SVG with a row per line: cards right on the left, recall on the right.

    Recall has its own scale, up to the highest one; a figure that there is not has no dot.
    """
    height = _TOP + _ROW * len(lines) + 6
    label = "Cards right and recall: " + "; ".join(
        f"{line.name} {share(line.figures.alarm_precision)} and {share(line.figures.recall, 3)}"
        for line in lines
    )
    highest = _round_up(max((_top(line, "recall") for line in lines), default=0.0))
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" '
        f'aria-label="{escape(label)}">',
        *_panel("cards right", _NAMES, 1.0, height),
        *_panel("recall", _NAMES + _PANEL + _GAP, highest, height),
    ]
    for index, line in enumerate(lines):
        y = _TOP + _ROW * index + _ROW // 2
        parts.append(f'<text class="name" x="{_NAMES - 12}" y="{y + 4}">{escape(line.name)}</text>')
        parts += _dot(line, "alarm_precision", _NAMES, 1.0, y)
        parts += _dot(line, "recall", _NAMES + _PANEL + _GAP, highest, y)
    return "\n".join((*parts, "</svg>"))


def _panel(title: str, left: int, highest: float, height: int) -> Iterator[str]:
    yield f'<text class="title" x="{left}" y="14">{title}</text>'
    for tick in range(_TICKS + 1):
        x = left + _PANEL * tick / _TICKS
        value = share(highest * tick / _TICKS, 2 if highest >= 1 / 2 else 3)
        yield f'<text class="tick" x="{x:g}" y="34">{value}</text>'
        yield f'<line class="grid" x1="{x:g}" x2="{x:g}" y1="{_TOP - 4}" y2="{height - 4}"/>'


def _dot(line: Line, figure: str, left: int, highest: float, y: int) -> Iterator[str]:
    value: float | None = getattr(line.figures, figure)
    if value is None:
        return
    found = line.figures.ci.get(figure)
    if found is not None:
        low, high = (left + _PANEL * each / highest for each in found)
        yield f'<line class="{line.group}" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>'
    x = left + _PANEL * value / highest
    title = f"{escape(line.name)}: {share(value, 3)}"
    yield (
        f'<circle class="{line.group}" cx="{x:.1f}" cy="{y}" r="4.5"><title>{title}</title>'
        "</circle>"
    )


def _top(line: Line, figure: str) -> float:
    found = line.figures.ci.get(figure)
    value: float | None = getattr(line.figures, figure)
    return max(value or 0.0, found[1] if found is not None else 0.0)


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 6 or 8 times a power of ten, at most 1 and never 0."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return min(1.0, next(power * step for step in (1, 2, 4, 6, 8, 10) if power * step >= value))
