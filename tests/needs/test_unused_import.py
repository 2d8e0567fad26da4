"""Imports whose last use went away."""

import pytest

from proactive_lsp.needs import unused_import
from tests.check import check, needs_of


def test_removes_the_statement_with_the_last_use():
    text = "import json\nimport os\n\nprint(os.sep)\nprint(json.dumps(1))\n"
    check(
        unused_import,
        before={"a.py": text},
        after={"a.py": text.replace("print(json.dumps(1))\n", "")},
        fixed={"a.py": "import os\n\nprint(os.sep)\n"},
    )


def test_removes_one_name_of_several():
    text = "from typing import Any, List, Mapping\n\nx: Any\ny: List\nz: Mapping\n"
    for gone, left in [
        ("x: Any\n", "from typing import List, Mapping\n"),
        ("y: List\n", "from typing import Any, Mapping\n"),
        ("z: Mapping\n", "from typing import Any, List\n"),
    ]:
        after = text.replace(gone, "")
        fixed = left + after.partition("\n")[2]
        check(unused_import, before={"a.py": text}, after={"a.py": after}, fixed={"a.py": fixed})


def test_removes_the_first_and_last_name_together():
    text = "from typing import Any, List, Mapping\n\nx: Any\ny: List\nz: Mapping\n"
    check(
        unused_import,
        before={"a.py": text},
        after={"a.py": text.replace("x: Any\n", "").replace("z: Mapping\n", "")},
        fixed={"a.py": "from typing import List\n\ny: List\n"},
    )


def test_removes_the_line_of_a_name_in_brackets():
    text = "from typing import (\r\n    Any,\r\n    List as L,  # é\r\n)\r\n\r\nx: Any\r\ny: L\r\n"
    check(
        unused_import,
        before={"a.py": text},
        after={"a.py": text.replace("y: L\r\n", "")},
        fixed={"a.py": "from typing import (\r\n    Any,\r\n)\r\n\r\nx: Any\r\n"},
    )


def test_leaves_no_two_stretches_of_blank_lines():
    text = "import os\n\nimport json\n\nprint(os.sep)\nprint(json.dumps(1))\n"
    check(
        unused_import,
        before={"a.py": text},
        after={"a.py": text.replace("print(json.dumps(1))\n", "")},
        fixed={"a.py": "import os\n\nprint(os.sep)\n"},
    )


def test_removes_names_from_a_typescript_import():
    text = 'import { a, type B } from "./x";\n\na();\nlet b: B;\n'
    check(
        unused_import,
        before={"a.ts": text},
        after={"a.ts": text.replace("let b: B;\n", "")},
        fixed={"a.ts": 'import { a } from "./x";\n\na();\n'},
    )


def test_points_at_an_import_alone_in_its_block():
    text = "try:\n    import json\nexcept ImportError:\n    pass\n\nprint(json.dumps(1))\n"
    (need,) = needs_of(
        unused_import, {"a.py": text}, {"a.py": text.replace("print(json.dumps(1))\n", "")}
    )
    assert [place.after for place in need.places] == [None]


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        ("import json  # noqa\n", ""),
        ("from json import dumps as dumps\n", ""),
        ("import json\n", "json.loads('1')\n"),
        ("import json\n__all__ = ['json']\n", ""),
        ("from json import Decoder\n", "x: 'Decoder' = 1\n"),
        ("from json import dumps\n", 'def f():\n    """\n    >>> dumps(1)\n    """\n'),
    ],
)
def test_stays_quiet_where_the_import_is_still_wanted(head: str, rest: str):
    use = "json.dumps(1)\ndumps(2)\nDecoder(3)\n"
    check(
        unused_import, before={"a.py": head + rest + use}, after={"a.py": head + rest}, fixed=None
    )


def test_stays_quiet_in_packages_and_for_what_others_import_from_here():
    text = "from json import dumps\n\ndumps(1)\n"
    after = text.replace("dumps(1)\n", "")
    check(unused_import, before={"__init__.py": text}, after={"__init__.py": after}, fixed=None)
    check(
        unused_import,
        before={"compat.py": text, "use.py": "from compat import dumps\n"},
        after={"compat.py": after},
        fixed=None,
    )


def test_stays_quiet_about_imports_that_were_unused_before():
    text = "import json\nx = 1\n"
    check(unused_import, before={"a.py": text}, after={"a.py": "import json\n"}, fixed=None)


@pytest.mark.parametrize("rest", ["json.(", "def f(:\n", "'''", "from x import (\n"])
def test_never_fails_on_half_typed_code(rest: str):
    text = "import json\n\njson.dumps(1)\n"
    needs_of(unused_import, {"a.py": text}, {"a.py": "import json\n\n" + rest})
