"""What the stories share: the edit that most of them begin with, and a look at a recording."""

import json
from pathlib import Path
from typing import Any

from lsprotocol import types

from tests.driver import Editor


def recorded(file: Path) -> list[dict[str, Any]]:
    """The events of a recording."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()[1:]]


async def offered(editor: Editor, root: Path) -> types.CodeAction:
    """Drop a parameter, save, and take the action that is then offered at the definition."""
    shapes = root / "shapes.py"
    if shapes not in editor.buffers:
        editor.open(shapes)
    editor.replace(shapes, ", unit):", "):")
    editor.save(shapes)
    await editor.wait_for_hint(shapes, "broken-call")
    action, *_ = await editor.actions(shapes, editor.find(shapes, "area"))
    assert isinstance(action, types.CodeAction)
    return action
