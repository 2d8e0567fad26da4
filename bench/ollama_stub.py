"""A model server that is none: it speaks as much of Ollama's HTTP as our client asks for."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODEL = "qwen2.5-coder:3b"


class Stub(ThreadingHTTPServer):
    """Answers every chat with the same text, and counts how often it was asked."""

    daemon_threads = True

    def __init__(self, answer: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.chats = 0

    @property
    def host(self) -> str:
        """What to write into `agent.host`."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    @property
    def _stub(self) -> Stub:
        assert isinstance(self.server, Stub)
        return self.server

    def do_GET(self) -> None:
        """The version, or the list of models."""
        if self.path == "/api/version":
            self._send({"version": "0.12.0"})
        else:
            self._send({"models": [{"model": MODEL, "name": MODEL}]})

    def do_POST(self) -> None:
        """A chat."""
        self.rfile.read(int(self.headers["content-length"]))
        self._stub.chats += 1
        message = {"role": "assistant", "content": self._stub.answer}
        self._send({"model": MODEL, "message": message, "done": True, "done_reason": "stop"})

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def _send(self, content: object) -> None:
        body = json.dumps(content).encode() + b"\n"
        self.send_response(200)
        self.send_header("content-type", "application/x-ndjson")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def ollama(answer: str) -> Generator[Stub]:
    """A stub that listens on loopback as long as the block lasts."""
    stub = Stub(answer)
    thread = threading.Thread(target=stub.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.shutdown()
        stub.server_close()
        thread.join()
