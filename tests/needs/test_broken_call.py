"""Calls that no longer fit."""

import pytest

from proactive_lsp.needs import broken_call
from tests.check import check, needs_of

SHAPES = "def area(width, height, unit):\n    return width * height, unit\n"
FEWER = "def area(width, height):\n    return width * height\n"


def test_drops_the_argument_of_a_removed_parameter():
    check(
        broken_call,
        before={"shapes.py": SHAPES, "use.py": "from shapes import area\n\narea(2, 3, 'cm')\n"},
        after={"shapes.py": FEWER},
        fixed={"use.py": "from shapes import area\n\narea(2, 3)\n"},
    )


def test_drops_a_keyword_and_keeps_the_layout():
    call = "area(\n    2,  # wide\n    unit='cm',\n    height=3,\n)\n"
    check(
        broken_call,
        before={"shapes.py": SHAPES, "use.py": f"import shapes\n\nshapes.{call}"},
        after={"shapes.py": FEWER},
        fixed={"use.py": "import shapes\n\nshapes.area(\n    2,\n    height=3,\n)\n"},
    )


def test_renames_keywords():
    check(
        broken_call,
        before={"a.py": "def f(x, colour=None):\n    return x, colour\n\n\nf(1, colour='red')\n"},
        after={"a.py": "def f(x, color=None):\n    return x, color\n\n\nf(1, colour='red')\n"},
        fixed={"a.py": "def f(x, color=None):\n    return x, color\n\n\nf(1, color='red')\n"},
    )


def test_follows_a_new_order():
    check(
        broken_call,
        before={"a.py": "def f(x, y):\n    return x - y\n", "b.py": "from a import f\nf(1, 2)\n"},
        after={"a.py": "def f(y, x):\n    return x - y\n"},
        fixed={"b.py": "from a import f\nf(2, 1)\n"},
    )


def test_names_an_argument_that_a_new_optional_parameter_would_catch():
    check(
        broken_call,
        before={"a.py": "def f(x, y=1):\n    pass\n", "b.py": "from a import f\nf(1, 2)\n"},
        after={"a.py": "def f(x, z=0, y=1):\n    pass\n"},
        fixed={"b.py": "from a import f\nf(1, y=2)\n"},
    )


def test_points_at_calls_that_lack_a_new_required_argument():
    (need,) = needs_of(
        broken_call,
        before={"a.py": "def f(x):\n    pass\n", "b.py": "from a import f\nf(1)\n\n\nf(2)\n"},
        after={"a.py": "def f(x, depth):\n    pass\n"},
    )
    assert need.title == "Look at 2 calls of `f`"
    assert [place.after for place in need.places] == [None, None]
    assert need.places[0].note == "at module level: no `depth`"


def test_cites_the_definition():
    (need,) = needs_of(
        broken_call,
        before={"shapes.py": SHAPES, "use.py": "from shapes import area\narea(2, 3, 'cm')\n"},
        after={"shapes.py": FEWER},
    )
    assert need.facts[0].cited() == (
        "`area` now takes (width, height) instead of (width, height, unit) (shapes.py:1)"
    )


def test_updates_methods_called_on_self_and_constructors():
    before = (
        "class Box:\n    def __init__(self, w, h):\n        self.grow(w, 1)\n\n"
        "    def grow(self, by, step):\n        return by\n\n\nBox(1, 2)\n"
    )
    after = before.replace("def grow(self, by, step)", "def grow(self, by)")
    check(
        broken_call,
        before={"box.py": before},
        after={"box.py": after},
        fixed={"box.py": after.replace("grow(w, 1)", "grow(w)")},
    )
    after = before.replace("def __init__(self, w, h)", "def __init__(self, w)")
    check(
        broken_call,
        before={"box.py": before},
        after={"box.py": after},
        fixed={"box.py": after.replace("Box(1, 2)", "Box(1)")},
    )


@pytest.mark.parametrize(
    "use",
    [
        "from other import area\narea(1, 2, 3)\n",
        "def area(a, b, c):\n    pass\n\n\narea(1, 2, 3)\n",
        "from shapes import area\narea(*sizes)\n",
        "from shapes import area\narea(1)\n",
        "from shapes import area\narea(1, 2)\n",
        "thing.area(1, 2, 3)\n",
    ],
    ids=["other-module", "own-definition", "unpacks", "never-fitted", "fits", "some-object"],
)
def test_leaves_other_calls_alone(use):
    check(
        broken_call,
        before={"shapes.py": SHAPES, "use.py": use},
        after={"shapes.py": FEWER},
        fixed=None,
    )


def test_takes_a_call_edited_in_this_stretch_for_a_new_one():
    before = {"a.py": "def f(x, y):\n    return x - y\n", "b.py": "from a import f\nf(1, 2)\n"}
    check(
        broken_call,
        before=before,
        after=[
            {"a.py": "def f(y, x):\n    return x - y\n"},
            {"b.py": "from a import f\nf(9, 1)\n"},
        ],
        fixed=None,
    )


@pytest.mark.parametrize(
    "half", ["def area(width, hei", "def area(width,", "def area(width, height)\n"]
)
def test_waits_while_the_definition_is_half_typed(half):
    use = "from shapes import area\narea(2, 3, 'cm')\n"
    check(
        broken_call,
        before={"shapes.py": SHAPES, "use.py": use},
        after={"shapes.py": half},
        fixed=None,
    )


def test_follows_a_signature_through_a_rename():
    check(
        broken_call,
        before={"shapes.py": SHAPES, "use.py": "from shapes import area\narea(2, 3, 'cm')\n"},
        after=[
            {"shapes.py": SHAPES.replace("area", "surface")},
            {"shapes.py": FEWER.replace("area", "surface")},
        ],
        fixed={"use.py": "from shapes import area\narea(2, 3)\n"},
    )


def test_shows_a_default_that_went_away():
    (need,) = needs_of(
        broken_call,
        before={"a.py": "def f(x, y=None):\n    pass\n", "b.py": "from a import f\nf(1)\n"},
        after={"a.py": "def f(x, y):\n    pass\n"},
    )
    assert need.facts[0].text == "`f` now takes (x, y) instead of (x, y=None)"


def test_follows_star_imports():
    check(
        broken_call,
        before={"shapes.py": SHAPES, "use.py": "from shapes import *\n\narea(2, 3, 'cm')\n"},
        after={"shapes.py": FEWER},
        fixed={"use.py": "from shapes import *\n\narea(2, 3)\n"},
    )


def test_says_in_how_many_files():
    use = "from shapes import area\narea(2, 3, 'cm')\n"
    (need,) = needs_of(
        broken_call,
        before={"shapes.py": SHAPES, "a.py": use, "b.py": use},
        after={"shapes.py": FEWER},
    )
    assert need.title == "Update 2 calls of `area` in 2 files"
