"""JavaScript and JSX, where they differ from TypeScript."""

import pytest

from proactive_lsp.workspace.syntax import parses
from tests.workspace.reading import as_a_whole, blocks_of, called, defined, imported, outline


@pytest.mark.parametrize("language", ["javascript", "javascriptreact"])
def test_names_what_is_defined_and_how_it_is_called(language):
    text = """\
function foo(a, b = 1, { c, d } = {}, [e], ...rest) {}
function* walk(tree) {}
class Box extends Base {
  static x = 1;
  constructor(w, h) { super(w); }
  arrow = (by) => by;
  static async *all(of) {}
  #secret(at) {}
}
exports.one = (x) => x;
module.exports.two = function (x, y) {};
Box.prototype.three = function (z) {};
other.four = function () {};
"""
    assert defined(language, text) == [
        "function foo(a?, b=1, {…}={}, {…}2?, *rest)",
        "function walk(tree?)",
        "class Box(w?, h?)",
        "method Box.constructor(w?, h?)",
        "method Box.arrow(by?)",
        "method Box.all(of?)",
        "method Box.#secret(at?)",
        "function one(x?)",
        "function two(x?, y?)",
        "method Box.three(z?)",
    ]


def test_no_argument_has_to_be_given():
    (found,) = outline("javascript", "function f(a, b) {}").definitions
    assert not any(parameter.required for parameter in found.parameters)


def test_both_ways_to_import_count():
    text = """\
import a, { b as c } from "../b.js";
const { d, e: f } = require("./d");
const g = require("./g"), h = load("./h");
"""
    assert imported("javascript", text) == [
        ("../b.js", "default", "a"),
        ("../b.js", "b", "c"),
        ("./d", "d", None),
        ("./d", "e", "f"),
        ("./g", None, "g"),
    ]


def test_calls_stand_in_jsx_too():
    text = "function App() {\n  return <p onClick={() => go('😀', 1)}>{this.go(2)}</p>;\n}\n"
    assert called("javascript", text, {"go"}) == ["go('😀', 1) in App", "this: go(2) in App"]


def test_half_typed_code_leaves_its_neighbours_alone():
    text = "class A {\n  m(a {\n\nfunction g(c) {\n  return c;\n}\n"
    found = {each.qualname: each.broken for each in outline("javascript", text).definitions}
    assert found["g"] is False
    assert not parses("javascript", text)


def test_windows_line_ends_change_nothing():
    text = "const s = '😀';\r\nfunction f(a) {\r\n  go(a);\r\n}\r\n\r\nclass B {}\r\n"
    assert defined("javascript", text) == ["function f(a?)", "class B()"]
    assert called("javascript", text, {"go"}) == ["go(a) in f"]
    assert len(blocks_of("javascript", text)) == 3
    assert outline("javascript", text) == as_a_whole("javascript", text)
