"""What `replay` prints for a person: timelines, missed labels, and one line at the end."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from proactive_lsp.replay.answering import Report
from proactive_lsp.replay.entry import Entry
from proactive_lsp.replay.escaping import visible
from proactive_lsp.replay.metrics import Metrics, metrics, total
from proactive_lsp.replay.model_row import ModelRow, model_row
from proactive_lsp.replay.results import labels_kept
from proactive_lsp.replay.run import Replayed
from proactive_lsp.replay.session import Expect
from proactive_lsp.replay.timeline import Timeline, line
from proactive_lsp.replay.wording import counted

SILENCE = "silence"


class Printer:
    """Prints each timeline as it comes.

    With `check`, a session that keeps its labels is one line, and a timeline shows only where a
    label was missed.
    """

    def __init__(self, console: Console, *, check: bool) -> None:
        self._console = console
        self._timeline = Timeline(console)
        self._check = check
        self._held: list[Entry] = []

    def tell(self, entry: Entry) -> None:
        """Print an entry, or keep it until the session is over."""
        if self._check:
            self._held.append(entry)
        else:
            self._timeline.show(entry)

    def finished(self, result: Replayed) -> None:
        """The session of the entries told so far is over."""
        if not self._check:
            self._console.print()
            return
        held, self._held = self._held, []
        if not result.misses:
            self._line(f"ok      {result.row.name}")
            return
        for entry in held:
            self._timeline.show(entry)
        for miss in result.misses:
            where = f"{result.row.name}: {result.path}:{miss.line}"
            self._line(f"missed  {where}: expected {miss.expected}; instead: {miss.happened}")

    def summary(self, results: Sequence[Replayed]) -> None:
        """Everything in one line; the metrics, where labels give any, below when it is full.

        With `check`, a table of the labels by kind stands above, where several sessions have any.
        Where a model was asked, it has lines of its own.
        """
        if self._check and sum(bool(result.labels) for result in results) > 1:
            self._console.print(_table(results))
        rows = [result.row for result in results]
        offered = sum(row.offered for session in rows for row in session.suggestions)
        parts = [
            counted(len(rows), "session"),
            counted(sum(row.events for row in rows), "event"),
            counted(offered, "card") + " offered",
        ]
        if self._check:
            parts.append(counted(sum(len(result.misses) for result in results), "miss", "misses"))
        shares = _shares(metrics(total(result.counts for result in results)))
        text = ", ".join([*parts, *shares])
        if len(text) <= self._console.width:
            self._line(text)
        else:
            self._line(", ".join(parts))
            self._line(", ".join(shares))
        reports = [result.model for result in results if result.model is not None]
        if reports:
            for text in self._filled(_use(model_row(reports))):
                self._line(text)
            for written in _written(reports):
                self._line(written)

    def _filled(self, parts: Sequence[str]) -> Iterator[str]:
        """The parts with commas, in as many lines as they need; none is broken."""
        text = parts[0]
        for part in parts[1:]:
            if len(text) + len(part) + 3 > self._console.width:
                yield f"{text},"
                text = part
            else:
                text += f", {part}"
        yield text

    def _line(self, text: str) -> None:
        self._console.print(line(text), soft_wrap=True)


def _table(results: Sequence[Replayed]) -> Table:
    """What was wanted and kept: cards by kind of need, then silence."""
    wanted: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for result in results:
        for each, was_kept in labels_kept(result):
            what = each.label.need if isinstance(each.label, Expect) else SILENCE
            wanted[what] += 1
            kept[what] += was_kept
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("wanted")
    for title in ("labels", "kept", "missed"):
        table.add_column(title, justify="right")
    for what in sorted(wanted, key=lambda what: (what == SILENCE, what)):
        missed = wanted[what] - kept[what]
        row = (visible(what), str(wanted[what]), str(kept[what]), str(missed or ""))
        table.add_row(*map(Text, row), style="bold red" if missed else "")
    return table


def _use(row: ModelRow) -> list[str]:
    failed = [f"{count} {kind}" for kind, count in row.failed.items()]
    parts = [
        f"{row.name}: {counted(row.calls, 'call')}",
        f"{row.recorded} recorded" if row.recorded else "",
        f"{row.drifted} of them for other prompts" if row.drifted else "",
        *failed,
        f"{row.cancelled} cancelled" if row.cancelled else "",
        f"{row.tokens.prompt} prompt tokens" if row.tokens.prompt is not None else "",
        f"{row.reevaluated:.0%} of them evaluated" if row.reevaluated is not None else "",
        f"{row.tokens.answer} answer tokens" if row.tokens.answer is not None else "",
    ]
    return [part for part in parts if part]


def _written(reports: Sequence[Report]) -> Iterator[str]:
    """What became of the files of answers."""
    written = [report for report in reports if report.written is not None]
    if not written:
        return
    answers, kept = sum(each.answers for each in written), sum(each.kept for each in written)
    where = str(written[0].written) if len(written) == 1 else f"{len(written)} files"
    as_they_were = f", {kept} of them as they were" if kept else ""
    yield f"wrote {counted(answers, 'answer')} to {where}{as_they_were}"


def _shares(numbers: Metrics) -> list[str]:
    named = (
        ("precision", numbers.precision),
        ("recall", numbers.recall),
        ("quiet rate", numbers.quiet_rate),
    )
    return [f"{name} {share:.2f}" for name, share in named if share is not None]
