"""Draft the subject of a commit from what is staged.

    staged: shapes.py, in which `volume` is new      →   Add volume
    and the log has "fix(shapes): round areas"       →   feat(shapes): add volume

It has no place to edit: the message belongs into the client's box.
"""

from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, commonpath, dirname

from proactive_lsp.needs.pointing import START
from proactive_lsp.needs.summary import is_public, phrases
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need
from proactive_lsp.workspace.changes import SemanticChange
from proactive_lsp.workspace.kinds import ORDER, file_kind
from proactive_lsp.workspace.log_style import Form, LogStyle, dressed, prefix, style_of

KIND = "commit-message"
LONGEST = 72
_TYPES: Mapping[str, str] = {
    "source": "refactor",
    "tests": "test",
    "docs": "docs",
    "config": "chore",
    "changelog": "docs",
}


def detect(situation: Situation) -> Iterator[Need]:
    """One need while something is staged."""
    staged = situation.staged
    if not staged:
        return
    draft, definitions = _draft(situation)
    first = staged[0]
    yield Need(
        kind=KIND,
        path=first,
        range=START,
        anchor="",
        title=f"Commit message: {draft}",
        facts=(Fact(draft, first), Fact(f"{_counted(staged)} staged")),
        places=(),
        features={
            "definitions": float(definitions),
            "staged-files": min(len(staged), 20) / 20,
        },
        text=draft,
    )


def subject(situation: Situation, form: Form | None = None) -> str:
    """What the staged changes would be called; without a `form` as the repository's log has it."""
    style = LogStyle(form=form, capital=form == "plain") if form is not None else None
    return _draft(situation, style)[0]


def _draft(situation: Situation, style: LogStyle | None = None) -> tuple[str, bool]:
    """The subject, and whether definitions told it."""
    style = style or style_of(situation.past.subjects)
    changes = [change for change in situation.changes if change.path in situation.staged]
    # The product itself says more of a commit than its tests.
    changes.sort(key=lambda change: (file_kind(change.path) != "source", not is_public(change)))
    type = _type(situation.staged, changes)
    told = phrases(_foremost(changes))
    if not told:
        return _cut(dressed(_files(situation), style, type, situation.staged)), False
    room = LONGEST - len(prefix(style, type, situation.staged)) - style.period
    draft = told[0]
    for more in told[1:2]:
        longer = f"{draft} and {more[0].lower()}{more[1:]}"
        if len(longer) <= room:
            draft = longer
    return _cut(dressed(draft, style, type, situation.staged)), True


def _foremost(changes: Sequence[SemanticChange]) -> list[SemanticChange]:
    """The changes of source where there are any, public ones before others."""
    source = [change for change in changes if file_kind(change.path) == "source"] or list(changes)
    return [change for change in source if is_public(change)] or source


def _files(situation: Situation) -> str:
    """The staged files by name or folder, when no definition changed."""
    staged = frozenset(situation.staged)
    for each in situation.moved:
        if each.op == "renamed" and each.to in staged:
            return f"Rename {basename(each.path)} to {basename(each.to)}"
    created = [each.path for each in situation.moved if each.op == "created"]
    deleted = [each.path for each in situation.moved if each.op == "deleted"]
    for verb, paths in (("Add", created), ("Remove", deleted)):
        chosen = [path for path in dict.fromkeys(paths) if path in staged]
        if chosen and len(chosen) == len(staged):
            return f"{verb} {_where(chosen)}"
    return f"Update {_where(situation.staged)}"


def _where(paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return basename(paths[0])
    if len(paths) == 2:
        return " and ".join(map(basename, paths))
    folder = commonpath([dirname(path) or "." for path in paths]) if _share(paths) else ""
    return f"{len(paths)} files in {folder}" if folder else f"{len(paths)} files"


def _share(paths: Sequence[str]) -> bool:
    return len({path.partition("/")[0] for path in paths}) == 1 and "/" in paths[0]


def _type(paths: Sequence[str], changes: Sequence[SemanticChange]) -> str:
    """The type of a conventional commit; whether it mends something nobody can tell from here."""
    new = (change for change in changes if change.kind == "added" and is_public(change))
    if any(file_kind(change.path) == "source" for change in new):
        return "feat"
    return _TYPES[min(map(file_kind, paths), key=ORDER.index)]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _counted(paths: Sequence[str]) -> str:
    return "one file is" if len(paths) == 1 else f"{len(paths)} files are"
