"""Notice that a command has a new option that its documentation does not mention yet.

    parser.add_argument("--depth", …)      beside "--width", which docs/usage.md tells of

points below the line that tells of `--width`.
"""

import re
from collections.abc import Iterator, Sequence
from posixpath import basename, splitext

from proactive_lsp.needs.pointing import between, is_source, named, where
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.literals import MOST_SIBLINGS, added_options, sibling_options

KIND = "option-docs"
MOST_NEEDS = 4
MOST_PLACES = 6
# An option in more documents than these is not one command's own.
MOST_FILES = 5
_COMPLETIONS = re.compile(
    r"(?i)(complet|(^|/)_[\w-]+$|\.(bash|zsh|fish|1|[1-8]\.in)$|(^|/)man\d?/)"
)


def detect(situation: Situation) -> Iterator[Need]:
    """One need per new option while a sibling of it is documented and it is not."""
    told: set[str] = set()
    for hunk in situation.recent:
        if not is_source(hunk.path):
            continue
        for option in added_options(hunk):
            if len(told) == MOST_NEEDS or option in told:
                continue
            places = tuple(_places(situation, hunk, option))[:MOST_PLACES]
            if places:
                told.add(option)
                yield _need(hunk, option, places)


def _need(hunk: LineHunk, option: str, places: tuple[Place, ...]) -> Need:
    at = where(hunk)
    row = next((n for n, line in enumerate(hunk.after) if option in line), 0) + hunk.after_start
    paths = dict.fromkeys(place.path for place in places)
    return Need(
        kind=KIND,
        path=hunk.path,
        range=at,
        anchor=option,
        title=f"Document `{option}` in {named(paths)}",
        facts=(
            Fact(f"`{option}` is a new option of `{basename(hunk.path)}`", hunk.path, row),
            Fact("an option beside it is documented", places[0].path),
        ),
        places=places,
        features={"documented-files": min(len(paths), 4) / 4},
    )


def _places(situation: Situation, hunk: LineHunk, option: str) -> Iterator[Place]:
    """Below the mention of the nearest sibling in each file of documentation without the option."""
    siblings = sibling_options(hunk, situation.lines(hunk.path))
    documented: dict[str, list[str]] = {}
    for sibling in siblings:
        if not situation.finder.interested(sibling):
            continue
        paths = [path for path in situation.files(sibling) if _is_documentation(path)]
        # `--help` is told of everywhere, which documents no command.
        for path in paths if len(paths) <= MOST_FILES else ():
            documented.setdefault(path, []).append(sibling)
    for path, mentioned in documented.items():
        lines = situation.lines(path)
        if _row(lines, option) is not None:
            continue
        row = _row(lines, mentioned[0])
        if row is None or situation.edited(path, row):
            continue
        below = _below(lines, row)
        yield between(
            path,
            below,
            {
                "siblings": len(mentioned) / MOST_SIBLINGS,
                "nearest-sibling": float(mentioned[0] == siblings[0]),
                "completion": float(_COMPLETIONS.search(path) is not None),
                "readme": float(basename(path).lower().startswith("readme")),
            },
        )


def _row(lines: Sequence[str], option: str) -> int | None:
    pattern = re.compile(rf"(?<![\w-]){re.escape(option)}(?![\w-])")
    return next((row for row, line in enumerate(lines) if pattern.search(line)), None)


def _below(lines: Sequence[str], row: int) -> int:
    """The line behind the entry that begins on a line: what is indented deeper belongs to it."""
    indent = len(lines[row]) - len(lines[row].lstrip())
    end = row + 1
    while end < len(lines):
        line = lines[end]
        if not line.strip() or len(line) - len(line.lstrip()) <= indent:
            break
        end += 1
    return min(end, len(lines) - 1)


def _is_documentation(path: str) -> bool:
    kind = file_kind(path)
    code = splitext(path)[1] in (".py", ".ts", ".js", ".rs", ".go", ".java")
    return (kind == "docs" and not code) or (kind != "tests" and bool(_COMPLETIONS.search(path)))
