"""The function around a line, by its indentation."""

import pytest

from proactive_lsp.workspace.headers import defines, enclosing_name
from proactive_lsp.workspace.hunks import LineHunk

PYTHON = """\
class A:
    async def first_one(self):
        if x:
            return 1

    def run(self):
        a = 1

x = 1
"""


@pytest.mark.parametrize(("line", "name"), [(3, "first_one"), (2, "first_one"), (8, None)])
def test_names_the_function_around_a_hunk(line: int, name: str | None):
    lines = PYTHON.split("\n")
    hunk = LineHunk("a.py", line, ("old",), line, (lines[line],))
    assert enclosing_name(hunk, lines) == name


def test_a_short_name_says_nothing():
    lines = PYTHON.split("\n")
    assert enclosing_name(LineHunk("a.py", 6, (), 6, (lines[6],)), lines) is None


def test_reads_other_languages():
    lines = ["func (r *Reader) ReadRows(n int) {", "\treturn n", "}"]
    assert enclosing_name(LineHunk("a.go", 1, (), 1, ("\treturn n",)), lines) == "ReadRows"


def test_a_hunk_may_lie_behind_the_end():
    assert enclosing_name(LineHunk("a.py", 9, ("  a",), 9, ()), []) is None


def test_a_header_is_not_a_mention():
    assert defines("    async def first_one(self):", "first_one")
    assert not defines("x = first_one(3)\nfirst_one = 4\n", "first_one")
