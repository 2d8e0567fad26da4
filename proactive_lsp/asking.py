"""Ask the local model at a boundary: its draft, the filter's word on it, what it makes of that.

The model's part of a moment, kept apart from the order of the stages: `Engine` says when, and what
the filter thinks.
"""

from collections.abc import Callable, Sequence

from proactive_lsp.agent.predict import predict
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.llm import Model
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Judgement, Need, Silence, Task

Judge = Callable[[Task], Judgement]


class Asking:
    """One model and what it was told so far in this stretch of work."""

    def __init__(self, model: Model, settings: AgentSettings) -> None:
        self.model = model
        self._settings = settings

    def look(self, situation: Situation) -> None:
        """Take note of a moment, whether or not the model is asked at it."""

    async def predict(
        self, situation: Situation, needs: Sequence[Need], judge: Judge
    ) -> Judgement | Silence:
        """The filter's last word on what the model proposes, or why there is no proposal.

        `needs` are noticed already. Every error of the model becomes a `Silence`; only
        cancellation passes through.
        """
        answer = await predict(situation, self.model, needs=needs)
        return answer if isinstance(answer, Silence) else judge(answer)
