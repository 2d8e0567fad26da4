"""A local model for the stories: it proposes one task, and writes when it is asked to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types

from proactive_lsp.needs import KINDS
from tests.driver import Editor
from tests.llm.conftest import Exchange, FakeOllama, installed, listening

NAME = "small:3b"
TITLE = "Return the diagonal as well"
PREDICTION = {
    "purpose": "measure shapes",
    "help_wanted": True,
    "kind": "finish",
    "task": TITLE,
    "path": "shapes.py",
    "quoted_line": "    return width * height",
    "why": "the caller wants it",
}
NOTHING = dict.fromkeys(PREDICTION, "") | {"help_wanted": False, "kind": "other"}
WRITTEN = """\
<<<<<<< SEARCH
    return width * height
=======
    diagonal = (width**2 + height**2) ** 0.5
    return width * height, diagonal
>>>>>>> REPLACE
"""


class Local:
    """An Ollama with one model.

    A chat with a schema asks for a task and gets `prediction`, any other gets `text`, word by
    word. While `goes_on` is not set an answer stops after its first word.
    """

    def __init__(self, fake: FakeOllama, host: str) -> None:
        self.fake = fake
        self.host = host
        self.prediction: dict[str, Any] = PREDICTION
        self.text = WRITTEN
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        fake.install(installed(NAME))
        fake.answer = self._answer

    def options(self, *, only: str = "predicted", **agent: Any) -> dict[str, Any]:
        """What the user sets: this model, and that whatever it proposes is shown.

        Of the rules those stay that the stories need, and the one named `only`.
        """
        chosen = {"enabled": True, "host": self.host, "model": NAME, **agent}
        off = sorted({*KINDS} - {"predicted", "broken-call", only})
        return {
            "agent": chosen,
            "needs": {"off": off},
            "reward": {"filter": False, "cardsPerHour": 1000},
        }

    @property
    def predictions(self) -> int:
        """How often it was asked for a task."""
        return sum(bool(chat.json.get("format")) for chat in self.fake.chats)

    @property
    def writes(self) -> int:
        """How often it was asked to write."""
        return sum(not chat.json.get("format") for chat in self.fake.chats)

    async def _answer(self, exchange: Exchange) -> None:
        text = json.dumps(self.prediction) if exchange.json.get("format") else self.text
        await exchange.start()
        for word in text.splitlines(keepends=True):
            await exchange.word(word)
            await self.goes_on.wait()
        await exchange.last()


@asynccontextmanager
async def local_model() -> AsyncIterator[Local]:
    """A model that listens as long as the block lasts."""
    async with listening() as (fake, host):
        yield Local(fake, host)


async def proposed(editor: Editor, root: Path, title: str = TITLE) -> types.CodeAction:
    """Work that no rule has a word on; the action to have written what the model proposes then."""
    shapes = root / "shapes.py"
    if shapes not in editor.buffers:
        editor.open(shapes)
    editor.type_text(shapes, "height\n", "# to be measured\n")
    editor.save(shapes)
    await editor.wait_for_hint(shapes, "predicted")
    actions = await editor.actions(shapes, editor.find(shapes, "return"))
    found = [action for action in actions if action.title == f"Write it: {title}"]
    assert found, [action.title for action in actions]
    (action,) = found
    assert isinstance(action, types.CodeAction)
    return action
