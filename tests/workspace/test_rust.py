"""Rust: paths, impl blocks, use trees."""

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
use crate::a;

/* /* nested */
fn in_a_comment() {}
*/
const TEXT: &str = r#"
fn in_a_text() { "" }
"#;
const MORE: &str = "
struct InAText;
";

#[derive(Debug)]
#[cfg(test)]
pub struct Box<'a> {
    name: &'a str,
}

impl<'a> Box<'a> {
    fn widen(&self) -> char {
        '"'
    }
}

pub(crate) async fn last() {}
"""


def test_names_what_is_defined_and_how_it_is_called():
    text = """\
mod tests { fn t() {} }
pub struct Box { w: i32 }
struct Unit;
enum Colour { Red(i32) }
trait Shape: Sized { fn area(&self, unit: &str) -> u8; fn twice(self) {} }
type Alias = Box;
impl<'a, X> Shape for crate::a::Box<X> where X: Y {
    fn area(&'a mut self, mut unit: &str, (b, c): (i32, i32), _: u8, f: impl Fn(i32)) -> u8 { 1 }
}
impl Box { pub async fn new(self: Rc<Self>, w: i32) -> Self { todo!() } }
pub(crate) fn top<T: Fn(i32)>(a: T) -> impl Fn(u8) where T: Clone { fn inner() {} |x| x }
extern "C" { fn ext(a: i32, ...); }
"""
    assert defined("rust", text) == [
        "function tests.t()",
        "class Box()",
        "class Unit()",
        "class Colour()",
        "class Shape()",
        "method Shape.area(unit)",
        "method Shape.twice()",
        "class Alias()",
        "method Box.area(unit, {…}, {…}2, f)",
        "method Box.new(w)",
        "function top(a)",
        "function top.inner()",
        "function ext(a, *{…})",
    ]
    assert [d.qualname for d in outline("rust", text).definitions if d.is_async] == ["Box.new"]


def test_methods_of_two_traits_are_twins():
    text = "impl A for X { fn go(&self) {} }\nimpl B for X { fn go(&self, a: u8) {} }\n"
    assert [each.twin for each in outline("rust", text).definitions] == [True, True]


def test_the_leaves_of_a_use_tree_count():
    text = """\
use std::collections::{self, HashMap as Map, hash::{Entry, sub::Deep, *}};
pub use super::c::D as E;
use foo;
use crate::r::*;
extern crate serde as s;
"""
    assert imported("rust", text) == [
        ("std::collections::self", None, None),
        ("std::collections", "HashMap", "Map"),
        ("std::collections::hash", "Entry", None),
        ("std::collections::hash::sub", "Deep", None),
        ("std::collections::hash", "*", None),
        ("super::c", "D", "E"),
        ("foo", None, None),
        ("crate::r", "*", None),
        ("serde", None, "s"),
    ]
    first, *_ = outline("rust", text).imports
    assert (first.range.start.character, first.range.end.character) == (0, 74)


def test_calls_tell_paths_from_values():
    text = """\
impl A {
    fn m(&self) {
        let s = "😀"; self.x.go("😀", *b)?; Self::go::<u8>(1); crate::a::go(2).await; go(3); go!(4);
    }
}
"""
    assert called("rust", text, {"go"}) == [
        'self.x: go("😀", *b) in A.m',
        "Self::: go(1) in A.m",
        "crate::a::: go(2) in A.m",
        "go(3) in A.m",
    ]


def test_words_know_the_token_they_stand_in():
    text = (
        '// area\nfn f() -> S { g("area", r#"area"#, \'a\'); S { area: area(1), b }; S { area } }\n'
    )
    assert roles("rust", text, "area") == [
        "comment",
        "string",
        "string",
        "key",
        "identifier",
        "shorthand",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_change_nothing(end):
    text = SCRIPT.replace("\n", end)
    assert [each.partition(end)[0] for each in blocks_of("rust", text)] == [
        "use crate::a;",
        "#[derive(Debug)]",
        "impl<'a> Box<'a> {",
        "pub(crate) async fn last() {}",
    ]
    assert outline("rust", text) == as_a_whole("rust", text)
    assert defined("rust", text) == ["class Box()", "method Box.widen()", "function last()"]


def test_half_typed_code_leaves_its_neighbours_alone():
    text = "fn f(a: i32, {\n    go(\n\nfn g(c: i32) -> i32 {\n    c\n}\n"
    found = {each.qualname: each.broken for each in outline("rust", text).definitions}
    assert found["g"] is False
    assert not parses("rust", text)
