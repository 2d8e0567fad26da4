"""Leave a server alone that failed: growing waits, ended by the first answer.

After a failure nothing is asked for 30 s, doubling up to 15 min; a server that is only busy is
asked again sooner.
"""

import copy

from proactive_lsp.llm.model import (
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)
from proactive_lsp.llm.residence import Occupied

FIRST_WAIT = 30.0
LONGEST_WAIT = 900.0
FIRST_BUSY_WAIT = 5.0
LONGEST_BUSY_WAIT = 60.0
FIRST_OCCUPIED_WAIT = 60.0
"""Somebody who loaded a model works with it for a while."""

_FAILURES = (ModelUnavailable, ModelMissing, ModelRefused, ModelTimeout)


class Breaker:
    """Open while waiting; `last` is why, `retry_at` until when, `failures` how often in a row."""

    def __init__(self, *, waits_for_room: bool) -> None:
        self.last: ModelError | None = None
        self.retry_at = 0.0
        self.failures = 0
        self._busy = 0
        self._waits_for_room = waits_for_room

    def closed_at(self, now: float) -> bool:
        """Whether the server may be asked."""
        return self.last is None or now >= self.retry_at

    def again(self) -> ModelError:
        """The last error once more, as one of its own."""
        assert self.last is not None
        return copy.copy(self.last)

    def failed(self, error: ModelError, now: float) -> None:
        """Open for as long as this error asks for; an odd answer is no reason to wait."""
        wait = self._wait(error)
        if wait is not None:
            self.last, self.retry_at = error, now + wait

    def close(self) -> None:
        """It answered, or what it lacked is there now."""
        self.last, self.retry_at, self.failures, self._busy = None, 0.0, 0, 0

    def _wait(self, error: ModelError) -> float | None:
        if isinstance(error, _FAILURES):
            self.failures, self._busy = self.failures + 1, 0
            return _grown(FIRST_WAIT, self.failures, LONGEST_WAIT)
        if isinstance(error, Occupied):
            if self._waits_for_room:
                # Each boundary looks again, which costs one small request.
                return 0.0
            self._busy += 1
            return _grown(FIRST_OCCUPIED_WAIT, self._busy, LONGEST_WAIT)
        if isinstance(error, ModelBusy):
            self._busy += 1
            return _grown(FIRST_BUSY_WAIT, self._busy, LONGEST_BUSY_WAIT)
        return None


def _grown(first: float, times: int, longest: float) -> float:
    # The power stays small however long nobody answers.
    return min(first * 2 ** min(times - 1, 30), longest)
