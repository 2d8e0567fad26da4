"""Reading block by block gives what reading the whole gives, and keeps errors where they are."""

import asyncio.base_events
import dataclasses
import decimal
import inspect
import json.decoder
import textwrap
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.workspace import blocks, reading, syntax
from proactive_lsp.workspace.grammars import SyntaxTree, with_known_line_ends
from proactive_lsp.workspace.syntax import Module, parse, parses

SOURCES = tuple(
    inspect.getsource(module)
    for module in (asyncio.base_events, dataclasses, json.decoder, textwrap, typing)
)
# What a slip of the finger, a paste or half a statement may put anywhere.
TYPED = (
    *('"""', "'''", "'", '"', "(", ")", "[", "}", "\\\n", "#", ":", ",", "=", "@", " ", "\t"),
    *("\n", "\r", "\r\n", "\ndef f(a):\n", "\nclass A:\n", "\n@x\n", "def ", "async ", "if x:\n"),
    *("\n    ", "else:\n", 'f"{', "\u00e9", "\U0001f600"),
)


def read_whole(text: str) -> syntax._File:
    """What one tree of the whole text says, without any blocks."""
    text = with_known_line_ends(text)
    everything = (blocks.Block(0, text), reading.read_outline("python", SyntaxTree("python", text)))
    return syntax._File("python", text, [everything])


def lines_of(text: str) -> list[int]:
    """Where blocks begin."""
    found = blocks.read_blocks("python", text)
    assert found is not None
    assert "".join(block.text for block, _ in found) == with_known_line_ends(text)
    return [block.line for block, _ in found]


def names(text: str) -> list[str]:
    module = parse("python", text)
    assert module is not None
    return [each.qualname for each in module.definitions if not each.broken]


def test_a_block_goes_from_one_definition_to_the_next():
    text = (
        "import os\n\n\n"
        "@first\n@second(\n    1,\n)\ndef f():\n    def inner(): pass\n\n\n\n"
        "class A:\n    def m(self): pass\n\nvalue = 1\n\n"
        "async def g():\n    pass\n"
    )
    assert lines_of(text) == [0, 3, 12, 17]


@pytest.mark.parametrize(
    "text",
    [
        'def f():\n    """\ndef in_a_text(): pass\n    """\n    return\n\n\ndef g(x):\n    pass\n',
        "def f(a, b):\n    return (a\n@b\n@ b)\n\n\n@f\ndef g(x):\n    return x, x, x\n",
        "def f(a, b):\n    value = a + \\\n@ b\n    return value\n\n\ndef g(x):\n    return x\n",
    ],
    ids=["string", "operator", "backslash"],
)
def test_what_only_looks_like_a_beginning_is_none(text):
    assert not read_whole(text.replace("\\\n@ b", "\\\n b")).module.broken
    assert names(text)[-1] == "g"


def test_a_constructor_counts_for_every_class_of_the_name():
    text = (
        "class A:\n    def __init__(self, x): pass\n\n\n"
        "class A:\n    def __init__(self, y, z): pass\n\n\nclass A:\n    'Has none.'\n"
    )
    assert parse("python", text) == read_whole(text).module


def test_an_error_stays_within_its_block():
    text = (
        "def f(a):\n    return g(a,\n\n\ndef g(a):\n    return a\n\n\n"
        "class A:\n    def m(self, x y): pass\n\n\n@f\ndef h(a):\n    return a\n"
    )
    module = parse("python", text)
    assert module is not None
    assert module.broken
    assert {"g", "h"} <= set(names(text))
    assert all(error.start.line < 4 or 8 <= error.start.line < 12 for error in module.errors)


def test_behind_an_open_string_the_whole_is_one_block():
    text = 'def f(a):\n    return """\n\n\ndef g(a):\n    return a\n\n\ndef h(a):\n    return a\n'
    assert lines_of(text) == [0]
    assert parse("python", text) == read_whole(text).module


def test_an_edit_reads_only_its_own_block_anew(monkeypatch):
    read: list[str] = []

    class Tree(SyntaxTree):
        def __init__(self, language: str, text: str, line: int = 0) -> None:
            read.append(text)
            super().__init__(language, text, line)

    monkeypatch.setattr(blocks, "SyntaxTree", Tree)
    text = "".join(f"def only_here_{n}(a):\n    return a + {n}\n\n\n" for n in range(50))
    parse("python", text)
    read.clear()
    changed = text.replace("return a + 7\n", "b = 7\n    return a + b\n")
    assert parse("python", changed) == read_whole(changed).module
    assert read == ["def only_here_7(a):\n    b = 7\n    return a + b\n\n\n"]


@pytest.mark.parametrize("source", [*SOURCES, inspect.getsource(decimal)])
def test_reads_real_files_as_a_whole_does(source):
    assert_same(source)


@settings(max_examples=60, deadline=None)
@given(
    source=st.sampled_from(SOURCES),
    start=st.integers(0, 30_000),
    edits=st.lists(
        st.tuples(st.integers(0, 4_000), st.integers(0, 30), st.sampled_from(["", *TYPED])),
        max_size=4,
    ),
)
def test_reads_changed_files_as_a_whole_does_where_they_parse(source, start, edits):
    text = source[start % len(source) :][:4_000]
    for place, removed, typed in edits:
        text = text[:place] + typed + text[place + removed :]
    assert_same(text)


def assert_same(text: str) -> None:
    """A text that parses reads the same either way, and both agree on which texts those are."""
    whole = read_whole(text)
    assert parses("python", text) is not whole.module.broken
    if whole.module.broken:
        return
    module = parse("python", text)
    assert isinstance(module, Module)
    assert module == whole.module
    wanted = {each.name for each in module.definitions[:20]} | {"len", "get", "join"}
    assert syntax.calls("python", text, wanted) == tuple(whole.calls(wanted))
    for word in sorted(wanted)[:5]:
        assert syntax.words("python", text, word) == tuple(whole.words(word))
