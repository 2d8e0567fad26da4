"""The test server as a process of its own, and a look at what it did."""

import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.model.server.trace import Chat, Load, Record, read

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


class Served:
    """A running server; `host` is what to write into `agent.host`."""

    def __init__(self, process: subprocess.Popen[str], host: str, trace: Path) -> None:
        self.process = process
        self.host = host
        self._trace = trace

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    @property
    def records(self) -> list[Record]:
        """All that it did since it was started."""
        return read(self._trace)

    @property
    def chats(self) -> list[Chat]:
        """The answers that it began."""
        return [record for record in self.records if isinstance(record, Chat)]

    @property
    def loads(self) -> int:
        """How often weights were read into memory."""
        return sum(isinstance(record, Load) for record in self.records)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(*arguments: str, **environment: str) -> Generator[Served]:
    """A server on a free port of this machine; raises `RuntimeError` when it does not come up."""
    with tempfile.TemporaryDirectory(prefix="proactive-trace-") as folder:
        trace = Path(folder) / "trace.jsonl"
        trace.touch()
        # Its models lie in our folder, since it may be killed and cannot tidy up then.
        ours = ["--trace", str(trace), "--models", str(Path(folder) / "models"), "--until-eof"]
        command = [sys.executable, "-m", "tests.model.server", "--port", "0", *ours, *arguments]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Served(process, _address(process), trace)
        finally:
            process.kill()
            process.wait()
            for end in (process.stdin, process.stdout):
                assert end is not None
                end.close()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        line = process.stdout.readline() if selector.select(START_SECONDS) else ""
    if not line.startswith("listening on "):
        raise RuntimeError(f"the model server did not start, it said {line!r}")
    return line.removeprefix("listening on ").strip()
