"""The same few tokens, changed again and again."""

from proactive_lsp.needs import repeated_edit
from tests.check import check, needs_of

USES = "a = client.get_page(one)\nb = proxy.get_page(two)\nc = mirror.get_page(three)\n"


def test_lists_what_is_left_after_two_equal_edits():
    twice = USES.replace("get_page", "fetch", 2)
    check(
        repeated_edit,
        before={"a.py": USES, "b.py": "def f(x):\n    return x.get_page(4)\n"},
        after={"a.py": twice},
        fixed={
            "a.py": USES.replace("get_page", "fetch"),
            "b.py": "def f(x):\n    return x.fetch(4)\n",
        },
    )


def test_counts_what_was_done():
    once = needs_of(repeated_edit, {"a.py": USES}, {"a.py": USES.replace("get_page", "fetch", 1)})
    twice = needs_of(repeated_edit, {"a.py": USES}, {"a.py": USES.replace("get_page", "fetch", 2)})
    assert [need.features["done"] for need in (*once, *twice)] == [0.25, 0.5]


def test_keeps_insertions_with_their_neighbours():
    text = "open(path)\nopen(path)\n"
    check(
        repeated_edit,
        before={"a.py": text},
        after={"a.py": text.replace("(path)", "(path, encoding='utf-8')", 1)},
        fixed={"a.py": text.replace("(path)", "(path, encoding='utf-8')")},
    )


def test_takes_the_space_along_with_a_word():
    text = "async def f():\n    await one()\n    await two()\n    await three()\n"
    check(
        repeated_edit,
        before={"a.py": text},
        after={"a.py": text.replace("await ", "", 2)},
        fixed={"a.py": text.replace("await ", "")},
    )


def test_takes_both_spaces_along_where_none_is_left():
    text = "def f(size: int | None = None) -> int:\n\n\ndef g(width: int | None = None) -> int:\n"
    check(
        repeated_edit,
        before={"a.py": text},
        after={"a.py": text.replace(" | None = None", "", 1)},
        fixed={"a.py": text.replace(" | None = None", "")},
    )


def test_names_those_in_the_same_surroundings_first():
    text = "x = get_page\nclient.get_page(1)\ny = get_page\nclient.get_page(2)\n"
    (need,) = needs_of(
        repeated_edit,
        {"a.py": text},
        {"a.py": text.replace("client.get_page(1)", "client.fetch(1)")},
    )
    assert [place.range.start.line for place in need.places] == [3, 0, 2]
    assert need.places[0].features["same-left"] == need.places[0].features["same-right"] == 1


def test_asks_about_strings_and_prose():
    needs = check(
        repeated_edit,
        before={"a.py": USES + "d = 'get_page'\n", "b.md": "Call `get_page`.\n"},
        after={"a.py": USES.replace("get_page", "fetch") + "d = 'get_page'\n"},
        fixed={
            "a.py": USES.replace("get_page", "fetch") + "d = 'fetch'\n",
            "b.md": "Call `fetch`.\n",
        },
    )
    assert [place.certain for place in needs[0].places] == [False, False]


def test_is_quiet_where_too_much_is_left_after_one():
    many = "x.get_page(1)\n" * 20
    check(
        repeated_edit,
        before={"a.py": many},
        after={"a.py": many.replace("get_page", "fetch", 1)},
        fixed=None,
    )


def test_never_takes_back_what_was_done():
    text = "one(get_page)\ntwo(fetch)\nthree(fetch)\n"
    check(
        repeated_edit,
        before={"a.py": text},
        after={"a.py": "one(fetch)\ntwo(get_page)\nthree(fetch)\n"},
        fixed=None,
    )


def test_leaves_what_reads_so_already():
    text = "def one():\n    pass\n\n\nasync def two():\n    pass\n"
    check(
        repeated_edit,
        before={"a.py": text},
        after={"a.py": "async " + text},
        fixed=None,
    )


def test_is_quiet_about_parts_of_longer_words():
    check(
        repeated_edit,
        before={"a.py": "get_page(1)\nget_pages(2)\n"},
        after={"a.py": "fetch(1)\nget_pages(2)\n"},
        fixed=None,
    )


def test_copes_with_half_typed_code_and_other_line_ends():
    text = "é = '🙂', get_page(1\r\nx = '🙂', get_page(2)\r\n"
    check(
        repeated_edit,
        before={"a.py": text},
        after={"a.py": text.replace("get_page", "fetch", 1)},
        fixed={"a.py": text.replace("get_page", "fetch")},
    )


def test_takes_a_product_for_code_and_a_line_of_a_comment_for_words():
    lines = "a = limits.old_level\nb = limits.old_level\nc = 10 * limits.old_level\n"
    text = f"{lines}/*\n * see limits.old_level\n */\n"
    (need,) = needs_of(
        repeated_edit, {"a.js": text}, {"a.js": text.replace("limits.old_level", "LEVEL", 2)}
    )
    assert [(each.range.start.line, each.certain) for each in need.places] == [
        (2, True),
        (4, False),
    ]
