"""What a file's bytes come to as text, and when two looks saw the same file."""

import os
import stat
from collections.abc import Hashable

_PROBE = 8192  # bytes in which a NUL marks a file as binary, as in git


def stamp_of(status: os.stat_result) -> Hashable | None:
    """Equal for equal content, as exact as the file system's clock; None for no regular file."""
    if not stat.S_ISREG(status.st_mode):
        return None
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


def textual(content: bytes) -> bytes | None:
    """The content, None when it is binary."""
    return None if content.find(b"\0", 0, _PROBE) >= 0 else content


def decode(content: bytes | None) -> str | None:
    """Text without its byte order mark, since editors do not count it either."""
    try:
        return content.decode("utf-8-sig") if content is not None else None
    except UnicodeDecodeError:
        return None


def encode(text: str | None) -> bytes | None:
    """The bytes of a text; half of a surrogate pair is no reason to fail."""
    return text.encode("utf-8", "surrogatepass") if text is not None else None
