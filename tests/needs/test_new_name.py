"""Names that were added beside others."""

from proactive_lsp.needs import new_name
from tests.check import check, needs_of

OPTIONS = 'OPTIONS = ["hostname", "port_number"]\n'
MORE = 'OPTIONS = ["hostname", "port_number", "user_name"]\n'


def test_points_where_the_others_stand_together():
    (need,) = needs_of(
        new_name,
        {"a.py": OPTIONS, "b.py": "x = 1\n\n\ndef connect(hostname, port_number):\n    pass\n"},
        {"a.py": MORE},
    )
    (place,) = need.places
    assert (place.path, place.range.start.line, place.after) == ("b.py", 3, None)
    assert place.features["together"] == 1


def test_knows_rows_of_one_shape():
    rows = "class Box:\n    hostname: str\n    port_number: str\n"
    table = "| hostname | a |\n| port_number | b |\n"
    (need,) = needs_of(
        new_name,
        {"a.py": rows, "docs.md": table},
        {"a.py": rows + "    user_name: str\n"},
    )
    assert need.features["row"] == 1
    assert [place.path for place in need.places] == ["docs.md"]


def test_points_at_lines_that_have_the_name_already():
    (need,) = needs_of(
        new_name,
        {"a.py": "x = 1\n", "b.py": "# user_name comes later\n"},
        {"a.py": "x = user_name\n"},
    )
    assert [place.features["mentions"] for place in need.places] == [1]


def test_is_quiet_where_the_new_name_stands_too():
    check(
        new_name,
        before={"a.py": OPTIONS, "b.py": "def f(hostname, port_number, userx):\n    user_name\n"},
        after={"a.py": MORE.replace("user_name", "userx")},
        fixed=None,
    )


def test_is_quiet_where_only_one_of_the_others_stands():
    check(
        new_name,
        before={"a.py": OPTIONS, "b.py": "def f(hostname):\n    pass\n"},
        after={"a.py": MORE},
        fixed=None,
    )


def test_is_quiet_about_lines_edited_since():
    use = "def connect(hostname, port_number):\n    pass\n"
    check(
        new_name,
        before={"a.py": OPTIONS, "b.py": use},
        after=[{"b.py": use.replace("connect", "open_it")}, {"a.py": MORE}],
        fixed=None,
    )


def test_copes_with_half_typed_code_and_other_line_ends():
    (need,) = needs_of(
        new_name,
        {"a.py": OPTIONS, "b.py": "é = '🙂', f(hostname, port_number\r\n"},
        {"a.py": MORE.replace("]", "")},
    )
    assert need.places[0].range.end.character == 33
