"""Where the tests of a source file are, or would be, by how the other tests are named.

src/shop/cart.py has tests/test_cart.py      →      src/shop/till.py: tests/test_till.py
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from posixpath import basename, dirname, join, splitext

from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.languages import language_of

_MARKS = re.compile(
    r"(?P<before>(?:tests?[_-])?)(?P<stem>.+?)(?P<after>(?:[_-]tests?|[.](?:test|spec)|Tests?)?)\Z"
)
_ROOTS = ("src", "lib", "main", "java", "python", "app")


def tests_named_after(paths: Sequence[str], source: str) -> tuple[str, ...]:
    """The tests that are named after a source file, those nearest to it first."""
    stem = splitext(basename(source))[0]
    found = [path for path in _tests(paths, source) if _stem(path) == stem]
    return tuple(sorted(found, key=lambda path: (-_common(path, source), path)))


def new_test_path(paths: Sequence[str], source: str) -> str | None:
    """Where a first test of a source file would be; None where the others do not tell.

    The way that most of the tests go that are named after a source file, which must be free.
    """
    sources: dict[str, list[str]] = {}
    for path in paths:
        if file_kind(path) == "source" and language_of(path) == language_of(source):
            sources.setdefault(splitext(basename(path))[0], []).append(path)
    ways: Counter[tuple[str, str, int, str]] = Counter()
    for test in _tests(paths, source):
        marks = _MARKS.match(splitext(basename(test))[0])
        for own in sources.get(_stem(test), ()) if marks else ():
            assert marks is not None
            for number, folder in enumerate(_FOLDERS):
                for root in _roots(test):
                    if folder(dirname(own), root) == dirname(test):
                        ways[marks["before"], marks["after"], number, root] += 1
    if not ways:
        return None
    before, after, number, root = min(ways, key=lambda way: (-ways[way], way))
    stem, suffix = splitext(basename(source))
    path = join(_FOLDERS[number](dirname(source), root), f"{before}{stem}{after}{suffix}")
    return path if path not in paths else None


def _tests(paths: Sequence[str], source: str) -> Iterator[str]:
    language = language_of(source)
    for path in paths:
        if language is not None and language_of(path) == language and file_kind(path) == "tests":
            yield path


def _stem(test: str) -> str:
    found = _MARKS.match(splitext(basename(test))[0])
    return found["stem"] if found else ""


def _roots(test: str) -> Sequence[str]:
    """The folders above a test; one of them may be where all tests are."""
    parts = dirname(test).split("/")
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]


def _common(one: str, other: str) -> int:
    return len(frozenset(one.split("/")) & frozenset(other.split("/")))


def _below(folder: str) -> str:
    """A source folder without the one that holds all the source."""
    first, _, rest = folder.partition("/")
    return rest if first in _ROOTS else folder


_FOLDERS: tuple[Callable[[str, str], str], ...] = (
    lambda folder, root: folder,
    lambda folder, root: join(folder, basename(root)),
    lambda folder, root: join(root, _below(folder)) if _below(folder) else root,
    lambda folder, root: join(root, rest) if (rest := _below(folder).partition("/")[2]) else root,
    lambda folder, root: root,
)
"""From a source folder and a folder of tests to where the tests are: beside the source, in a
folder below it, in the same folders as the source, in those below its package, all together."""
