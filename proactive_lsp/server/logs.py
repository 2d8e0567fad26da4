"""The log on standard error: all of it is redacted, whoever wrote it and whatever it quotes."""

import logging


class RedactingFormatter(logging.Formatter):
    """Masks secrets in the whole line, tracebacks and quoted input included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as any formatter makes it, without its secrets."""
        # Imported at the first line, which seldom comes: its patterns would delay `initialize`.
        from proactive_lsp.redaction import redact

        return redact(super().format(record))


def set_up() -> None:
    """Log to standard error from INFO on."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # It has a line for each request.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # At its usual levels pygls logs whole messages, source text included.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
