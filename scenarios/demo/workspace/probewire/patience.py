"""How long to wait for an instrument."""

from dataclasses import dataclass

# Ports are asked again after so many seconds.
TICK = 0.05


class LinkTimeout(Exception):
    """The instrument took longer than we wait; the message says for what."""


@dataclass(frozen=True)
class Patience:
    """Seconds to wait, for each thing an instrument may be slow at."""

    send: float = 1.0
    answer: float = 5.0

    def doubled(self) -> "Patience":
        """Twice as long, for instruments that are warming up."""
        return Patience(self.send * 2, self.answer * 2)


QUICK = Patience(send=0.1, answer=0.2)
