"""A user who has a history for a plan: types its commits, and knows what is still to come.

A card is right when its edits bring the files nearer to what the history made of them, or when it
points at lines that are changed later. What is accepted is done, so the rest of the plan shrinks.
"""

from collections.abc import Iterator, Sequence
from random import Random

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from proactive_lsp.agent.write import result
from proactive_lsp.evaluation.labels import Pending, judge_spot, near, spot_of
from proactive_lsp.events import Event
from proactive_lsp.gym.environment import Environment
from proactive_lsp.gym.temperament import Temperament
from proactive_lsp.gym.todo import Chapter, Size, Todo, TodoList, after_hunk
from proactive_lsp.gym.user import Verdict, Worth
from proactive_lsp.suggestions import FileEdit, Place, Plan, Suggestion, TextEdit

# So often several hunks of a file are typed before it is saved.
_TYPES_ON = 0.25


class HistoryUser:
    """Plays chapters one after the other; see `user.User`."""

    def __init__(
        self,
        chapters: Sequence[Chapter],
        desk: Environment,
        temperament: Temperament,
        seed: str,
    ) -> None:
        self._list = TodoList(chapters, desk)
        self._temperament = temperament
        self._random = Random(seed)  # noqa: S311 - for repetition, not secrecy
        self._wanted: Place | None = None
        self._last: Todo | None = None

    @property
    def asked(self) -> UnsetType:
        """See `User`; nobody is asked."""
        return UNSET

    async def act(self, desk: Environment) -> Iterator[Event] | None:
        """See `User`."""
        chapter = self._list.chapter
        if chapter is None:
            return None
        todos = self._list.todos()
        # What comes out the same after it was done can only be given up.
        while (last := self._last) is not None and last in todos:
            self._list.give_up(last.goal)
            todos = self._list.todos()
        if not todos:
            self._last = None
            self._list.turn()
            return desk.commit(chapter.message, chapter.paths)
        self._last = self._next(todos)
        return self._do(self._last, desk)

    async def judge(self, card: Suggestion, plan: Plan, desk: Environment) -> Verdict:
        """See `User`."""
        if self._list.chapter is None or not self._list.pending():
            # Nobody knows what the developer made of it.
            return Verdict("later")
        chance = self._random.random
        temperament = self._temperament
        if chance() >= temperament.looks:
            return Verdict("later")
        if not plan.files:
            return self._judge_pointing(card)
        ticked, worth, place = self._weigh(card, plan, desk)
        if chance() < {"right": temperament.right, "partly": temperament.partly}.get(
            worth, temperament.wrong
        ):
            return Verdict("accept", worth, place, ticked)
        if worth != "wrong":
            return Verdict("ignore", worth)
        return Verdict("dismiss" if chance() < temperament.dismisses else "ignore", worth)

    def reading(self) -> float:
        """See `User`."""
        return self._random.uniform(*self._temperament.seconds)

    def followed(self, card: Suggestion) -> None:
        """See `User`; what is there to do at that place is done next."""
        pending = self._list.pending()
        right = (place for place in card.places if _touched(card, place, pending))
        self._wanted = next(right, None)

    def could_not(self, why: str) -> None:
        """See `User`; a commit whose files git has already is none, and a file is given up."""
        if self._last is not None:
            self._list.give_up(self._last.goal)
            self._last = None

    def left(self, desk: Environment) -> Size:
        """See `User`."""
        return self._list.size()

    # Inside.

    def _next(self, todos: Sequence[Todo]) -> Todo:
        """The hunk at the place that was pointed at, else the first in order."""
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return todos[0]
        first, last = wanted.range.start.line, wanted.range.end.line
        for todo in todos:
            if todo.path != wanted.path or todo.hunk is None:
                continue
            end = todo.hunk.start + max(len(todo.hunk.before) - 1, 0)
            if wanted.whole or near((first, last), todo.hunk.start, end):
                return todo
        return todos[0]

    def _do(self, todo: Todo, desk: Environment) -> Iterator[Event]:
        desk.think()
        if todo.path not in desk.state().unsaved:
            yield from desk.save_all()
        match todo.what:
            case "create":
                yield from desk.create(todo.path, todo.goal.target or "")
            case "rename":
                yield from desk.rename(todo.path, todo.goal.path)
            case "delete":
                yield from desk.delete(todo.path)
            case "hunk":
                text, hunk = desk.text(todo.path), todo.hunk
                assert text is not None, "it was read a moment ago"
                assert hunk is not None, "what is typed is a hunk"
                yield from desk.look_at(todo.path, hunk.start)
                saves = self._random.random() >= _TYPES_ON
                yield from desk.change(todo.path, after_hunk(text, hunk), save=saves)

    def _judge_pointing(self, card: Suggestion) -> Verdict:
        pending = self._list.pending()
        right = [_touched(card, place, pending) for place in card.places]
        chance, temperament = self._random.random, self._temperament
        if any(right):
            follows = chance() < temperament.right
            return Verdict("follow" if follows else "ignore", "right")
        return Verdict("dismiss" if chance() < temperament.dismisses else "ignore", "wrong")

    def _weigh(
        self, card: Suggestion, plan: Plan, desk: Environment
    ) -> tuple[Plan, Worth, Place | None]:
        """The plan with the uncertain edits that are right, what it is worth, and a right place."""
        files: list[FileEdit] = []
        right, wrong = 0, 0
        good: list[tuple[str, TextEdit]] = []
        for file in plan.files:
            text = desk.text(file.path) or ""
            good_here = [edit for edit in file.edits if self._is_right(file.path, text, edit)]
            kept = [edit for edit in file.edits if edit.certain or edit in good_here]
            good += ((file.path, edit) for edit in good_here)
            right, wrong = right + len(good_here), wrong + len(kept) - len(good_here)
            if kept:
                files.append(replace(file, edits=tuple(kept)))
        ticked = replace(plan, files=tuple(files))
        if not right:
            return plan, "wrong", None
        if not wrong:
            return ticked, "right", None
        return ticked, "partly", _place_of(card, good)

    def _is_right(self, path: str, text: str, edit: TextEdit) -> bool:
        """Whether there is less to do once this edit is made."""
        before = self._list.cost(path, text)
        after = self._list.cost(path, result(text, [edit]))
        return before is not None and after is not None and after < before


def _touched(card: Suggestion, place: Place, pending: Sequence[Pending]) -> bool:
    return bool(judge_spot(card.need, spot_of(place), pending).hunks)


def _place_of(card: Suggestion, good: Sequence[tuple[str, TextEdit]]) -> Place | None:
    """The first place of a card whose edit is a right one."""
    for path, edit in good:
        for place in card.places:
            if (place.path, place.range, place.after) == (path, edit.range, edit.new_text):
                return place
    return None
