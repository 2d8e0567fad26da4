"""What a user may say about the local model: which one, where, how often, for what."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct


class AgentSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Which local model to ask, and how."""

    enabled: bool = True
    """Off means that no model is asked and no connection made."""
    host: str | None = None
    """Where Ollama listens; without it OLLAMA_HOST as Ollama reads it, else this machine. Either is
    your word for where, not for another machine: that wants `allow_remote`."""
    allow_remote: bool = False
    """Whether the host may be another machine, or the model one that Ollama runs in its cloud;
    prompts hold redacted parts of your files."""
    headers: Mapping[str, str] = {}
    """Sent along with each request, as a server behind a login wants."""
    proxy: str | None = None
    """The address of a proxy for a remote host; a host on this machine is never asked by one."""
    model: str | None = None
    """The model's name as `ollama list` shows it; without one, an installed one is chosen."""
    num_ctx: Annotated[int, Meta(ge=1024)] = 8_192
    """Tokens of context; chosen once per model, since another number makes Ollama load it anew.
    Less where the model was trained for less, more where it is loaded with more already."""
    keep_alive: str = "5m"
    """How long Ollama keeps the model loaded after a request: "5m", "1h", or seconds."""
    timeout: Annotated[float, Meta(gt=0)] = 30.0
    """Seconds for one whole answer, loading the model included."""
    calls_per_hour: Annotated[int, Meta(ge=0)] = 30
    """How many answers may be asked for within an hour; 0 asks for none. What you ask for yourself,
    as accepting a task, is never refused and not counted."""
    tokens_per_hour: Annotated[int, Meta(ge=0)] = 200_000
    """Tokens of prompts and answers within an hour; what the server's cache spares is not counted
    where it says so. A stopped answer costs nothing here, but it counts as a call."""
    others_loaded: Literal["wait", "silent"] = "silent"
    """When another model is loaded and ours is not, or ours with too little context, nothing is
    asked. "wait" looks again at every boundary, and holds what you asked for until there is room;
    "silent" looks again after a minute, then more and more seldom."""
    on_battery: bool = False
    """Whether the model is asked for tasks while the machine runs on battery; it writes what you
    accepted all the same."""
    predict: bool = True
    """Whether it is asked for tasks; off, it only writes what you accepted."""
    refine: Annotated[int, Meta(ge=0, le=1)] = 1
    """How often the filter's reason for refusing a task goes back to it at one boundary."""
    judge: bool = False
    """Whether it is asked for one yes or no where the filter is unsure."""
