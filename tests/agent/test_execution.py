"""Which edits are ours, which claims are true, and what was taken back."""

import pytest

from proactive_lsp.agent.execution import CLAIM_SECONDS, MOST_PLANS, UNDO_SECONDS, Execution

BEFORE = {"a.py": "old a", "b.py": "old b"}
EXPECTED = {"a.py": {"new a", "new a, all"}, "b.py": {"new b"}}


@pytest.fixture
def execution():
    """One plan is handed out."""
    made = Execution()
    made.hand_out("id", BEFORE, EXPECTED)
    return made


def test_only_files_of_a_plan_are_compared(execution):
    assert execution.watches("a.py")
    assert not execution.watches("c.py")
    assert not Execution().watches("a.py")


@pytest.mark.parametrize(
    ("path", "text", "id"),
    [
        ("a.py", "new a", "id"),
        ("a.py", "new a, all", "id"),
        ("a.py", "something else", None),
        ("a.py", "old a", None),
        ("b.py", "new a", None),
        ("c.py", "new a", None),
    ],
)
def test_an_edit_is_ours_when_it_makes_a_planned_text(execution, path, text, id):
    assert execution.origin(path, text) == id


def test_coming_back_to_the_text_before_is_not_ours():
    made = Execution()
    made.hand_out("id", {"a.py": "same"}, {"a.py": {"same", "new"}})
    assert made.origin("a.py", "same") is None


def test_of_two_plans_for_one_text_the_later_one_is_meant(execution):
    execution.hand_out("later", BEFORE, EXPECTED)
    assert execution.origin("a.py", "new a") == "later"
    execution.hand_out("id", BEFORE, EXPECTED)
    assert execution.origin("a.py", "new a") == "id"


def test_what_was_carried_out_is_expected_no_longer(execution):
    execution.carried_out("id", "a.py", "new a", 1.0)
    assert execution.origin("a.py", "new a") is None
    assert execution.origin("b.py", "new b") == "id"
    execution.hand_out("id", BEFORE, EXPECTED)
    assert execution.origin("a.py", "new a") == "id"


def test_plans_nobody_took_up_are_forgotten(execution):
    for number in range(MOST_PLANS):
        execution.hand_out(f"n{number}", {"c.py": ""}, {"c.py": {"x"}})
    assert not execution.watches("a.py")


def test_a_claim_is_proven_by_the_files(execution):
    execution.claim("id", 1.0)
    assert execution.proven(1.1, BEFORE.get) == ()
    assert execution.proven(1.2, {"a.py": "old a", "b.py": "new b"}.get) == ("id",)


def test_a_claim_that_nothing_shows_is_dropped(execution):
    execution.claim("id", 1.0)
    assert execution.proven(1.0 + CLAIM_SECONDS + 0.1, {"a.py": "new a"}.get) == ()
    assert execution.proven(1.0, {"a.py": "new a"}.get) == ()


def test_a_claim_for_an_unknown_plan_is_dropped(execution):
    execution.claim("feedbeef", 1.0)
    assert execution.proven(1.0, {"a.py": "new a"}.get) == ()


def test_what_is_accepted_already_needs_no_proof(execution):
    execution.claim("id", 1.0)
    execution.accepted("id")
    execution.claim("id", 1.1)
    assert execution.is_accepted("id")
    assert execution.proven(1.2, {"a.py": "new a"}.get) == ()


def test_handing_out_again_begins_anew(execution):
    execution.accepted("id")
    execution.hand_out("id", BEFORE, EXPECTED)
    assert not execution.is_accepted("id")


def test_a_file_that_cannot_be_read_proves_nothing(execution):
    execution.claim("id", 1.0)
    assert execution.proven(1.0, {}.get) == ()


def test_taken_back_within_a_minute(execution):
    execution.carried_out("id", "a.py", "new a", 10.0)
    execution.carried_out("id", "b.py", "new b", 10.0)
    assert execution.watches("a.py")
    assert execution.undone("a.py", "typed on", 11.0) is None
    assert execution.undone("c.py", "old a", 11.0) is None
    assert execution.undone("a.py", "old a", 12.0) == "id"
    assert execution.undone("b.py", "old b", 13.0) is None


def test_what_a_recording_carried_out_may_be_taken_back_too():
    made = Execution()
    made.replayed("id", "a.py", "old a", 10.0)
    assert made.watches("a.py")
    assert made.undone("a.py", "old a", 12.0) == "id"


def test_after_a_minute_it_is_no_undo(execution):
    execution.carried_out("id", "a.py", "new a", 10.0)
    late = 10.0 + UNDO_SECONDS + 0.1
    assert execution.undone("a.py", "old a", late) is None
    assert not execution.watches("a.py")
