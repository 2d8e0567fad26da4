"""What of a plan an editor gets."""

from proactive_lsp.agent.write import created_file
from proactive_lsp.events import span
from proactive_lsp.server.plans import asked_for, certain_only, to_be_confirmed
from proactive_lsp.suggestions import FileEdit, Plan, TextEdit

WRITTEN = TextEdit(span(0, 0, 0, 1), "a", certain=False, label="written by small:3b")
SURE = TextEdit(span(1, 0, 1, 1), "b")
UNSURE = TextEdit(span(2, 0, 2, 1), "c", certain=False, label="in the documentation")
PLAN = Plan(
    "1",
    "Use pi",
    (
        FileEdit("a.py", 1, (WRITTEN, SURE, UNSURE)),
        FileEdit("b.py", 1, (UNSURE,)),
        created_file("c.py", "d"),
    ),
)


def texts(plan):
    """The new texts by path."""
    return {file.path: [edit.new_text for edit in file.edits] for file in plan.files}


def test_where_nobody_can_be_asked_what_rules_are_unsure_of_is_left_out():
    """What a model wrote was asked for, and a new file with it."""
    assert texts(certain_only(asked_for(PLAN))) == {"a.py": ["a", "b"], "c.py": ["d"]}
    assert texts(certain_only(PLAN)) == {"a.py": ["b"], "c.py": ["d"]}


def test_where_the_user_can_be_asked_all_of_it_is():
    plan = to_be_confirmed(PLAN)
    assert texts(plan) == texts(PLAN)
    assert not any(edit.certain for file in plan.files for edit in file.edits)
