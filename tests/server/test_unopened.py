"""Edits that reach files which no editor holds open."""

from types import SimpleNamespace

from proactive_lsp.agent.execution import MOST_PLANS
from proactive_lsp.events import Edit, span
from proactive_lsp.server.unopened import Unopened
from proactive_lsp.suggestions import FileEdit, Plan, TextEdit
from proactive_lsp.workspace.tree import FilesTree


def test_no_plan_is_forgotten_that_the_engine_still_knows():
    """The oldest of them is carried out last."""
    unopened, before = Unopened(), FilesTree({"a.py": "x = 1\n"})
    for number in range(MOST_PLANS):
        edit = TextEdit(span(0, 4, 0, 5), f"{number + 2}")
        unopened.hand_out(Plan(str(number), "", (FileEdit("a.py", None, (edit,)),)), before)
    work = SimpleNamespace(tree=FilesTree({"a.py": "x = 2\n"}), version=lambda path: None)
    told = [event for event in unopened.carried_out("0", work, 1.0) if isinstance(event, Edit)]
    assert [each.changes[0].text for each in told] == ["2"]
