"""Where Ollama listens, who said so, and whether it may be asked there.

The environment is an argument: nothing in this package reads it, so a replay is given none.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from proactive_lsp.llm.model import ModelUnavailable

DEFAULT_HOST = "http://127.0.0.1:11434"
VARIABLE = "OLLAMA_HOST"
DEFAULT_PORT = 11434
_PORTS = {"http": 80, "https": 443}

Source = Literal["setting", "OLLAMA_HOST", "default"]


class Address(Struct, frozen=True):
    """`url` as `scheme://name:port/path`, who said so, and whether it is another machine."""

    url: str
    source: Source
    remote: bool


def find_address(setting: str | None, environment: Mapping[str, str], *, remote: bool) -> Address:
    """The setting, else OLLAMA_HOST, else this machine; raises `ModelUnavailable` otherwise.

    Both are the user's own word for a host. That prompts may leave this machine is another
    question, so a host elsewhere wants `remote` whoever named it.
    """
    source: Source = "default"
    host = DEFAULT_HOST
    if setting is not None:
        source, host = "setting", setting
    elif named := environment.get(VARIABLE, "").strip(" \t\r\n\"'"):
        source, host = "OLLAMA_HOST", from_variable(named)
    try:
        url = check_host(host, allow_remote=remote)
    except ModelUnavailable as error:
        if source != "OLLAMA_HOST":
            raise
        raise ModelUnavailable(f"{VARIABLE}: {error}") from error
    return Address(url, source, remote=not is_this_machine(url))


def from_variable(value: str) -> str:
    """What OLLAMA_HOST means to a client, by Ollama's own rules (its envconfig/config.go).

    The variable also tells the server where to bind: "0.0.0.0" and "::" are every address of this
    machine, and a client calls the loopback one. A port that is none is the default one.
    """
    scheme, mark, rest = value.partition("://")
    port = _PORTS.get(scheme, DEFAULT_PORT)
    if not mark:
        scheme, rest, port = "http", value, DEFAULT_PORT
        if value == "ollama.com":
            scheme, port = "https", 443
    place, slash, path = rest.partition("/")
    if "@" in place:
        # No rule of theirs makes an address of it, and ours says so.
        return value
    name, number = _split(place)
    if number is not None and number.isascii() and number.isdigit() and int(number) <= 65_535:
        port = int(number)
    name = _connectable(name)
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}{slash}{path}"


def _split(place: str) -> tuple[str, str | None]:
    """Name and port; an IPv6 address without brackets has no port."""
    if place.startswith("["):
        name, _, rest = place[1:].partition("]")
        return name, rest[1:] if rest.startswith(":") else None
    if place.count(":") != 1:
        return place, None
    name, _, port = place.partition(":")
    return name, port


def _connectable(name: str) -> str:
    if not name:
        return "127.0.0.1"
    try:
        found = ip_address(name)
    except ValueError:
        return name
    if not found.is_unspecified:
        return str(found)
    return "127.0.0.1" if found.version == 4 else "::1"


def check_host(host: str, allow_remote: bool) -> str:
    """`host` as `scheme://name:port`, by Ollama's rules for what is left out.

    Raises `ModelUnavailable` when it is no such address, or not on this machine without
    `allow_remote`. Use the result and not `host`, so that what was checked is what is called.
    """
    if "@" in host:
        # Not quoted, since it may hold a password.
        raise ModelUnavailable(
            "host names a user; say who asks in the headers of your settings instead"
        )
    try:
        parts = urlsplit(host if "://" in host else f"http://{host}")
        name, port = parts.hostname or "127.0.0.1", parts.port
    except ValueError as error:
        raise ModelUnavailable(f"host {host!r} is no address: {error}") from error
    if parts.scheme not in _PORTS:
        raise ModelUnavailable(f"host {host!r} is no address like {DEFAULT_HOST}")
    if not allow_remote and not _is_loopback(name):
        raise ModelUnavailable(
            f"host {host!r} is not this machine; allow a remote host in your own settings first"
        )
    if port is None:
        port = _PORTS[parts.scheme] if "://" in host else DEFAULT_PORT
    name = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{name}:{port}{parts.path.rstrip('/')}"


def is_this_machine(url: str) -> bool:
    """Whether a checked address is a loopback one."""
    return _is_loopback(urlsplit(url).hostname or "")


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
