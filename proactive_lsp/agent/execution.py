"""Tell our own edits from the user's: what was handed out, and what then really arrived.

A client says "accepted" whether or not the edit was applied (VS Code runs an action's command
even after its resolve failed), so an acceptance counts only when a text became what the plan
would have made of it.
"""

from collections.abc import Callable, Collection, Mapping

# Plans that nobody took up are forgotten, oldest first.
MOST_PLANS = 8
UNDO_SECONDS = 60.0
CLAIM_SECONDS = 10.0


class _Handed:
    __slots__ = ("before", "expected")

    def __init__(
        self, before: Mapping[str, str], expected: Mapping[str, Collection[str]]
    ) -> None:
        self.before = before
        self.expected = expected


class Execution:
    """Plans handed to the editor, claims that wait for their edit, and what was carried out."""

    def __init__(self) -> None:
        self._handed: dict[str, _Handed] = {}
        self._claims: dict[str, float] = {}
        self._accepted: set[str] = set()
        self._done: dict[tuple[str, str], tuple[str, float]] = {}

    def hand_out(
        self, id: str, before: Mapping[str, str], expected: Mapping[str, Collection[str]]
    ) -> None:
        """The editor may now turn `before` into one of the `expected` texts, by path."""
        self._handed.pop(id, None)
        self._accepted.discard(id)
        self._handed[id] = _Handed(before, expected)
        while len(self._handed) > MOST_PLANS:
            del self._handed[next(iter(self._handed))]

    def expects(self, path: str) -> bool:
        """Whether an edit of this file might be ours; cheap, asked for every keystroke."""
        return bool(self._handed) and any(path in plan.expected for plan in self._handed.values())

    def origin(self, path: str, before: str, after: str) -> str | None:
        """The suggestion whose plan turns this text into that, None when the user's own edit."""
        if before == after:
            return None
        for id, plan in reversed(self._handed.items()):
            if after in plan.expected.get(path, ()) and plan.before.get(path) != after:
                return id
        return None

    def claim(self, id: str, t: float) -> None:
        """The client says that it carried this plan out; unknown plans are not believed.

        Most clients say so after their edit was seen, which was the acceptance.
        """
        if id in self._handed and id not in self._accepted:
            self._claims[id] = t

    def proven(self, t: float, read: Callable[[str], str | None]) -> tuple[str, ...]:
        """Claims that the files now show; one that stays unproven for 10 s is dropped.

        Files that no editor holds open change on disk without an edit event.
        """
        proven: list[str] = []
        for id, claimed_at in list(self._claims.items()):
            plan = self._handed.get(id)
            if plan is None or t - claimed_at > CLAIM_SECONDS:
                del self._claims[id]
            elif any(
                plan.before.get(path) != (text := read(path)) and text in texts
                for path, texts in plan.expected.items()
            ):
                proven.append(id)
        return tuple(proven)

    def accepted(self, id: str) -> None:
        """The acceptance is on record; edits of the same plan that follow are no new ones."""
        self._claims.pop(id, None)
        self._accepted.add(id)

    def is_accepted(self, id: str) -> bool:
        """Whether the plan handed out last was accepted already."""
        return id in self._accepted

    def carried_out(self, id: str, path: str, before: str, t: float) -> None:
        """An edit of this origin was applied; keep what stood before, to notice an undo."""
        self._done[id, path] = (before, t)

    def undone(self, path: str, text: str, t: float) -> str | None:
        """The suggestion whose edit was just taken back in this file, within a minute."""
        for (id, where), (before, at) in list(self._done.items()):
            if t - at > UNDO_SECONDS:
                del self._done[id, where]
            elif where == path and before == text:
                for key in [key for key in self._done if key[0] == id]:
                    del self._done[key]
                return id
        return None
