"""Find the tests of a source file: by what changed with it, by its name, by what they mention."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from posixpath import basename, dirname, splitext

from msgspec import Struct

from proactive_lsp.needs.habits import foreseen
from proactive_lsp.situation import Situation
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.languages import language_of

FEWEST_COMMITS = 3
_TEST_MARK = re.compile(r"\Atests?[_-]|[_-]tests?\Z|[.](test|spec)\Z|Tests?\Z|\ATest")
_NOTHING: Mapping[str, int] = {}
# These stand for their folder.
_FOLDER_FILES = frozenset({"index", "mod", "lib", "main"})


class Mirror(Struct, frozen=True):
    """A test file, and in [0, 1] what speaks for it."""

    path: str
    together: float
    likely: float
    by_name: float
    mentions: float

    @property
    def weight(self) -> float:
        """The more, the likelier it holds the tests."""
        return 2 * self.likely + self.together + 0.6 * self.by_name + 0.5 * self.mentions


def mirrors_of(
    situation: Situation, path: str, names: Collection[str], most: int
) -> tuple[Mirror, ...]:
    """The likeliest test files of a source file, likeliest first; those that mention `names`."""
    stems = _tests_by_stem(tuple(situation.tree.paths()))
    known = stems[""]
    commits = situation.past.commits_of(path)
    habits = situation.past.together(path)
    together = habits if commits >= FEWEST_COMMITS else _NOTHING
    likely = foreseen(situation.past, frozenset((*situation.touched, path)))
    mentions: dict[str, int] = {}
    asked = [name for name in names if situation.finder.interested(name)]
    for name in asked:
        for other in situation.files(name):
            if other in known:
                mentions[other] = mentions.get(other, 0) + 1
    by_name: dict[str, float] = {}
    for closeness, stem in _stems(path):
        for other in stems.get(stem, ()):
            near = 1.0 if _shares_folder(path, other) else 0.8
            by_name[other] = max(by_name.get(other, 0.0), closeness * near)
    habitual = (other for other in (*together, *likely) if other in known)
    candidates = {*mentions, *by_name, *habitual}
    found = (
        Mirror(
            path=other,
            likely=likely.get(other, 0.0),
            together=together.get(other, 0) / commits if commits else 0.0,
            by_name=by_name.get(other, 0.0),
            mentions=mentions.get(other, 0) / len(asked) if asked else 0.0,
        )
        for other in candidates
        if other != path and _may_test(path, other)
    )
    ranked = sorted(found, key=lambda each: (-each.weight, each.path))[:most]
    return tuple(each for each in ranked if each.weight * 2 >= ranked[0].weight)


def _stems(path: str) -> Sequence[tuple[float, str]]:
    """What the tests of a file may be called, with how surely they would be its tests."""
    stem = splitext(basename(path))[0]
    folder = basename(dirname(path))
    plain = stem.strip("_").lower()
    if stem.startswith("__") or plain in _FOLDER_FILES:
        return ((0.8, folder.strip("_").lower()),)
    return ((1.0, plain), (1.0, f"{folder.lower()}_{plain}"), (0.6, f"{plain}s"))


@lru_cache(maxsize=4)
def _tests_by_stem(paths: tuple[str, ...]) -> Mapping[str, Collection[str]]:
    """Test files by their name without the marks of a test; under "" all of them."""
    found: dict[str, list[str]] = {}
    for path in paths:
        if file_kind(path) == "tests" and language_of(path) is not None:
            stem = splitext(basename(path))[0]
            found.setdefault(_TEST_MARK.sub("", stem).strip("_").lower(), []).append(path)
    found.pop("", None)
    everything = frozenset(path for group in found.values() for path in group)
    return {**found, "": everything}


def _may_test(path: str, test: str) -> bool:
    """Whether the test is code and speaks a language that may test this one's."""
    one, other = language_of(path), language_of(test)
    if other in ("json", "yaml", "toml", "markdown", "html", "css", "plaintext", "ini"):
        return False
    scripts = ("javascript", "typescript", "javascriptreact", "typescriptreact")
    return one == other or (one in scripts and other in scripts)


def _shares_folder(path: str, test: str) -> bool:
    folders = frozenset(dirname(path).split("/"))
    return not folders.isdisjoint(dirname(test).split("/"))
