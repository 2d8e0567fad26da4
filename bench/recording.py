"""What a recording, and the last minutes in RAM, add to an edit; both servers are ours."""

import time
from collections.abc import Iterator
from typing import Any

from client import Server
from lab import Lab, options
from responsiveness import ACTION, BURST, SETTLED, begin
from rows import Row, compare
from workloads import Document, module, repository

LINES = 2_000
ROUNDS = 10
HIGHEST = 1.05


def recording(lab: Lab) -> Iterator[Row]:
    """A burst of keys with a session recorded, then with the last minutes kept, as by default."""
    off = {"mode": "off", "lastMinutes": 0}
    kept = str(lab.directory / "recordings")
    yield from _added(lab, "recording", {"mode": "full", "folder": kept, "lastMinutes": 0}, off)
    yield from _added(lab, "the last minutes", {"mode": "off"}, off)


def _added(lab: Lab, what: str, on: dict[str, Any], off: dict[str, Any]) -> Iterator[Row]:
    folder = lab.folder("recording")
    text = module(LINES, "step")
    repository(folder, {"long.py": text}, lab.env)
    with lab.ours() as one, lab.ours() as other:
        sides = [
            (server, Document(folder / "long.py", text, line=LINES // 2 - 1), chosen)
            for server, chosen in ((one, on), (other, off))
        ]
        for server, document, chosen in sides:
            begin(server, folder, document, options() | {"recording": chosen})

        def per_key(server: Server, document: Document) -> float:
            keys = b"".join(document.keys(BURST))
            began = time.perf_counter()
            server.request(ACTION, document.action_at(0), after=keys)
            return (time.perf_counter() - began) / BURST

        def rest() -> None:
            # What a pause makes due, settling and writing too, counts for the CPU alone.
            one.rest(SETTLED)
            other.rest(0)

        before = one.cpu(), other.cpu()
        found = compare(
            lambda: per_key(*sides[0][:2]),
            lambda: per_key(*sides[1][:2]),
            rounds=ROUNDS,
            between=rest,
        )
        cpu = [now - then for now, then in zip((one.cpu(), other.cpu()), before, strict=True)]
    yield Row(
        measure=f"edit in a burst, with {what}",
        unit="µs",
        ours=found.ours * 1e6,
        baseline=found.bare * 1e6,
        value=found.ratio,
        limit=HIGHEST,
        note=f"with {what}: the baseline is our own server without",
    )
    keys = 2 * BURST * (ROUNDS + 1)
    yield Row(
        measure="… CPU of all threads",
        unit="µs",
        ours=cpu[0] / keys * 1e6,
        baseline=cpu[1] / keys * 1e6,
        value=cpu[0] / cpu[1],
    )
