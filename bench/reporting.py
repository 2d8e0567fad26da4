"""What a page about 10 000 events costs beyond their replay, and how large it is."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from lab import Lab
from rows import Row, compare
from workloads import typing_session

from proactive_lsp.replay.run import Replayed, ReplayOptions, replay_one
from proactive_lsp.replaying import assemble
from proactive_lsp.report.page import page_of

EVENTS = 10_000
ROUNDS = 1
PAGES = 5
MOST_SECONDS = 2.0
MOST_BYTES = 3_000_000


def report(lab: Lab) -> Iterator[Row]:
    """In one process: the replay with what a page needs and without, then the page itself.

    The first page also loads what draws the charts, so it is the one that counts.
    """
    session = lab.directory / "report.jsonl"
    typing_session(session, EVENTS)
    replayed = compare(
        lambda: _replayed(session, chronicle=True)[0],
        lambda: _replayed(session, chronicle=False)[0],
        rounds=ROUNDS,
    )
    result = _replayed(session, chronicle=True)[1]
    seconds: list[float] = []
    for _ in range(PAGES):
        began = time.perf_counter()
        page = page_of([result])
        seconds.append(time.perf_counter() - began)
    yield Row(
        measure=f"page about {EVENTS:,} events, beyond their replay",
        unit="s",
        ours=seconds[0] + max(0.0, replayed.ours - replayed.bare),
        baseline=replayed.bare,
        value=seconds[0] + max(0.0, replayed.ours - replayed.bare),
        form="{:.2f} s",
        limit=MOST_SECONDS,
        note=f"report: the baseline is the replay alone; keeping what a page needs makes it "
        f"{replayed.ratio:.2f} x; a page by itself takes {median(seconds):.3f} s",
    )
    yield Row(
        measure=f"size of that page, {EVENTS:,} events",
        value=len(page.encode()) / 1e6,
        form="{:.2f} MB",
        limit=MOST_BYTES / 1e6,
    )


def _replayed(session: Path, *, chronicle: bool) -> tuple[float, Replayed]:
    options = ReplayOptions(chronicle=chronicle)
    began = time.perf_counter()
    result = replay_one(session, options, assemble, lambda entry: None)
    return time.perf_counter() - began, result
