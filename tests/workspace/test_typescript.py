"""TypeScript and TSX, and what they share with JavaScript."""

import pytest

from proactive_lsp.workspace.syntax import parses
from tests.workspace.reading import as_a_whole, blocks_of, called, defined, imported, outline, roles

SCRIPT = """\
import { a } from "./a";

/**
function inAComment() {}
*/
const template = `
function inATemplate() { ${inner(`
class Deep {}
`)} }
`;
const pattern = /["`]/;

export async function first(x: number) {
  return x;
}

@Decorated()
export class Box<in out T> {
  widen(by: T) {}
}

export const last = (x: number) => x;
test("first", () => {
  first(1);
});
"""


def test_names_what_is_defined_and_how_it_is_called():
    text = """\
export default function foo<T>(this: X, a: number, b?: string, c = 1, ...rest: any[]): void {}
abstract class Box extends Base {
  static x = 1;
  constructor(private readonly w: number, h = 2) { super(); }
  get size() { return 1; }
  arrow = async (by) => by;
  #secret(): void {}
  abstract area(unit: string): number;
}
interface Shape { area(unit: string): number; on: (x: number) => void }
enum Colour { Red }
type Pair = { first(at: number): void };
namespace App.Core { export function run() {} }
const go = async (a, b = (c) => c) => {}, one = x => x, old = function named(y) {};
const api = { get(url) {}, put: (url, body) => {} };
const Made = class { m() {} };
"""
    assert defined("typescript", text) == [
        "function foo(a, b?, c=1, *rest)",
        "class Box(w, h=2)",
        "method Box.constructor(w, h=2)",
        "method Box.size()",
        "method Box.arrow(by)",
        "method Box.#secret()",
        "method Box.area(unit)",
        "class Shape()",
        "method Shape.area(unit)",
        "class Colour()",
        "class Pair()",
        "method Pair.first(at)",
        "function App.Core.run()",
        "function go(a, b=(c) => c)",
        "function one(x)",
        "function old(y)",
        "method api.get(url)",
        "method api.put(url, body)",
        "class Made()",
        "method Made.m()",
    ]
    asynchronous = [d.qualname for d in outline("typescript", text).definitions if d.is_async]
    assert asynchronous == ["Box.arrow", "go"]


def test_what_is_taken_apart_has_no_name_of_its_own():
    assert defined("typescript", "function f({ a, b }: P, [c]: Q = [], d?: R) {}") == [
        "function f({…}, {…}2=[], d?)"
    ]


def test_an_export_without_a_name_is_the_default_one():
    text = "export default async (a) => a;\n"
    (found,) = outline("typescript", text).definitions
    assert (found.qualname, found.range.start.character) == ("default", 15)
    assert defined("typescript", "export default class { m() {} }") == [
        "class default()",
        "method default.m()",
    ]


def test_overloads_are_twins_of_each_other():
    text = "function f(a: A): B;\nfunction f(a: any) {}\nfunction g() {}\n"
    assert [d.twin for d in outline("typescript", text).definitions] == [True, True, False]


def test_each_imported_thing_counts():
    text = """\
import d, * as ns from "./a";
import { type A, b as c } from "../b.js";
import x = require("y");
import "./side";
export { q as r, s } from "./z";
export * from "./w";
export type * from "./v";
export * as u from "./u";
const { m, n: o } = require("m"), p = require("./p"), no = other("./p");
"""
    assert imported("typescript", text) == [
        ("./a", "default", "d"),
        ("./a", None, "ns"),
        ("../b.js", "A", None),
        ("../b.js", "b", "c"),
        ("y", None, "x"),
        ("./side", None, None),
        ("./z", "q", "r"),
        ("./z", "s", None),
        ("./w", "*", None),
        ("./v", "*", None),
        ("./u", None, "u"),
        ("m", "m", None),
        ("m", "n", "o"),
        ("./p", None, "p"),
    ]


def test_calls_tell_receiver_arguments_and_where_they_stand():
    text = """\
class A {
  m() { const s = '😀'; this.x?.go('😀', ...b); new ns.go(1, `a, ${c}`); go<T>({ a, b }); }
}
a!.go(); go`no call`; new go;
"""
    assert called("typescript", text, {"go"}) == [
        "this.x: go('😀', *...b) in A.m",
        "ns: go(1, `a, ${c}`) in A.m",
        "go({ a, b }) in A.m",
        "a!: go() in ",
    ]


def test_words_know_the_token_they_stand_in():
    text = """\
// area
const t = `area ${area}`, s = "area", r = /area/, o = { area: 1, [area]: 2 };
f({ area }); a.area = <area>$area; interface I { area: area }
"""
    assert roles("typescript", text, "area") == [
        "comment",
        "string",
        "identifier",
        "string",
        "string",
        "key",
        "identifier",
        "shorthand",
        "identifier",
        "identifier",
        "key",
        "identifier",
    ]


def test_jsx_is_code_and_text():
    text = 'const App = (p: P) => <Area.Box area={area(1)} title="area">area {area}</Area.Box>;\n'
    assert defined("typescriptreact", text) == ["function App(p)"]
    assert called("typescriptreact", text, {"area"}) == ["area(1) in App"]
    assert roles("typescriptreact", text, "area") == [
        "key",
        "identifier",
        "string",
        "string",
        "identifier",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_of_the_protocol_counts(end):
    text = end.join(["const x = '😀';", "function f(a) {", "  return go('😀', a);", "}", ""])
    assert defined("typescript", text) == ["function f(a)"]
    assert called("typescript", text, {"go"}) == ["go('😀', a) in f"]


def test_half_typed_code_leaves_its_neighbours_alone():
    text = "function f(a {\n  return go(\n\nexport function g(c: C) {\n  return c;\n}\n"
    found = {each.qualname: each.broken for each in outline("typescript", text).definitions}
    assert found["g"] is False
    assert not parses("typescript", text)


def test_a_text_is_cut_at_its_declarations():
    starts = [block.split("\n")[0] for block in blocks_of("typescript", SCRIPT)]
    assert starts == [
        'import { a } from "./a";',
        "export async function first(x: number) {",
        "@Decorated()",
        "export const last = (x: number) => x;",
        'test("first", () => {',
    ]
    module = outline("typescript", SCRIPT)
    assert not module.broken
    assert module == as_a_whole("typescript", SCRIPT)


@pytest.mark.parametrize(
    "text",
    [
        "(function () {\nfunction inside() {}\n})();\n",
        "namespace A {\nfunction inside() {}\n}\n",
        "const x = `${`${`\nfunction no() {}\n`}`}`;\nfunction yes() {}\n",
        "const x = <p>It's `\n</p>;\nfunction yes() {}\n",
    ],
    ids=["wrapped", "namespace", "nested-templates", "jsx-text"],
)
def test_a_wrong_cut_does_no_harm(text):
    module = outline("typescriptreact", text)
    assert module == as_a_whole("typescriptreact", text)
    assert not module.broken


def test_an_open_template_hides_what_stands_behind_it():
    text = "function f() {}\nconst x = `\nfunction g() {}\n"
    assert len(blocks_of("typescript", text)) == 1
    assert "function g()" not in defined("typescript", text) or not parses("typescript", text)


def test_syntax_that_is_newer_than_the_grammar_is_read_all_the_same():
    text = "export type * from './a';\ninterface I<in A, out B, in out C = A> { m(x: A): B }\n"
    assert parses("typescript", text)
    (found, _) = outline("typescript", text).definitions
    assert found.header == "interface I<in A, out B, in out C = A>"
