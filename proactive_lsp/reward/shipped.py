"""Read a file of numbers that ships with the filter."""

from pathlib import Path
from typing import TypeVar

import msgspec

_Numbers = TypeVar("_Numbers")


def decode(file: Path, type: type[_Numbers]) -> _Numbers:
    """What the JSON file holds; raises `ValueError` with one line that says what is wrong."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=type)
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise ValueError(f"{file}: {error}") from error
