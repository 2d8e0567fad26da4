"""A model that answers from a queue, for tests and simulations."""

from collections.abc import Iterable

from proactive_lsp.llm.model import Heard, ModelError, ModelUnavailable, Reply, Request, unheard


class ScriptedModel:
    """Gives the replies in order and raises those that are errors; `history` is what was asked.

    Once the queue is empty every request raises `ModelUnavailable`.
    """

    name = "scripted"

    def __init__(
        self, replies: Iterable[str | ModelError] = (), history: list[Request] | None = None
    ) -> None:
        self.history: list[Request] = [] if history is None else history
        self._replies = iter(replies)

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The next reply of the script, at once."""
        self.history.append(request)
        reply = next(self._replies, None)
        if reply is None:
            raise ModelUnavailable("the script has no more replies")
        if isinstance(reply, ModelError):
            raise reply
        heard(len(reply))
        return Reply(reply)
