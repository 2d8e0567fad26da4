"""The same lines together elsewhere."""

from proactive_lsp.needs import block_clone
from tests.check import check, needs_of

OLD = "    with open(path) as file:\n        data = json.load(file)\n"
NEW = "    data = read_json(path)\n"


def function(name: str, lines: str = OLD) -> str:
    return f"def {name}(path):\n{lines}    return data\n"


def test_offers_the_new_lines_where_the_old_ones_stand_together():
    check(
        block_clone,
        before={"a.py": function("a"), "b.py": function("b") + "\n\n" + function("c")},
        after={"a.py": function("a", NEW)},
        fixed={"b.py": function("b", NEW) + "\n\n" + function("c", NEW)},
    )


def test_offers_to_delete_them():
    check(
        block_clone,
        before={"a.py": function("a"), "b.py": function("b").replace("\n", "\r\n")},
        after={"a.py": function("a", "")},
        fixed={"b.py": function("b", "").replace("\n", "\r\n")},
    )


def test_indents_them_as_they_are_there():
    def deeper(text: str) -> str:
        return "class Ä:\n" + "".join(f"    {line}\n" for line in text.splitlines())

    check(
        block_clone,
        before={"a.py": function("a"), "b.py": deeper(function("b"))},
        after={"a.py": function("a", NEW)},
        fixed={"b.py": deeper(function("b", NEW))},
    )


def test_carries_over_the_part_that_stands_there():
    before = OLD + "    check_everything(data)\n"
    after = before.replace("open(path)", "open(path, 'rb')").replace("load(file)", "load(file, 1)")
    after = after.replace("check_everything(data)", "check_everything(data, strict=True)")
    check(
        block_clone,
        before={"a.py": function("a", before), "b.py": function("b")},
        after={"a.py": function("a", after)},
        fixed={"b.py": function("b", after.replace(after.splitlines(keepends=True)[2], ""))},
    )


def test_points_where_only_a_part_of_a_rewrite_stands():
    before = OLD + "    check_everything(data)\n"
    (need,) = needs_of(
        block_clone,
        before={"a.py": function("a", before), "b.py": function("b")},
        after={"a.py": function("a", "    raise SystemExit\n")},
    )
    assert need.title == "Look at the equal block in b.py"
    assert [place.after for place in need.places] == [None]


def test_one_line_is_no_block():
    check(
        block_clone,
        before={"a.py": function("a"), "b.py": "with open(path) as file:\n"},
        after={"a.py": function("a", NEW)},
        fixed=None,
    )


def test_leaves_lines_alone_that_only_moved():
    check(
        block_clone,
        before={"a.py": function("a"), "b.py": function("b"), "c.py": ""},
        after=[{"a.py": function("a", "")}, {"c.py": OLD}],
        fixed=None,
    )


def test_is_silent_about_changes_of_indentation():
    check(
        block_clone,
        before={"a.py": function("a"), "b.py": function("b")},
        after={"a.py": function("a", OLD.replace("    ", "        "))},
        fixed=None,
    )


def test_leaves_alone_what_was_edited_there():
    check(
        block_clone,
        before={"a.py": function("a"), "b.py": function("b", "")},
        after=[{"b.py": function("b")}, {"a.py": function("a", NEW)}],
        fixed=None,
    )


def test_copes_with_half_typed_code():
    (need,) = needs_of(
        block_clone,
        before={"a.py": function("a"), "b.py": function("b")},
        after={"a.py": function("a", "    data = read_json(pa\n")},
    )
    assert need.places[0].path == "b.py"
