"""What two states of a file differ in, and what a stretch of work comes to."""

import re
from itertools import pairwise
from keyword import kwlist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.workspace.changes import (
    SemanticChange,
    begin,
    carry,
    compare,
    compare_files,
    since,
)
from proactive_lsp.workspace.syntax import Module, parse

PRICE = "def price(cart, rate):\n    return sum(cart.items) * rate\n"
TAX = "def tax(sum, country):\n    return rates[country] * sum\n"
OPEN = "    def open(self, day):\n        self.days.append(day)\n"
SHOP = f"import os\n\n{PRICE}\n\nclass Shop:\n{OPEN}\n\n{TAX}"


def module(text: str) -> Module:
    found = parse("python", text)
    assert found is not None
    return found


def short(change: SemanticChange) -> str:
    """The change as a few words: kind, names, and its parameters."""
    was = f" from {change.before.qualname}" if change.kind == "renamed" and change.before else ""
    if change.kind == "moved":
        was = f" from {change.from_path}"
    parameters = [
        f"{p.kind} {p.name}" + (f" from {p.old_name}" if p.kind == "renamed" else "")
        for p in change.parameters
    ]
    parameters += ["async"] if change.is_async_changed else []
    told = f": {', '.join(parameters)}" if parameters else ""
    return f"{change.kind} {change.name}{was}{told}"


def check(*, before: str, after: str, changes: list[str]) -> None:
    found = compare("shop.py", module(before), module(after))
    assert [short(change) for change in found] == changes
    # One step of a stretch of work says the same.
    assert stretch(before, after) == changes


def stretch(*texts: str) -> list[str]:
    """What a stretch of work comes to that settled at each of the texts."""
    states = [module(text) for text in texts]
    origins = begin(states[0])
    for before, after in pairwise(states):
        origins = carry(origins, before, after)
    return [short(change) for change in since("shop.py", origins, states[-1])]


def test_nothing_changed():
    check(before=SHOP, after=SHOP, changes=[])


def test_layout_comments_and_order_are_no_change():
    check(before=PRICE + TAX, after=f"# shop\n{TAX}\n\n\n{PRICE}", changes=[])


def test_added_and_removed():
    check(before=PRICE, after=PRICE + TAX, changes=["added tax"])
    check(before=PRICE + TAX, after=TAX, changes=["removed price"])


def test_of_a_new_class_its_members_are_not_told():
    check(
        before="", after=SHOP, changes=["added price", "added Shop", "added tax", "import-added os"]
    )


def test_a_function_replaced_by_another_is_no_rename():
    other = "def ship(order):\n    truck.load(order.boxes)\n"
    check(before=PRICE, after=other, changes=["added ship", "removed price"])


def test_renamed_with_the_same_body_anywhere_in_the_scope():
    check(
        before=PRICE + TAX,
        after=TAX + PRICE.replace("price", "total"),
        changes=["renamed total from price"],
    )


def test_renamed_with_nearly_the_same_body_at_the_same_place():
    after = "def total(cart, rate):\n    return round(sum(cart.items) * rate)\n"
    check(before=PRICE + TAX, after=after + TAX, changes=["renamed total from price"])


def test_two_renamed_at_once():
    after = (PRICE + TAX).replace("price", "total").replace("tax", "duty")
    check(
        before=PRICE + TAX,
        after=after,
        changes=["renamed total from price", "renamed duty from tax"],
    )


def test_a_function_put_in_the_place_of_another_is_no_rename():
    check(
        before="def load(path):\n    return open(path)\n",
        after="def save(path):\n    return write(path)\n",
        changes=["added save", "removed load"],
    )


def test_an_empty_function_is_renamed_only_in_place_and_with_its_parameters():
    check(before="def a(x): pass\n", after="def b(x): pass\n", changes=["renamed b from a"])
    check(before="def a(x): pass\n", after="def b(y): pass\n", changes=["added b", "removed a"])


def test_a_recursive_function_is_renamed():
    text = "def walk(tree):\n    return [walk(each) for each in tree]\n"
    check(before=text, after=text.replace("walk", "visit"), changes=["renamed visit from walk"])


def test_renamed_with_a_new_signature_is_two_changes():
    after = "def total(cart, rate, rounded=True):\n    return sum(cart.items) * rate\n"
    check(
        before=PRICE,
        after=after,
        changes=["renamed total from price", "signature total: added rounded"],
    )


