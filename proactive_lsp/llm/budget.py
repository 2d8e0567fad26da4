"""What may be asked of a model within an hour: so many answers, so many tokens."""

from collections import deque

from msgspec import Struct

HOUR = 3600.0


class Spent(Struct, frozen=True):
    """Why nothing may be asked, and the time at which something may again; None for never."""

    message: str
    until: float | None


class HourlyBudget:
    """Counts over the last hour; times are seconds of one clock, a limit of None is no limit."""

    def __init__(self, calls: int, tokens: int | None) -> None:
        self._most_calls = calls
        self._most_tokens = tokens
        self._calls: deque[float] = deque()
        self._tokens: deque[tuple[float, int]] = deque()

    def call(self, now: float) -> None:
        """One more answer is asked for."""
        self._calls.append(now)

    def take_back(self) -> None:
        """The last call was none: nothing came to be asked."""
        if self._calls:
            self._calls.pop()

    def read(self, tokens: int, now: float) -> None:
        """So many tokens were read and written."""
        if tokens > 0:
            self._tokens.append((now, tokens))

    def calls(self, now: float) -> int:
        """Answers asked for within the hour."""
        self._pass_time(now)
        return len(self._calls)

    def tokens(self, now: float) -> int:
        """Tokens within the hour."""
        self._pass_time(now)
        return sum(tokens for _, tokens in self._tokens)

    def spent(self, now: float) -> Spent | None:
        """Why nothing more may be asked at this time, if so."""
        if self.calls(now) >= self._most_calls:
            until = self._calls[-self._most_calls] + HOUR if self._most_calls else None
            return _spent(f"{self._most_calls} calls were made this hour", now, until)
        used = self.tokens(now)
        if self._most_tokens is None or used < self._most_tokens:
            return None
        until = None
        for began, tokens in self._tokens:
            used -= tokens
            if used < self._most_tokens:
                until = began + HOUR
                break
        return _spent(f"{self._most_tokens} tokens were used this hour", now, until)

    def _pass_time(self, now: float) -> None:
        while self._calls and self._calls[0] <= now - HOUR:
            self._calls.popleft()
        while self._tokens and self._tokens[0][0] <= now - HOUR:
            self._tokens.popleft()


def _spent(message: str, now: float, until: float | None) -> Spent:
    if until is None:
        return Spent("the settings allow no calls", None)
    minutes = max(1, round((until - now) / 60))
    return Spent(f"{message}; free again in {minutes} min", until)
