"""Recordings in one line of a test."""

import pytest

from tests.sessions.imports.making import imported
from tests.sessions.imports.traffic import database


@pytest.fixture
def recorded(tmp_path):
    """What comes of messages that lsp-devtools recorded."""

    def recorded(*messages, step=1.0, **given):
        file = database(tmp_path / "run.db", messages, step)
        return imported(file, tmp_path, **given)

    return recorded


@pytest.fixture
def traced(tmp_path):
    """What comes of a trace of VS Code."""

    def traced(text, encoding="utf-8"):
        file = tmp_path / "trace.log"
        file.write_bytes(text.encode(encoding))
        return imported(file, tmp_path)

    return traced
