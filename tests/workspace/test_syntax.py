"""The outline of a file, its calls and its words, for whole and for half-typed text."""

import inspect
import json.decoder
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.events import span
from proactive_lsp.workspace.documents import split_lines, text_in
from proactive_lsp.workspace.search import word_hits
from proactive_lsp.workspace.syntax import (
    MAX_CHARACTERS,
    Definition,
    Module,
    Parameter,
    calls,
    parse,
    parses,
    words,
)

SOURCE = inspect.getsource(json.decoder)


def outline(text: str) -> Module:
    module = parse("python", text)
    assert module is not None
    return module


def definition(text: str, qualname: str | None = None) -> Definition:
    found = [d for d in outline(text).definitions if qualname in (None, d.qualname)]
    assert found
    return found[0]


def test_names_definitions_by_what_they_stand_in():
    text = (
        "def f():\n    def g(): pass\n"
        "class A:\n    class B:\n        def m(self): pass\n"
        "async def h(): pass\n"
    )
    found = [(d.kind, d.qualname, d.scope, d.is_async) for d in outline(text).definitions]
    assert found == [
        ("function", "f", "", False),
        ("function", "f.g", "f", False),
        ("class", "A", "", False),
        ("class", "A.B", "A", False),
        ("method", "A.B.m", "A.B", False),
        ("function", "h", "", True),
    ]


def test_reads_every_kind_of_parameter():
    text = "def f(a, b: int, /, c=1, *args: str, d, e: int = 2, **rest): pass"
    assert definition(text).parameters == (
        Parameter("a", "positional-only"),
        Parameter("b", "positional-only", None, "int"),
        Parameter("c", "positional", "1"),
        Parameter("args", "var-positional", None, "str"),
        Parameter("d", "keyword-only"),
        Parameter("e", "keyword-only", "2", "int"),
        Parameter("rest", "var-keyword"),
    )


def test_a_bare_star_makes_what_follows_keyword_only():
    kinds = [p.kind for p in definition("def f(a, *, b, c=1): pass").parameters]
    assert kinds == ["positional", "keyword-only", "keyword-only"]


@pytest.mark.parametrize(
    ("method", "names"),
    [
        ("def m(self, a): pass", ["a"]),
        ("@classmethod\n    def m(cls, a): pass", ["a"]),
        ("@staticmethod\n    def m(self, a): pass", ["self", "a"]),
        ("def m(a): pass", ["a"]),
    ],
)
def test_the_receiver_of_a_method_is_no_parameter(method, names):
    found = definition(f"class A:\n    {method}\n", "A.m")
    assert [p.name for p in found.parameters] == names


def test_a_class_takes_what_its_own_constructor_takes():
    text = "class A:\n    def __init__(self, a, b=1): pass\nclass B(A):\n    pass\n"
    assert [p.name for p in definition(text, "A").parameters] == ["a", "b"]
    assert definition(text, "B").parameters == ()


def test_decorators_are_part_of_the_range_and_mark_twins():
    text = "class A:\n    @property\n    def p(self): ...\n    @p.setter\n    def p(self, v): ...\n"
    getter, setter = outline(text).definitions[1:]
    assert (getter.decorators, getter.twin) == (("property",), False)
    assert (setter.decorators, setter.twin) == (("p.setter",), True)
    assert getter.range == span(1, 4, 2, 20)
    assert getter.name_range == span(2, 8, 2, 9)


def test_the_header_is_on_one_line_and_without_comments():
    text = "async def f(\n    a,  # first\n    b,\n) -> int:  # why\n    return a\n"
    assert definition(text).header == "async def f( a, b, ) -> int:"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("def f(a):\n        return a+1  # one\n", True),
        ("def f(a, b):\n    # more\n    return (a + 1)\n", False),
        ("def renamed(a):\n    return a + 1\n", True),
        ("def f(a):\n    return a + 2\n", False),
    ],
)
def test_the_body_is_the_same_whatever_its_layout(other, same):
    body = definition("def f(a):\n    return a + 1\n").body
    assert (definition(other).body == body) is same


def test_a_recursive_body_stays_the_same_under_another_name():
    text = "def f(n):\n    return n and f(n - 1)\n"
    assert definition(text).body == definition(text.replace("f(", "go(")).body


def test_uses_tell_names_from_members():
    found = definition("def f(a):\n    'b'\n    x = a.c(d=e)  # g\n")
    assert found.uses == {"a", "x", ".c", ".d", "e"}


def test_each_imported_thing_counts():
    text = (
        "from __future__ import annotations\nimport os, a.b as c\n"
        "from . import x\nfrom ..p.q import (y as z,\n    w)\nfrom m import *\n"
    )
    assert [(i.module, i.name, i.alias) for i in outline(text).imports] == [
        ("__future__", "annotations", None),
        ("os", None, None),
        ("a.b", None, "c"),
        (".", "x", None),
        ("..p.q", "y", "z"),
        ("..p.q", "w", None),
        ("m", "*", None),
    ]
    y = outline(text).imports[4]
    assert (y.range, y.name_range) == (span(3, 0, 4, 6), span(3, 19, 3, 20))


