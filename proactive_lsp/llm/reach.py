"""How to reach a server, and the knock before anything heavy is loaded.

The `ollama` package and httpx cost 23 MiB, so `wire.py`, which needs them, is imported once
somebody listens at the host, and never before.
"""

import asyncio
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from urllib.parse import urlsplit

from msgspec import Struct

from proactive_lsp.llm.address import Address, check_host
from proactive_lsp.llm.model import ModelUnavailable

CONNECT_SECONDS = 2.0
"""How long to wait for someone to listen; a local server takes milliseconds."""

_WIRE = "proactive_lsp.llm.wire"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Line(Struct, frozen=True):
    """A checked address with what goes along: headers, and a proxy for a remote one alone."""

    url: str
    headers: Mapping[str, str] = {}
    proxy: str | None = None
    connect: float = CONNECT_SECONDS


def line_to(address: Address, headers: Mapping[str, str], proxy: str | None) -> Line:
    """The line to an address; raises `ModelUnavailable` for headers or a proxy that are none.

    Neither is quoted, since both may hold a password.
    """
    for name, value in headers.items():
        if _TOKEN.fullmatch(name) is None or not (value.isascii() and value.isprintable()):
            raise ModelUnavailable(f"the header {name!r} of your settings cannot be sent")
    if not address.remote or proxy is None:
        return Line(address.url, headers)
    try:
        parts = urlsplit(proxy)
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ModelUnavailable("the proxy of your settings is no address like http://name:3128")
    return Line(address.url, headers, proxy)


async def load_wire(line: Line, within: float) -> None:
    """Import `wire`, the first time after a bare knock; raises `ModelUnavailable` alone."""
    if _WIRE in sys.modules:
        return
    if line.proxy is None:
        await _knock(line.url, within)
    try:
        # Loading takes a quarter of a second, in which this loop has other work to do.
        await asyncio.to_thread(import_module, _WIRE)
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
