"""What passes between the stages: need → task → judgement → suggestion → answer.

Only values that cross two stages live here; all are frozen. `Answer` is itself an event and
comes from `events`.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, structs

from proactive_lsp.events import Answer, Position, Range

__all__ = [
    "Answer",
    "Fact",
    "FileEdit",
    "Judgement",
    "Need",
    "Place",
    "Plan",
    "Silence",
    "Stale",
    "Suggestion",
    "Task",
    "TextEdit",
]


class Fact(Struct, frozen=True):
    """A sentence that supports a need, with the line or the event that proves it.

    The sentence names no line number, since ids are made of facts; the citation does.
    """

    text: str
    path: str | None = None
    line: int | None = None
    event: int | None = None

    def cited(self) -> str:
        """The sentence followed by its proof, lines counted from 1 as editors show them."""
        if self.path is not None and self.line is not None:
            return f"{self.text} ({self.path}:{self.line + 1})"
        if self.path is not None:
            return f"{self.text} ({self.path})"
        if self.event is not None:
            return f"{self.text} (event {self.event})"
        return self.text


class Place(Struct, frozen=True, omit_defaults=True):
    """Where something is owed: the text that stands there now and, when known, what should.

    `after` is None when only the user can say what belongs there. An uncertain place (prose,
    a string, another language) is never changed without the user ticking it. A `whole` place is
    the file and no line of it; its range is where to begin reading, its `before` empty.
    `features` are what tells it from the other places of its need, for the reward filter.
    """

    path: str
    range: Range
    before: str
    after: str | None = None
    certain: bool = True
    note: str = ""
    whole: bool = False
    features: Mapping[str, float] = {}

    @property
    def key(self) -> tuple[str, Position, Position]:
        """What makes two places the same one."""
        return (self.path, self.range.start, self.range.end)


class Need(Struct, frozen=True):
    """Evidence that something is owed.

    `anchor` is the text that identifies the trigger wherever it moves to, for example the new
    header of a function. `features` are named numbers for the reward filter. `text` is what belongs
    into no file, such as the draft of a commit message.
    """

    kind: str
    path: str
    range: Range
    anchor: str
    title: str
    facts: tuple[Fact, ...]
    places: tuple[Place, ...]
    features: Mapping[str, float] = {}
    text: str = ""

    @property
    def id(self) -> str:
        """A short hash of kind, path, anchor and facts: the same wherever the lines move."""
        return _hash(self.kind, self.path, self.anchor, *(fact.text for fact in self.facts))

    @property
    def matter(self) -> str:
        """What it is about whoever noticed it: path, anchor and first fact, without the kind."""
        return _hash("matter", self.path, self.anchor, *(fact.text for fact in self.facts[:1]))


def narrowed(need: Need, places: tuple[Place, ...]) -> Need:
    """The need with some of its places alone; its title counts those."""
    if len(places) == len(need.places):
        return structs.replace(need, places=places)
    title = _recount(need.title, len(need.places), len(places), "")
    files = len({place.path for place in need.places}), len({place.path for place in places})
    return structs.replace(need, title=_recount(title, *files, " in "), places=places)


def _recount(title: str, old: int, new: int, before: str) -> str:
    """The title with another number before its noun, as in "3 equal lines" or " in 2 files"."""
    noun = "files" if before else r"(?:[a-z]+ )?[a-z]+s\b"
    # Code comes first in a title, and may have numbers of its own.
    start = before or r"\b"
    *_, found = [None, *re.finditer(rf"{start}{old} (?P<noun>{noun})", title)]
    if old == new or found is None:
        return title
    if before and new == 1:
        return title[: found.start()] + title[found.end() :]
    counted = found["noun"] if new > 1 else found["noun"].removesuffix("s")
    return f"{title[: found.start()]}{before}{new} {counted}{title[found.end() :]}"


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:12]


class Task(Struct, frozen=True):
    """A concrete proposal for one need; `by_model` when a language model wrote it."""

    need: Need
    title: str
    why: str
    by_model: bool = False

    @property
    def places(self) -> tuple[Place, ...]:
        """The places of its need."""
        return self.need.places


SilenceKind = Literal[
    "below-threshold",
    "budget-spent",
    "dismissed",
    "duplicate",
    "model-busy",
    "model-unavailable",
    "muted",
    "nothing-left",
    "not-written",
    "operation-in-progress",
    "refused-place",
    "snoozed",
    "stale",
    "too-soon",
    "would-undo",
]


class Silence(Struct, frozen=True):
    """Why nothing was said: a kind to count by, and a sentence for the user."""

    kind: SilenceKind
    text: str


class Judgement(Struct, frozen=True):
    """The filter's verdict on one task: would this user want this, now?

    `p` is the probability of acceptance in [0, 1]; `pushes` are the terms of its log odds, in
    the order of the features, so that `explain` can show what carried it. `odds` are the
    probabilities of the task's places, of which it keeps the likely ones, likeliest first.
    """

    task: Task
    p: float
    threshold: float
    silence: Silence | None
    pushes: tuple[tuple[str, float], ...] = ()
    odds: tuple[float, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the task may be shown."""
        return self.silence is None


class Suggestion(Struct, frozen=True):
    """One card: what passed at one boundary, its places likeliest first.

    `id` is that of its likeliest task, `trigger` the kind of boundary it was made at and `t`
    the time of that. `need` is the kind of its likeliest task.
    """

    id: str
    need: str
    title: str
    path: str
    range: Range
    p: float
    t: float
    trigger: str
    tasks: tuple[Task, ...]
    places: tuple[Place, ...]

    @property
    def by_model(self) -> bool:
        """Whether a language model wrote any of it."""
        return any(task.by_model for task in self.tasks)

    @property
    def text(self) -> str:
        """What it has to give that belongs into no file; empty for most."""
        return next((task.need.text for task in self.tasks if task.need.text), "")


class TextEdit(Struct, frozen=True):
    """One replacement of a plan; uncertain ones want the user's confirmation."""

    range: Range
    new_text: str
    certain: bool = True
    label: str = ""


class FileEdit(Struct, frozen=True):
    """The edits of one file, sorted and not overlapping; with `create` there is no such file yet.

    `version` is that of the open document they were made for, None for a file on disk.
    """

    path: str
    version: int | None
    edits: tuple[TextEdit, ...]
    create: bool = False


class Plan(Struct, frozen=True):
    """How a suggestion would be carried out now; without edits it only points at places.

    `text` is what to put elsewhere than into a file: the draft of a commit message.
    """

    id: str
    title: str
    files: tuple[FileEdit, ...]
    text: str = ""


class Stale(Struct, frozen=True):
    """The suggestion no longer holds; the text says why."""

    id: str
    text: str
