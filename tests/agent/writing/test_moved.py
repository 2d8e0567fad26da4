"""What was written goes along with its lines, and is given up where they were edited."""

import pytest

from proactive_lsp.agent.writing.moved import moved
from proactive_lsp.events import span
from proactive_lsp.suggestions import Place
from proactive_lsp.workspace.tree import FilesTree

BASE = "a\nb\nc\nd\ne\n"
REPLACE = Place("x.py", span(2, 0, 3, 0), "c\n", "C\n")
INSERT = Place("x.py", span(2, 0, 2, 0), "", "more\n")


@pytest.mark.parametrize(
    ("now", "replaced", "inserted"),
    [
        (BASE, 2, 2),
        ("new\n" + BASE, 3, 3),
        ("b\nc\nd\ne\n", 1, 1),
        (BASE + "f\n", 2, 2),
        (BASE.replace("a", "A"), 2, 2),
        (BASE.replace("c", "C"), None, None),
        (BASE.replace("b\n", "b\nnew\n"), None, None),
        ("a\nb\n", None, None),
        ("", None, None),
    ],
)
def test_only_lines_that_stayed_take_it_along(now, replaced, inserted):
    for place, row in ((REPLACE, replaced), (INSERT, inserted)):
        found = moved([place], {"x.py": BASE}, FilesTree({"x.py": now}))
        if row is None:
            assert found == "x.py"
        else:
            (here,) = found
            assert here.range.start.line == row
            assert here.range.end.line - row == place.range.end.line - 2


def test_a_file_that_is_gone_is_named():
    assert moved([REPLACE], {"x.py": BASE}, FilesTree({})) == "x.py"


def test_a_place_without_a_base_is_left_as_it_is():
    assert moved([REPLACE], {}, FilesTree({})) == (REPLACE,)
