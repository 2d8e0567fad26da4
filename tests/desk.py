"""A developer's desk in virtual time: what is done at the keyboard goes in, outcomes come out."""

import asyncio
from collections.abc import Mapping
from itertools import count

from msgspec.structs import replace

from proactive_lsp.agent.write import result
from proactive_lsp.assembly import for_replay
from proactive_lsp.clock import VirtualClock
from proactive_lsp.events import (
    Answer,
    Change,
    Close,
    CommittedFile,
    Edit,
    Event,
    FileOperation,
    Git,
    Open,
    Range,
    Save,
    starts_at,
)
from proactive_lsp.llm import Model
from proactive_lsp.needs import KINDS, NeedsSettings
from proactive_lsp.outcome import Outcome
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Place, Plan, Suggestion
from proactive_lsp.workspace.documents import position_of, split_lines
from proactive_lsp.workspace.tree import FilesTree, Tree, language_of

# Shorter than the pause that makes a boundary.
ACTION_SECONDS = 1.0
# What a desk notices unless it is told otherwise: enough to see how the stages work together.
LOOKED_FOR = frozenset({"broken-call", "renamed-mention", "line-clone", "commit-owes", "predicted"})
OTHERS_OFF = NeedsSettings(off=tuple(kind for kind in KINDS if kind not in LOOKED_FOR))


