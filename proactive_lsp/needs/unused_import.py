"""Notice an imported name whose last use was just removed, and offer to remove its import.

    import json                    offers the file without this line, once
    return json.dumps(rows)   →    return rows

What is exported, marked `# noqa`, renamed to itself or imported from here by another file stays.
"""

import re
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname, splitext

from proactive_lsp.events import Position, Range
from proactive_lsp.needs.import_edits import Edit, removed
from proactive_lsp.needs.import_statements import (
    ECMASCRIPT,
    PYTHON,
    Item,
    Statement,
    range_between,
    resolved,
    statements,
)
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.bindings import names_in
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.grammars import family_of
from proactive_lsp.workspace.syntax import parse
from proactive_lsp.workspace.tokens import words
from proactive_lsp.workspace.tree import language_of

KIND = "unused-import"
MOST_NEEDS = 6
MOST_FILES = 40
_KEPT = re.compile(r"noqa|pragma|pylint|type: ignore|eslint-disable|isort|nopycln")
_SUITE = re.compile(r":[ \t]*(?:#.*)?$|\{[ \t]*$")


def detect(situation: Situation) -> Iterator[Need]:
    """One need per file and statement, the file worked on last first; none for `__init__.py`."""
    given = 0
    for path in dict.fromkeys(hunk.path for hunk in situation.recent):
        if basename(path).startswith("__init__."):
            continue
        for need in _needs(situation, path):
            yield need
            given += 1
            if given >= MOST_NEEDS:
                return


def _needs(situation: Situation, path: str) -> Iterator[Need]:
    language, text = language_of(path), situation.tree.read(path)
    if language is None or text is None or family_of(language) not in (PYTHON, ECMASCRIPT):
        return
    hunks = [hunk for hunk in situation.recent if hunk.path == path]
    went = {word for hunk in hunks for line in hunk.before for word in words(line)}
    bound = {item.bound for each in statements(path, text) for item in each.items}
    # Most edits take away no word that is imported, and are through here.
    suspects = went & bound
    names, module = (names_in(language, text), parse(language, text)) if suspects else (None, None)
    if names is None or module is None:
        return
    suspects -= names.used | names.quoted | names.bound
    start = _start(situation, path) if suspects else ""
    before = names_in(language, start) if suspects else None
    if before is None:
        return
    suspects &= before.used | before.quoted
    real = {each.range.start.line for each in module.imports}
    for statement in statements(path, text):
        gone = [item for item in statement.items if item.bound in suspects]
        if gone and statement.line in real and not _is_kept(situation, path, text, statement, gone):
            yield _need(situation, path, text, statement, gone, hunks)


def _start(situation: Situation, path: str) -> str:
    """The text as it was when the stretch of work on it began."""
    lines = list(situation.lines(path))
    for hunk in sorted(situation.hunks, key=lambda each: -each.after_start):
        if hunk.path == path:
            lines[hunk.after_start : hunk.after_start + len(hunk.after)] = hunk.before
    return "\n".join(lines)


def _is_kept(
    situation: Situation, path: str, text: str, statement: Statement, gone: Sequence[Item]
) -> bool:
    lines = situation.lines(path)[statement.line : statement.last_line + 1]
    if statement.module == "__future__" or any(_KEPT.search(line) for line in lines):
        return True
    # `from a import b as b` says that it is there for others.
    if any(item.bound == item.name and _aliased(text, item) for item in gone):
        return True
    if any(situation.edited(path, line) for line in range(statement.line, statement.last_line + 1)):
        return True
    return any(_is_handed_on(situation, path, item.bound) for item in gone)


def _aliased(text: str, item: Item) -> bool:
    return item.end - item.start > len(item.name) + 4 and " as " in text[item.start : item.end]


def _is_handed_on(situation: Situation, path: str, name: str) -> bool:
    """Whether another file imports the name from this one."""
    if not situation.finder.interested(name):
        return False
    for other in situation.files(name)[:MOST_FILES]:
        if other == path or family_of(language_of(other)) != family_of(language_of(path)):
            continue
        text = situation.tree.read(other)
        for statement in statements(other, text) if text is not None else ():
            if any(item.name == name for item in statement.items) and _means(
                path, other, statement.module
            ):
                return True
    return False


def _means(path: str, other: str, module: str) -> bool:
    """Whether a module that another file imports from is this file, or its package."""
    stem = resolved(other, module) or module.replace(".", "/")
    own = splitext(path)[0]
    return bool(stem) and (f"/{own}".endswith(f"/{splitext(stem)[0]}") or stem == dirname(own))


def _need(
    situation: Situation,
    path: str,
    text: str,
    statement: Statement,
    gone: Sequence[Item],
    hunks: Sequence[LineHunk],
) -> Need:
    edits = _edits(text, statement, gone)
    places = tuple(_place(path, text, edit) for edit in edits) or (
        Place(
            path,
            range_between(text, statement.start, statement.end),
            text[statement.start : statement.end],
        ),
    )
    hunk, line = _trigger(hunks, gone[0].bound)
    bound = [item.bound for item in gone]
    shown = f"`{bound[0]}`" if len(bound) == 1 else f"{len(bound)} names"
    return Need(
        kind=KIND,
        path=path,
        range=Range(Position(line, 0), Position(line, 0)),
        anchor=", ".join(bound),
        title=f"Remove the unused import of {shown}"[:60],
        facts=tuple(
            Fact(f"the last use of `{name}` in {basename(path)} is gone", path, line)
            for name in bound
        ),
        places=places,
        features={
            "whole-statement": float(len(gone) == len(statement.items)),
            "mentioned": float(any(_mentions(text, name) > 1 for name in bound)),
            "nested": float(bool(statement.indent)),
            "replaced": float(bool(hunk.after)),
            "import-line-short": float(statement.line == statement.last_line),
        },
    )


def _edits(text: str, statement: Statement, gone: Sequence[Item]) -> tuple[Edit, ...]:
    """The statement without the names; none where only the user knows how."""
    left = [item for item in statement.items if item not in gone]
    if left and any(item.name in ("default", "*") for item in gone):
        return ()
    if left and statement.quote and all(item.name in ("default", "*") for item in left):
        return ()
    if not left and statement.indent and _is_alone(text, statement):
        return ()
    return tuple(removed(text, statement, gone))


def _is_alone(text: str, statement: Statement) -> bool:
    """Whether nothing else stands in the block around an indented statement."""
    above = text[: statement.start].rstrip().rpartition("\n")[2]
    below = next((line for line in text[statement.end :].split("\n")[1:] if line.strip()), "")
    return bool(_SUITE.search(above)) and not below.startswith(statement.indent)


def _place(path: str, text: str, edit: Edit) -> Place:
    return Place(
        path,
        range_between(text, edit.start, edit.end),
        text[edit.start : edit.end],
        edit.after,
        features={"extends": float(edit.extends)},
    )


def _trigger(hunks: Sequence[LineHunk], name: str) -> tuple[LineHunk, int]:
    """The hunk that took the name away, newest first, and a line of it as it is now."""
    for hunk in hunks:
        if any(name in words(line) for line in hunk.before):
            return hunk, hunk.after_start
    return hunks[0], hunks[0].after_start


def _mentions(text: str, name: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text))
