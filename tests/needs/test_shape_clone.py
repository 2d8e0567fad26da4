"""The same edit on lines of the same shape."""

from proactive_lsp.needs import shape_clone
from tests.check import check, needs_of

WIDTH = 'width = read(row, "width")\n'
HEIGHT = 'height = read(row, "height")\n'


def wider(line: str) -> str:
    return line.replace(")", ", default=0)")


def test_carries_an_edit_over_to_lines_that_differ_in_names():
    check(
        shape_clone,
        before={"a.py": WIDTH + "\n" + HEIGHT},
        after={"a.py": wider(WIDTH) + "\n" + HEIGHT},
        fixed={"a.py": wider(WIDTH) + "\n" + wider(HEIGHT)},
    )


def test_uses_the_names_that_stand_there():
    check(
        shape_clone,
        before={"a.py": "left = scale * shown(left)\n\nright = scale * shown(right)\n"},
        after={"a.py": "left = scale * shown(left, was=left)\n\nright = scale * shown(right)\n"},
        fixed={
            "a.py": "left = scale * shown(left, was=left)\n\n"
            "right = scale * shown(right, was=right)\n"
        },
    )


def test_keeps_indentation_line_ends_and_odd_characters():
    there = 'class Ä:\r\n    höhe = read(row, "😀höhe")\r\n'
    check(
        shape_clone,
        before={"a.py": WIDTH + "x = 1\n", "b.py": there + "x = 1\n"},
        after=[{"b.py": there + "x = 2\n"}, {"a.py": wider(WIDTH) + "x = 1\n"}],
        fixed={"b.py": wider(there) + "x = 2\n"},
    )


def test_only_points_where_the_edit_is_about_what_differs():
    (need,) = needs_of(
        shape_clone,
        before={"a.py": WIDTH + "\n" + HEIGHT},
        after={"a.py": WIDTH.replace("width =", "breadth =") + "\n" + HEIGHT},
    )
    assert need.title == "Look at the similar line"
    assert [place.after for place in need.places] == [None]
    assert need.places[0].features["changed-there"] == 0


def test_changes_the_same_word_inside_another_name_or_string():
    check(
        shape_clone,
        before={"a.py": 'say(log, "no such file")\n\nsay(log, "a file is missing")\n'},
        after={"a.py": 'say(log, "no such path")\n\nsay(log, "a file is missing")\n'},
        fixed={"a.py": 'say(log, "no such path")\n\nsay(log, "a path is missing")\n'},
    )


def test_finds_the_file_by_a_word_that_went():
    old = 'width = fetch_cell(row, "width")\n'
    check(
        shape_clone,
        before={"a.py": old, "b.py": old.replace("width", "height"), "c.py": HEIGHT},
        after={"a.py": old.replace("fetch_cell", "read_cell")},
        fixed={"b.py": old.replace("width", "height").replace("fetch_cell", "read_cell")},
    )


def test_leaves_lines_alone_that_differ_in_most_of_their_names():
    check(
        shape_clone,
        before={"a.py": WIDTH + "\n" + 'total = add(rows, "sum")\n'},
        after={"a.py": wider(WIDTH) + "\n" + 'total = add(rows, "sum")\n'},
        fixed=None,
    )


def test_leaves_equal_lines_to_the_line_clones():
    check(
        shape_clone,
        before={"a.py": WIDTH + "\n" + WIDTH},
        after={"a.py": wider(WIDTH) + "\n" + WIDTH},
        fixed=None,
    )


def test_leaves_tables_alone():
    table = "".join(f'    row(table, "name", {number}),\n' for number in range(300))
    check(
        shape_clone,
        before={"a.py": table},
        after={"a.py": table.replace('"name", 0)', '"name", 0, new=True)')},
        fixed=None,
    )


def test_copes_with_half_typed_code():
    (need,) = needs_of(
        shape_clone,
        before={"a.py": WIDTH + "\n" + HEIGHT},
        after={"a.py": WIDTH.replace(")", ", def") + "\n" + HEIGHT},
    )
    assert need.kind == "shape-clone"