class Desk:
    """An editor on a few files. Every action takes a second; `wait` lets more time pass.

    What falls due on the way is run as the player runs it. `outcomes` is all that came of it.
    """

    def __init__(
        self,
        files: Mapping[str, str] | None = None,
        *,
        settings: Settings | None = None,
        model: Model | None = None,
        base: Tree | None = None,
    ) -> None:
        self.clock = VirtualClock()
        settings = settings or Settings()
        if settings.needs == NeedsSettings():
            settings = replace(settings, needs=OTHERS_OFF)
        self.scheduler = for_replay(
            settings,
            base=base if base is not None else FilesTree(files or {}),
            clock=self.clock,
            model=model,
        )
        self.engine = self.scheduler.engine
        self.outcomes: list[Outcome] = []
        self._versions = count(2)

    # What is before the user.

    @property
    def now(self) -> float:
        """Seconds since the session began."""
        return self.clock.now()

    @property
    def cards(self) -> tuple[Suggestion, ...]:
        """The cards that stand."""
        return self.engine.current

    @property
    def card(self) -> Suggestion:
        """The only card that stands."""
        (card,) = self.cards
        return card

    @property
    def offered(self) -> list[str]:
        """The titles of every card that was offered so far."""
        return [each.offered.title for each in self.outcomes if each.offered is not None]

    @property
    def events(self) -> list[Event]:
        """What the memory holds, oldest first."""
        return [each.event for each in self.engine.memory.recent(10_000)]

    def silences(self, outcome: Outcome) -> list[str]:
        """Why the judged tasks of an outcome were not shown."""
        return [each.silence.kind for each in outcome.judgements if each.silence is not None]

    def text(self, path: str) -> str:
        """The text as everybody reads it."""
        text = self.engine.work.tree.read(path)
        assert text is not None, f"{path} cannot be read"
        return text

    # What is done.

    def wait(self, seconds: float) -> tuple[Outcome, ...]:
        """Do nothing for so long."""
        end = self.now + seconds
        before = len(self.outcomes)
        while (due := self.scheduler.next_due()) is not None and due <= end:
            self._run(due)
        self.clock.advance_to(end)
        return tuple(self.outcomes[before:])

    def do(self, event: Event) -> tuple[Outcome, ...]:
        """An event, what was due before it, and what it makes due at once."""
        before = len(self.outcomes)
        while (due := self.scheduler.next_due()) is not None and due < starts_at(event):
            self._run(due)
        self.clock.advance_to(event.t)
        self.scheduler.record(event)
        due = self.scheduler.next_due()
        if due is not None and due <= self.now:
            self._run(due)
        return tuple(self.outcomes[before:])

    def open(self, path: str, text: str | None = None) -> None:
        """Open a file as it stands, or with another text; this takes no time."""
        text = self.text(path) if text is None else text
        self.do(Open(self.now, path, 1, language_of(path) or "plaintext", text))

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace the first `old`; the file is opened if it is not."""
        self._ensure_open(path)
        lines = split_lines(self.text(path))
        before, found, _ = self.text(path).partition(old)
        assert found, f"{old!r} is not in {path}"
        head, through = split_lines(before), split_lines(before + old)
        range = Range(
            position_of(lines, len(head) - 1, len(head[-1])),
            position_of(lines, len(through) - 1, len(through[-1])),
        )
        self._edit(path, (Change(range, new),))

    def edit(self, path: str, text: str) -> None:
        """Give the whole file another text."""
        self._ensure_open(path)
        self._edit(path, (Change(None, text),))

    def type(self, path: str, text: str, *, seconds: float = 0.1) -> None:
        """Type at the end of a file, letter by letter."""
        self._ensure_open(path)
        for letter in text:
            lines = split_lines(self.text(path))
            end = position_of(lines, len(lines) - 1, len(lines[-1]))
            t = self.now + seconds
            self.do(Edit(t, path, next(self._versions), (Change(Range(end, end), letter),)))

    def save(self, path: str) -> Outcome:
        """Save, and what that came to."""
        return self._boundary(Save(self._next(), path))

    def work(self, path: str, old: str, new: str) -> Outcome:
        """Replace and save."""
        self.replace(path, old, new)
        return self.save(path)

    def close(self, path: str) -> None:
        """Close a file without saving it."""
        self.do(Close(self._next(), path))

    def delete(self, path: str) -> None:
        """Delete a file or folder."""
        self.do(FileOperation(self._next(), "deleted", path))

    def rename(self, path: str, to: str) -> None:
        """Rename a file or folder."""
        self.do(FileOperation(self._next(), "renamed", path, to))

    def commit(self, files: Mapping[str, str] | None = None, *, head: str = "c0ffee00") -> Outcome:
        """Commit; `files` are those that another program changed, with their new texts."""
        told = tuple(
            CommittedFile(path, self.engine.work.tree.read(path), text)
            for path, text in (files or {}).items()
        )
        return self.git("commit", head=head, files=told)

    def git(self, op, **fields) -> Outcome:
        """Something of git's that is a boundary."""
        return self._boundary(Git(self._next(), op, **fields))

    def start(self, op, **fields) -> tuple[Outcome, ...]:
        """A merge or rebase that stops on the way."""
        return self.do(Git(self._next(), op, phase="started", **fields))

    # What the user makes of a card.

    def answer(self, op, card: Suggestion | None = None) -> tuple[Outcome, ...]:
        """Say so of a card, and let the cards be looked at again."""
        id = (card or self.card).id
        return (*self.do(Answer(self._next(), id, op)), *self.wait(ACTION_SECONDS))

    def plan(self, card: Suggestion | None = None, place: Place | None = None) -> Plan:
        """The edits of a card that still holds."""
        plan = self.engine.plan((card or self.card).id, place)
        assert isinstance(plan, Plan), plan
        return plan

    def accept(self, card: Suggestion | None = None, *, only: Place | None = None) -> Plan:
        """Have the edits made in the editor, as one change per file, and claim it."""
        plan = self.plan(card, only)
        self.engine.hand_out(plan)
        t = self._next()
        for file in plan.files:
            after = result(self.text(file.path), file.edits)
            self._ensure_open(file.path)
            self._edit(file.path, (Change(None, after),), t)
        self.scheduler.claim(plan.id)
        self.wait(ACTION_SECONDS)
        return plan

    # Inside.

    def _ensure_open(self, path: str) -> None:
        if self.engine.work.documents.get(path) is None:
            self.open(path)

    def _edit(self, path: str, changes: tuple[Change, ...], t: float | None = None) -> None:
        t = self._next() if t is None else t
        self.do(Edit(t, path, next(self._versions), changes))

    def _boundary(self, event: Event) -> Outcome:
        outcomes = [each for each in self.do(event) if each.boundary.t == event.t]
        assert outcomes, f"{event} woke nothing"
        return outcomes[0]

    def _next(self) -> float:
        return self.now + ACTION_SECONDS

    def _run(self, due: float) -> None:
        self.clock.advance_to(due)
        self.outcomes += asyncio.run(self.scheduler.run_due())
