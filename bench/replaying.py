"""How fast typing is lived through again, by the command line, in events a second."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from client import BenchError
from lab import Lab
from rows import Row
from workloads import typing_session

EVENTS = 40_000
ROUNDS = 3
LOWEST = 20_000.0
# Events a second of `_yardstick` on the machine for which the limit was agreed. A slower machine
# is asked for as much less; a faster one not for more.
REFERENCE = 300_000.0


def replay(lab: Lab) -> Iterator[Row]:
    """40 000 events in a file of 2 000 lines, a save every 500, all detectors, no model.

    The process is the real one. The time of a session that only opens the file, which is that of
    starting Python and importing everything, is taken off.
    """
    whole, opened = lab.directory / "typing.jsonl", lab.directory / "opened.jsonl"
    typing_session(whole, EVENTS)
    typing_session(opened, 0)
    lines = whole.read_bytes().splitlines()[1:]
    seconds: list[float] = []
    starts: list[float] = []
    yardsticks: list[float] = []
    for _ in range(ROUNDS):
        starts.append(_seconds(lab, opened, 1))
        seconds.append(_seconds(lab, whole, len(lines)))
        yardsticks.append(_yardstick(lines))
    speed = (len(lines) - 1) / (median(seconds) - median(starts))
    slowness = min(1.0, median(yardsticks) / REFERENCE)
    yield Row(
        measure=f"replay of typing (start of {median(starts):.1f} s not counted)",
        unit="/s",
        ours=speed,
        baseline=median(yardsticks),
        value=speed,
        form="{:,.0f} /s",
        limit=LOWEST * slowness,
        at_least=True,
        note=f"replay: the baseline is a loop of json.loads and append over the same events; it "
        f"makes {REFERENCE:,.0f} /s where {LOWEST:,.0f} /s are asked for, and {slowness:.0%} of "
        f"that here, so {slowness:.0%} are asked for",
    )


def _seconds(lab: Lab, session: Path, events: int) -> float:
    """How long the command takes; makes sure that it replayed all the events."""
    result = lab.directory / "replayed.json"
    command = (sys.executable, "-m", "proactive_lsp", "replay", session, "--json", result)
    began = time.perf_counter()
    done = subprocess.run(
        command, env=lab.state_env(), check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise BenchError(f"replay ended with {done.returncode}: {done.stderr.decode().strip()}")
    if json.loads(result.read_bytes())["sessions"][0]["events"] != events:
        raise BenchError("replay did not count as many events as were written")
    return seconds


def _yardstick(lines: Sequence[bytes]) -> float:
    """Events a second of the least that any Python program would have to do with them."""
    began = time.perf_counter()
    kept: list[object] = []
    for line in lines:
        kept.append(json.loads(line))  # noqa: PERF401 - a loop is what is measured
    return len(lines) / (time.perf_counter() - began)
