"""A situation as the agent sees it, made of a few events and files."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from proactive_lsp.events import Event
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.situation import Boundary, Finder, Situation
from proactive_lsp.workspace.search import Index
from proactive_lsp.workspace.tree import FilesTree


def remembering(events: Sequence[Event]) -> Memory:
    """A memory that holds these events, and no more."""
    memory = Memory(NoStore())
    for event in events:
        memory.append(event)
    return memory


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
            memory=remembering(events),
            finder=Finder(Index(tree), ()),
            **(fields | more),
        )

    return make
