"""Imports that a new name needs."""

import pytest

from proactive_lsp.needs import missing_import
from tests.check import check, needs_of


def test_imports_as_the_others_do_where_the_order_has_it():
    use = "import os\nimport sys\n\nfrom a import b\n\nprint(os, sys, b)\n"
    check(
        missing_import,
        before={"use.py": use, "other.py": "import json\n\njson.dumps(1)\n"},
        after={"use.py": use + "print(json.dumps(2))\n"},
        fixed={"use.py": "import json\n" + use + "print(json.dumps(2))\n"},
    )


def test_extends_the_statement_that_imports_from_there():
    use = "from typing import Any, Mapping\n\nx: Any\ny: Mapping\n"
    check(
        missing_import,
        before={"use.py": use, "other.py": "from typing import List\n\nx: List\n"},
        after={"use.py": use + "z: List\n"},
        fixed={"use.py": use.replace("Any, ", "Any, List, ") + "z: List\n"},
    )


def test_extends_a_list_with_a_line_for_each_name():
    use = "from typing import (\n    Any,\n    Mapping,  # é\n)\n\nx: Any\ny: Mapping\n"
    check(
        missing_import,
        before={"use.py": use, "other.py": "from typing import Optional\n\nx: Optional\n"},
        after={"use.py": use + "z: Optional\n"},
        fixed={
            "use.py": use.replace("Mapping,  # é", "Mapping,\n    Optional,  # é") + "z: Optional\n"
        },
    )


def test_names_a_module_relative_to_the_new_place():
    use = "from .. import base\n\nbase.f()\n"
    files = {
        "src/pkg/__init__.py": "",
        "src/pkg/sub/__init__.py": "",
        "src/pkg/base.py": "def f(): ...\n",
        "src/pkg/tools.py": "def helper(): ...\n",
        "src/pkg/main.py": "from .tools import helper\n\nhelper()\n",
        "src/pkg/sub/use.py": use,
    }
    check(
        missing_import,
        before=files,
        after={"src/pkg/sub/use.py": use + "helper()\n"},
        fixed={
            "src/pkg/sub/use.py": "from .. import base\nfrom ..tools import helper\n\n"
            "base.f()\nhelper()\n"
        },
    )


def test_finds_the_only_definition_when_nobody_imports_it():
    check(
        missing_import,
        before={"tools.py": "def helper(): ...\n", "use.py": "import os\n\nos.sep\n"},
        after={"use.py": "import os\n\nos.sep\nhelper()\n"},
        fixed={"use.py": "import os\n\nfrom tools import helper\n\nos.sep\nhelper()\n"},
    )


def test_gives_each_name_its_own_statement_where_the_file_does():
    use = "from typing import Any\nfrom typing import Mapping\n\nx: Any\ny: Mapping\n"
    fixed = use.replace("Any\n", "Any\nfrom typing import List\n", 1)
    check(
        missing_import,
        before={"use.py": use, "other.py": "from typing import List\n\nx: List\n"},
        after={"use.py": use + "z: List\n"},
        fixed={"use.py": fixed + "z: List\n"},
    )


def test_joins_the_group_of_its_own_form():
    use = "import os\nimport sys\n\nfrom typing import Any\n\nx: Any = os, sys\n"
    check(
        missing_import,
        before={"use.py": use, "other.py": "import zlib\n\nzlib.adler32(b'')\n"},
        after={"use.py": use + "zlib.crc32(b'')\n"},
        fixed={"use.py": use.replace("sys\n", "sys\nimport zlib\n", 1) + "zlib.crc32(b'')\n"},
    )


def test_begins_a_group_for_what_is_the_projects_own():
    use = "import os\n\nfrom third import party\n\n\nparty(os)\n"
    check(
        missing_import,
        before={
            "pkg/use.py": use,
            "pkg/tools.py": "def helper(): ...\n",
            "tests/test_tools.py": "from pkg.tools import helper\n\nhelper()\n",
        },
        after={"pkg/use.py": use + "helper()\n"},
        fixed={
            "pkg/use.py": use.replace("party\n", "party\n\nfrom pkg.tools import helper\n", 1)
            + "helper()\n"
        },
    )


def test_stays_quiet_where_others_import_the_name_from_this_very_file():
    check(
        missing_import,
        before={"pkg/use.py": "x = 1\n", "t.py": "from pkg.use import helper\n\nhelper()\n"},
        after={"pkg/use.py": "x = 1\nhelper()\n"},
        fixed=None,
    )


def test_keeps_the_line_ends_of_the_file():
    use = "import os\r\nimport sys\r\n\r\nprint(os, sys)\r\n"
    check(
        missing_import,
        before={"use.py": use, "other.py": "import re as regex\n\nregex.compile('é')\n"},
        after={"use.py": use + "regex.compile('')\r\n"},
        fixed={
            "use.py": use.replace("os\r\n", "os\r\nimport re as regex\r\n", 1)
            + "regex.compile('')\r\n"
        },
    )


def test_begins_the_imports_of_a_file_behind_its_docstring():
    use = '"""Promise."""\n\nx = 1\n'
    check(
        missing_import,
        before={"use.py": use, "other.py": "import json\n\njson.dumps(1)\n"},
        after={"use.py": use + "y = json.dumps(2)\n"},
        fixed={"use.py": '"""Promise."""\n\nimport json\n\nx = 1\ny = json.dumps(2)\n'},
    )


def test_imports_in_typescript_with_the_specifier_seen_from_here():
    use = 'import { a } from "./a";\n\na();\n'
    check(
        missing_import,
        before={
            "src/a.ts": "export function a() {}\n",
            "src/deep/c.ts": 'import { helper } from "../util/h";\nhelper();\n',
            "src/util/h.ts": "export function helper() {}\n",
            "src/use.ts": use,
        },
        after={"src/use.ts": use + "helper();\n"},
        fixed={
            "src/use.ts": 'import { a } from "./a";\nimport { helper } from "./util/h";\n\n'
            "a();\nhelper();\n"
        },
    )


@pytest.mark.parametrize(
    "added",
    [
        "def helper(): ...\nhelper()\n",
        "def f(helper):\n    helper()\n",
        "[helper for helper in x]\n",
        "with x as helper:\n    helper()\n",
        "from elsewhere import *\nhelper()\n",
        "x.helper()\nf(helper=1)\n",
        "# helper\nprint('helper')\n",
        "try:\n    pass\nexcept E as helper:\n    print(helper)\n",
    ],
)
def test_stays_quiet_for_names_that_are_bound_or_no_names(added: str):
    files = {"other.py": "from tools import helper\n\nhelper()\n", "use.py": "x = 1\n"}
    check(missing_import, before=files, after={"use.py": "x = 1\n" + added}, fixed=None)


def test_stays_quiet_where_nothing_tells_where_from():
    check(
        missing_import,
        before={"use.py": "x = 1\n", "other.py": "unheard = 1\nother = 2\n"},
        after={"use.py": "x = 1\nunknown_thing()\nlen(x)\n"},
        fixed=None,
    )


@pytest.mark.parametrize("added", ["helper(", "def f(:\n    helper", "x = [helper\n", "@helper\n"])
def test_never_fails_on_half_typed_code(added: str):
    files = {"other.py": "from tools import helper\n\nhelper()\n", "use.py": "x = 1\n"}
    needs_of(missing_import, files, {"use.py": "x = 1\n" + added})
