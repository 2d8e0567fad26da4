"""Paths of files that moved or went."""

from collections.abc import Mapping

from proactive_lsp.agent.write import result
from proactive_lsp.events import FileOperation
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.needs import moved_path
from proactive_lsp.situation import Boundary, Situation, look
from proactive_lsp.suggestions import Need, TextEdit
from proactive_lsp.workspace.search import Index
from proactive_lsp.workspace.tree import FilesTree
from proactive_lsp.workspace.work import Work


def moment(files: Mapping[str, str], *operations: FileOperation) -> Situation:
    work = Work(FilesTree(files), live=False, max_bytes=1_000_000)
    for operation in operations:
        work.apply(operation)
    work.compare()
    return look(
        work, boundary=Boundary("save", 10.0), memory=Memory(NoStore()), index=Index(work.tree)
    )


def moved(files: Mapping[str, str], path: str, to: str) -> tuple[list[Need], Situation]:
    situation = moment(files, FileOperation(1.0, "renamed", path, to))
    return list(moved_path.detect(situation)), situation


def check(files: Mapping[str, str], path: str, to: str, fixed: Mapping[str, str]) -> None:
    (need,), situation = moved(files, path, to)
    for name, text in fixed.items():
        edits = [TextEdit(p.range, p.after) for p in need.places if p.path == name and p.after]
        edits.sort(key=lambda edit: edit.range)
        assert result(situation.tree.read(name) or "", edits) == text


def test_offers_the_new_module_to_imports():
    use = "import app.util\nfrom app.util import f\nfrom app import util\nfrom .util import g\n"
    check(
        {"app/util.py": "", "app/use.py": use},
        "app/util.py",
        "app/tools.py",
        {"app/use.py": use.replace("util", "tools")},
    )


def test_knows_packages_below_a_folder():
    use = "from app.util import f\n"
    check(
        {"src/app/util.py": "", "tests/test_util.py": use},
        "src/app/util.py",
        "src/app/tools.py",
        {"tests/test_util.py": "from app.tools import f\n"},
    )


def test_offers_the_new_path_to_scripts_and_docs():
    check(
        {
            "docs/guide.md": "",
            "Makefile": "open docs/guide.md\n",
            "README.md": "See docs/guide.md.\n",
        },
        "docs/guide.md",
        "docs/manual.md",
        {"Makefile": "open docs/manual.md\n", "README.md": "See docs/manual.md.\n"},
    )


def test_offers_relative_specifiers():
    check(
        {
            "src/core/as-promise.ts": "",
            "src/core/use.ts": 'import {a} from "./as-promise";\n',
            "test/use.ts": 'import {a} from "../src/core/as-promise.js";\n',
        },
        "src/core/as-promise.ts",
        "src/promise/of.ts",
        {
            "src/core/use.ts": 'import {a} from "../promise/of";\n',
            "test/use.ts": 'import {a} from "../src/promise/of.js";\n',
        },
    )


def test_points_at_the_path_of_a_deleted_file():
    situation = moment(
        {"docs/guide.md": "", "README.md": "See docs/guide.md.\n"},
        FileOperation(1.0, "deleted", "docs/guide.md"),
    )
    (need,) = moved_path.detect(situation)
    assert [(place.path, place.before, place.after) for place in need.places] == [
        ("README.md", "docs/guide.md", None)
    ]


def test_is_quiet_about_namesakes_in_other_folders():
    needs, _ = moved(
        {"a/util.py": "", "b/util.py": "", "b/use.py": "from .util import f\n"},
        "a/util.py",
        "a/tools.py",
    )
    assert needs == []


def test_is_quiet_about_names_that_every_project_has():
    needs, _ = moved(
        {"a/index.md": "", "README.md": "The index.md of each folder\n"},
        "a/index.md",
        "a/start.md",
    )
    assert needs == []


def test_is_quiet_when_the_file_came_back():
    situation = moment(
        {"docs/guide.md": "", "README.md": "See docs/guide.md.\n"},
        FileOperation(1.0, "renamed", "docs/guide.md", "docs/manual.md"),
        FileOperation(2.0, "renamed", "docs/manual.md", "docs/guide.md"),
    )
    assert [need for need in moved_path.detect(situation) if need.anchor == "docs/guide.md"] == []


def test_copes_with_half_typed_code_and_other_line_ends():
    use = "é = '🙂', f(\r\nx = '🙂', app.util.f\r\n"
    check(
        {"app/util.py": "", "use.py": use},
        "app/util.py",
        "app/tools.py",
        {"use.py": use.replace("app.util", "app.tools")},
    )
