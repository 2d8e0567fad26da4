"""The lanes of a session as a picture over time."""

from math import log2

from proactive_lsp.replay.chronicle import Chronicle
from proactive_lsp.replay.lanes import LANES, LaneKind, Mark
from proactive_lsp.report.charts import Spot, lanes_chart
from proactive_lsp.report.html import Html, element, join
from proactive_lsp.report.told import Anchors, clock

NAMES: dict[LaneKind, str] = {
    "edits": "edits",
    "saves": "saves, files",
    "git": "git",
    "runs": "commands, tests",
    "model": "model calls",
    "suggestions": "suggestions",
    "answers": "answers",
    "silences": "silences",
    "labels": "labels",
}
# Without these a session would not be one; the others have a lane when there is something on it.
_ALWAYS: tuple[LaneKind, ...] = ("edits", "suggestions", "answers", "silences")
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_MOST_TICKS = 10
# What is shorter than this part of the session is a dot.
_SHORTEST = 1 / 250
_KEYS = (("t-good", "accepted, passed, label kept"), ("t-bad", "refused, failed, label missed"))


def swimlanes(chronicle: Chronicle, anchors: Anchors) -> Html:
    """The figure; a mark leads to what is told of it on the page."""
    by_kind = {lane.kind: lane for lane in chronicle.lanes}
    kinds: list[LaneKind] = [kind for kind in LANES if kind in by_kind or kind in _ALWAYS]
    end = max(chronicle.duration, 1.0)
    spots = [
        _spot(kind, mark, float(at), end, anchors)
        for at, kind in enumerate(reversed(kinds))
        if kind in by_kind
        for mark in by_kind[kind].marks
    ]
    label = f"Timeline of {clock(end)}: " + ", ".join(
        f"{by_kind[kind].total if kind in by_kind else 0} {NAMES[kind]}" for kind in kinds
    )
    chart = lanes_chart(
        spots,
        lanes=[NAMES[kind] for kind in reversed(kinds)],
        ticks=ticks(end),
        end=end,
        label=label,
    )
    keys = join(element("span", element("i", cls=name), said, cls="key") for name, said in _KEYS)
    hint = "Rest the pointer on a mark to read it; follow it to what is told of it below."
    return element(
        "figure",
        element("div", chart, cls="scroll wide"),
        element("figcaption", keys, hint),
        cls="panel",
    )


def ticks(end: float) -> tuple[tuple[float, str], ...]:
    """Round times from 0 to the end, at most ten or so, with how to write them."""
    step = next((step for step in _STEPS if end / step <= _MOST_TICKS), None)
    if step is None:
        step = 86_400 * -(-int(end) // (86_400 * _MOST_TICKS))
    return tuple((float(at), _tick(at)) for at in range(0, int(end) + 1, step))


def _tick(seconds: int) -> str:
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def _spot(kind: LaneKind, mark: Mark, y: float, end: float, anchors: Anchors) -> Spot:
    home = anchors.card(mark.id, mark.t) if kind == "suggestions" and mark.id else None
    return Spot(
        mark.t,
        y,
        f"k-{kind} t-{mark.tone}" if mark.tone else f"k-{kind}",
        f"{clock(mark.t)}  {mark.text}",
        until=mark.until if mark.until - mark.t > end * _SHORTEST else None,
        radius=min(9.0, 4.0 + log2(mark.count)) if mark.count > 1 else 4.5,
        href=home or anchors.moment(mark.t) or "",
    )
