"""Lists of files without the new one."""

from collections.abc import Mapping

from proactive_lsp.agent.write import result
from proactive_lsp.events import FileOperation
from proactive_lsp.needs import index_entry
from proactive_lsp.suggestions import Need, TextEdit
from tests.needs.test_moved_path import moment

INIT = "from .alpha import *\nfrom .gamma import *\n\nx = 1\n"
FOLDER = {"app/alpha.py": "", "app/gamma.py": ""}


def created(files: Mapping[str, str], path: str) -> list[Need]:
    situation = moment({path: "", **files}, FileOperation(1.0, "created", path))
    return list(index_entry.detect(situation))


def check(files: Mapping[str, str], path: str, index: str, fixed: str) -> None:
    (need,) = created(files, path)
    edits = [TextEdit(p.range, p.after) for p in need.places if p.path == index and p.after]
    assert result(files[index], edits) == fixed


def test_drafts_the_entry_in_its_place():
    check(
        {**FOLDER, "app/__init__.py": INIT},
        "app/beta.py",
        "app/__init__.py",
        INIT.replace("from .gamma", "from .beta import *\nfrom .gamma"),
    )


def test_drafts_lines_of_a_toctree():
    index = ".. toctree::\r\n\r\n   usage\r\n   api\r\n\r\nEnd é\r\n"
    check(
        {"docs/usage.rst": "", "docs/api.rst": "", "docs/index.rst": index},
        "docs/faq.rst",
        "docs/index.rst",
        index.replace("   api\r\n", "   api\r\n   faq\r\n"),
    )


def test_points_where_the_entries_are_not_alike():
    index = "from .alpha import One\nfrom .gamma import Two\nx = 1\n"
    (need,) = created({**FOLDER, "app/__init__.py": index}, "app/beta.py")
    assert [(place.path, place.after) for place in need.places] == [("app/__init__.py", None)]


def test_is_quiet_where_the_file_is_listed():
    files = {**FOLDER, "app/__init__.py": INIT + "from .beta import *\n"}
    assert created(files, "app/beta.py") == []


def test_is_quiet_where_only_one_neighbour_is():
    assert created({**FOLDER, "app/__init__.py": "from .alpha import *\n"}, "app/beta.py") == []


def test_is_quiet_in_a_folder_of_one_file():
    assert created({"app/alpha.py": "", "app/__init__.py": INIT}, "app/beta.py") == []


def test_copes_with_half_typed_code():
    index = "from .alpha import (\nfrom .gamma import (\nx = \n"
    (need,) = created({**FOLDER, "app/__init__.py": index}, "app/beta.py")
    assert need.places[0].after == "from .beta import (\n"


def test_is_quiet_about_words_that_happen_to_be_names_of_files():
    readme = "It has an alpha channel\nand gamma correction\nx\n"
    assert created({**FOLDER, "README.md": readme}, "app/beta.py") == []


def test_knows_paths_in_lists_above_the_folder():
    check(
        {**FOLDER, "mkdocs.yml": "nav:\n  - app/alpha.py\n  - app/gamma.py\nx: 1\n"},
        "app/beta.py",
        "mkdocs.yml",
        "nav:\n  - app/alpha.py\n  - app/beta.py\n  - app/gamma.py\nx: 1\n",
    )
