"""Java: everything in classes, constructors by the class's name, overloads."""

import pytest

from proactive_lsp.workspace.syntax import parses
from tests.workspace.reading import (
    as_a_whole,
    blocks_of,
    called,
    defined,
    imported,
    outline,
    roles,
)

SCRIPT = '''\
package a.b;

/*
class InAComment {}
*/
@Marked(text = """
class InAText {}
""")
public final class Box {
    Box(int w) {}
}

record Pair(int a, String b) {}
'''


def test_names_what_is_defined_and_how_it_is_called():
    text = """\
@Ann public class Box<T> extends Base implements Shape {
  public Box(int w, final String... rest) throws E { this.w = w; }
  @Override public <T> int area(int unit[], List<T> more) { return 1; }
  int area(Box this, int other) { Run r = new Run() { void run() {} }; return 2; }
  interface Shape { int area(int unit); default void twice() {} }
  enum Colour { RED(1) { void shine() {} }, BLUE; Colour(int code) {} }
  record Pair(int a, String b) { static void make() {} }
}
"""
    assert defined("java", text) == [
        "class Box(w, *rest)",
        "method Box.Box(w, *rest)",
        "method Box.area(unit, more)",
        "method Box.area(other)",
        "method Box.area.{…}.run()",
        "class Box.Shape()",
        "method Box.Shape.area(unit)",
        "method Box.Shape.twice()",
        "class Box.Colour(code)",
        "method Box.Colour.RED.shine()",
        "method Box.Colour.Colour(code)",
        "class Box.Pair(a, b)",
        "method Box.Pair.make()",
    ]
    twins = [each.qualname for each in outline("java", text).definitions if each.twin]
    assert twins == ["Box.area", "Box.area"]


def test_each_imported_thing_counts():
    text = "import a.b.C;\nimport a.b.*;\nimport static a.b.C.go;\nimport static a.b.C.*;\n"
    assert imported("java", text) == [
        ("a.b", "C", None),
        ("a.b", "*", None),
        ("a.b.C", "go", None),
        ("a.b.C", "*", None),
    ]


def test_calls_tell_receiver_arguments_and_where_they_stand():
    text = """\
class A {
  void m() { String s = "😀"; this.b.go("😀", x); go(1).go(2); new go(3) {}; new p.go<>(4); A::go; }
}
"""
    assert called("java", text, {"go"}) == [
        'this.b: go("😀", x) in A.m',
        "go(1) in A.m",
        "go(1): go(2) in A.m",
        "go(3) in A.m",
        "p: go(4) in A.m",
    ]


def test_words_know_the_token_they_stand_in():
    text = '/** area */\nclass A {\n  @X(area = 1) int area() { return area("area", $area); }\n}\n'
    assert roles("java", text, "area") == ["comment", "key", "key", "identifier", "string"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_change_nothing(end):
    text = SCRIPT.replace("\n", end)
    assert [each.partition(end)[0] for each in blocks_of("java", text)] == [
        "package a.b;",
        '@Marked(text = """',
        "record Pair(int a, String b) {}",
    ]
    assert outline("java", text) == as_a_whole("java", text)
    assert defined("java", text) == ["class Box(w)", "method Box.Box(w)", "class Pair(a, b)"]


def test_half_typed_code_leaves_its_neighbours_alone():
    text = "class A {\n  void f(int a, {\n\n}\n\nclass B {\n  int g(int c) { return c; }\n}\n"
    found = {each.qualname: each.broken for each in outline("java", text).definitions}
    assert found["B.g"] is False
    assert not parses("java", text)
