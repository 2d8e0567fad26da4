"""A model behind an Ollama server, where it may stand, and which of its models to take.

Nothing here loads the `ollama` package until someone listens at the host: it costs 23 MiB, so
`wire.py`, which needs it, is imported at the first request.
"""

import asyncio
import sys
from collections.abc import Iterable
from importlib import import_module
from ipaddress import ip_address
from urllib.parse import urlsplit

from proactive_lsp.llm.model import (
    Heard,
    ModelError,
    ModelMissing,
    ModelUnavailable,
    Reply,
    Request,
    unheard,
)

DEFAULT_HOST = "http://127.0.0.1:11434"
CONNECT_SECONDS = 2.0
"""How long to wait for someone to listen; a local server takes milliseconds."""

PREFERRED = (
    "qwen2.5-coder:3b",
    "qwen2.5-coder:7b",
    "qwen3:4b-instruct",
    "qwen2.5-coder:1.5b",
    "granite4:micro",
    "gemma3:4b",
    "llama3.2:3b",
    "phi4-mini",
    "qwen3:4b",
)
"""Small instruct models that follow a schema, best first; without a tag any tag will do."""


class OllamaModel:
    """One installed model of one server, one request in flight at a time.

    `num_ctx` is the same for every request, since another value makes the server load the model
    anew. `timeout` is for the whole answer in seconds, `keep_alive` Ollama's ("5m").
    """

    def __init__(
        self, *, host: str, name: str, num_ctx: int, keep_alive: str, timeout: float
    ) -> None:
        self.name = name
        self.host = host
        self._num_ctx = num_ctx
        self._keep_alive = keep_alive
        self._timeout = timeout
        self._turn = asyncio.Lock()

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The whole answer; cancelling the caller closes the connection, which stops the work."""
        async with self._turn:
            await _load_wire(self.host, CONNECT_SECONDS)
            from proactive_lsp.llm import wire

            return await wire.chat(
                self.host,
                request,
                model=self.name,
                num_ctx=self._num_ctx,
                keep_alive=self._keep_alive,
                connect=CONNECT_SECONDS,
                within=self._timeout,
                heard=heard,
            )


async def probe(
    host: str,
    timeout: float = 1.0,  # noqa: ASYNC109 - it bounds steps, not the whole
) -> tuple[str, ...]:
    """The names of the installed models, sorted; raises `ModelUnavailable` alone.

    Knocking and asking may take `timeout` seconds each.
    """
    await _load_wire(host, timeout)
    from proactive_lsp.llm import wire

    try:
        return await wire.installed(host, within=timeout)
    except ModelUnavailable:
        raise
    except ModelError as error:
        raise ModelUnavailable(f"what answers at {host} is no working Ollama") from error


def choose(installed: Iterable[str], wanted: str | None) -> str:
    """The installed name to use: the wanted one, or without a wish the first of `PREFERRED`.

    Raises `ModelMissing` with the command to run when it is not there; a wish is never replaced
    by another model.
    """
    names = sorted(installed)
    if wanted is not None:
        # Ollama reads a name without a tag as the tag "latest".
        for name in (wanted, f"{wanted}:latest"):
            if name in names:
                return name
        raise ModelMissing(f"model {wanted} is not installed; run `ollama pull {wanted}`")
    for preferred in PREFERRED:
        for name in names:
            if _suits(name, preferred):
                return name
    raise ModelMissing(
        f"none of the {len(names)} installed models is one we know to be small and to suit; "
        f"run `ollama pull {PREFERRED[0]}` or name a model in your settings"
    )


def _suits(name: str, preferred: str) -> bool:
    # A base model completes text and does not follow instructions.
    if "-base" in name:
        return False
    mark = "-" if ":" in preferred else ":"
    return name == preferred or name.startswith(preferred + mark)


def check_host(host: str, allow_remote: bool) -> str:
    """`host` as `scheme://name:port`, by Ollama's rules for what is left out.

    Raises `ModelUnavailable` when it is no such address, or not on this machine without
    `allow_remote`. Use the result and not `host`, so that what was checked is what is called.
    """
    try:
        parts = urlsplit(host if "://" in host else f"http://{host}")
        name, port = parts.hostname or "127.0.0.1", parts.port
    except ValueError as error:
        raise ModelUnavailable(f"host {host!r} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or parts.username is not None:
        raise ModelUnavailable(f"host {host!r} is no address like http://127.0.0.1:11434")
    if not allow_remote and not _is_loopback(name):
        raise ModelUnavailable(
            f"host {host!r} is not this machine; allow a remote host in your own settings first"
        )
    if port is None:
        port = {"http": 80, "https": 443}[parts.scheme] if "://" in host else 11434
    name = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{name}:{port}{parts.path.rstrip('/')}"


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


async def _load_wire(host: str, within: float) -> None:
    module = "proactive_lsp.llm.wire"
    if module in sys.modules:
        return
    # A bare knock first: where no Ollama runs, its client is never loaded.
    await _knock(host, within)
    try:
        # Loading takes a quarter of a second, in which this loop has other work to do.
        await asyncio.to_thread(import_module, module)
    except Exception as error:
        # The package makes a client while it loads, so odd proxy variables can break it here.
        raise ModelUnavailable(f"the ollama package cannot be loaded: {error}") from error


async def _knock(host: str, within: float) -> None:
    try:
        parts = urlsplit(check_host(host, allow_remote=True))
        async with asyncio.timeout(within):
            _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    except (OSError, UnicodeError) as error:
        raise ModelUnavailable(f"no Ollama at {host}; start it with `ollama serve`") from error
    writer.close()
