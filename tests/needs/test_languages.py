"""What the detectors notice in each language: renames, calls that no longer fit, and silence."""

from typing import NamedTuple

import pytest

from proactive_lsp.needs import broken_call, renamed_mention
from tests.check import check, needs_of

TS_CONF = "export function readConfig(path: string) {\n  return open(path, 'r');\n}\n"
JS_CONF = "exports.readConfig = function (path) {\n  return open(path, 'r');\n};\n"
GO_CONF = "package conf\n\nfunc readConfig(path string) string {\n\treturn open(path, flags)\n}\n"
RUST_CONF = "pub fn read_config(path: &str) -> String {\n    open(path, flags)\n}\n"
JAVA_CONF = (
    "package app.conf;\n\npublic class Conf {\n"
    "    static String readConfig(String path) {\n        return open(path, FLAGS);\n    }\n}\n"
)


@pytest.mark.parametrize(
    ("path", "conf", "user", "use", "old", "new"),
    [
        (
            "src/conf.ts",
            TS_CONF,
            "src/app/use.ts",
            'import { readConfig } from "../conf.js";\nimport * as conf from "../conf";\n\n'
            "readConfig('a');\nconf.readConfig('b');\n"
            "const all = { readConfig: 1, x: readConfig };\n",
            "readConfig",
            "loadSettings",
        ),
        (
            "src/conf.ts",
            TS_CONF,
            "src/App.tsx",
            'import { readConfig as rc } from "./conf";\n\n'
            "const App = () => <p title={rc('a')}>Hi</p>;\n",
            "readConfig",
            "loadSettings",
        ),
        (
            "src/conf.ts",
            TS_CONF,
            "src/index.js",
            'export { readConfig } from "./conf";\n',
            "readConfig",
            "loadSettings",
        ),
        (
            "lib/conf.js",
            JS_CONF,
            "lib/use.js",
            'const { readConfig } = require("./conf");\nconst conf = require("./conf");\n\n'
            "readConfig('a');\nconf.readConfig('b');\nrun(...readConfig('c'));\n",
            "readConfig",
            "loadSettings",
        ),
        (
            "conf/conf.go",
            GO_CONF,
            "conf/use.go",
            'package conf\n\nfunc use() string {\n\treturn readConfig("a")\n}\n',
            "readConfig",
            "loadSettings",
        ),
        (
            "conf/conf.go",
            GO_CONF.replace("readConfig", "ReadConfig"),
            "cmd/main.go",
            'package main\n\nimport (\n\t"fmt"\n\tc "example.org/app/conf"\n)\n\n'
            'func main() {\n\tfmt.Println(c.ReadConfig("a"))\n}\n',
            "ReadConfig",
            "LoadSettings",
        ),
        (
            "src/conf.rs",
            RUST_CONF,
            "src/use.rs",
            "use crate::conf::{self, read_config};\n\nfn f() {\n    read_config(1);\n"
            '    conf::read_config(2);\n    println!("{}", crate::conf::read_config(3));\n}\n',
            "read_config",
            "load_settings",
        ),
        (
            "src/main/java/app/conf/Conf.java",
            JAVA_CONF,
            "src/main/java/app/Use.java",
            "package app;\n\nimport app.conf.Conf;\nimport static app.conf.Conf.readConfig;\n\n"
            "class Use {\n    String a = readConfig(1);\n    String b = Conf.readConfig(2);\n}\n",
            "readConfig",
            "loadSettings",
        ),
    ],
    ids=["ts", "tsx", "js-of-ts", "commonjs", "go-beside", "go-import", "rust", "java"],
)
def test_a_rename_is_followed(path, conf, user, use, old, new):
    check(
        renamed_mention,
        before={path: conf, user: use},
        after={path: conf.replace(old, new)},
        fixed={user: use.replace(f"{old}", new).replace(f"{{ {new}: 1", f"{{ {old}: 1")},
    )


class Area(NamedTuple):
    """A definition, the file that calls it, and its parameters: fewer, in a new order, one more."""

    text: str
    use: str
    old: str
    fewer: str
    turned: str
    more: str


