"""Signatures that have a twin."""

import pytest

from proactive_lsp.needs import twin_signature
from tests.check import check, needs_of

PAIR = """class Client:
    def get(self, url, params, timeout=5):
        return url


class AsyncClient:
    async def get(self, url, params, timeout=5):
        return url
"""


def first(text: str, old: str, new: str) -> str:
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("timeout=5)", "timeout=5, retries: int = 3)"),
        ("url, params,", "url, method, params,"),
        ("(self, url", "(self, method, url"),
        (", timeout=5", ""),
        ("params, ", ""),
        ("params", "parameters"),
        ("url, params", "url: str, params"),
        ("timeout=5", "timeout: float = 5"),
        ("timeout=5)", "timeout=5) -> str"),
        ("timeout=5)", "timeout=5, *, retries)"),
    ],
)
def test_does_the_same_to_the_async_one(old: str, new: str):
    after = first(PAIR, old, new)
    check(
        twin_signature,
        before={"a.py": PAIR},
        after={"a.py": after},
        fixed={"a.py": PAIR.replace(old, new)},
    )


def test_keeps_a_line_for_each_parameter():
    base = "class A:\r\n    def go(self, one, two):\r\n        'é'\r\n"
    sub = (
        "from a import A\r\n\r\n\r\nclass B(A):\r\n    def go(\r\n        self,\r\n"
        "        one,  # é\r\n        two,\r\n    ):\r\n        pass\r\n"
    )
    check(
        twin_signature,
        before={"a.py": base, "b.py": sub},
        after={"a.py": base.replace("two)", "two, three=None)")},
        fixed={"b.py": sub.replace("        two,\r\n", "        two,\r\n        three=None,\r\n")},
    )


def test_follows_in_a_stub_and_in_overloads():
    text = "def area(width, height):\n    return width * height\n"
    stub = "def area(width: int, height: int) -> int: ...\n"
    needs = needs_of(
        twin_signature,
        {"a.py": text, "a.pyi": stub},
        {"a.py": text.replace("height):", "height, unit='m'):")},
    )
    ((place,),) = [need.places for need in needs]
    assert (place.path, place.after) == ("a.pyi", ", unit='m'")


def test_points_where_the_change_cannot_be_carried_over():
    text = first(PAIR, "timeout=5)", "*, timeout=5)")
    after = first(text, "timeout=5)", "timeout=5, retries)")
    after = first(after, "*, timeout=5, retries)", "*, retries, timeout=5)")
    ((place,),) = [
        need.places for need in needs_of(twin_signature, {"a.py": text}, {"a.py": after})
    ]
    assert (place.before, place.after) == ("get", None)


def test_carries_over_in_typescript():
    go = "  go(one: A, two: B) {\n  }\n"
    text = f"class A {{\n{go}}}\nclass C extends A {{\n{go}}}\n"
    after = first(text, "two: B)", "two: B, three?: C)")
    check(
        twin_signature,
        before={"a.ts": text},
        after={"a.ts": after},
        fixed={"a.ts": text.replace("two: B)", "two: B, three?: C)")},
    )


@pytest.mark.parametrize(
    "other",
    [
        # Other parameters, another name, one that has it already, and nothing but a call.
        "class B:\n    def get(self, key):\n        pass\n",
        "class B:\n    def post(self, url, params, timeout=5):\n        pass\n",
        "class B:\n    def get(self, url, params, timeout=5, retries=3):\n        pass\n",
        "get(url, params, timeout=5)\n",
    ],
)
def test_stays_quiet(other: str):
    text = PAIR.partition("\n\n\n")[0] + "\n"
    after = text.replace("timeout=5)", "timeout=5, retries=3)")
    check(
        twin_signature,
        before={"a.py": text, "b.py": other},
        after={"a.py": after},
        fixed=None,
    )


def test_stays_quiet_once_both_are_changed():
    after = PAIR.replace("timeout=5)", "timeout=5, retries=3)")
    check(twin_signature, before={"a.py": PAIR}, after={"a.py": after}, fixed=None)


@pytest.mark.parametrize("new", ["timeout=5, retries", "timeout=5, retries=(", "timeout=5))", "'"])
def test_never_fails_on_half_typed_code(new: str):
    needs_of(twin_signature, {"a.py": PAIR}, {"a.py": first(PAIR, "timeout=5)", new)})
