"""The figures of `bench agent` as tables for a terminal, and what to think of them."""

from collections.abc import Iterator, Mapping

from rich.table import Table

from proactive_lsp.evaluation.agent_bench import LABELS, Figures, Label, Report
from proactive_lsp.evaluation.figures import share
from proactive_lsp.evaluation.proactivebench import FIELDS

_COLUMNS = (
    "said",
    "prec",
    "rec",
    "F1",
    "false",
    "quiet",
    "acc",
    *(f"F1 {field[:4]}" for field in FIELDS),
)
_FIRST = 24  # characters, so that all fits in 80


def tables_of(report: Report) -> Iterator[Table]:
    """One table a label: each model as it stands and filtered, then the baselines.

    "said" are the proposals, "false" the share of them at moments without the label, "quiet" the
    share of such moments without a proposal; "code" and "writ" are F1 in sessions of that kind.
    """
    for label in LABELS:
        yield _table(report, label)


def remarks(report: Report) -> Iterator[str]:
    """What a reader must know before quoting a figure, one line each."""
    cover = report.coverage
    yield (
        f"{cover.answered} of {cover.events} events of {cover.sessions} sessions were answered. "
        f"help_needed, from the judged proposals, is known for {cover.help_needed} of them; "
        f"{cover.same_wording} have a history in the same words there, the others were put in "
        "other words before the models saw them and are found by session and time. task_status is "
        f"known for {cover.task_status}, is documented nowhere and agrees with help_needed at "
        f"{cover.agree}."
    )
    yield (
        "Both labels say whether help was wanted at that moment, neither whether it was this help. "
        "The paper's 66.5 is the verdict of its judge and is not compared."
    )
    yield (
        "Filtered: what passes the relevance of its words, fitted to the other sessions, with "
        f"their threshold. F1 is higher with it {', '.join(_gains(report))}."
    )
    for model, agent in report.agents.items():
        if agent.left_out:
            yield f"{model}: {agent.left_out} requests failed when it was asked, and are left out."
    yield (
        "Our own engine without a language model has no row: its needs come from edits of files, "
        "these events are sentences, so it would propose nothing, as (never) does."
    )


def _gains(report: Report) -> Iterator[str]:
    for label in LABELS:
        pairs = [
            (agent.plain[label]["all"].f1 or 0.0, agent.filtered[label]["all"].f1 or 0.0)
            for agent in report.agents.values()
        ]
        gains = sum(filtered > plain for plain, filtered in pairs)
        yield f"for {gains} of {len(pairs)} models by {label}"


def _table(report: Report, label: Label) -> Table:
    table = Table(box=None, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column(f"by {label}", no_wrap=True, min_width=_FIRST, max_width=_FIRST)
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for model, agent in report.agents.items():
        table.add_row(model, *_cells(agent.plain[label]))
        table.add_row("  filtered", *_cells(agent.filtered[label]))
    for name, baseline in report.baselines.items():
        table.add_row(f"({name})", *_cells(baseline[label]))
    return table


def _cells(by_field: Mapping[str, Figures]) -> tuple[str, ...]:
    all = by_field["all"]
    shares = (all.precision, all.recall, all.f1, all.false_alarm, all.quiet_rate, all.accuracy)
    return (str(all.proposals), *map(share, (*shares, *(by_field[field].f1 for field in FIELDS))))
