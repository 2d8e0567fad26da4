"""A model server that is none: it speaks as much of Ollama's HTTP as our client asks for."""

import json
import select
import threading
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from client import BenchError

MODEL = "qwen2.5-coder:3b"


WORD_SECONDS = 0.02
"""From word to word of an endless answer: 50 tokens a second, as a small model writes on a laptop.

A large one writes 20, and few machines reach 100."""

Kind = Literal["predict", "write"]


class Stub(ThreadingHTTPServer):
    """Answers every chat with the same text, and counts how often it was asked.

    A chat of an `endless` kind gets word after word until the client hangs up. `began` and `ended`
    say when each chat arrived and when its client was seen to hang up, by `perf_counter`.
    """

    daemon_threads = True

    def __init__(self, answer: str, endless: frozenset[Kind] = frozenset()) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.endless = endless
        self.chats = 0
        self.answering = 0
        self.changed = threading.Condition()
        self.began: list[float] = []
        self.ended: list[float] = []

    def wait(self, times: list[float], count: int) -> float:
        """The time of the chat with this number, once it is there."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(times) >= count, 10):
                raise BenchError(f"the model was asked {self.chats} times, not as expected")
            return times[count - 1]

    def note(self, times: list[float]) -> None:
        """It happened now."""
        now = time.perf_counter()
        with self.changed:
            times.append(now)
            self.changed.notify_all()

    @property
    def host(self) -> str:
        """What to write into `agent.host`."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    # As the real one does: else the body of an answer waits until its head is acknowledged.
    disable_nagle_algorithm = True

    @property
    def _stub(self) -> Stub:
        assert isinstance(self.server, Stub)
        return self.server

    def do_GET(self) -> None:
        """The version, what is loaded, or the list of models."""
        if self.path == "/api/version":
            self._send({"version": "0.12.0"})
        elif self.path == "/api/ps":
            self._send({"models": []})
        else:
            self._send({"models": [{"model": MODEL, "name": MODEL}]})

    def do_POST(self) -> None:
        """What the model is, or a chat."""
        stub = self._stub
        if self.path == "/api/chat":
            stub.note(stub.began)
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/api/chat":
            self._send({"capabilities": ["completion"], "model_info": {}})
            return
        stub.chats += 1
        if ("predict" if asked.get("format") else "write") in stub.endless:
            self._go_on()
            return
        counts = {"prompt_eval_count": 1000, "eval_count": 60}
        self._send({**_part(stub.answer), "done": True, "done_reason": "stop", **counts})

    def _go_on(self) -> None:
        """Word after word, until the client hangs up."""
        stub = self._stub
        self.send_response(200)
        self.send_header("content-type", "application/x-ndjson")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        line = json.dumps({**_part("w"), "done": False}).encode() + b"\n"
        stub.answering += 1
        try:
            while not select.select([self.connection], [], [], WORD_SECONDS)[0]:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(line), line))
        except OSError:
            pass
        finally:
            stub.answering -= 1
            stub.note(stub.ended)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def _send(self, content: object) -> None:
        body = json.dumps(content).encode() + b"\n"
        self.send_response(200)
        self.send_header("content-type", "application/x-ndjson")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _part(content: str) -> dict[str, Any]:
    return {"model": MODEL, "message": {"role": "assistant", "content": content}}


@contextmanager
def ollama(answer: str, endless: Iterable[Kind] = ()) -> Generator[Stub]:
    """A stub that listens on loopback as long as the block lasts."""
    stub = Stub(answer, frozenset(endless))
    thread = threading.Thread(target=stub.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.shutdown()
        stub.server_close()
        thread.join()
