"""Texts between quotes that stand elsewhere, too."""

from proactive_lsp.needs import message_copy
from tests.check import check, needs_of

CODE = 'def f(x):\n    raise ValueError("no such file")\n'
TEST = 'with raises(ValueError, match="no such file"):\n    f(1)\n'


def test_offers_the_new_text_at_the_copies():
    needs = check(
        message_copy,
        before={"a.py": CODE, "test_a.py": TEST, "docs.md": "It says `no such file` then.\n"},
        after={"a.py": CODE.replace("no such file", "file not found")},
        fixed={
            "test_a.py": TEST.replace("no such file", "file not found"),
            "docs.md": "It says `file not found` then.\n",
        },
    )
    certain = [(place.path, place.certain) for place in needs[0].places]
    assert certain == [("docs.md", False), ("test_a.py", True)]


def test_points_at_copies_of_what_went():
    (need,) = needs_of(
        message_copy, {"a.py": CODE, "b.py": TEST}, {"a.py": "def f(x):\n    pass\n"}
    )
    assert [(place.path, place.after) for place in need.places] == [("b.py", None)]


def test_takes_a_text_with_holes_for_uncertain():
    text = 'raise ValueError("no file {name}")\n'
    (need,) = needs_of(
        message_copy,
        {"a.py": text, "b.py": 'x = "no file {name}"\n'},
        {"a.py": text.replace("no file", "lost file")},
    )
    assert need.features["holes"] == 1
    assert not need.places[0].certain


def test_is_quiet_about_short_texts_and_numbers():
    check(
        message_copy,
        before={"a.py": 'x = "abc", "12345678"\n', "b.py": 'y = "abc", "12345678"\n'},
        after={"a.py": 'x = "xyz", "87654321"\n'},
        fixed=None,
    )


def test_is_quiet_when_the_text_only_moved():
    check(
        message_copy,
        before={"a.py": CODE, "b.py": TEST, "c.py": "x = 1\n"},
        after=[{"a.py": "def f(x):\n    pass\n"}, {"c.py": 'x = "no such file"\n'}],
        fixed=None,
    )


def test_is_quiet_about_lines_edited_since():
    check(
        message_copy,
        before={"a.py": CODE, "b.py": TEST},
        after=[
            {"b.py": TEST.replace("ValueError", "OSError")},
            {"a.py": CODE.replace("no such file", "file not found")},
        ],
        fixed=None,
    )


def test_copes_with_half_typed_code_and_other_line_ends():
    text = 'é = "🙂", f("no such file"\r\nx = "🙂", "no such file"\r\n'
    check(
        message_copy,
        before={"a.py": text},
        after={"a.py": text.replace("no such file", "file not found", 1)},
        fixed={"a.py": text.replace("no such file", "file not found")},
    )


def test_changes_the_quotes_along_with_the_text():
    text = 'f("--file=a.txt")\ng("--file=a.txt")\n'
    check(
        message_copy,
        before={"a.py": text},
        after={"a.py": text.replace('"--file=a.txt"', "f'--file={name}'", 1)},
        fixed={"a.py": text.replace('"--file=a.txt"', "f'--file={name}'")},
    )
