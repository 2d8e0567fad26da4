"""Remember events and what the user made of suggestions, with an upper bound in RAM."""

from collections import deque
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec
from msgspec import Struct

from proactive_lsp.events import Answer, Event, encode_event
from proactive_lsp.memory.days import MINUTE, Tallies
from proactive_lsp.memory.state import Batch, LearnKey, State, Weighing, Where
from proactive_lsp.memory.store import Store
from proactive_lsp.memory.tally import FORGOTTEN, LESSONS, Counts, Lesson, Tally, Update
from proactive_lsp.memory.values import redact_value
from proactive_lsp.redaction import redact_event, redact_path

__all__ = ["Counts", "Memory", "MemorySettings", "Remembered"]


# While the store is out of reach, no more sums than these wait for it.
_MOST_SUMS = 20_000


class Remembered(Struct, frozen=True):
    """An event with its number; numbers rise by one and are never used twice in a run."""

    seq: int
    event: Event


class MemorySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept, and where."""

    durable: bool = True
    """Off keeps events and answers in RAM alone, until the server ends."""


class Memory:
    """The rolling record of events and the state drawn from answers.

    Everything is redacted on its way in. Nothing reaches the store before `flush`; what the store
    cannot take now is kept, up to `max_bytes`, and offered again. Use it from one thread.

    With `earlier`, so many events of former runs are there from the start, with times below 0.
    """

    def __init__(
        self,
        store: Store,
        *,
        capacity: int = 2_000,
        max_bytes: int = 4_000_000,
        earlier: int = 200,
    ) -> None:
        self._store = store
        self._capacity = capacity
        self._max_bytes = max_bytes
        self._ring: deque[tuple[Remembered, int]] = deque()
        self._bytes = 0
        self._next = 1
        self._pending = Batch()
        self._pending_bytes = 0
        self._tallies = Tallies()
        self.messages: list[str] = []
        loaded = store.state()
        self._state = State() if loaded is None else loaded
        for event in store.earlier(min(earlier, capacity)):
            self._remember(event, len(encode_event(event)))

    @property
    def status(self) -> str:
        """`ok`, or `ram-only: ` and the reason."""
        return self._store.status

    @property
    def durable(self) -> bool:
        """Whether anything outlives this process."""
        return self._store.durable

    @property
    def size(self) -> int:
        """Bytes of the remembered events, as JSON."""
        return self._bytes

    @property
    def number(self) -> int:
        """How many events are remembered in RAM."""
        return len(self._ring)

    def stored(self) -> int:
        """How many events are on disk by now; 0 where nothing outlives this process."""
        return self._store.count() + (len(self._pending.events) if self.durable else 0)

    def append(self, event: Event) -> int:
        """Redact and remember an event; its number."""
        event = redact_event(event)
        line = encode_event(event)
        self._keep_pending(event.t, line)
        if self._store.durable:
            for kind, figure in self._tallies.figures(event):
                self.count(event.t, figure, kind)
        if isinstance(event, Answer) and event.op == "dismissed":
            self.dismiss((event.id,))
        return self._remember(event, len(line))

    def count(self, t: float, figure: str, kind: str = "", by: int = 1) -> None:
        """Add to a sum of the day, for a scorecard; nothing where nothing outlives this process."""
        if self._store.durable and by:
            key = (int(t // MINUTE), kind, figure)
            if key in self._pending.days or len(self._pending.days) < _MOST_SUMS:
                self._pending.days[key] = self._pending.days.get(key, 0) + by

    def recent(self, limit: int = 200) -> tuple[Remembered, ...]:
        """The newest events, at most `limit`, newest last."""
        first = max(0, len(self._ring) - max(0, limit))
        newest = [self._ring[index][0] for index in range(len(self._ring) - 1, first - 1, -1)]
        return tuple(reversed(newest))

    def get(self, seq: int) -> Remembered | None:
        """The event of that number; None once it was forgotten."""
        if not self._ring:
            return None
        index = seq - self._ring[0][0].seq
        return self._ring[index][0] if 0 <= index < len(self._ring) else None

    def dismissed(self) -> AbstractSet[str]:
        """Keys of what the user never wants to see again, as of now; not to be changed."""
        return self._state.dismissed

    def dismiss(self, ids: Iterable[str]) -> None:
        """Never show these suggestions again."""
        for id in ids:
            self._pending.dismissed.add(id)
            self._state.dismissed.add(id)

    def muted(self) -> frozenset[tuple[str, str]]:
        """Kinds of need that are muted, each with the path prefix where."""
        return frozenset(self._state.muted)

    def mute(self, kind: str, prefix: str = "") -> None:
        """Mute a kind of need below a path prefix; everywhere when that is empty."""
        key = (kind, redact_path(prefix))
        self._state.muted.add(key)
        self._pending.mutes[key] = True

    def unmute(self, kind: str, prefix: str = "") -> None:
        """Take a mute back; nothing happens when there is none."""
        key = (kind, redact_path(prefix))
        self._state.muted.discard(key)
        self._pending.mutes[key] = False

    def learn(self, kind: str, trigger: str, prefix: str, lesson: Lesson) -> None:
        """Take in one answer, or what was learned without asking.

        It is kept for a kind of need, the boundary it was offered at, and where.
        """
        key = (kind, trigger, redact_path(prefix))
        if lesson not in ("by_hand", "nearby"):
            for learned in (self._state.learned, self._pending.learned):
                learned[key] = learned.get(key, Counts()).plus(lesson)
        if lesson in LESSONS:
            own, rest = LESSONS[lesson]
            self._weigh(kind, key[1:], own, rest)

    def forget_noes(self, kind: str) -> None:
        """A moment passed at which answers alone kept this kind silent: old noes fade a little."""
        if self._state.weights.get(kind):
            self._weigh(kind, None, FORGOTTEN, FORGOTTEN)

    def weights(self, kind: str) -> Mapping[Where, Tally]:
        """What was learned of a kind weighs so much by now, by boundary and folder."""
        return self._state.weights.get(kind, {})

    def learned_kinds(self) -> tuple[str, ...]:
        """The kinds of need of which anything was learned, by name."""
        return tuple(sorted({key[0] for key in self._state.learned} | self._state.weights.keys()))

    def forget_learned(self, kind: str | None = None) -> tuple[str, ...]:
        """Forget what was learned of a kind, or of all; the kinds of which there was anything.

        What was dismissed or muted stays so.
        """
        forgotten = tuple(each for each in self.learned_kinds() if kind in (None, each))
        for each in forgotten:
            for state in (self._state, self._pending):
                state.weights.pop(each, None)
                for key in [key for key in state.learned if key[0] == each]:
                    del state.learned[key]
        # Also what another process learned and this one did not see yet.
        self._pending.forgotten.add(kind)
        return forgotten

    def forget_events(self) -> int:
        """Forget what happened, and every value that was drawn from it; how many events there were.

        What was dismissed, muted or learned stays so.
        """
        number = max(self.number, self.stored())
        self._ring.clear()
        self._bytes = 0
        self._pending.events.clear()
        self._pending_bytes = self._pending.lost = 0
        self._state.values.clear()
        self._pending.values.clear()
        # Also what another process remembered.
        self._pending.without_events = True
        return number

    def counts(self, kind: str, trigger: str, prefix: str) -> Counts:
        """What was answered so far for exactly this key; zeros when nothing was."""
        key: LearnKey = (kind, trigger, redact_path(prefix))
        return self._state.learned.get(key, Counts())

    def folder(self, path: str) -> str:
        """A path prefix as what was learned is kept by it."""
        return redact_path(path)

    def set_value(self, key: str, value: object) -> None:
        """Keep a small JSON value, redacted, under a key; None forgets it."""
        # To JSON and back, so that it is plain values whatever it was.
        plain = msgspec.json.decode(msgspec.json.encode(value))
        encoded = msgspec.json.encode(redact_value(plain))
        self._state.values[key] = encoded
        self._pending.values[key] = encoded

    def value(self, key: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The JSON value under a key; None when there is none."""
        encoded = self._state.values.get(key)
        return None if encoded is None else msgspec.json.decode(encoded)

    def flush(self) -> None:
        """Hand everything new to the store; what it refuses for now is offered next time.

        What another process wrote to the same store is seen afterwards.
        """
        if self._store.write(self._pending):
            self._pending = Batch()
            self._pending_bytes = 0
            newer = self._store.state()
            if newer is not None:
                self._state = newer
        self.messages += self._store.messages
        self._store.messages.clear()

    def take_messages(self) -> tuple[str, ...]:
        """What the user should be told of the store, each once."""
        messages = tuple(self.messages)
        self.messages.clear()
        return messages

    def close(self) -> None:
        """Flush once more and let the store go."""
        self.flush()
        self._store.close()

    def _weigh(self, kind: str, where: Where | None, own: Update, rest: Update) -> None:
        for_now = Weighing()
        for_now.add(where, own, rest)
        self._state.weights[kind] = for_now.of(self._state.weights.get(kind, {}))
        self._pending.weights.setdefault(kind, Weighing()).add(where, own, rest)

    def _remember(self, event: Event, size: int) -> int:
        remembered = Remembered(self._next, event)
        self._next += 1
        self._ring.append((remembered, size))
        self._bytes += size
        while len(self._ring) > self._capacity or self._bytes > self._max_bytes:
            self._bytes -= self._ring.popleft()[1]
        return remembered.seq

    def _keep_pending(self, t: float, line: bytes) -> None:
        if not self._store.durable:
            return
        self._pending.events.append((t, line))
        self._pending_bytes += len(line)
        # One event alone is always kept, however large, or it could never be written.
        while self._pending_bytes > self._max_bytes and len(self._pending.events) > 1:
            if not self._pending.lost and self._store.write(self._pending):
                self._pending, self._pending_bytes = Batch(), 0
                return
            self._pending_bytes -= len(self._pending.events.popleft()[1])
            self._pending.lost += 1
