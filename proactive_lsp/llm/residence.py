"""With how much context to ask, so that nothing is loaded anew and nobody's model is pushed out.

Ollama loads a model again when it is asked with another `num_ctx` (needsReload in its
server/sched.go), and unloads others when memory is short. `/api/ps` says what is loaded, and since
July 2025 with how much context (docs/api.md, "List Running Models"; api/types.go).
"""

from typing import Literal

from proactive_lsp.llm.facts import Loaded, same_model
from proactive_lsp.llm.model import ModelBusy

FRESH_SECONDS = 5.0
"""How long a look at what is loaded holds: a draft and its refinement follow within it, while
between two boundaries anybody may have loaded another model."""


class Occupied(ModelBusy):
    """Asking now would push somebody's model out of memory, or load it anew."""


class Residence:
    """What is loaded, and the number of context tokens for each model of one server.

    The number is chosen once per model for the life of the process: the setting's, or what the
    model was trained for where that is less. While somebody has the model loaded with as much or
    more, it is theirs.
    """

    def __init__(self, num_ctx: int, others_loaded: Literal["wait", "silent"]) -> None:
        self.others_loaded: Literal["wait", "silent"] = others_loaded
        self.loaded: tuple[Loaded, ...] | None = None
        self._num_ctx = num_ctx
        self._ours: dict[str, int] = {}
        self._looked_at = float("-inf")

    def is_fresh(self, now: float) -> bool:
        """Whether the last look still holds."""
        return now - self._looked_at < FRESH_SECONDS

    def look(self, loaded: tuple[Loaded, ...] | None, now: float) -> None:
        """Take in what is loaded; None where the server does not say."""
        self.loaded, self._looked_at = loaded, now

    def forget(self) -> None:
        """Look again before the next request: it is not known what became of the last one."""
        self._looked_at = float("-inf")

    def of(self, name: str, digest: str | None = None) -> Loaded | None:
        """The model as it is loaded, under this name or another of the same files."""
        for one in self.loaded or ():
            if same_model(one.title, name) or (digest and one.digest == digest):
                return one
        return None

    def context(self, name: str, digest: str | None, trained: int | None) -> int:
        """Tokens of context to ask with; raises `Occupied` where it is better not to ask."""
        wanted = min(self._num_ctx, trained or self._num_ctx)
        if not self.loaded:
            return wanted
        ours = self.of(name, digest)
        if ours is None:
            raise Occupied(
                f"{self.loaded[0].title} is loaded in Ollama and {name} is not; it is not pushed "
                f"out (`ollama stop {self.loaded[0].title}` makes room)"
            )
        there = ours.context_length
        if not there or there == self._ours.get(name):
            return wanted
        if there >= wanted:
            return there
        raise Occupied(
            f"{name} is loaded in Ollama with {there} tokens of context, and {wanted} are wanted; "
            f"it is not loaded anew (`ollama stop {name}`, or set num_ctx to {there})"
        )

    def we_loaded(self, name: str, digest: str | None) -> None:
        """After a first answer: remember what the server made of our own number."""
        ours = self.of(name, digest)
        if ours is not None and ours.context_length:
            self._ours[name] = ours.context_length
