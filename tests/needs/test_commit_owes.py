"""What a commit alone gives away."""

from proactive_lsp.needs import broken_call, commit_owes, renamed_mention
from tests.check import check, needs_of

BEFORE = "def area(width, height, unit):\n    return width * height, unit\n"
AFTER = "def area(width, height):\n    return width * height\n"
USE = "from shapes import area\n\narea(2, 3, 'cm')\n"


def test_offers_the_calls_that_a_commit_left_behind():
    (need,) = check(
        commit_owes,
        before={"shapes.py": BEFORE, "use.py": USE},
        after={"shapes.py": AFTER},
        fixed={"use.py": USE.replace(", 'cm'", "")},
        committed=True,
    )
    assert need.facts[1].cited() == "commit c0ffee00 did that (event 1)"


def test_offers_the_mentions_that_a_commit_left_behind():
    check(
        commit_owes,
        before={"shapes.py": BEFORE, "use.py": USE},
        after={"shapes.py": BEFORE.replace("area", "surface")},
        fixed={"use.py": USE.replace("area", "surface")},
        committed=True,
    )


def test_leaves_what_was_edited_here_to_the_others():
    before, after = {"shapes.py": BEFORE, "use.py": USE}, {"shapes.py": AFTER}
    assert needs_of(commit_owes, before, after) == []
    assert len(needs_of(broken_call, before, after)) == 1
    assert needs_of(broken_call, before, after, committed=True) == []
    assert needs_of(renamed_mention, before, after, committed=True) == []


def test_is_silent_when_the_commit_did_it_all():
    check(
        commit_owes,
        before={"shapes.py": BEFORE, "use.py": USE},
        after={"shapes.py": AFTER, "use.py": USE.replace(", 'cm'", "")},
        fixed=None,
        committed=True,
    )


def test_copes_with_a_commit_of_broken_code():
    check(
        commit_owes,
        before={"shapes.py": BEFORE, "use.py": USE},
        after={"shapes.py": "def area(width, hei"},
        fixed=None,
        committed=True,
    )