def test_members_follow_the_name_of_their_class():
    after = SHOP.replace("Shop", "Store").replace("self, day", "self, day, hour")
    check(
        before=SHOP, after=after, changes=["renamed Store from Shop", "signature open: added hour"]
    )


def test_a_class_speaks_through_its_constructor():
    check(
        before="class A:\n    def __init__(self, a):\n        self.a = a\n",
        after="class A:\n    def __init__(self, a, b):\n        self.a = a\n",
        changes=["signature __init__: added b"],
    )


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("(a)", "(a, b)", "added b"),
        ("(a, b)", "(b)", "removed a"),
        ("(a, b)", "(b, a)", "reordered b, reordered a"),
        ("(a, b, c)", "(a, c, b)", "reordered c, reordered b"),
        ("(a, b)", "(a, *, b)", "reordered b"),
        ("(a, b)", "(a, /, b)", "reordered a"),
        ("(a, *, b)", "(a, b)", None),
        ("(a)", "(a=1)", "default a"),
        ("(a=1)", "(a=2)", "default a"),
        ("(a)", "(a: int)", None),
        ("(a)", "(*a)", "added a, removed a"),
        ("(a)", "(a, *args, **rest)", "added args, added rest"),
        ("(a, x)", "(a, y)", "renamed y from x"),
        ("(a, x)", "(a, y, z)", "added y, added z, removed x"),
        ("(x, a)", "(y, a, z=1)", "renamed y from x, added z"),
        ("(x=1)", "(y=2)", "renamed y from x, default y"),
        ("(x: int)", "(y: str)", "added y, removed x"),
        ("(a, x)", "(y, a)", "added y, reordered a, removed x"),
        ("(a)", "(b)", "added b, removed a"),
    ],
)
def test_signatures(before, after, changes):
    """The body uses `a` before and after, and nothing else."""
    told = [f"signature f: {changes}"] if changes else []
    text = "def f{}:\n    return a\n"
    if changes and "reordered a, removed" in changes:
        told = ["signature f: added y, removed x"]
    check(before=text.format(before), after=text.format(after), changes=told)


def test_a_parameter_renamed_with_its_uses():
    check(
        before=PRICE,
        after=PRICE.replace("rate", "vat"),
        changes=["signature price: renamed vat from rate"],
    )


def test_a_parameter_whose_old_name_is_still_used_is_another_one():
    check(
        before=PRICE,
        after=PRICE.replace("cart, rate", "cart, vat"),
        changes=["signature price: added vat, removed rate"],
    )


def test_an_attribute_of_the_old_name_does_not_count_as_a_use():
    text = "def f(self, {0}):\n    self.width = {0}\n"
    check(
        before=text.format("width"),
        after=text.format("w"),
        changes=["signature f: renamed w from width"],
    )


def test_required_is_told():
    (change,) = compare("a.py", module("def f(a=1): pass"), module("def f(a, b, c=2): pass"))
    assert [(p.kind, p.name, p.required) for p in change.parameters] == [
        ("default", "a", True),
        ("added", "b", True),
        ("added", "c", False),
    ]


def test_sync_to_async():
    check(before=PRICE, after="async " + PRICE, changes=["signature price: async"])


def test_a_setter_or_overload_is_no_signature():
    getter = "class A:\n    @property\n    def p(self):\n        return self.x\n"
    setter = "    @p.setter\n    def p(self, value):\n        self.x = value\n"
    check(before=getter, after=getter + setter, changes=[])
    text = "def f(a): pass\n"
    check(before=text, after=f"@overload\ndef f(a, b): ...\n{text}", changes=[])


def test_imports():
    check(
        before="import os\nfrom a import b, c\n",
        after="from a import b as d, c\nimport os\nimport sys\n",
        changes=["import-removed b", "import-added d", "import-added sys"],
    )


@pytest.mark.parametrize(
    "half_typed",
    [
        SHOP.replace("price(cart, rate):", "price(cart, rate"),
        SHOP.replace("price(cart, rate):", "price(cart, rate, =):"),
        SHOP.replace("class Shop:", "class Shop("),
        SHOP.replace("self, day):", "self, day"),
        SHOP.replace("import os", "import"),
        SHOP.replace("return sum(", "return sum(((["),
        SHOP[:25],
        "(" + SHOP,
    ],
)
def test_what_is_half_typed_counts_as_unchanged(half_typed):
    check(before=SHOP, after=half_typed, changes=[])
    check(before=half_typed, after=SHOP, changes=[])
    assert stretch(SHOP, half_typed, SHOP) == []


