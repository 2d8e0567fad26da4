"""No text makes a detector slow or crash."""

import time
from collections.abc import Callable, Mapping
from functools import cache

import pytest
from msgspec import structs

from proactive_lsp.events import FileOperation
from proactive_lsp.needs import DETECTORS, Detector
from proactive_lsp.situation import Situation
from proactive_lsp.workspace.past import Past
from tests.check import situation_of

LONG = 100_000
SECONDS = 3.0
"""What a detector may take of the processor for one pair, generously."""

Pair = tuple[Mapping[str, str], Mapping[str, str]]

FILLERS = {
    "double quotes": '"',
    "single quotes": "'",
    "open brackets": "(",
    "closing brackets": ")",
    "mixed brackets": "([{",
    "commas": ",",
    "arguments": "a, ",
    "spaces": " ",
    "tabs": "\t",
    "backslashes": "\\",
    "options": "--option ",
    "dashes": "-",
    "one identifier": "a",
    "identifiers": "name ",
    "dotted names": "name.",
    "calls": "name(",
    "digits": "1",
    "dotted digits": "1.",
    "backticks": "`",
    "slashes": "/",
    "paths": "a/b.py ",
    "hashes": "#",
    "equals": "a=",
    "colons": "a: ",
}


def _long_line(filler: str) -> Pair:
    """A line of many characters that is changed in one."""
    text = (filler * (LONG // len(filler) + 1))[:LONG]
    half = LONG // 2
    old = f"first\n{text}\nlast\n"
    new = f"first\n{text[:half]}x{text[half + 1 :]}\nlast\n"
    names = ("a.py", "a.ts")
    return (
        {**dict.fromkeys(names, old), "b.py": old},
        dict.fromkeys(names, new),
    )


def _equal_lines() -> Pair:
    lines = ["value = 1"] * 20_000
    changed = [*lines[:10_000], "value = 2", *lines[10_001:]]
    return {"a.py": "\n".join(lines)}, {"a.py": "\n".join(changed)}


def _each_changed() -> Pair:
    old = "".join(f"value_{number} = call({number}, 'text')\n" for number in range(5000))
    new = "".join(f"value_{number} = call({number}, 'other')\n" for number in range(5000))
    return {"a.py": old, "b.py": old}, {"a.py": new}


def _each_function_changed() -> Pair:
    old = "".join(f"def work_{n}(a, b):\n    return a + {n}\n\n\n" for n in range(1500))
    new = "".join(f"def work_{n}(a, b, c):\n    return a + {n} + c\n\n\n" for n in range(1500))
    return {"a.py": old, "b.py": old}, {"a.py": new}


def _each_renamed() -> Pair:
    old = "".join(f"def work_{n}(a):\n    return a\n\n\n" for n in range(1500))
    new = "".join(f"def play_{n}(a):\n    return a\n\n\n" for n in range(1500))
    calls = "".join(f"work_{n}(1)\n" for n in range(1500))
    return {"a.py": old, "b.py": f"from a import *\n{calls}"}, {"a.py": new}


def _many_files() -> Pair:
    text = "import os\n\n\ndef work(one):\n    return call_it(one, limit=10, name='text')\n"
    before = {f"package/part_{number}.py": text for number in range(300)}
    after = text.replace("limit=10", "limit=20").replace("def work(one)", "def work(one, two)")
    return before, {"package/part_0.py": after}


def _unclosed(opening: str) -> Pair:
    half = opening * 25_000
    old = f"def work(a):\n    return {half}{half}\n"
    new = f"def work(a, b):\n    return {half}x{half}\n"
    return {"a.py": old, "a.ts": old, "b.py": old}, {"a.py": new, "a.ts": new}


def _unclosed_lines(opening: str) -> Pair:
    half = f"work({opening}\n" * 10_000
    old = f"def work(a):\n    pass\n{half}{half}"
    new = f"def work(a, b):\n    pass\n{half}x\n{half}"
    return {"a.py": old, "b.py": old, "b.ts": old}, {"a.py": new}


def _nested() -> Pair:
    def text(name: str) -> str:
        return f"def work(a):\n    return {'work(' * 3000}{name}{')' * 3000}\n"

    return {"a.py": text("a"), "a.ts": text("a"), "b.py": text("a")}, {
        "a.py": text("a, b").replace("work(a):", "work(a, b):"),
        "a.ts": text("b"),
    }


def _nested_blocks() -> Pair:
    lines = [f"{' ' * depth}if work(a):" for depth in range(800)]
    old = "\n".join([*lines, " " * 800 + "pass\n"])
    return {"a.py": old}, {"a.py": old.replace("pass", "work(b)")}


def _changelog() -> Pair:
    bullets = "".join(f"- Fixed the thing `{number}` of the part.\n" for number in range(20_000))
    log = f"# Changelog\n\n## Unreleased\n\n### Fixed\n\n{bullets}\n## 1.0.0\n\n{bullets}"
    return {"CHANGELOG.md": log, "src/a.py": "def work(a):\n    return a\n"}, {
        "src/a.py": "def work(a, b):\n    return a + b\n"
    }


def _changelog_of_releases() -> Pair:
    log = "".join(f"## {number}.0.0\n\n- Added `{number}`.\n\n" for number in range(5000))
    return {
        "CHANGELOG.md": f"# Changelog\n\n{log}",
        "src/a.py": "def work(a):\n    return a\n",
        "pyproject.toml": '[project]\nname = "a"\nversion = "5000.0.0"\n',
    }, {
        "src/a.py": "def work(a, b):\n    return a + b\n",
        "pyproject.toml": '[project]\nname = "a"\nversion = "5001.0.0"\n',
    }


def _conflicts() -> Pair:
    block = "<<<<<<< ours\nvalue = 1\n=======\nvalue = 2\n>>>>>>> theirs\n"
    old = block * 5000
    return {"a.py": old}, {"a.py": old.replace("value = 1", "value = 3", 1)}


def _openings_of_conflicts() -> Pair:
    old = "<<<<<<< ours\n" * 5000 + "=======\n" * 5000
    return {"a.py": f"{old}x\n"}, {"a.py": f"{old}y\n"}


def _long_version() -> Pair:
    version = ".".join("1" * 10_000)

    def text(last: str) -> dict[str, str]:
        number = f"{version}.{last}"
        return {
            "pyproject.toml": f'[project]\nname = "a"\nversion = "{number}"\n',
            "a/__init__.py": f'__version__ = "{number}"\n',
        }

    before = text("1")
    rest = {
        "README.md": f"Version {version}.1\n\npip install a=={version}.1\n",
        "CHANGELOG.md": f"# Changelog\n\n## {version}.1\n\n- A\n\n## {version}.0\n\n- B\n",
        "package.json": f'{{"name": "a", "version": "{version}.1"}}\n',
    }
    return {**before, **rest}, {"pyproject.toml": text("2")["pyproject.toml"]}


def _imports() -> Pair:
    lines = [f"from package.part_{number} import name_{number}\n" for number in range(5000)]
    uses = "".join(f"name_{number}()\n" for number in range(5000))
    old = f"{''.join(lines)}\n{uses}"
    new = f"{''.join(lines[1:])}\n{uses}other()\njson.dumps(1)\n"
    return {"a.py": old, "b.py": old, "package/other.py": "def other():\n    pass\n"}, {"a.py": new}


def _unused_imports() -> Pair:
    lines = "".join(f"from package.part_{number} import name_{number}\n" for number in range(5000))
    uses = "".join(f"name_{number}()\n" for number in range(5000))
    return {"a.py": lines + uses}, {"a.py": lines}


def _one_import() -> Pair:
    names = "".join(f"    name_{number},\n" for number in range(5000))
    old = f"from package import (\n{names})\n\nname_1()\n"
    return {"a.py": old, "package/__init__.py": "name_1 = print\n"}, {
        "a.py": old.replace("name_1()", "name_2()\nunknown()\nos.getcwd()")
    }


def _docstring() -> Pair:
    names = [f"name_{number}" for number in range(5000)]
    entries = "".join(f"        {name}: The {name}.\n" for name in names)

    def text(parameters: list[str]) -> str:
        return (
            f"def work({', '.join(parameters)}):\n"
            f'    """Do it.\n\n    Args:\n{entries}    """\n    return 1\n'
        )

    return {"a.py": text(names)}, {"a.py": text([*names[:2000], *names[2001:], "other"])}


def _parameters_a_line_each() -> Pair:
    names = [f"name_{number}" for number in range(5000)]

    def text(parameters: list[str]) -> str:
        lines = "".join(f"    {parameter},\n" for parameter in parameters)
        return f"def work(\n{lines}):\n    return 1\n"

    calls = "from a import work\n" + f"work({', '.join(names)})\n" * 3
    return {"a.py": text(names), "b.py": calls}, {"a.py": text([*names[:-1], "other", "last"])}


def _breaks(line_break: str) -> Pair:
    lines = ["def work(a):", "    return a", "", "# <<<<<<< ours", "work(1)", "- bullet"] * 300
    old = line_break.join(lines)
    new = old.replace("work(a)", "work(a, b)", 3).replace("work(1)", "work(2)", 1)
    files = {"a.py": new, "CHANGELOG.md": new, "a.ts": new}
    return {**dict.fromkeys(files, old), "b.py": old}, files


def _odd_characters(odd: str) -> Pair:
    old = (
        f'def work{odd}(a{odd}):\n    """Do {odd}."""\n    return call("{odd}", a{odd})\n{odd}\n'
        * 50
    )
    new = old.replace("(a", f"(b{odd}, a", 3).replace('call("', f'call("{odd}x', 2)
    log = f"# Changelog\n\n## Unreleased\n\n- {odd}\n- {odd} b\n"
    return {"a.py": old, "b.py": old, "a.ts": old, "CHANGELOG.md": log, "README.md": log + old}, {
        "a.py": new,
        "a.ts": new,
    }


def _emptied() -> Pair:
    text = "import os\n\n\ndef work(a):\n    return os.path.join(a)\n"
    return {"a.py": text, "b.py": f"from a import work\n\n{text}", "c.py": "", "README.md": ""}, {
        "a.py": "",
        "c.py": text,
        "d.py": "",
    }


def _all_empty() -> Pair:
    names = ("a.py", "CHANGELOG.md", "README.md", "pyproject.toml", "package.json", "a.ts")
    return dict.fromkeys(names, ""), dict.fromkeys(names, "\n")


def _one_letter() -> Pair:
    text = "def a(b):\n    return b\n"
    uses = "from a import a\n\na(a)\n'a.py'\n" * 2000
    return {"a.py": text, "b.py": uses, "README.md": "a `a` a.py a\n" * 2000}, {
        "a.py": text.replace("a(b)", "z(b)"),
        "z.py": text,
    }


def _metacharacters() -> Pair:
    odd = r"[(.*+?)]{1,}|^$\\1\g<0>(?P<x"
    old = f"def $work(a):\n    raise Error('{odd} failed')\n\n\nwork('{odd}', --{odd})\n`{odd}`\n"
    new = old.replace("failed", "did it").replace("$work", "$w+o*rk(").replace("(a)", r"(a, \b)")
    return {
        f"a{odd.replace('/', '')}.py": old,
        "a.py": old,
        "test_a.py": old,
        "README.md": old,
    }, {f"a{odd.replace('/', '')}.py": new, "a.py": new}


def _options() -> Pair:
    lines = [f'parser.add_argument("--option-{number}")\n' for number in range(3000)]
    table = "".join(f"| `--option-{number}` | Text. |\n" for number in range(3000))
    return {"cli.py": "".join(lines), "README.md": table}, {
        "cli.py": "".join([*lines, 'parser.add_argument("--other")\n']).replace('-17"', '-x"')
    }


def _entries() -> Pair:
    lines = [f'    "name_{number}",\n' for number in range(5000)]
    old = f"__all__ = [\n{''.join(lines)}]\n"
    new = f"__all__ = [\n{''.join(lines[:2500])}    'other',\n{''.join(lines[2501:])}]\n"
    return {"a/__init__.py": old, "b/__init__.py": old}, {"a/__init__.py": new}


def _equal_blocks() -> Pair:
    block = "def work(a):\n    value = call(a)\n    other = value + 1\n    return other\n\n\n"
    changed = block.replace("call(a)", "call(a, 1)").replace("+ 1", "+ 2")
    return {"a.py": block * 3000, "b.py": block * 3000}, {"a.py": changed + block * 2999}


def _messages() -> Pair:
    line = 'raise ValueError("the value of the thing is not right")\n'
    return {"a.py": line, "test_a.py": line * 10_000}, {"a.py": line.replace("right", "good")}


def _unclosed_import() -> Pair:
    comments = "    name,  # what it is (see there)\n" * 200
    python = f"import json\nfrom package import (\n{comments}\n\ndef work(a):\n    return a\n"
    blank = "\n" * 20_000
    script = f"import one{blank}import two from './b';\nimport {{{'/*' * 20_000}\nwork(one);\n"
    return {"a.py": python, "a.ts": script, "b.py": python, "b.ts": script}, {
        "a.py": python.replace("work(a)", "work(a, json, other)"),
        "a.ts": script.replace("work(one)", "work(two, other)"),
    }


def _blank_lines() -> Pair:
    blank = "\n" * 50_000
    old = f'def work(a):\n    """Do it.{blank}    """\n    return a{blank}'
    return {"a.py": old, "b.py": old, "README.md": f"# A{blank}work(a)"}, {
        "a.py": old.replace("a)", "a, other)").replace("Do it.", ">>> other")
    }


def _words_like_versions() -> Pair:
    word = f"1.1{'abc' * 2000}_x 1.1{'a.b' * 2000}_x"
    return {"a.py": f"value = '{word}'\n", "README.md": word, "CHANGELOG.md": f"## {word}\n"}, {
        "a.py": f"value = '{word} more'\n"
    }


def _headings() -> Pair:
    lines = "".join(
        f"{'#' * number} {'# ' * 20_000}a\n{'-' * 50_000} a\n\n- a\n" for number in range(1, 7)
    )
    log = f"# Changelog\n\n{lines}## 1.0.0\n{lines}"
    return {"CHANGELOG.md": log, "src/a.py": "def work(a):\n    return a\n"}, {
        "src/a.py": "def work(a, b):\n    return a + b\n"
    }


def _odd_entries() -> Pair:
    spaces = " " * 50_000
    text = (
        'def work(a, b):\n    """Do it.\n\n    Args:\n'
        f"        a{spaces}x\n        b: B.\n\n    :param{spaces}x\n    :param {'a ' * 20_000}\n"
        '    """\n    return a\n'
    )
    tags = "".join(f"/** @param a{number}\n" for number in range(2000))
    script = f"{tags} */\nexport function work(a) {{\n  return a;\n}}\n"
    return {"a.py": text, "a.js": script}, {
        "a.py": text.replace("work(a, b)", "work(a, b, c)"),
        "a.js": script.replace("work(a)", "work(a, b)"),
    }


def _escaped_quotes() -> Pair:
    text = '\\"' * 50_000
    old = f"def work(a):\n    return call(a, {text})\n"
    files = dict.fromkeys(("a.py", "a.ts", "a.go", "a.rs", "a.java"), old)
    return {**files, "b.py": old}, {
        path: text.replace("(a", "(a, b") for path, text in files.items()
    }


PAIRS: dict[str, Callable[[], Pair]] = {
    **{f"a long line of {name}": lambda it=it: _long_line(it) for name, it in FILLERS.items()},
    "equal lines": _equal_lines,
    "each line changed": _each_changed,
    "each function changed": _each_function_changed,
    "each function renamed": _each_renamed,
    "many files with the line": _many_files,
    **{f"unclosed {it}": lambda it=it: _unclosed(it) for it in ('"', "'", '"""', "(", "[", "{")},
    **{f"unclosed lines {it}": lambda it=it: _unclosed_lines(it) for it in ('"', "(", "`", '"""')},
    "nested calls": _nested,
    "nested blocks": _nested_blocks,
    "a changelog of bullets": _changelog,
    "a changelog of releases": _changelog_of_releases,
    "conflicts": _conflicts,
    "openings of conflicts": _openings_of_conflicts,
    "a long version": _long_version,
    "imports": _imports,
    "unused imports": _unused_imports,
    "one import of many names": _one_import,
    "a docstring of many entries": _docstring,
    "many parameters": _parameters_a_line_each,
    "CRLF": lambda: _breaks("\r\n"),
    "lone CR": lambda: _breaks("\r"),
    "other breaks": lambda: _breaks("\x0b\u2028\x85"),
    "control characters": lambda: _odd_characters("\x01\x1b\x7f\x0c"),
    "astral characters": lambda: _odd_characters("\U0001f600\U00020000"),
    "lone surrogates": lambda: _odd_characters("\ud800"),
    "combining characters": lambda: _odd_characters("e\u0301\u200d\ufeff"),
    "emptied files": _emptied,
    "empty files": _all_empty,
    "a name of one letter": _one_letter,
    "metacharacters": _metacharacters,
    "options": _options,
    "entries": _entries,
    "equal blocks": _equal_blocks,
    "messages": _messages,
    "an unclosed import": _unclosed_import,
    "blank lines": _blank_lines,
    "words like versions": _words_like_versions,
    "headings": _headings,
    "odd entries of docstrings": _odd_entries,
    "escaped quotes": _escaped_quotes,
}


@cache
def _situation(name: str) -> Situation:
    """The moment after the edit, with all that git and the editor may tell of its files."""
    before, after = PAIRS[name]()
    changed = tuple(after)
    beside = ("CHANGELOG.md", "test_a.py", "tests/test_a.py", "README.md")
    return structs.replace(
        situation_of(before, after),
        staged=changed,
        conflicts=changed[:1],
        past=Past([(*changed[:1], *beside, "src/a.py")] * 20 + [tuple(before)[:20]] * 20),
        moved=(
            *(FileOperation(0.5, "created", path) for path in changed[:2]),
            *(FileOperation(0.5, "renamed", "a.py", "z.py") for _ in changed[:1]),
            FileOperation(0.5, "renamed", "package/a.py", changed[-1]),
            FileOperation(0.5, "deleted", "a"),
        ),
    )


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.KIND)
def test_that_no_text_is_too_much(detector: Detector) -> None:
    slow: dict[str, float] = {}
    for name in PAIRS:
        situation = _situation(name)
        start = time.process_time()
        list(detector.detect(situation))
        if (took := time.process_time() - start) > SECONDS:
            slow[name] = took
    assert slow == {}
