"""The log on standard error: all of it is redacted, whoever wrote it and whatever it quotes."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proactive_lsp.settings import LogLevel


class RedactingFormatter(logging.Formatter):
    """Masks secrets in the whole line, tracebacks and quoted input included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as any formatter makes it, without its secrets."""
        # Imported at the first line, which seldom comes: its patterns would delay `initialize`.
        from proactive_lsp.redaction import redact

        return redact(super().format(record))


def set_up() -> None:
    """Log to standard error, from INFO on until the user's settings are known."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # It has a line for each request.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # At its usual levels pygls logs whole messages, source text included.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)


def set_level(level: "LogLevel") -> None:
    """Log what is at least so grave of our own, as the user wants it."""
    logging.getLogger("proactive_lsp").setLevel(level.upper())
