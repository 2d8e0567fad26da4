"""Run the server on standard input and output until the editor is gone."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from proactive_lsp.server import logs
from proactive_lsp.server.lifecycle import CLOSE_SECONDS
from proactive_lsp.server.server import ProactiveServer


def run(record: Path | None = None) -> int:
    """Serve until `exit`, the end of the input, or SIGTERM; everything is written down first.

    0 after an orderly shutdown, 1 when the editor just went away. With `record`, the session of
    the first folder goes to that file.
    """
    logs.set_up()
    server = ProactiveServer(record)

    def stop(number: int, frame: FrameType | None) -> None:
        server.host.close(CLOSE_SECONDS)
        # The thread that waits for input cannot be interrupted.
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    # What anyone prints must not get between the messages.
    stdout, sys.stdout = sys.stdout, sys.stderr
    server.start_io(sys.stdin.buffer, stdout.buffer)
    server.host.close(CLOSE_SECONDS)
    return 0 if server.ended else 1
