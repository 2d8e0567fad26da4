"""Where time comes from, so that a replay can move it."""

import time
from typing import Protocol


class Clock(Protocol):
    """Seconds since the session began; never goes backwards."""

    def now(self) -> float:
        """Seconds since the session began."""
        ...


class SystemClock:
    """Real time, from a monotonic source, starting at 0 when made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def now(self) -> float:
        """Seconds since the session began."""
        return time.monotonic() - self._start


class VirtualClock:
    """Time that moves only when told to, for replays and tests."""

    def __init__(self, now: float = 0.0) -> None:
        self._now = now

    def now(self) -> float:
        """Seconds since the session began."""
        return self._now

    def advance_to(self, now: float) -> None:
        """Move to `now`; an earlier time is ignored, since a clock never goes backwards."""
        self._now = max(self._now, now)
