"""A situation as the agent sees it, made of a few events and files."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from proactive_lsp.events import Event
from proactive_lsp.memory import Remembered
from proactive_lsp.situation import Boundary, Finder, Situation
from proactive_lsp.workspace.search import Index
from proactive_lsp.workspace.tree import FilesTree


class Story:
    """A memory that holds these events, and no more."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._all = tuple(Remembered(seq, event) for seq, event in enumerate(events, 1))

    def recent(self, limit: int = 200) -> tuple[Remembered, ...]:
        """The newest ones, oldest first."""
        return self._all[-limit:]


@pytest.fixture
def situation() -> Callable[..., Situation]:
    """Make a situation from what matters to the test."""

    def make(
        events: Sequence[Event] = (),
        files: Mapping[str, str] | None = None,
        *,
        boundary: Boundary | None = None,
        **more: Any,
    ) -> Situation:
        tree = FilesTree(files or {})
        fields: dict[str, Any] = {"changes": (), "committed": (), "hunks": ()}
        return Situation(
            boundary=boundary or Boundary("save", 60.0, "shop.py", event=len(events)),
            tree=tree,
            memory=Story(events),
            finder=Finder(Index(tree), ()),
            **(fields | more),
        )

    return make
