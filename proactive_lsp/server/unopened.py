"""Tell of edits that reached files which no editor holds open.

A client may carry out a plan by writing to disk, and no event tells of it. What happened is then
told here as if the file had been opened, edited, saved and closed: so the engine knows whose
change it was, and a recording replays to the same text.
"""

from collections.abc import Iterator

from msgspec import Struct

from proactive_lsp.agent.execution import MOST_PLANS
from proactive_lsp.agent.write import result
from proactive_lsp.events import Change, Close, Edit, Event, Open, Save
from proactive_lsp.suggestions import Plan
from proactive_lsp.workspace.tree import Tree, language_of
from proactive_lsp.workspace.work import Work


class _File(Struct, frozen=True):
    path: str
    before: str
    after: str
    changes: tuple[Change, ...]


class Unopened:
    """The files of plans handed out that were not open."""

    def __init__(self) -> None:
        self._plans: dict[str, tuple[_File, ...]] = {}

    def hand_out(self, plan: Plan, tree: Tree) -> None:
        """The editor has these edits now."""
        self._plans.pop(plan.id, None)
        self._plans[plan.id] = tuple(
            _File(
                file.path,
                before := tree.read(file.path) or "",
                result(before, file.edits),
                # From the end on, so that each range is still true when its turn comes.
                tuple(Change(edit.range, edit.new_text) for edit in reversed(file.edits)),
            )
            for file in plan.files
            if file.version is None
        )
        while len(self._plans) > MOST_PLANS:
            del self._plans[next(iter(self._plans))]

    def carried_out(self, id: str, work: Work, t: float) -> Iterator[Event]:
        """What happened to the files that now read as planned; nothing for the others.

        A file that was opened in the meantime has told its own events.
        """
        for file in self._plans.pop(id, ()):
            if file.before == file.after or work.tree.read(file.path) != file.after:
                continue
            if work.version(file.path) is not None:
                continue
            yield Open(t, file.path, 0, language_of(file.path) or "plaintext", file.before)
            yield Edit(t, file.path, 1, file.changes)
            yield Save(t, file.path)
            yield Close(t, file.path)
