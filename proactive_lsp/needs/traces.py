"""Read which lines of the workspace the output of a failing test names.

tests/test_shapes.py:5: AssertionError                  pytest
File "/home/me/shop/shapes.py", line 12, in area        Python
at area (/home/me/shop/src/shapes.js:12:5)              Node, Jest, Vitest
shapes_test.go:12: got 5                                go test
thread 'area' panicked at src/lib.rs:12:5:              cargo test
at com.shop.Shapes.area(Shapes.java:12)                 JUnit
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from posixpath import basename

from msgspec import Struct

MOST_LINES = 200
LONGEST_LINE = 500
MOST_FRAMES = 40
_PYTHON = re.compile(r'File "(?P<path>[^"]+)", line (?P<line>\d+)')
# From the beginning of a word on alone, as each letter of a long one would be tried.
_NAMED = re.compile(
    r"(?<![\w@.+~/\\-])(?P<path>(?:[A-Za-z]:)?[\w@.+~/\\-]*\w\.[A-Za-z]\w{0,4}):(?P<line>\d+)\b"
)
_TEST_NAMES = (
    re.compile(r"(?:FAILED|ERROR) \S+?::(?:\w+::)*(?P<name>\w+)"),
    re.compile(r"_{3,} (?:\w+\.)*(?P<name>\w+)(?:\[.*\])? _{3,}"),
    re.compile(r"(?:FAIL|ERROR): (?P<name>\w+) \("),
    re.compile(r"--- FAIL: (?P<name>\w+)"),
    re.compile(r"thread '(?:\w+::)*(?P<name>\w+)' (?:\(\d+\) )?panicked"),
    re.compile(
        r"\s*[\u25cf\u2715\u2717\xd7] (?:.* [\u203a>] )?(?P<name>\S.{0,60}?)(?: \(?\d+ ?ms\)?)?\Z"
    ),
    re.compile(r"not ok \d+ - (?P<name>\S.{0,60})"),
    re.compile(r"\[ERROR\]\s+(?:\w+\.)*(?P<name>\w+)[:(]"),
)
_RUNNER = re.compile(
    r"(?<![\w-])(?P<name>pytest|py\.test|unittest|tox|nox|jest|vitest|mocha|ava|rspec|ctest|phpunit"
    r"|node --test|go test|cargo (?:nextest|test)|(?:npm|pnpm|yarn|bun|deno)(?: run)? test"
    r"|make (?:test|check)|mvn|gradlew?|dotnet test)(?![\w-])"
)
_FAILURE = re.compile(
    r"Traceback \(most recent call last\)|AssertionError|panicked at|--- FAIL|\bFAILED\b"
)


class Frame(Struct, frozen=True):
    """A line that output names, counted from 0; `deep` where the innermost call stands last."""

    path: str
    line: int
    deep: bool


def frames(text: str, paths: Sequence[str]) -> tuple[Frame, ...]:
    """The lines of files in `paths` that the output names, in its order, each once."""
    found: dict[tuple[str, int], Frame] = {}
    for path, line, deep in _named(text):
        own = _resolved(path, tuple(paths))
        if own is not None and line > 0:
            found.setdefault((own, line - 1), Frame(own, line - 1, deep))
        if len(found) == MOST_FRAMES:
            break
    return tuple(found.values())


def test_name(text: str) -> str:
    """What the output calls the first test that failed, "" where it does not say."""
    for line in _lines(text):
        for pattern in _TEST_NAMES:
            if found := pattern.match(line) or (pattern.search(line) if "'" in line else None):
                return found["name"].strip()
    return ""


def runner(line: str) -> str:
    """The program in a command line that runs tests, "" for none."""
    found = _RUNNER.search(line)
    return found["name"] if found else ""


def tells_of_failure(text: str) -> bool:
    """Whether output speaks of a test or a check that failed, not of a compiler's error."""
    return _FAILURE.search(text) is not None


def _named(text: str) -> Iterator[tuple[str, int, bool]]:
    for line in _lines(text):
        if python := _PYTHON.search(line):
            yield python["path"], int(python["line"][:7]), True
            continue
        for found in _NAMED.finditer(line):
            deep = found["path"].endswith(".py")
            yield found["path"], int(found["line"][:7]), deep


def _lines(text: str) -> Sequence[str]:
    return [line[:LONGEST_LINE] for line in text.splitlines()[-MOST_LINES:]]


def _resolved(named: str, paths: tuple[str, ...]) -> str | None:
    """The file of the workspace that output means; one of several is nobody's guess."""
    named = named.replace("\\", "/").removeprefix("file://")
    while named.startswith("./"):
        named = named[2:]
    known = _by_name(paths).get(basename(named), ())
    if named in known:
        return named
    # An absolute path, or one from a folder above.
    inside = [path for path in known if named.endswith(f"/{path}")]
    if inside:
        return max(inside, key=len)
    outside = [path for path in known if path.endswith(f"/{named}")]
    return outside[0] if len(outside) == 1 and not named.startswith("/") else None


@lru_cache(maxsize=4)
def _by_name(paths: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(basename(path), []).append(path)
    return found
