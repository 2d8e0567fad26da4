"""Names that an edit took away."""

from proactive_lsp.needs import vanished_name
from proactive_lsp.workspace.documents import split_lines, text_in
from tests.check import check, needs_of

CONF = "def load(settings):\n    return settings.max_tries\n"
USE = "print(settings.max_tries)\n"


def test_points_where_another_name_took_its_place():
    (need,) = needs_of(
        vanished_name,
        {"a.py": CONF, "b.py": USE},
        {"a.py": CONF.replace("max_tries", "attempts")},
    )
    (place,) = need.places
    assert (place.path, place.before, place.after) == ("b.py", "max_tries", None)
    assert need.features["replaced"] == 1
    assert need.facts[0].text == "`max_tries` became `attempts`"


def test_points_where_nothing_did():
    (need,) = needs_of(
        vanished_name,
        {"a.py": CONF, "b.py": USE},
        {"a.py": "def load(settings):\n    return settings.first()\n"},
    )
    (place,) = need.places
    assert (place.path, place.before, place.after) == ("b.py", "max_tries", None)
    assert need.features["gone-from-file"] == 1


def test_tells_how_the_word_stands():
    (need,) = needs_of(
        vanished_name,
        {"a.py": CONF, "b.py": "# max_tries\nmax_tries(1)\n"},
        {"a.py": CONF.replace("max_tries", "attempts")},
    )
    told = [(place.features["as-comment"], place.features["as-call"]) for place in need.places]
    assert told == [(1, 0), (0, 1)]
    assert [place.certain for place in need.places] == [False, True]


def test_is_quiet_about_names_that_came_back_elsewhere():
    check(
        vanished_name,
        before={"a.py": CONF, "b.py": USE, "c.py": "x = 1\n"},
        after=[
            {"a.py": "def load(settings):\n    return settings.first()\n"},
            {"c.py": "x = max_tries\n"},
        ],
        fixed=None,
    )


def test_is_quiet_about_keywords_and_short_words():
    check(
        vanished_name,
        before={"a.py": "if ab and not None:\n    pass\n", "b.py": "if ab and not None:\n"},
        after={"a.py": "x\n    pass\n"},
        fixed=None,
    )


def test_is_quiet_about_words_of_prose():
    check(
        vanished_name,
        before={"README.md": "Some friendly words\n", "b.py": "friendly = 1\n"},
        after={"README.md": "Some words\n"},
        fixed=None,
    )


def test_is_quiet_about_lines_edited_since():
    check(
        vanished_name,
        before={"a.py": CONF, "b.py": USE},
        after=[
            {"b.py": USE.replace("print", "log")},
            {"a.py": CONF.replace("max_tries", "attempts")},
        ],
        fixed=None,
    )


def test_copes_with_half_typed_code_and_other_line_ends():
    text = "é = '🙂', max_tries, (\r\nx = '🙂', max_tries\r\n"
    (need,) = needs_of(
        vanished_name, {"a.py": text}, {"a.py": text.replace("max_tries", "attempts", 1)}
    )
    (place,) = need.places
    assert text_in(split_lines(text), place.range) == "max_tries"
