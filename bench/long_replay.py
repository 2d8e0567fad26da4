"""A session of any size, replayed in the memory that a small one takes.

`python bench/long_replay.py --megabytes 1000` measures one gigabyte; `make bench` a tenth of it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from client import BenchError
from lab import Lab
from rows import Row
from workloads import long_session

SMALL, MEGABYTES = 10, 100
# What caches may still take that are not full after a small session, however long the other one
# is. A session of a gigabyte that was held in memory would take thirty times that.
MOST_MORE = 96.0


def long_replay(lab: Lab, megabytes: int = MEGABYTES) -> Iterator[Row]:
    """Peak memory of the command line's process over that of a session of 10 MB."""
    small, _ = _peak(lab, SMALL)
    began = time.monotonic()
    large, events = _peak(lab, megabytes)
    seconds = time.monotonic() - began
    yield Row(
        measure=f"replay of {megabytes:,} MB ({events:,} events in {seconds:.0f} s): peak memory",
        unit="MiB",
        ours=large,
        baseline=small,
        value=large - small,
        form="+{:.1f} MiB",
        limit=MOST_MORE,
    )


def _peak(lab: Lab, megabytes: int) -> tuple[float, int]:
    """MiB that the process had at most, and how many events it replayed."""
    session = lab.directory / "long.jsonl"
    events = long_session(session, megabytes * 1_000_000)
    command = (sys.executable, "-m", "proactive_lsp", "replay", str(session))
    with (lab.directory / "long.log").open("w+b") as said:
        process = subprocess.Popen(command, env=lab.state_env(), stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        said.seek(0)
        told = said.read()
    process.returncode = os.waitstatus_to_exitcode(status)
    session.unlink()
    if process.returncode != 0 or f", {events} events,".encode() not in told:
        raise BenchError(f"replay ended with {process.returncode}: {told[-500:].decode()}")
    return used.ru_maxrss / 1024, events


def main() -> None:
    """Print how much more memory the long session took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=MEGABYTES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="proactive-bench-") as directory:
        for row in long_replay(Lab(Path(directory).resolve()), asked.megabytes):
            ours, baseline, value, limit = row.cells()
            print(f"{row.measure}: {ours} against {baseline}, {value} ({limit})")
            if not row.ok:
                sys.exit(1)


if __name__ == "__main__":
    main()
