"""One moment: the situation at a boundary, and the needs that are found in it."""

from collections.abc import Callable, Collection

from proactive_lsp.agent.write import guard
from proactive_lsp.memory import Memory
from proactive_lsp.needs.detecting import detected
from proactive_lsp.situation import Boundary, Situation, look
from proactive_lsp.suggestions import Need
from proactive_lsp.workspace.search import Index
from proactive_lsp.workspace.work import Work


class Looking:
    """What every look at one workspace folder shares: its index, and which event told of what.

    `off` gives the kinds that the settings of the moment leave out.
    """

    def __init__(
        self, work: Work, memory: Memory, *, off: Callable[[], Collection[str]], with_model: bool
    ) -> None:
        self._work = work
        self._memory = memory
        self._off = off
        self._with_model = with_model
        self._index = Index(work.tree)
        self._cited: dict[str, int] = {}

    def warm_up(self) -> None:
        """Load and read what the first look needs, so that it comes no later than the others."""
        self._work.warm_up()
        self._index.look(())

    def committed(self, head: str | None, seq: int) -> None:
        """A commit was made, and is told by the event `seq`, which its needs will cite."""
        kept = [each.id for each in self._work.committed]
        self._cited[head or ""] = seq
        self._cited = {id: seq for id, seq in self._cited.items() if id in kept}

    def look(self, boundary: Boundary, cancelled: Callable[[], bool] = lambda: False) -> Situation:
        """The situation as it is now; raises `Cancelled` when something newer came first."""
        self._work.compare()
        return look(
            self._work,
            boundary=boundary,
            memory=self._memory,
            index=self._index,
            cancelled=cancelled,
            cited=dict(self._cited),
        )

    def detect(self, situation: Situation, only: Collection[str] | None = None) -> list[Need]:
        """The needs of every detector, or those of the given kinds.

        What a need would edit where nothing may be edited is left out.
        """
        needs = detected(situation, off=self._off(), with_model=self._with_model, only=only)
        return [guard(need, situation.tree) for need in needs]
