"""Go: packages, methods beside their types, grouped parameters."""

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

SCRIPT = """\
package box

import "fmt"

/*
func inAComment() {}
*/
const text = `
func inAText() {}
`

type Box struct {
	width, height int
}

func (b *Box) Widen(by int) { b.width += by }

var handler = func(a int) {}
"""


def test_names_what_is_defined_and_how_it_is_called():
    text = """\
package box

type Box[T any] struct{ w, h int }
type Shape interface {
	Area(unit string, scale ...int) (int, error)
}
type Alias = Box
type Handler func(a int) error

func (b *Box[T]) Widen(by, step int, on func(z int) error, rest ...string) (x int, err error) {
	return
}
func (Box) Reset(int, string) {}
func Top[T any](ctx context.Context, _ int) {
	inner := func(a int) {}
}
func external(a int)

var handler = func(a int) {}
"""
    assert defined("go", text) == [
        "class Box()",
        "class Shape()",
        "method Shape.Area(unit, *scale)",
        "class Alias()",
        "class Handler()",
        "method Box.Widen(by, step, on, *rest)",
        "method Box.Reset({…}, {…}2)",
        "function Top(ctx, _)",
        "function Top.inner(a)",
        "function external(a)",
        "function handler(a)",
    ]
    types = [p.annotation for p in outline("go", text).definitions[5].parameters]
    assert types == ["int", "int", "func(z int) error", "string"]


def test_imports_are_packages():
    text = 'package a\n\nimport (\n\t"fmt"\n\t. "a/dot"\n\tal "x.org/y/v2"\n)\n\nimport _ "os"\n'
    assert imported("go", text) == [
        ("fmt", None, None),
        ("a/dot", "*", None),
        ("x.org/y/v2", None, "al"),
        ("os", None, "_"),
    ]


def test_calls_tell_receiver_arguments_and_where_they_stand():
    text = 'package a\n\nfunc (b B) M() { s := "😀"; b.c.Go("😀", xs...); defer Go(1)(2) }\n'
    assert called("go", text, {"Go"}) == ['b.c: Go("😀", *xs...) in B.M', "Go(1) in B.M"]


def test_words_know_the_token_they_stand_in():
    text = "package a\n\n// area\nvar x = T{area: area(\"area\", `area`, 'a')}\n"
    assert roles("go", text, "area") == ["comment", "key", "identifier", "string", "string"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_change_nothing(end):
    text = SCRIPT.replace("\n", end)
    assert [each.partition(end)[0] for each in blocks_of("go", text)] == [
        "package box",
        "type Box struct {",
        "func (b *Box) Widen(by int) { b.width += by }",
    ]
    assert outline("go", text) == as_a_whole("go", text)
    assert defined("go", text) == ["class Box()", "method Box.Widen(by)", "function handler(a)"]


def test_half_typed_code_leaves_its_neighbours_alone():
    text = "package a\n\nfunc f(a int, {\n\tgo(\n\nfunc g(c int) int {\n\treturn c\n}\n"
    found = {each.qualname: each.broken for each in outline("go", text).definitions}
    assert found["g"] is False
    assert not parses("go", text)
