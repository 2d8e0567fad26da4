"""An editor's end of a server's pipes, as cheap as can be: bytes out, JSON in, no classes.

What it costs is added to both servers alike and makes their ratio look better than it is, so it
does as little as possible while the clock runs.
"""

import os
import select
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import msgspec
import psutil

T = TypeVar("T")
Message = dict[str, Any]

TIMEOUT = 30.0
STOP_SECONDS = 5.0
CAPABILITIES: Message = {
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
        "publishDiagnostics": {"versionSupport": True},
    },
    # No watchers: the server has to look after the repository by itself.
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
}


class BenchError(Exception):
    """Something did not happen that a measure relies on, so that its number would be a lie."""


def frame(message: Message) -> bytes:
    """A message as it goes over the wire."""
    body = msgspec.json.encode({"jsonrpc": "2.0", **message})
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def notification(method: str, params: object) -> bytes:
    """A framed notification."""
    return frame({"method": method, "params": params})


class Server:
    """One server process. Use it as `with Server(…) as server`; it ends with the block."""

    def __init__(self, command: Sequence[str], *, env: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as errors:
            self._popen = subprocess.Popen(
                command,
                env=env,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._in = self._popen.stdin.fileno()
        self._out = self._popen.stdout.fileno()
        self._buffer = bytearray()
        self._id = 0

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop(politely=kind is None)

    # Talk.

    def initialize(self, folder: Path, options: object = None) -> None:
        """Ask for `initialize` and wait for the answer; `initialized` is the caller's to send."""
        self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "clientInfo": {"name": "bench", "version": "1"},
                "capabilities": CAPABILITIES,
                "rootUri": folder.as_uri(),
                "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
                "initializationOptions": options,
            },
        )

    def send(self, data: bytes) -> None:
        """Write framed messages, all of them."""
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._in, view) :]
        except BrokenPipeError as error:
            raise self._gone() from error

    def notify(self, method: str, params: object) -> None:
        """Send one notification."""
        self.send(notification(method, params))

    def request(self, method: str, params: object, *, after: bytes = b"") -> Any:  # noqa: ANN401 - JSON
        """Send a request, with framed messages before it in the same write; its result."""
        self._id += 1
        id = self._id
        self.send(after + frame({"id": id, "method": method, "params": params}))
        answer = self.wait(
            lambda message: message if message.get("id") == id and "method" not in message else None
        )
        if "error" in answer:
            raise BenchError(f"{method} failed: {answer['error'].get('message')}")
        return answer.get("result")

    def wait(self, wanted: Callable[[Message], T | None], timeout: float = TIMEOUT) -> T:
        """What `wanted` makes of the first message of which it makes anything."""
        deadline = time.monotonic() + timeout
        while True:
            message = self._next(deadline)
            if message is None:
                raise BenchError(f"the server said nothing of the kind within {timeout:.0f} s")
            found = wanted(message)
            if found is not None:
                return found

    def rest(self, seconds: float) -> None:
        """Let time pass; what the server says meanwhile is read and forgotten."""
        deadline = time.monotonic() + seconds
        while self._next(deadline) is not None:
            pass

    # Look at the process.

    @property
    def process(self) -> psutil.Process:
        """The server itself, also when it was started through a tracer."""
        started = psutil.Process(self._popen.pid)
        children = started.children() if started.name() == "strace" else []
        return children[0] if children else started

    def cpu(self) -> float:
        """Seconds of CPU used so far, by all threads."""
        times = self.process.cpu_times()
        return times.user + times.system

    def wakeups(self) -> int:
        """How often a thread of it went to sleep so far."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/status")
        return sum(_status(task, "voluntary_ctxt_switches") for task in tasks)

    def peak_memory(self) -> float:
        """The most memory it ever had in RAM, in MiB."""
        return _status(Path(f"/proc/{self.process.pid}/status"), "VmHWM") / 1024

    def stop(self, *, politely: bool = True) -> None:
        """End the process: by `shutdown` and `exit`, or else by force."""
        if self._popen.poll() is None and politely:
            self.request("shutdown", None)
            self.notify("exit", None)
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._popen.wait(STOP_SECONDS if politely else 0.1)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    # Inside.

    def _next(self, deadline: float) -> Message | None:
        """The next message, None at the deadline; a request of the server's is answered."""
        while True:
            message = self._cut()
            if message is None:
                left = deadline - time.monotonic()
                if left <= 0 or not select.select([self._out], [], [], left)[0]:
                    return None
                data = os.read(self._out, 1 << 16)
                if not data:
                    raise self._gone()
                self._buffer += data
            elif "id" in message and "method" in message:
                self.send(frame({"id": message["id"], "result": None}))
            else:
                return message

    def _cut(self) -> Message | None:
        head, separator, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not separator:
            return None
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n"))
        length = int(fields[b"content-length"])
        if len(rest) < length:
            return None
        del self._buffer[: len(head) + 4 + length]
        return msgspec.json.decode(rest[:length], type=Message)

    def _gone(self) -> BenchError:
        last = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        return BenchError(f"the server is gone; its last words: {''.join(last) or 'none'}")


def _status(file: Path, field: str) -> int:
    for line in file.read_text(encoding="ascii", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0])
    raise BenchError(f"{file} does not tell {field}")
