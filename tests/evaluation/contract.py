"""What `bench history --json` promises, checked from outside: by the tests, and as a program.

    proactive-lsp bench history REPO --json - | python tests/evaluation/contract.py

Says what is wrong, one line each, and ends with 1. Figures may be added, never taken away.
"""

import json
import sys

METRICS = (
    *("alarms", "alarm_precision", "place_precision", "recall", "exact_edit"),
    *("false_alarms_per_100_edits", "quiet_rate", "helped", "lead", "within_10"),
    *("ci", "latency_ms"),
)
SHARES = ("alarm_precision", "place_precision", "recall", "exact_edit", "quiet_rate", "helped")
ROW = {
    **{"name": str, "head": str, "head_date": str, "order": str, "seed": int, "past": bool},
    **{"commits": int, "left_out": int, "edits": int},
    **{"total": dict, "coarse": dict, "after_commit": dict, "needs": dict, "baselines": dict},
}
BASELINES = ("nothing", "always-tests", "vanished-identifiers")


def problems(report):
    """Everything that is not as promised, as "where: what"."""
    found = []
    if not report.get("repositories"):
        found.append("repositories: none")
    for number, row in enumerate(report.get("repositories", ())):
        found += _of_row(f"repositories[{number}]", row)
    found += _of_metrics("mean", report.get("mean"))
    orders = {row.get("order") for row in report.get("repositories", ())}
    if set(report.get("means", ())) != orders:
        found.append("means: not those of the orders")
    for order, figures in report.get("means", {}).items():
        found += _of_metrics(f"means.{order}", figures)
    return found


def _of_row(where, row):
    for name, kind in ROW.items():
        if not isinstance(row.get(name), kind):
            yield f"{where}.{name}: no {kind.__name__}"
            return
    if not 0 < row["commits"] <= row["edits"]:
        yield f"{where}: {row['commits']} commits with {row['edits']} edits"
    for name in BASELINES:
        if name not in row["baselines"]:
            yield f"{where}.baselines.{name}: missing"
    for name in ("total", "coarse", "after_commit"):
        yield from _of_metrics(f"{where}.{name}", row[name])
    for name in ("needs", "baselines"):
        for key, figures in row[name].items():
            yield from _of_metrics(f"{where}.{name}.{key}", figures)


def _of_metrics(where, figures):
    if not isinstance(figures, dict) or not {*METRICS} <= figures.keys():
        yield f"{where}: not {', '.join(METRICS)}"
        return
    within = figures["within_10"]
    for name in SHARES:
        yield from _of_share(f"{where}.{name}", figures[name])
    for name in ("alarm_precision", "place_precision"):
        yield from _of_share(f"{where}.within_10.{name}", within.get(name, "missing"))
    if figures["alarms"] and figures["ci"].get("recall") is None and figures["recall"] is not None:
        yield f"{where}.ci.recall: missing"
    if not {"p50", "p95"} <= figures["latency_ms"].keys():
        yield f"{where}.latency_ms: not p50, p95"


def _of_share(where, value):
    if value is not None and not (isinstance(value, int | float) and 0 <= value <= 1):
        yield f"{where}: {value!r} is no share"


if __name__ == "__main__":
    wrong = problems(json.load(sys.stdin))
    print("\n".join(wrong) or "as promised")
    sys.exit(1 if wrong else 0)
