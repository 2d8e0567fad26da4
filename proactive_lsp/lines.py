"""Lines as the protocol counts them, for text that is no document yet."""

from io import StringIO


def split_lines(text: str) -> list[str]:
    """The lines with their terminators; the last one has none: "a\\n" gives ["a\\n", ""]."""
    lines = StringIO(text, newline="").readlines()
    if not lines or lines[-1][-1] in "\r\n":
        lines.append("")
    return lines