AREAS = {
    "ts": Area(
        "export const area = (width: A, height: B, unit?: C) => {\n  return [width, height];\n};\n",
        'import { area } from "./a";\n\narea(2, 3, "cm");\nnew Map([[1, area?.(2, 3, "cm")]]);\n',
        old="width: A, height: B, unit?: C",
        fewer="width: A, height: B",
        turned="height: B, width: A, unit?: C",
        more="depth: D, width: A, height: B, unit?: C",
    ),
    "js": Area(
        "export function area(width, height, unit) {\n  return [width, height];\n}\n",
        'import { area } from "./a.js";\n\narea(2, 3, "cm");\n',
        old="width, height, unit",
        fewer="width, height",
        turned="height, width, unit",
        more="depth, width, height, unit",
    ),
    "go": Area(
        "package p\n\n"
        "func area(width, height int, unit string) int {\n\treturn width * height\n}\n",
        'package p\n\nvar a = area(2, 3, "cm")\n',
        old="width, height int, unit string",
        fewer="width, height int",
        turned="height, width int, unit string",
        more="depth, width, height int, unit string",
    ),
    "rs": Area(
        "pub fn area(width: i32, height: i32, unit: &str) -> i32 {\n    width * height\n}\n",
        'use super::a::area;\n\nfn f() -> i32 {\n    area(2, 3, "cm")\n}\n',
        old="width: i32, height: i32, unit: &str",
        fewer="width: i32, height: i32",
        turned="height: i32, width: i32, unit: &str",
        more="depth: u8, width: i32, height: i32, unit: &str",
    ),
    "java": Area(
        "class a {\n    static int area(int width, int height, String unit) {\n"
        "        return width * height;\n    }\n}\n",
        'class b {\n    int x = a.area(2, 3, "cm");\n}\n',
        old="int width, int height, String unit",
        fewer="int width, int height",
        turned="int height, int width, String unit",
        more="int depth, int width, int height, String unit",
    ),
}


@pytest.mark.parametrize("kind", AREAS)
def test_calls_follow_fewer_parameters_and_a_new_order(kind):
    area = AREAS[kind]
    path, user = (f"src/{name}.{kind}" for name in "ab")
    for now, arguments in ((area.fewer, "2, 3"), (area.turned, '3, 2, "cm"')):
        check(
            broken_call,
            before={path: area.text, user: area.use},
            after={path: area.text.replace(area.old, now)},
            fixed={user: area.use.replace('2, 3, "cm"', arguments)},
        )


@pytest.mark.parametrize("kind", AREAS)
def test_calls_that_lack_an_argument_are_pointed_at(kind):
    area = AREAS[kind]
    path, user = (f"src/{name}.{kind}" for name in "ab")
    (need,) = needs_of(
        broken_call,
        {path: area.text, user: area.use},
        {path: area.text.replace(area.old, area.more)},
    )
    assert need.title.startswith("Look at")
    assert {place.after for place in need.places} == {None}
    assert all(place.note.endswith("no `depth`") for place in need.places)


def test_an_argument_may_begin_with_a_star_that_unpacks_nothing():
    area = AREAS["rs"]
    use = area.use.replace("2, 3", "*a, &b")
    check(
        broken_call,
        before={"src/a.rs": area.text, "src/b.rs": use},
        after={"src/a.rs": area.text.replace(area.old, area.fewer)},
        fixed={"src/b.rs": use.replace(', "cm"', "")},
    )