def test_far_from_an_error_changes_are_seen():
    after = SHOP.replace("price(cart, rate):", "price(cart, rate, =):") + "\n\ndef refund(): pass\n"
    check(before=SHOP, after=after, changes=["added refund"])


def test_moved_to_another_file():
    pairs = {
        "a.py": (module(PRICE + TAX), module(TAX)),
        "b.py": (None, module(PRICE)),
        "c.py": (module("x = 1"), None),
    }
    (change,) = compare_files(pairs)
    assert short(change) == "moved price from a.py"
    assert change.path == "b.py"
    assert change.before is not None
    assert change.after is not None


def test_the_same_name_with_another_body_has_not_moved():
    pairs = {
        "a.py": (module(PRICE), module("")),
        "b.py": (module(""), module(PRICE.replace("*", "+"))),
    }
    assert [short(change) for change in compare_files(pairs)] == ["removed price", "added price"]


def test_a_name_typed_in_steps_is_one_rename():
    names = ["price", "pric", "p", "t", "total"]
    texts = [SHOP.replace("price", name) for name in names]
    assert stretch(*texts) == ["renamed total from price"]
    assert stretch(*texts, SHOP) == []


def test_a_name_that_meets_another_on_the_way_keeps_its_origin():
    texts = [(PRICE + TAX).replace("price", name) for name in ("price", "tax", "taxed")]
    assert stretch(*texts) == ["renamed taxed from price"]


def test_what_was_added_is_followed_from_where_it_first_settled():
    assert stretch(PRICE, PRICE + TAX, PRICE + TAX.replace("tax", "duty")) == [
        "added duty",
        "renamed duty from tax",
    ]
    assert stretch(PRICE, PRICE + TAX, PRICE) == []


def test_what_was_cut_and_comes_back_has_its_origin():
    assert stretch(SHOP, SHOP.replace(TAX, ""), TAX + SHOP.replace(TAX, "")) == []
    assert stretch(PRICE + TAX, TAX, TAX + PRICE.replace("price", "total")) == [
        "renamed total from price"
    ]


def test_a_rename_behind_a_syntax_error_is_found_when_it_is_whole_again():
    broken = PRICE.replace("price(cart, rate):", "tot(cart, rate")
    assert stretch(PRICE + TAX, broken + TAX, PRICE.replace("price", "total") + TAX) == [
        "renamed total from price"
    ]


def test_what_was_half_typed_at_the_start_settles_later():
    broken = PRICE.replace("rate)", "rate, =)")
    assert stretch(broken, PRICE, PRICE.replace("price", "total")) == ["renamed total from price"]


def test_imports_of_a_stretch_are_those_of_its_ends():
    assert stretch(SHOP, "import sys\n" + SHOP, "import re\n" + SHOP) == ["import-added re"]


NAMES = st.from_regex(r"n[a-z]{1,6}", fullmatch=True).filter(lambda name: name not in kwlist)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["price", "Shop", "open", "tax"]), NAMES), max_size=8))
def test_a_chain_of_renames_is_one_and_the_way_back_none(steps):
    """Whatever is renamed in whatever order, each ends as one rename from its first name."""
    names = {name: name for name in ("price", "Shop", "open", "tax")}
    texts = [SHOP]
    for first, name in steps:
        if name not in names.values():
            names[first] = name
            texts.append(re.sub(r"\b(price|Shop|open|tax)\b", lambda m: names[m[0]], SHOP))
    changed = [
        f"renamed {now} from {'Shop.' * (was == 'open')}{was}"
        for was, now in names.items()
        if was != now
    ]
    assert stretch(*texts) == changed
    assert stretch(*texts, *reversed(texts)) == []


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, len(SHOP)), st.text("a(:=,)\n '", max_size=4)), max_size=6)
)
def test_any_stretch_of_typing_that_returns_to_its_start_is_no_change(typed):
    text, texts = SHOP, [SHOP]
    for place, inserted in typed:
        text = text[:place] + inserted + text[place + 1 :]
        texts.append(text)
    stretch(*texts)
    assert stretch(*texts, SHOP) == []


@pytest.mark.parametrize("after", ["def f(a, b, a): ...\n", "def f(b, a, b, a): ...\n"])
def test_a_parameter_that_stands_twice(after):
    """As while typing, or where a language lets unused ones share a name."""
    before = parse("python", "def f(a, b): ...\n")
    now = parse("python", after)
    for pair in ((before, now), (now, before), (now, now)):
        compare("a.py", *pair)
