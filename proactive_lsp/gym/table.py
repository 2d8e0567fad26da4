"""What a run of the gym says at the terminal: a line for each session, a table of all."""

from collections.abc import Mapping

from rich.table import Table

from proactive_lsp.gym.rows import Row, Summary


def said_of(row: Row) -> str:
    """One session in a line."""
    answers = _counts(row.answers) or "nothing was answered"
    saved = ""
    if row.plan is not None and row.saved is not None and row.saved.todos:
        saved = f"; {row.saved.todos} of {row.plan.todos} things to do were done by it"
    cards = "1 card" if row.suggestions == 1 else f"{row.suggestions} cards"
    return f"{row.name}: {row.events} events, {cards}, {answers}{saved}"


def table_of(summary: Summary) -> Table:
    """All of them added up."""
    totals = summary.totals
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in (
        ("sessions", totals.sessions),
        ("events", totals.events),
        ("suggestions", totals.suggestions),
        ("answers", _counts(totals.answers) or "none"),
        ("worth", _counts(totals.worth) or "none"),
        ("stale when accepted", totals.stale),
        ("things to do", totals.plan.todos),
        ("done by acceptances", totals.saved.todos),
        ("characters to type", totals.plan.characters),
        ("spared by acceptances", totals.saved.characters),
        ("left in the end", totals.left.todos),
    ):
        table.add_row(name, str(value))
    return table


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items())
