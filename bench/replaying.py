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
ROUNDS = 5
LOWEST = 20_000.0
# Events a second of `_yardstick` on the machine for which the limit was agreed, with nothing else
# running. Where it makes less, the machine is slower or busy, and our number is scaled up by as
# much; where it makes more, our number stands as it is.
REFERENCE = 180_000.0


def replay(lab: Lab) -> Iterator[Row]:
    """40 000 events in a file of 2 000 lines, all detectors, no model; then with a save every 500.

    A save makes every detector look, at a file of two hundred functions alike, which is the most
    that there can be to find. The process is the real one. The time of a session that only opens
    the file, which is that of starting Python and importing everything, is taken off.
    """
    opened = lab.directory / "opened.jsonl"
    typing_session(opened, 0)
    starts = [_seconds(lab, opened, 1) for _ in range(ROUNDS)]
    yield from _speed(lab, starts, saves=False)
    yield from _speed(lab, starts, saves=True)


def _speed(lab: Lab, starts: Sequence[float], *, saves: bool) -> Iterator[Row]:
    whole = lab.directory / "typing.jsonl"
    typing_session(whole, EVENTS, saves=saves)
    lines = whole.read_bytes().splitlines()[1:]
    speeds: list[float] = []
    scaled: list[float] = []
    yardsticks: list[float] = []
    for _ in range(ROUNDS):
        before = _yardstick(lines)
        seconds = _seconds(lab, whole, len(lines)) - median(starts)
        yardstick = (before + _yardstick(lines)) / 2
        speeds.append(EVENTS / seconds)
        scaled.append(EVENTS / seconds * max(1.0, REFERENCE / yardstick))
        yardsticks.append(yardstick)
    yield Row(
        measure=f"replay of typing, {'saved every 500 events' if saves else 'no saves'}"
        f" (start of {median(starts):.1f} s not counted)",
        unit="/s",
        ours=median(speeds),
        baseline=median(yardsticks),
        value=median(scaled),
        form="{:,.0f} /s",
        limit=LOWEST,
        at_least=True,
        note=""
        if saves
        else "replay: the baseline is json.loads and append in a loop over the same events, which "
        f"makes {REFERENCE:,.0f} /s where the limit was agreed; the value is ours times "
        f"{REFERENCE:,.0f} / baseline, taken round by round, but never less than ours",
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