@pytest.mark.parametrize(
    ("path", "before", "after", "user", "use"),
    [
        (
            "a.js",
            "export function f(x) {}\n",
            "export function f(x, y) {}\n",
            "b.js",
            'import { f } from "./a";\nf(1);\n',
        ),
        (
            "a.ts",
            "export function f(x: A): B;\nexport function f(x: any, y: any) {}\n",
            "export function f(x: A, z: C): B;\nexport function f(x: any, y: any) {}\n",
            "b.ts",
            'import { f } from "./a";\nf(1);\n',
        ),
        (
            "A.java",
            "class A {\n    void f(int x) {}\n    void f(int x, int y) {}\n}\n",
            "class A {\n    void f(int x, int z, int q) {}\n    void f(int x, int y) {}\n}\n",
            "B.java",
            "class B {\n    void g(A a) {\n        a.f(1);\n    }\n}\n",
        ),
        (
            "a.ts",
            "export function f(x: A, y: B) {}\n",
            "export function f(x: A) {}\n",
            "b.ts",
            'import { f } from "pkg";\nf(1, 2);\n',
        ),
        (
            "a.ts",
            "export function f(x: A, y: B) {}\n",
            "export function f(x: A) {}\n",
            "b.ts",
            'import { f } from "./a";\nf(...all);\n',
        ),
        (
            "p/a.go",
            "package p\n\nfunc f(x, y int) {}\n",
            "package p\n\nfunc f(x int) {}\n",
            "q/b.go",
            "package q\n\nfunc f(x, y int) {}\n\nfunc g() { f(1, 2) }\n",
        ),
        (
            "src/a.rs",
            "pub fn f(x: u8, y: u8) {}\n",
            "pub fn f(x: u8) {}\n",
            "src/b.rs",
            "use crate::c::f;\n\nfn g(b: B) {\n    f(1, 2);\n    b.f(1, 2);\n    f!(1, 2);\n}\n",
        ),
        (
            "a.ts",
            "export class A {\n  parse(x: A, y: B) {}\n}\n",
            "export class A {\n  parse(x: A) {}\n}\n",
            "b.ts",
            "JSON.parse(a, b);\nthing.parse(a, b);\n",
        ),
        (
            "a.ts",
            "export function f({ a }: A, x: B) {}\n",
            "export function f({ a, b }: A, x: B) {}\n",
            "b.ts",
            'import { f } from "./a";\nf(a, b);\n',
        ),
        (
            "a.ts",
            "export function f(x: A, y: B) {}\n",
            "export function f(x: A\n",
            "b.ts",
            'import { f } from "./a";\nf(1, 2);\n',
        ),
    ],
    ids=(
        *("lenient", "overload", "java-overload", "package", "spread", "other-package"),
        *("other-module", "common", "destructured", "half-typed"),
    ),
)
def test_other_calls_are_left_alone(path, before, after, user, use):
    check(broken_call, before={path: before, user: use}, after={path: after}, fixed=None)


@pytest.mark.parametrize(
    ("path", "before", "user", "use", "new"),
    [
        ("a.ts", TS_CONF, "b.ts", 'import { readConfig } from "other";\nreadConfig(1);\n', "load"),
        ("a.ts", TS_CONF, "b.ts", "const x = { readConfig: 1 };\nx.readConfig;\n", "load"),
        ("a.ts", TS_CONF, "b.ts", 'import { readConfig$ } from "./a";\n', "load"),
        ("p/a.go", GO_CONF, "q/b.go", "package q\n\nvar x = other.readConfig\n", "load"),
        ("a.rs", RUST_CONF, "b.rs", "fn f(x: X) {\n    x.read_config(1);\n}\n", "load"),
        (
            "a/Conf.java",
            JAVA_CONF,
            "b/Use.java",
            "class Use {\n    int readConfig;\n    int f() { return readConfig; }\n}\n",
            "load",
        ),
    ],
    ids=["package", "property", "longer", "go", "rust", "java"],
)
def test_namesakes_are_left_alone(path, before, user, use, new):
    after = before.replace("readConfig", new).replace("read_config", new)
    check(renamed_mention, before={path: before, user: use}, after={path: after}, fixed=None)


@pytest.mark.parametrize(
    ("path", "conf", "half"),
    [
        ("a.ts", TS_CONF, "export function load(path: str"),
        ("a.js", JS_CONF, "exports.load = function (path {"),
        ("a.go", GO_CONF, "package conf\n\nfunc load(path string"),
        ("a.rs", RUST_CONF, "pub fn load(path: &str"),
        ("Conf.java", JAVA_CONF, "public class Conf { static String load(String pa"),
    ],
)
def test_half_typed_code_is_waited_for(path, conf, half):
    other = "b." + path.rpartition(".")[2]
    use = f'import {{ readConfig }} from "./a";\n{conf}'
    assert needs_of(renamed_mention, {path: conf, other: use}, {path: half}) == []
    assert needs_of(broken_call, {path: conf, other: use}, {path: half}) == []
