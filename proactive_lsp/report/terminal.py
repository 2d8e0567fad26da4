"""The same reports on a terminal: tables and lanes of characters, in colour where there is any.

Everything that comes from a session is escaped, so that no name can move the cursor.
"""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from proactive_lsp.replay.chronicle import Chronicle
from proactive_lsp.replay.lanes import LANES, Lane
from proactive_lsp.replay.run import Replayed
from proactive_lsp.replay.timeline import line
from proactive_lsp.replay.transcript import SuggestionRow, Transcript
from proactive_lsp.replay.wording import counted
from proactive_lsp.report.comparison import METRICS, Compared, moved
from proactive_lsp.report.page import answers
from proactive_lsp.report.score_words import (
    ABOUT,
    ANSWERED,
    COST,
    NOT_RECORDED,
    SAID,
    cost_rows,
    recorded_since,
)
from proactive_lsp.report.scorecard import Scorecard
from proactive_lsp.report.swimlanes import NAMES
from proactive_lsp.report.told import NONE, clock, share

_NARROW = 40
_LEVELS = " ▁▂▃▄▅▆▇█"
_PLAIN_LEVELS = " .:-=+*#@"
_STYLES = {
    "edits": "blue",
    "suggestions": "bold green",
    "answers": "green",
    "silences": "yellow",
    "model": "magenta",
}
_CHANGED = {"came": "green", "went": "red", "changed": "yellow"}
_LONGEST = 300
_LEAST_WORDS = 14
# So that a table fits in 80 columns.
_SHORT = {
    "accepted": "yes",
    "dismissed": "no",
    "accepted share": "share",
    "false per 100 edits": "false/100",
    "latency p50": "p50",
    "latency p95": "p95",
    "model calls": "calls",
    "prompt tokens": "prompt",
    "answer tokens": "answer",
}


def show_sessions(results: Sequence[Replayed], console: Console) -> None:
    """An overview of several sessions; of each its lanes and its cards."""
    if len(results) > 1:
        console.print(_overview(results))
    for result in results:
        console.print()
        console.print(line(result.row.name), style="bold")
        if result.chronicle is not None:
            _show_lanes(result.chronicle, console)
        offered = [row for row in result.row.suggestions if row.offered]
        if offered:
            console.print(_cards(offered))
        for miss in result.misses:
            said = f"missed (line {miss.line}): {miss.expected}; instead: {miss.happened}"
            console.print(line(said), style="red", soft_wrap=True)


def show_comparison(
    before: Transcript, after: Transcript, compared: Sequence[Compared], console: Console
) -> None:
    """The metrics beside each other, and what is not the same."""
    table = _table("", "A", "B", "difference")
    for name, said, _ in METRICS:
        one, other = moved(before.totals.metrics, after.totals.metrics, name)
        delta = f"{other - one:+.2f}" if one is not None and other is not None else ""
        table.add_row(said, share(one), share(other), delta)
    console.print(table)
    for each in compared:
        if not each.changes:
            continue
        console.print()
        console.print(line(each.name), style="bold")
        for change in each.changes:
            row = change.row
            head = Text(f"  {change.kind:<8}", _CHANGED[change.kind])
            where = f"  {clock(row.t)}, {row.need}, {row.path}:{row.range.start.line + 1}"
            told = line(_cut(where))
            told.stylize("dim")
            console.print(head + line(_cut(row.title)) + told, soft_wrap=True)
            console.print(line(f"            {_cut(change.said)}"), style="dim", soft_wrap=True)
    same = sum(each.same for each in compared)
    changed = sum(len(each.changes) for each in compared)
    console.print()
    console.print(f"{counted(changed, 'card')} not the same, {same} as they were")


def show_scorecard(card: Scorecard, workspace: str, console: Console) -> None:
    """By kind of need and by day, newest first."""
    console.print(line(f"{workspace}, {counted(len(card.days), 'day')}"), style="bold")
    if note := recorded_since(card):
        console.print(note, style="dim")
    if card.kinds:
        by_kind = _table("kind", *(_SHORT.get(name, name) for name, _ in ANSWERED))
        for kind, each in card.kinds:
            by_kind.add_row(line(kind), *(write(each) for _, write in ANSWERED))
        console.print(by_kind)
    by_day = _table("what was offered", *(_SHORT.get(name, name) for name, _ in SAID))
    for day, each in reversed(card.days):
        if each is not None:
            by_day.add_row(f"{day:%Y-%m-%d}", *(write(each) for _, write in SAID))
    by_day.add_section()
    by_day.add_row("all", *(write(card.total) for _, write in SAID), style="bold")
    console.print(by_day)
    if card.since is not None:
        costs = _table("quiet and cost", *(_SHORT.get(name, name) for name, _ in COST))
        for day, cells in cost_rows(card):
            costs.add_row(day, *(NONE if cell == NOT_RECORDED else cell for cell in cells))
        costs.add_section()
        costs.add_row("all", *(write(card.total) for _, write in COST), style="bold")
        console.print(costs)
    console.print(ABOUT, style="dim")


def _overview(results: Sequence[Replayed]) -> Table:
    table = _table(
        *("session", "events", "cards", "yes", "no", "silent"),
        *("wanted", "met", "quiet", "missed"),
    )
    for result in results:
        row, said = result.row, answers([result.row])
        table.add_row(
            line(row.name),
            f"{row.events:,}",
            str(said.total()),
            str(said["accepted"]),
            str(said["dismissed"]),
            str(sum(not each.offered for each in row.suggestions)),
            share(row.metrics.precision),
            share(row.metrics.recall),
            share(row.metrics.quiet_rate),
            Text(str(len(result.misses)), "red" if result.misses else ""),
        )
    return table


def _cards(rows: Sequence[SuggestionRow]) -> Table:
    table = _table("card", "time", "p", "needed", "answer")
    for row in rows:
        table.add_row(
            line(_cut(row.title)),
            clock(row.t),
            share(row.p),
            share(row.threshold),
            line(row.answer or NONE),
        )
    return table


def _show_lanes(chronicle: Chronicle, console: Console) -> None:
    width = max(_NARROW, min(100, console.width - 18))
    levels = _LEVELS if console.encoding.lower().startswith("utf") else _PLAIN_LEVELS
    by_kind = {lane.kind: lane for lane in chronicle.lanes}
    end = max(chronicle.duration, 1.0)
    for kind in LANES:
        if kind in by_kind:
            cells = _density(by_kind[kind], end, width)
            drawn = "".join(levels[level] for level in cells)
            head = f"{NAMES[kind]:>15}  "
            console.print(Text(head) + Text(drawn.rstrip(), _STYLES.get(kind, "")), soft_wrap=True)
    last = clock(end)
    console.print(Text(f"{'':17}0{last:>{width - 1}}", "dim"), soft_wrap=True)


def _density(lane: Lane, end: float, width: int) -> list[int]:
    """How much there is in each column, from 0 to 8; what there is at all is at least 1."""
    counts = [0] * width

    def column(t: float) -> int:
        return min(width - 1, max(0, int(t / end * width)))

    for mark in lane.marks:
        first, last = column(mark.t), column(mark.until)
        for at in range(first, last + 1):
            counts[at] += max(1, mark.count // (last - first + 1))
    most = max(counts)
    return [0 if not count else max(1, round(8 * count / most)) for count in counts]


def _table(first: str, *others: str) -> Table:
    """A table whose first column is words; heads wrap, and no number is cut."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first, overflow="fold", min_width=_LEAST_WORDS)
    for name in others:
        table.add_column(name, justify="right", min_width=max(map(len, name.split())))
    return table


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
