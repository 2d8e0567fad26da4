"""What a model writes, in real editors: the action, then the edit when it is written."""

import json

import pytest

from proactive_lsp.needs import KINDS
from tests.editors.conftest import EDITORS
from tests.repositories import repository
from tests.scripted_ollama import scripted_ollama
from tests.server.local_model import PREDICTION, TITLE, WRITTEN

SHAPES = "def area(width, height):\n    return width * height\n"


@pytest.mark.parametrize("name", EDITORS)
def test_it_is_applied_when_it_is_written(name, tmp_path):
    """By `workspace/applyEdit`, which Emacs asks about first; one undo takes it back."""
    shapes = repository(tmp_path / "workspace", {"shapes.py": SHAPES}) / "shapes.py"

    def answer(chat):
        return json.dumps(PREDICTION) if chat.get("format") else WRITTEN

    with scripted_ollama(answer) as model:
        agent = {"enabled": True, "host": model.host, "model": model.model}
        off = sorted({*KINDS} - {"predicted"})
        settings = {"agent": agent, "needs": {"off": off}, "reward": {"filter": False}}
        desk = EDITORS[name](tmp_path / "home", settings)
        try:
            desk.open(shapes)
            desk.replace(shapes, "height):\n", "height):\n    # to be measured\n")
            desk.save(shapes)
            desk.until(lambda: desk.hints(shapes), "the hint")
            before = desk.text(shapes)
            desk.choose(shapes, "return", f"Write it: {TITLE}")
            desk.until(lambda: "return width * height, diagonal" in desk.text(shapes), "the text")
            desk.until(lambda: not desk.hints(shapes), "the hint to go")
            desk.undo(shapes)
            assert desk.text(shapes) == before
        finally:
            desk.close()
