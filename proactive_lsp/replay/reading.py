"""Read back what `replay --json` wrote."""

from pathlib import Path

import msgspec

from proactive_lsp.replay.session import SessionError
from proactive_lsp.replay.transcript import Transcript

AGAIN = "write it again with proactive-lsp replay PATH --json FILE"
# What every transcript has had from the first version on.
_KEYS = {"sessions", "totals"}


def read_transcript(file: Path) -> Transcript:
    """The whole of it; raises `SessionError` when it is missing, broken, foreign or too old."""
    if not file.exists():
        raise SessionError(f"{file}: no such file; {AGAIN}")
    if not file.is_file():
        raise SessionError(f"{file}: not a regular file; name a transcript")
    content = file.read_bytes()
    try:
        read = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SessionError(f"{file}: no whole JSON ({error}); {AGAIN}") from error
    if not isinstance(read, dict) or not read.keys() >= _KEYS:
        raise SessionError(f"{file}: no transcript of a replay; {AGAIN}")
    try:
        return msgspec.json.decode(content, type=Transcript)
    except (msgspec.MsgspecError, RecursionError) as error:
        reason = str(error).replace("`", "")
        raise SessionError(f"{file}: broken, or of another version ({reason}); {AGAIN}") from error
