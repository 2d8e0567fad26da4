"""The command `doctor`: reads its options, looks, prints."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from proactive_lsp.terminal import plain_console, write_result

if TYPE_CHECKING:
    from rich.console import Console

    from proactive_lsp.doctor.findings import Finding, Report

BROKEN = 1
MOST_DETAILS = 12
_STYLES = {"ok": "green", "note": "yellow", "broken": "bold red"}


def doctor(
    host: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where Ollama is; else OLLAMA_HOST, else this machine."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="The model that your settings name.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Say what was found, which model would be used and why, and what to do next.

    Exit code 1 when something is broken, 0 when all works or merely has no model. Nothing is
    changed, and no model is loaded.
    """
    import msgspec

    report = _look(host, model)
    if json:
        text = msgspec.json.format(msgspec.json.encode(report), indent=2)
        write_result(Path("-"), text + b"\n")
    else:
        _show(report, plain_console(sys.stdout))
    if not report.healthy:
        raise typer.Exit(BROKEN)


def _look(host: str | None, model: str | None) -> "Report":
    import asyncio
    import os

    from proactive_lsp.doctor.findings import Report
    from proactive_lsp.doctor.machine import look_at_machine
    from proactive_lsp.doctor.model import look_at_model

    machine = look_at_machine(Path.cwd())
    looked = asyncio.run(look_at_model(host, model, os.environ))
    findings = (*machine, *looked.findings)
    healthy = all(finding.health != "broken" for finding in findings)
    return Report(healthy, findings, looked.report)


def _show(report: "Report", console: "Console") -> None:
    for finding in report.findings:
        _line(finding, console)
    broken = sum(finding.health == "broken" for finding in report.findings)
    if broken:
        console.print(f"\n{broken} broken; the lines with -> say what to do.")
    elif any(finding.about == "model" and finding.health == "ok" for finding in report.findings):
        notes = any(finding.health == "note" for finding in report.findings)
        console.print("\nAll works; mind the notes." if notes else "\nAll works.")
    else:
        console.print("\nAll works, without a model.")


def _line(finding: "Finding", console: "Console") -> None:
    """A mark, what it is about, what was found; what to do on a line of its own."""
    from rich.table import Table
    from rich.text import Text

    rows = _rows(finding)
    if not console.is_terminal:
        # Whoever reads it through a pipe wants whole lines.
        for mark, about, text, _ in rows:
            console.print(f"{mark:6} {about:7} {text}".rstrip(), soft_wrap=True)
        return
    table = Table.grid(padding=(0, 1))
    table.add_column(width=6, no_wrap=True)
    table.add_column(width=7, no_wrap=True)
    table.add_column(overflow="fold")
    for mark, about, text, style in rows:
        table.add_row(Text(mark, _STYLES.get(mark, "")), about, Text(text, style))
    console.print(table)


def _rows(finding: "Finding") -> list[tuple[str, str, str, str]]:
    """Mark, subject, text and style of each line."""
    from proactive_lsp.llm.visible import visible

    rows = [(finding.health, finding.about, visible(finding.says), "")]
    shown, left = finding.details[:MOST_DETAILS], finding.details[MOST_DETAILS:]
    rows += [("", "", f"  {visible(detail)}", "dim") for detail in shown]
    if left:
        rows.append(("", "", f"  and {len(left)} more", "dim"))
    if finding.advice:
        rows.append(("", "", f"-> {visible(finding.advice)}", ""))
    return rows
