"""What the worker tells the main thread: a closed union of frozen values."""

from pathlib import Path

from msgspec import Struct

from proactive_lsp.events import Range
from proactive_lsp.llm.status import Status
from proactive_lsp.server.folders import Folder
from proactive_lsp.suggestions import Suggestion


class Hint(Struct, frozen=True):
    """A token that a card is about, for an editor to underline."""

    id: str
    need: str
    title: str
    path: str
    range: Range


class Cards(Struct, frozen=True):
    """All cards of a folder, and their hints; `upto` numbers the last event they know of.

    `writable` are the ids of those whose text the model could write.
    """

    folder: Folder
    cards: tuple[Suggestion, ...]
    hints: tuple[Hint, ...]
    upto: int
    writable: frozenset[str] = frozenset()


class Mood(Struct, frozen=True):
    """What the engines are doing: with the model predicting a task, or writing what was asked.

    `recording` is how a session is recorded, full or structure; empty while none is.
    """

    off: bool = False
    thinking: bool = False
    writing: bool = False
    recording: str = ""


class ModelNews(Struct, frozen=True):
    """How the model is now, and the one sentence worth a message where there is one.

    What went wrong while something was `writing` is told with that. `named` says whether the user
    named a model or where it is.
    """

    status: Status
    sentence: str | None = None
    writing: bool = False
    named: bool = False


class Complaint(Struct, frozen=True):
    """Something the user should know once, with its remedy."""

    text: str


class GitFound(Struct, frozen=True):
    """Where a folder's repository keeps its files; the two differ in a linked worktree."""

    git_dir: Path
    common_dir: Path


News = Cards | Mood | ModelNews | Complaint | GitFound
