"""Sessions as files, and the page of their replay."""

import json

import pytest

from proactive_lsp.replay.run import ReplayOptions, replay_one
from proactive_lsp.replaying import assemble
from proactive_lsp.report.page import page_of

SHAPES = "def area(width, height):\n    return width * height\n"
USE = "from shapes import area\n\n\ndef room():\n    return area(3, 4)\n"
HEAD = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
FILES = {"shapes.py": SHAPES, "use.py": USE}


def opened(t, path, text):
    return {"t": t, "type": "open", "path": path, "version": 1, "language": "python", "text": text}


def edited(t, path="shapes.py", text="def surface(width, height):\n", version=2):
    change = {"range": HEAD, "text": text}
    return {"t": t, "type": "edit", "path": path, "version": version, "changes": [change]}


def saved(t, path="shapes.py"):
    return {"t": t, "type": "save", "path": path}


# One card is offered for it, for the call in the other file.
STORY = (opened(0.5, "shapes.py", SHAPES), edited(2.0), saved(3.0))


@pytest.fixture
def write(tmp_path):
    """Writes a session file."""

    def write(*lines, name="one", files=FILES):
        workspace = {"kind": "files", "files": files}
        header = {"proactive_session": [1, 0], "name": name, "workspace": workspace}
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.jsonl"
        path.write_bytes(b"".join(json.dumps(each).encode() + b"\n" for each in (header, *lines)))
        return path

    return write


@pytest.fixture
def replayed():
    """Replays a session with everything that a page needs."""
    options = ReplayOptions(chronicle=True, answers="none")
    return lambda path: replay_one(path, options, assemble, lambda entry: None)


@pytest.fixture
def page(replayed):
    """The page about sessions."""
    return lambda *paths: page_of([replayed(path) for path in paths])
