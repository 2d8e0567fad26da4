"""`python -m tests.model.server`: serve SmolLM2 as Ollama would until ended."""

import argparse
import asyncio
import os
import sys
import tempfile
import threading
from pathlib import Path

from tests.model.server.app import App
from tests.model.server.models import LIBRARY, Models, packaged
from tests.model.server.runner import THREADS
from tests.model.server.trace import Trace


def main() -> None:
    """Say where it listens, in one line, once it does."""
    parser = argparse.ArgumentParser(prog="python -m tests.model.server", description=__doc__)
    parser.add_argument("--port", type=int, default=11434, help="0 takes a free one")
    parser.add_argument("--trace", type=Path, help="append what was done to this file")
    parser.add_argument("--models", type=Path, help="where models are kept; else for this run only")
    parser.add_argument("--empty", action="store_true", help="begin without any model")
    parser.add_argument("--pull-rate", type=float, default=0.0, help="bytes per second, 0 for all")
    parser.add_argument(
        "--threads", type=int, default=THREADS, help="of a computation; 1 where cores are busy"
    )
    parser.add_argument("--until-eof", action="store_true", help="end when stdin does")
    asked = parser.parse_args()
    if asked.until_eof:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="proactive-models-") as folder:
        models = Models(asked.models or Path(folder), packaged(), asked.pull_rate)
        for name in () if asked.empty else LIBRARY[:2]:
            models.install(name)
        # docs/faq.mdx, "How does Ollama handle concurrent requests?"
        most = int(os.environ.get("OLLAMA_MAX_QUEUE", "512"))
        app = App(models, Trace(asked.trace), most, threads=asked.threads)
        asyncio.run(_serve(app, asked.port))


def _end_with_stdin() -> None:
    # Whoever started us holds the other end, and loses it however it ends.
    sys.stdin.buffer.read()
    os._exit(0)


async def _serve(app: App, port: int) -> None:
    server = await app.listen("127.0.0.1", port)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    main()
