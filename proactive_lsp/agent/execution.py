"""Tell our own edits from the user's: what was handed out, and what then really arrived.

A client says "accepted" whether or not the edit was applied (VS Code runs an action's command
even after its resolve failed), so an acceptance counts only when a text became what the plan
would have made of it.
"""

from collections import deque
from collections.abc import Callable, Container, Mapping

from proactive_lsp.events import Answer, Edit, Event, FileOperation, Git, Open

# Plans that nobody took up are forgotten, oldest first.
MOST_PLANS = 16
UNDO_SECONDS = 60.0
CLAIM_SECONDS = 10.0


class _Handed:
    __slots__ = ("before", "expected", "id", "message")

    def __init__(
        self,
        id: str,
        before: Mapping[str, str],
        expected: Mapping[str, Container[str]],
        message: str,
    ) -> None:
        self.id = id
        self.message = message
        self.before = before
        self.expected = dict(expected)


class Execution:
    """Plans handed to the editor, claims that wait for their edit, and what was carried out."""

    def __init__(self) -> None:
        # Newest first. One card may have several: the whole of it and one of its places.
        self._handed: deque[_Handed] = deque(maxlen=MOST_PLANS)
        self._claims: dict[str, float] = {}
        self._accepted: set[str] = set()
        self._done: dict[tuple[str, str], tuple[str, float]] = {}

    def hand_out(
        self,
        id: str,
        before: Mapping[str, str],
        expected: Mapping[str, Container[str]],
        message: str = "",
    ) -> None:
        """The editor may now turn `before` into one of the `expected` texts, by path.

        `message` is the draft of a commit's, which the next commit may carry.
        """
        self._handed.appendleft(_Handed(id, before, expected, message))
        known = {plan.id for plan in self._handed}
        self._accepted = (self._accepted & known) - {id}

    def settled(
        self, edit: Edit, read: Callable[[str], str | None]
    ) -> tuple[str | None, Answer | None]:
        """The card that this edit carried out, if any, and the answer that it is to a card.

        None for the answer where the card was accepted already. `read` gives the text that the edit
        made.
        """
        if not self.watches(edit.path):
            return edit.origin, None
        text = read(edit.path) or ""
        origin = edit.origin or self.origin(edit.path, text)
        if origin is not None and edit.origin is None:
            self.carried_out(origin, edit.path, text, edit.t)
            return origin, self._acceptance(origin, edit.t)
        undone = self.undone(edit.path, text, edit.t)
        return origin, Answer(edit.t, undone, "undone") if undone is not None else None

    def came_true(self, event: Event) -> Answer | None:
        """The answer that an event is which edits nothing: a file is opened or gone, a commit."""
        match event:
            case Open() if origin := self.created(event.path, event.text):
                self.carried_out(origin, event.path, event.text, event.t)
                return self._acceptance(origin, event.t)
            case FileOperation(op="deleted"):
                undone = self.undone(event.path, "", event.t)
                return Answer(event.t, undone, "undone") if undone is not None else None
            case Git(op="commit", message=str(message)) if origin := self.committed(message):
                return self._acceptance(origin, event.t)
            case _:
                return None

    def watches(self, path: str) -> bool:
        """Whether a settled edit of this file may carry out a plan, or take one back."""
        return any(path in plan.expected for plan in self._handed) or any(
            path == where for _, where in self._done
        )

    def origin(self, path: str, text: str) -> str | None:
        """The suggestion whose plan makes this text of the file, None when the user did."""
        plan = self._plan(path, text)
        return plan.id if plan is not None else None

    def created(self, path: str, text: str) -> str | None:
        """The suggestion whose plan makes a file with this text that was not there."""
        plan = self._plan(path, text)
        return plan.id if plan is not None and plan.before[path] == "" else None

    def committed(self, message: str) -> str | None:
        """The suggestion whose draft begins like the message of a commit; its subject tells."""
        subject = message.strip().partition("\n")[0].strip()
        for plan in self._handed:
            if subject and plan.message.partition("\n")[0].strip() == subject:
                return plan.id
        return None

    def claim(self, id: str, t: float) -> None:
        """The client says that it carried this plan out; unknown plans are not believed.

        Most clients say so after their edit was seen, which was the acceptance.
        """
        if id not in self._accepted and any(plan.id == id for plan in self._handed):
            self._claims[id] = t

    @property
    def claims_wait(self) -> bool:
        """Whether a claim is not proven yet."""
        return bool(self._claims)

    def proven(self, t: float, read: Callable[[str], str | None]) -> tuple[str, ...]:
        """Claims that the files now show; one that stays unproven for 10 s is dropped.

        Files that no editor holds open change on disk without an edit event.
        """
        late = [id for id, claimed_at in self._claims.items() if t - claimed_at > CLAIM_SECONDS]
        for id in late:
            del self._claims[id]
        paths = {path for plan in self._handed for path in plan.expected if plan.id in self._claims}
        texts = {path: text for path in sorted(paths) if (text := read(path)) is not None}
        found = {self.origin(path, text) for path, text in texts.items()}
        return tuple(id for id in self._claims if id in found)

    def accepted(self, id: str) -> None:
        """The acceptance is on record; edits of the same plan that follow are no new ones."""
        self._claims.pop(id, None)
        self._accepted.add(id)

    def is_accepted(self, id: str) -> bool:
        """Whether the plan handed out last was accepted already."""
        return id in self._accepted

    def carried_out(self, id: str, path: str, text: str, t: float) -> None:
        """The plan made this text: expect it no longer, but notice an undo."""
        plan = self._plan(path, text)
        if plan is not None:
            self._done[id, path] = (plan.before[path], t)
        for plan in self._handed:
            if plan.id == id:
                plan.expected.pop(path, None)

    def replayed(self, id: str, path: str, before: str, t: float) -> None:
        """A recording tells that this edit carried out a plan; `before` stood there."""
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

    def _acceptance(self, id: str, t: float) -> Answer | None:
        """The card is accepted, unless it was already."""
        return None if self.is_accepted(id) else Answer(t, id, "accepted")

    def _plan(self, path: str, text: str) -> _Handed | None:
        for plan in self._handed:
            if text in plan.expected.get(path, ()) and plan.before.get(path) != text:
                return plan
        return None
