"""How a log writes its subjects, and drafts that follow it."""

import pytest

from proactive_lsp.workspace.log_style import LogStyle, dressed, restyled, style_of
from proactive_lsp.workspace.past import MOST_SUBJECTS, Past

CONVENTIONAL = (
    *("fix(shapes): round areas (#12)", "feat(shapes): add area", "docs: tell of areas"),
    *("feat(till): pay", "Merge branch 'x'", "fix(till): pay more", "test(till): pay less"),
)
AREAS = ("net/http: close", "net/http: open", "fmt: print", "net: dial", "os: exit", "Fix it")
PLAIN = ("Add taxes", "Drop taxes", "fix it", "Pay more", "Pay less (#3)", "Tidy")
PERIODS = tuple(f"{each}." for each in PLAIN)


@pytest.mark.parametrize(
    ("subjects", "wanted"),
    [
        ((), "Add volume"),
        (("feat: one", "feat: two"), "Add volume"),
        (PLAIN, "Add volume"),
        (PERIODS, "Add volume."),
        (tuple(map(str.lower, PLAIN)), "add volume"),
        (CONVENTIONAL, "feat(shapes): add volume"),
        (tuple(each.replace(": ", ": X") for each in CONVENTIONAL), "feat(shapes): Add volume"),
        (("feat: a", "fix: b", "docs: c", "chore: d", "feat: e"), "feat: add volume"),
        (AREAS, "net/http: add volume"),
    ],
)
def test_a_draft_follows_the_log(subjects, wanted):
    paths = ("net/http/shapes.py",)
    assert dressed("Add volume", style_of(subjects), "feat", paths) == wanted


def test_a_scope_is_one_in_use_that_most_files_are_named_by():
    style = style_of(CONVENTIONAL)
    assert dressed("Add volume", style, "feat", ("src/till/a.py", "src/till/b.py")).startswith(
        "feat(till)"
    )
    assert dressed("Add volume", style, "feat", ("a.py", "b.py")) == "feat: add volume"
    assert dressed("Add volume", style, "feat", ("till.py", "shapes.py")) == "feat: add volume"


def test_a_type_is_spelled_as_the_log_spells_it():
    style = LogStyle(9, "conventional", capital=False, types=("feat", "tests"))
    assert dressed("Add it", style, "test", ()) == "tests: add it"


@pytest.mark.parametrize(
    ("subject", "subjects", "wanted"),
    [
        ("add volume.", (), "Add volume"),
        ("feat: add volume", (), "feat: add volume"),
        ("feat: add volume", PLAIN, "Add volume"),
        ("Add volume", CONVENTIONAL, None),
        ("magic: add volume", CONVENTIONAL, None),
        ("feat(x)!: Add volume.", CONVENTIONAL, "feat(x)!: add volume"),
        ("feat: API is new", CONVENTIONAL, "feat: API is new"),
        ("feat(x): add", ("feat: a", "fix: b", "docs: c", "feat: d", "fix: e"), "feat: add"),
        ("add volume", AREAS, "net/http: add volume"),
        ("fmt: Add volume", AREAS, "fmt: add volume"),
        ("", (), None),
    ],
)
def test_what_a_model_wrote_is_brought_into_the_form_of_the_log(subject, subjects, wanted):
    assert restyled(subject, style_of(subjects), ("net/http/a.go",)) == wanted


def test_a_style_is_told_in_a_sentence():
    assert style_of(CONVENTIONAL).told() == (
        "Begin with one of fix, feat, docs, test, then a scope in parentheses, a colon and a small "
        "letter; no period at the end."
    )
    assert style_of(PERIODS).told() == "Begin with a capital; with a period at the end."


def test_subjects_are_few_redacted_and_go_along_with_commits():
    past = Past([("a.py",)], ["add ghp_1234567890abcdefghijABCDEFGHIJ123456"] * 300)
    assert len(past.subjects) == MOST_SUBJECTS
    assert "1234567890abcdef" not in past.subjects[0]
    later = past.after(["b.py"], "Add b\n\nSince a is not enough.\n")
    assert later.subjects[0] == "Add b"
    assert later.after(["c.py"]).subjects[:2] == ("", "Add b")
    assert later.before().subjects == past.subjects[:-1]
