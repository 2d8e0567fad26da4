"""A model that repeats what another one answered, so that a replay needs no server.

The file is one JSON object, sorted by key: `{hash of the request: reply}`. It holds answers, never
prompts.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from proactive_lsp.llm.model import (
    BadReply,
    Heard,
    Model,
    ModelUnavailable,
    Reply,
    Request,
    unheard,
)


def request_key(request: Request) -> str:
    """The hash under which the reply to `request` is kept; equal requests have equal keys."""
    return hashlib.sha256(msgspec.json.encode(request, order="sorted")).hexdigest()


class RecordedModel:
    """Answers from `source`; what is not there is asked of `fallback` and written to the file.

    Without a fallback an unknown request raises `ModelUnavailable`. A file that is not there yet
    holds no answers; one that is no recording raises `BadReply` here, at the start. A mapping is
    never written to. Errors of the fallback are passed on and not recorded.
    """

    def __init__(self, source: Path | Mapping[str, Reply], fallback: Model | None = None) -> None:
        self.name = "recorded" if fallback is None else fallback.name
        self._path = source if isinstance(source, Path) else None
        self._replies = _load(source) if isinstance(source, Path) else dict(source)
        self._fallback = fallback

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The recorded reply, else the fallback's."""
        key = request_key(request)
        if (reply := self._replies.get(key)) is not None:
            return reply
        if self._fallback is None:
            raise ModelUnavailable(f"no recorded answer for this request ({key[:12]})")
        reply = self._replies[key] = await self._fallback.complete(request, heard=heard)
        self._write()
        return reply

    def _write(self) -> None:
        if self._path is None:
            return
        text = msgspec.json.format(msgspec.json.encode(self._replies, order="sorted"))
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_bytes(text + b"\n")
        fresh.replace(self._path)


def _load(path: Path) -> dict[str, Reply]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Reply])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadReply(f"{path} is not a recording of answers: {error}") from error
