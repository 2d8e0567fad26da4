"""What a client shows of us in its status line: `proactive/status`, and the command of that name.

    {"state", "count", "message", "model": {"name", "host", "state", "message",
                                            "callsThisHour", "tokensThisHour"} | null}

`state` is one of off, snoozed, writing, thinking, suggestions, model-down and quiet, the first that
is true. `model` is null while the model is off; its own `state` is one of `llm.status.State`, or
pulling. Who asks for it gets `installed` in it as well, [{"name", "size", "parameters"}] with bytes
on disk and what is not known left null; null as a whole where nobody answers.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from proactive_lsp.llm.status import Status

if TYPE_CHECKING:
    from proactive_lsp.llm.facts import Installed
    from proactive_lsp.server.server import ProactiveServer

# The server is not there, or does not have the model: nothing comes of it until somebody acts.
AWAY = ("down", "missing")


def status_of(server: "ProactiveServer") -> dict[str, Any]:
    """The status as it is now, as a JSON object."""
    board = server.board
    count = sum(1 for _ in board.shown())
    model = board.model
    return {
        "state": _state(server, count),
        "count": count,
        "message": model.message if model is not None and model.state in AWAY else "",
        "model": _model(server, model) if model is not None else None,
    }


def _state(server: "ProactiveServer", count: int) -> str:
    mood, model = server.board.mood, server.board.model
    if mood.off:
        return "off"
    if server.board.snoozed:
        return "snoozed"
    if mood.writing:
        return "writing"
    if mood.thinking:
        return "thinking"
    if count:
        return "suggestions"
    return "model-down" if model is not None and model.state in AWAY else "quiet"


def _model(server: "ProactiveServer", model: Status) -> dict[str, Any]:
    return {
        "name": model.model,
        "host": model.host,
        "state": "pulling" if server.puller.busy else model.state,
        "message": model.message,
        "callsThisHour": model.calls,
        "tokensThisHour": model.tokens,
    }


def listed(models: "Sequence[Installed] | None") -> list[dict[str, Any]] | None:
    """The installed models as JSON objects."""
    if models is None:
        return None
    return [
        {
            "name": model.title,
            "size": model.size,
            "parameters": model.details.parameter_size if model.details is not None else None,
        }
        for model in models
    ]
