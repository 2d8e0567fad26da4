"""Sessions to annotate, copied so that marks can stand beside them."""

import shutil
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@pytest.fixture
def sessions(tmp_path):
    """A folder with two sessions: one with a card that was dismissed, one that must be silent."""
    folder = tmp_path / "sessions"
    for name in ("dismissed-stays-dismissed", "local-variable"):
        shutil.copytree(SCENARIOS / name, folder / name)
    return folder
