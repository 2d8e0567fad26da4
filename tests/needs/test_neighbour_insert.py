"""Something new between two lines that stand together elsewhere."""

from proactive_lsp.needs import neighbour_insert
from tests.check import check, needs_of

ABOVE, BELOW = "    connect(host, port)\n", "    send_greeting(host)\n"
NEW = "    check_version(host)\n"


def function(name: str, between: str = "") -> str:
    return f"def {name}(host, port):\n{ABOVE}{between}{BELOW}"


def test_offers_the_same_lines_between_equal_neighbours():
    check(
        neighbour_insert,
        before={"a.py": function("a") + "\n\n" + function("b"), "c.py": function("c")},
        after={"a.py": function("a", NEW) + "\n\n" + function("b")},
        fixed={
            "a.py": function("a", NEW) + "\n\n" + function("b", NEW),
            "c.py": function("c", NEW),
        },
    )


def test_writes_them_with_the_indentation_and_the_line_ends_that_are_there():
    deeper = "class Ä:\n" + "".join(f"    {line}\n" for line in function("b").splitlines())
    there = deeper.replace("\n", "\r\n")
    check(
        neighbour_insert,
        before={"a.py": function("a"), "b.py": there},
        after={"a.py": function("a", NEW)},
        fixed={"b.py": there.replace("    " + BELOW[:-1], f"    {NEW[:-1]}\r\n    {BELOW[:-1]}")},
    )


def test_leaves_neighbours_alone_that_do_not_follow_each_other():
    check(
        neighbour_insert,
        before={"a.py": function("a"), "b.py": function("b", "    wait()\n")},
        after={"a.py": function("a", NEW)},
        fixed=None,
    )


def test_leaves_alone_what_has_a_blank_line_beside_it():
    check(
        neighbour_insert,
        before={"a.py": function("a", "\n"), "b.py": function("b", "\n")},
        after={"a.py": function("a", "\n" + NEW)},
        fixed=None,
    )


def test_leaves_alone_what_was_just_written_elsewhere():
    check(
        neighbour_insert,
        before={"a.py": function("a"), "b.py": ""},
        after=[{"b.py": function("b")}, {"a.py": function("a", NEW)}],
        fixed=None,
    )


def test_says_nothing_of_a_replaced_line():
    check(
        neighbour_insert,
        before={"a.py": function("a", "    wait()\n"), "b.py": function("b")},
        after={"a.py": function("a", NEW)},
        fixed=None,
    )


def test_copes_with_half_typed_code():
    (need,) = needs_of(
        neighbour_insert,
        before={"a.py": function("a"), "b.py": function("b")},
        after={"a.py": function("a", "    check_version(ho\n")},
    )
    assert need.places[0].after == "    check_version(ho\n"
