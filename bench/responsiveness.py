"""How long an editor waits: for a burst of keys to be taken in, a code action, the first answer."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from client import BenchError, Message, Server
from lab import Lab, options
from rows import Compared, Row, compare
from workloads import Document, header, module, repository

BURST = 300
BURST_ROUNDS = 5
PAIRS = 40
ACTION_ROUNDS = 6
START_ROUNDS = 6
ACTION = "textDocument/codeAction"
# After so many seconds without a key a pause was looked at and all typing is written down.
SETTLED = 2.3
HIGHEST_BURST, HIGHEST_ACTION, HIGHEST_START = 1.25, 1.5, 1.3


def burst(lab: Lab) -> Iterator[Row]:
    """Seconds for each of many keys in a row, up to the answer to a request behind them."""
    for lines in (2_000, 10_000):
        yield from _burst(lab, lines)


def action(lab: Lab) -> Iterator[Row]:
    """A key and the code actions after it: where there is nothing to offer, and at a card."""
    folder = lab.folder("action")
    text = header("settle", unit=True) + "    return order * amount\n\n\n"
    text += "".join(f"def use_{n}(order):\n    return settle(order, {n}, 'kg')\n" for n in range(4))
    text += module(2_000, "step")
    repository(folder, {"long.py": text}, lab.env)
    with lab.ours() as ours, lab.bare() as bare:
        mine, theirs = (Document(folder / "long.py", text, line=1001) for _ in range(2))
        for server, document in ((ours, mine), (bare, theirs)):
            begin(server, folder, document)
        yield _row("edit + code action, no card", round_trips(ours, mine, bare, theirs, cards=0))
        for server, document in ((ours, mine), (bare, theirs)):
            server.send(document.replace(0, header("settle", unit=False)) + document.save())
        ours.wait(lambda message: message.get("params", {}).get("diagnostics") or None)
        yield _row("edit + code action, at a card", round_trips(ours, mine, bare, theirs, cards=1))


def start(lab: Lab) -> Iterator[Row]:
    """From the start of the process to the answer to `initialize`."""
    folder = lab.folder("start")
    repository(folder, {"main.py": module(100, "step")}, lab.env)

    def begin(ours: bool) -> float:
        began = time.perf_counter()
        with lab.ours() if ours else lab.bare() as server:
            server.initialize(folder, options())
            return time.perf_counter() - began

    found = compare(lambda: begin(True), lambda: begin(False), rounds=START_ROUNDS)
    yield Row(
        measure="start → `initialize` answered",
        unit="ms",
        ours=found.ours * 1e3,
        baseline=found.bare * 1e3,
        value=found.ratio,
        limit=HIGHEST_START,
    )


def _burst(lab: Lab, lines: int) -> Iterator[Row]:
    folder = lab.folder(f"burst-{lines}")
    text = module(lines, "step")
    repository(folder, {"long.py": text}, lab.env)
    with lab.ours() as ours, lab.bare() as bare:
        mine, theirs = (Document(folder / "long.py", text, line=lines // 2 - 1) for _ in range(2))
        for server, document in ((ours, mine), (bare, theirs)):
            begin(server, folder, document)

        before = ours.cpu(), bare.cpu()
        found = keys_compared(ours, mine, bare, theirs)
        keys = 2 * BURST * (BURST_ROUNDS + 1)
        cpu = [
            (now - then) / keys for now, then in zip((ours.cpu(), bare.cpu()), before, strict=True)
        ]
    yield Row(
        measure=f"edit in a burst, {lines:,} lines",
        unit="µs",
        ours=found.ours * 1e6,
        baseline=found.bare * 1e6,
        value=found.ratio,
        limit=HIGHEST_BURST,
    )
    yield Row(
        measure=f"… CPU of all threads, {lines:,} lines",
        unit="µs",
        ours=cpu[0] * 1e6,
        baseline=cpu[1] * 1e6,
        value=cpu[0] / cpu[1],
    )


def keys_compared(ours: Server, mine: Document, bare: Server, theirs: Document) -> Compared:
    """Seconds for each key of a burst."""

    def per_key(server: Server, document: Document) -> float:
        keys = b"".join(document.keys(BURST))
        began = time.perf_counter()
        server.request(ACTION, document.action_at(0), after=keys)
        return (time.perf_counter() - began) / BURST

    def rest() -> None:
        # What was put off until the keys stop counts for the CPU, but must not fall into the
        # other server's turn.
        ours.rest(SETTLED)
        bare.rest(0)

    return compare(
        lambda: per_key(ours, mine),
        lambda: per_key(bare, theirs),
        rounds=BURST_ROUNDS,
        between=rest,
    )


def begin(
    server: Server, folder: Path, document: Document, settings: Message | None = None
) -> None:
    """Open the document, and leave both servers time to import what they put off."""
    server.initialize(folder, settings or options())
    server.notify("initialized", {})
    server.send(document.open())
    server.rest(SETTLED)


def round_trips(
    ours: Server, mine: Document, bare: Server, theirs: Document, *, cards: int
) -> Compared:
    """Seconds for a key and the code actions after it, of which so many are expected."""

    def round_trip(server: Server, document: Document, expected: int) -> float:
        seconds: list[float] = []
        for key in document.keys(PAIRS):
            began = time.perf_counter()
            actions = server.request(ACTION, document.action_at(0), after=key)
            seconds.append(time.perf_counter() - began)
            if len(actions or ()) != expected:
                raise BenchError(f"{len(actions or ())} code actions instead of {expected}")
        return median(seconds)

    def rest() -> None:
        # In the middle of a pause the cards are looked at again, as they are for a person.
        ours.rest(SETTLED)
        bare.rest(0)

    return compare(
        lambda: round_trip(ours, mine, cards),
        lambda: round_trip(bare, theirs, 0),
        rounds=ACTION_ROUNDS,
        between=rest,
    )


def _row(measure: str, found: Compared) -> Row:
    return Row(
        measure=measure,
        unit="ms",
        ours=found.ours * 1e3,
        baseline=found.bare * 1e3,
        value=found.ratio,
        limit=HIGHEST_ACTION,
    )
