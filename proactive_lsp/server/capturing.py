"""Capture."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer


async def capture(server: "ProactiveServer", arguments: Sequence[object]) -> None: ...
