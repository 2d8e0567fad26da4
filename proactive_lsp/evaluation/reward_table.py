"""The figures of `bench reward` as a table for a terminal, and what to think of them."""

from collections.abc import Iterator

from rich.table import Table

from proactive_lsp.evaluation.figures import share
from proactive_lsp.evaluation.reward_bench import FOLDS, Report, Rows
from proactive_lsp.evaluation.scores import Scores

_COLUMNS = ("n", "acc", "prec", "rec", "F1", "AUC", "ECE", "CD", "FA", "CR", "MN")
_CATEGORIES = ("Correct-Detection", "False-Alarm", "Correct-Rejection", "Missed-Need")
_PARTS = ("all", "tasks", "silence", "test120")
_NAMED = {"always_yes": "always yes", "lookup": "lookup", "lookup_unseen": "lookup, unseen"}


def table_of(report: Report) -> Table:
    """A block for each way to split, then the baselines over the rows of the folds.

    CD, FA, CR and MN are the shares decided rightly in the four categories of the data: a task was
    wanted or not, silence was right or not.
    """
    table = Table(box=None, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column("", no_wrap=True)
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for title, rows in _blocks(report):
        table.add_row(title)
        for part in _PARTS:
            figures: Scores = getattr(rows, part)
            # The published test file is all there is of the published split.
            if part != "test120" or figures.n != rows.all.n:
                table.add_row(f"  {part}", *_cells(figures))
    return table


def remarks(report: Report) -> Iterator[str]:
    """What a reader must know before quoting a figure, one line each."""
    data, tasks = report.data, report.grouped.tasks
    yield (
        f"The published split leaks: {data.leaked} of {data.test} test histories stand in the "
        "training file, with whether help was needed. The lookup reads no language and lives on "
        "that; where a session is unseen nothing is left of it. Quote the folds."
    )
    yield (
        f"{data.sessions} sessions, {data.histories} histories, {data.tasks} rows with a task. The "
        "numbers were chosen with all sessions in view; weights, ridge and threshold never saw "
        "the fold they are measured on."
    )
    if tasks.ci is not None:
        low, high = tasks.ci
        yield (
            f"Task AUC in {FOLDS} folds {share(tasks.auc, 3)}, 95 % interval over sessions "
            f"{share(low, 3)}-{share(high, 3)}, mean within a session {share(tasks.within, 3)}."
        )
    yield (
        "Rows without a task ask whether silence was right. All that was found to tell is whether "
        "the last event is a search: AUC in folds "
        f"{share(report.grouped.silence.auc, 3)}, mean within a session "
        f"{share(report.grouped.silence.within, 3)}."
    )
    if report.embeddings is not None:
        added = report.embeddings["grouped"].tasks
        yield (
            f"With the embedding the task AUC in folds is {share(added.auc, 3)}, against "
            f"{share(tasks.auc, 3)} by words alone. What ships is by words alone."
        )
    same = "are those" if report.same_as_shipped else "are not those"
    yield f"The shipped weights {same} that these rows give."


def _blocks(report: Report) -> Iterator[tuple[str, Rows]]:
    yield "published, leaks", report.published
    yield f"{FOLDS} folds of sessions", report.grouped
    for name, rows in (report.embeddings or {}).items():
        yield f"embedding, {name}", rows
    for name, rows in report.baselines.items():
        yield f"({_NAMED[name]})", rows


def _cells(figures: Scores) -> tuple[str, ...]:
    return (
        str(figures.n),
        *(share(each, 2) for each in (figures.accuracy, figures.precision, figures.recall)),
        *(share(each, 3) for each in (figures.f1, figures.auc, figures.ece)),
        *(share(figures.categories.get(name), 2) for name in _CATEGORIES),
    )
