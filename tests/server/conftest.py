"""A workspace with a function and its calls, and a state folder of its own for each test."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.repositories import repository

SHAPES = """\
def area(width, height, unit):
    return width * height
"""
USE = """\
from shapes import area

print(area(2, 3, "cm"))
"""
OTHER = """\
from shapes import area


def field():
    return area(4, 5, "m")
"""


@pytest.fixture
def env(tmp_path: Path) -> Mapping[str, str]:
    """An environment in which the server keeps its state below the test's own folder."""
    state = tmp_path / "state"
    return {"XDG_STATE_HOME": str(state), "HOME": str(tmp_path / "home")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository in which `area` is defined once and called in two other files."""
    return repository(
        tmp_path / "workspace", {"shapes.py": SHAPES, "use.py": USE, "other.py": OTHER}
    )
