"""A real socket that speaks Ollama's HTTP, with answers that somebody wrote beforehand.

For tests, and for the scenarios whose model's answers are written. What is sent follows Ollama's
API documentation (docs/api.md): version, tags, show, ps, and chat as streamed NDJSON.
"""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "qwen2.5-coder:3b"
# Words of a prompt and of an answer stand in for tokens, which only a real model has.
Chat = dict[str, Any]
Answer = Callable[[Chat], str | int]


class ScriptedOllama(ThreadingHTTPServer):
    """Answers each chat with what `answer` makes of its body: a text, or a status that is an error.

    `chats` has the bodies as they came. Of a prompt, the words that the one before began with are
    told as cached.
    """

    daemon_threads = True

    def __init__(self, answer: Answer, model: str, counts: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.model = model
        self.counts = counts
        self.chats: list[Chat] = []
        self.slot: list[str] = []

    @property
    def host(self) -> str:
        """What to give as `--host`."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def scripted_ollama(
    answer: Answer, model: str = MODEL, *, counts: bool = True
) -> Generator[ScriptedOllama]:
    """A server that listens on loopback as long as the block lasts; `counts` tells tokens."""
    server = ScriptedOllama(answer, model, counts)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _ollama(self) -> ScriptedOllama:
        assert isinstance(self.server, ScriptedOllama)
        return self.server

    def do_GET(self) -> None:
        """The version, the installed models, or the loaded ones."""
        model = {"name": self._ollama.model, "model": self._ollama.model, "size": 1, "digest": "0"}
        match self.path:
            case "/api/version":
                self._send({"version": "0.12.6"})
            case "/api/tags":
                self._send({"models": [model]})
            case "/api/ps":
                # Since its first chat, with what that asked for.
                tokens = [chat["options"]["num_ctx"] for chat in self._ollama.chats[:1]]
                self._send({"models": [{**model, "context_length": each} for each in tokens]})
            case _:
                self._send({"error": "not found"}, status=404)

    def do_POST(self) -> None:
        """A chat, or what there is to know about the model."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/api/show":
            about = {"architecture": "qwen2", "qwen2.context_length": 32_768}
            model_info = {f"general.{key}" if "." not in key else key: about[key] for key in about}
            self._send({"model_info": model_info, "capabilities": ["completion"]})
            return
        self._ollama.chats.append(body)
        answer = self._ollama.answer(body)
        if isinstance(answer, int):
            self._send({"error": "as the script says"}, status=answer)
            return
        prompt = [word for message in body["messages"] for word in message["content"].split()]
        spared, self._ollama.slot = _shared(self._ollama.slot, prompt), prompt
        part = {"model": self._ollama.model, "message": {"role": "assistant", "content": answer}}
        counts = {
            **{"prompt_eval_count": len(prompt), "prompt_eval_cached_count": spared},
            "eval_count": len(answer.split()),
        }
        last = {**part, "message": {"role": "assistant", "content": ""}, "done_reason": "stop"}
        told = counts if self._ollama.counts else {}
        self._send({**part, "done": False}, {**last, **told, "done": True})

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""

    def _send(self, *lines: object, status: int = 200) -> None:
        body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        self.send_response(status)
        self.send_header("content-type", "application/x-ndjson")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _shared(one: list[str], other: list[str]) -> int:
    most = min(len(one), len(other))
    return next((at for at in range(most) if one[at] != other[at]), most)