def test_calls_tell_arguments_receiver_and_where_they_stand():
    text = "class A:\n    def m(self):\n        s = '😀'; self.x.go('😀', *b, k = 1, **c)\n"
    (call,) = calls("python", text, {"go"})
    assert (call.name, call.receiver, call.inside) == ("go", "self.x", "A.m")
    assert [(a.name, a.text, a.star) for a in call.arguments] == [
        (None, "'😀'", ""),
        (None, "*b", "*"),
        ("k", "k = 1", ""),
        (None, "**c", "**"),
    ]
    lines = split_lines(text)
    assert text_in(lines, call.arguments_range) == "('😀', *b, k = 1, **c)"
    assert text_in(lines, call.name_range) == "go"
    assert [text_in(lines, a.range) for a in call.arguments] == [a.text for a in call.arguments]


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("go()", []),
        ("go(x for x in y)", ["x for x in y"]),
        ("go(a, # one, two\n b,)", ["a", "b"]),
        ("go((a, b), [c, d])", ["(a, b)", "[c, d]"]),
        ("go(a)(b)", ["a"]),
        ("f'{go(a)}'", ["a"]),
        ("@go(a)\ndef f(): pass", ["a"]),
    ],
)
def test_commas_between_the_parentheses_set_arguments_apart(text, arguments):
    (call,) = calls("python", text, {"go"})
    assert [a.text for a in call.arguments] == arguments


def test_calls_leave_out_definitions_bare_names_and_broken_calls():
    assert calls("python", "def go(a): pass\ngo\ngo(a b)\n", {"go"}) == ()


def test_a_call_inside_another_one_counts_too():
    found = calls("python", "def f():\n    go(a, go(b))\ngo(c)\n", {"go"})
    assert [(c.arguments[-1].text, c.inside) for c in found] == [
        ("go(b)", "f"),
        ("b", "f"),
        ("c", ""),
    ]


def test_words_know_the_token_they_stand_in():
    text = 'area = f"area {area} areas"  # area\n"""\n😀 area\n"""\nself.area(area=1)\n'
    assert [(w.role, w.range) for w in words("python", text, "area")] == [
        ("identifier", span(0, 0, 0, 4)),
        ("string", span(0, 9, 0, 13)),
        ("identifier", span(0, 15, 0, 19)),
        ("comment", span(0, 31, 0, 35)),
        ("string", span(2, 3, 2, 7)),
        ("identifier", span(4, 5, 4, 9)),
        ("identifier", span(4, 10, 4, 14)),
    ]


def test_a_string_prefix_is_no_identifier():
    assert [w.role for w in words("python", "f = f'a'", "f")] == ["identifier", "string"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_of_the_protocol_counts(end):
    text = end.join(["x = 1", "def f(a):", "    return go(a)", ""])
    assert definition(text).name_range == span(1, 4, 1, 5)
    assert calls("python", text, {"go"})[0].range == span(2, 11, 2, 16)
    assert words("python", text, "go")[0].range == span(2, 11, 2, 13)


def test_half_typed_definitions_are_broken_and_their_neighbours_are_not():
    text = "def f(a=, b): pass\ndef g(c): pass\n"
    assert [(d.name, d.broken) for d in outline(text).definitions] == [("f", True), ("g", False)]
    assert (outline(text).broken, outline(text).error_lines) == (True, 1)
    assert not parses("python", text)
    assert parses("python", "def g(c): pass\n")


def test_a_language_without_queries_has_no_outline():
    assert parse("brainfuck", "+") is None
    assert not parses("brainfuck", "+")
    assert calls("brainfuck", "a()", {"a"}) == ()
    assert words("brainfuck", "a", "a") == ()


def test_an_empty_text_and_an_empty_word_are_fine():
    assert outline("") == Module("python", (), (), broken=False, error_lines=0)
    assert words("python", "a", "") == ()
    assert calls("python", "a()", ()) == ()


def test_a_text_over_the_limit_has_no_outline():
    assert parse("python", "x = 1\n" * (MAX_CHARACTERS // 6 + 1)) is None


# Each once made a query take from half a minute on.
@pytest.mark.parametrize("piece", ["(", "{[(", "f(", "a.b", "if ", "@", "x = [\n", "f'{", "1;"])
def test_minified_and_senseless_texts_end_soon(piece):
    text = piece * (200_000 // len(piece))
    begun = time.process_time()
    parse("python", text)
    calls("python", text, {"f"})
    words("python", text, "a")
    assert time.process_time() - begun < 5


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, len(SOURCE)),
    st.integers(0, 3_000),
    st.text(st.characters(codec=None) | st.sampled_from("()[]{}:'\"\\\n\r\t#*@😀"), max_size=12),
    st.integers(0, 3_000),
)
def test_any_text_is_read_without_an_exception(start, length, typed, more):
    """Slices of real source with anything typed between them, lone surrogates too."""
    end = start + length
    text = SOURCE[start:end] + typed + SOURCE[end : end + more]
    module, lines = outline(text), split_lines(text)
    assert module.broken is not parses("python", text)
    for each in module.definitions:
        assert text_in(lines, each.name_range) == each.name
    for call in calls("python", text, {"self", "match", "scan_once", "len"}):
        whole = text_in(lines, call.arguments_range)
        assert whole[0] + whole[-1] == "()"
        assert text_in(lines, call.name_range) == call.name
    found = [word.range for word in words("python", text, "self")]
    assert found == [hit.range for hit in word_hits("a.py", text, "self")]
