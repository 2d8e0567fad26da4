"""From a save to the hint about it, in a repository of a thousand files."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from client import Message, Server
from lab import Lab, options
from rows import Row, percentile
from workloads import FUNCTIONS, LINES_EACH, Document, core, header, repository, shop

HIGHEST_SAVE = 150.0
# So many hints are shown in one file; then the signatures are put back, and their cards go.
AT_A_TIME = 3


class Core:
    """`core.py` in an editor, whose signatures are changed and saved one after the other."""

    def __init__(self, folder: Path) -> None:
        self.document = Document(folder / "shop/core.py", core())

    def change(self, number: int, *, unit: bool) -> bytes:
        """Take the last parameter of a function, or give it back, and save."""
        text = header(FUNCTIONS[number], unit)
        return self.document.replace(number * LINES_EACH, text) + self.document.save()

    def hint(self, number: int, message: Message) -> list[Any] | None:
        """The hints of this file, in a message that brings one at this function; else None."""
        line = number * LINES_EACH
        hints = self._hints(message) or ()
        return [*hints] if any(hint["range"]["start"]["line"] == line for hint in hints) else None

    def no_hint(self, message: Message) -> bool | None:
        """True in a message that takes away all hints of this file; else None."""
        return True if self._hints(message) == [] else None

    def batches(self) -> Iterator[range]:
        """The functions in groups whose hints can all be shown."""
        for first in range(0, len(FUNCTIONS) - AT_A_TIME + 1, AT_A_TIME):
            yield range(first, first + AT_A_TIME)

    def _hints(self, message: Message) -> list[Any] | None:
        if message.get("method") != "textDocument/publishDiagnostics":
            return None
        params = message["params"]
        return params["diagnostics"] if params["uri"] == self.document.uri else None


def save(lab: Lab) -> Iterator[Row]:
    """Each save changes another signature with twenty calls in as many files."""
    folder = lab.folder("save")
    repository(folder, shop(), lab.env)
    edited = Core(folder)
    seconds: list[float] = []
    with lab.ours() as server:
        server.initialize(folder, options())
        server.notify("initialized", {})
        server.send(edited.document.open())
        for numbers in edited.batches():
            seconds += [_until_hint(server, edited, number) for number in numbers]
            for number in numbers:
                server.send(edited.change(number, unit=True))
            server.wait(edited.no_hint)
    middle, worst = median(seconds) * 1e3, max(seconds) * 1e3
    yield Row(
        measure=f"save → hint, p95 of {len(seconds)} (median {middle:.0f}, worst {worst:.0f})",
        unit="ms",
        ours=percentile(seconds, 0.95) * 1e3,
        value=percentile(seconds, 0.95) * 1e3,
        form="{:.0f} ms",
        limit=HIGHEST_SAVE,
    )


def _until_hint(server: Server, edited: Core, number: int) -> float:
    messages = edited.change(number, unit=False)
    began = time.perf_counter()
    server.send(messages)
    server.wait(lambda message: edited.hint(number, message))
    return time.perf_counter() - began
