"""Which changes of the model become a message, and the offer to pull one that is missing.

A client of ours shows the status, so it gets no message. Others get one when the model goes away
and one when it is back; none when nobody asked for a model and none ever answered, as on a machine
without Ollama.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lsprotocol import types

from proactive_lsp.server.news import ModelNews
from proactive_lsp.server.status import AWAY

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

PULL, NOT_NOW = "Pull", "Not now"
SIZES: Mapping[str, str] = {
    "qwen2.5-coder:3b": "1.9 GB",
    "qwen2.5-coder:7b": "4.7 GB",
    "qwen2.5-coder:1.5b": "1.0 GB",
    "llama3.2:3b": "2.0 GB",
    "gemma3:4b": "3.3 GB",
}
"""What Ollama's library says of the models that we may name; of others nobody knows beforehand."""


class ModelMessages:
    """Remembers what was told."""

    def __init__(self, server: "ProactiveServer") -> None:
        self._server = server
        self._wanted = self._told = self._offered = False

    def hear(self, news: ModelNews) -> None:
        """Take in how the model is, and say what is worth saying."""
        status = self._server.board.model = news.status
        # Whoever names a model counts on it, as does everybody once it has answered.
        self._wanted = self._wanted or news.named or status.state == "ready"
        if status.state in AWAY and news.writing:
            # The message on what could not be written says so already.
            self._told = True
        elif status.state == "missing" and status.pull is not None:
            if not self._offered:
                self._offered = self._told = True
                self._server.background(self._offer(status.pull))
        elif news.sentence is not None:
            self._say(news.sentence, bad=status.state in AWAY)

    def _say(self, sentence: str, *, bad: bool) -> None:
        # Good news is none to who never heard the bad.
        if self._server.client.own or not (self._told or (bad and self._wanted)):
            return
        self._told = bad
        kind = types.MessageType.Warning if bad else types.MessageType.Info
        text = f"{sentence[0].upper()}{sentence[1:]}"
        self._server.window_show_message(types.ShowMessageParams(kind, text))

    async def _offer(self, name: str) -> None:
        size = f" ({SIZES[name]})" if name in SIZES else ""
        chosen = await self._server.window_show_message_request_async(
            types.ShowMessageRequestParams(
                types.MessageType.Info,
                f"Ollama runs, but has no model for suggestions. Pull {name}{size}?",
                [types.MessageActionItem(PULL), types.MessageActionItem(NOT_NOW)],
            )
        )
        if chosen is not None and chosen.title == PULL:
            self._server.puller.begin(name)
