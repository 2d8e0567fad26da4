"""A text file of another tool, line by line, in whatever encoding it was saved."""

import io
from collections.abc import Iterator
from pathlib import Path

from proactive_lsp.replay.session import MAX_LINE, SessionError
from proactive_lsp.sessions.imports.messages import Lost

BEGINNING = 500
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def text_lines(path: Path, lost: Lost) -> Iterator[str]:
    """The lines without their ends; one that is too long or not text is counted.

    Of one that is too long the beginning is told, which is enough to see what is lost with it.

    A byte order mark says the encoding, else it is UTF-8. Raises `SessionError` for a file that
    cannot be read.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
            # Only "\n": JSON may hold the other signs that Python takes for line ends.
            file = io.TextIOWrapper(raw, encoding, errors="replace", newline="\n")
            while line := file.readline(MAX_LINE + 1):
                if len(line) > MAX_LINE:
                    _skip_line(file, line)
                    lost.add(f"lines longer than {MAX_LINE >> 20} MiB")
                    yield line[:BEGINNING]
                    continue
                if "\ufffd" in line:
                    lost.add("lines with bytes that are no text; these are told as \ufffd")
                yield line.rstrip("\r\n")
    except OSError as error:
        raise SessionError(f"{path}: cannot read it: {error.strerror}") from error


def _skip_line(file: io.TextIOWrapper, line: str) -> None:
    while line and not line.endswith("\n"):
        line = file.readline(MAX_LINE)
