"""Renames of methods, classes and exports, where languages have ways of their own."""

import pytest

from proactive_lsp.needs import renamed_mention
from tests.check import check

BOX_TS = (
    "export class Box {\n  constructor(private w: number) {}\n"
    "  widen(by: number) {\n    return this.w + by;\n  }\n"
    "  two() {\n    return this.widen(2);\n  }\n}\n"
)
BOX_GO = (
    "package box\n\ntype Box struct{ w int }\n\n"
    "func (b *Box) Widen(by int) int {\n\treturn b.w + by\n}\n\n"
    "func (b *Box) Two() int {\n\treturn b.Widen(2)\n}\n"
)
BOX_RUST = (
    "pub struct Box2 { w: i32 }\n\nimpl Box2 {\n    fn widen(&self, by: i32) -> i32 {\n"
    "        self.w + by\n    }\n\n    fn two(&self) -> i32 {\n        self.widen(2)\n    }\n}\n"
)
BOX_JAVA = (
    "class Box {\n    int w;\n\n    int widen(int by) {\n        return this.w + by;\n    }\n\n"
    "    int two() {\n        int widen = 3;\n        return widen(2) + this.widen(widen);\n"
    "    }\n}\n"
)


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "fixed"),
    [
        ("a.ts", BOX_TS, "widen", "grow", BOX_TS.replace("widen", "grow")),
        ("a.go", BOX_GO, "Widen", "Grow", BOX_GO.replace("Widen", "Grow")),
        ("a.rs", BOX_RUST, "widen", "grow", BOX_RUST.replace("widen", "grow")),
        (
            "Box.java",
            BOX_JAVA,
            "widen",
            "grow",
            BOX_JAVA.replace("widen(", "grow("),
        ),
    ],
    ids=["ts", "go", "rust", "java"],
)
def test_a_method_is_followed(path, text, old, new, fixed):
    other = "b." + path.rpartition(".")[2]
    lines = text.split("\n")
    row = next(row for row, line in enumerate(lines) if f"{old}(" in line)
    lines[row] = lines[row].replace(f"{old}(", f"{new}(", 1)
    check(
        renamed_mention,
        before={path: text, other: ""},
        after={path: "\n".join(lines)},
        fixed={path: fixed},
    )


def test_a_java_class_takes_its_constructor_along():
    text = "class Box {\n    int w;\n    Box(int w) {\n        this.w = w;\n    }\n}\n"
    use = "class Use {\n    Box b = new Box(1);\n}\n"
    check(
        renamed_mention,
        before={"a/Box.java": text, "a/Use.java": use},
        after={"a/Box.java": text.replace("class Box", "class Crate")},
        fixed={
            "a/Box.java": text.replace("Box", "Crate"),
            "a/Use.java": use.replace("Box", "Crate"),
        },
    )
    check(
        renamed_mention,
        before={"a/Box.java": text, "a/Use.java": use},
        after={"a/Box.java": text.replace("Box", "Crate")},
        fixed={"a/Use.java": use.replace("Box", "Crate")},
    )


CONF = "export function readConfig(path: string) {\n  return open(path, 'r');\n}\n"


def test_a_shorthand_keeps_the_name_of_the_property():
    use = 'import { readConfig } from "./conf";\n\nregister({ readConfig, other });\n'
    check(
        renamed_mention,
        before={"conf.ts": CONF, "use.ts": use},
        after={"conf.ts": CONF.replace("readConfig", "load")},
        fixed={
            "use.ts": 'import { load } from "./conf";\n\nregister({ readConfig: load, other });\n'
        },
    )


def test_a_default_export_is_followed():
    conf = CONF.replace("export", "export default")
    use = 'import readConfig from "./conf";\n\nreadConfig("a");\n'
    check(
        renamed_mention,
        before={"conf.ts": conf, "use.ts": use},
        after={"conf.ts": conf.replace("readConfig", "load")},
        fixed={"use.ts": use.replace("readConfig", "load")},
    )


def test_a_type_before_a_default_or_an_arrow_is_followed():
    text = "export type Size = { w: number; h: number };\n"
    use = (
        'import { type Size } from "./a.js";\n\n'
        "const f = (size: Size = zero, other: X | Size = one): Size => size;\n"
    )
    check(
        renamed_mention,
        before={"a.ts": text, "b.ts": use},
        after={"a.ts": text.replace("Size", "Extent")},
        fixed={"b.ts": use.replace("Size", "Extent")},
    )
