"""Notice a name that was just written and that nothing in its file brings in.

    return json.dumps(rows)        offers    import json

How to import it is what most other files of the workspace do, those of the same folder first;
where none does, the one module that defines it. The line goes where the file's own order has it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname, splitext

from msgspec import Struct

from proactive_lsp.events import span
from proactive_lsp.needs.import_edits import Wanted, inserted
from proactive_lsp.needs.import_statements import (
    ECMASCRIPT,
    PYTHON,
    Item,
    Statement,
    range_between,
    relative,
    resolved,
    statements,
)
from proactive_lsp.needs.standard_modules import BUILTINS
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.bindings import names_in
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.grammars import family_of
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.syntax import parse
from proactive_lsp.workspace.tokens import words
from proactive_lsp.workspace.tree import language_of

KIND = "missing-import"
MOST_NEEDS = 6
# So many other files are asked how they import the name, and so many where it is defined.
MOST_FILES = 60
MOST_DEFINERS = 20
# A file of the same folder says as much as so many others.
SAME_FOLDER = 3
# An import within a function avoids a cycle or a cost, and is no example.
INDENTED = 0.5

_DEFINED = {
    PYTHON: r"(?m)^(?:class|def|async[ \t]+def)[ \t]+{name}\b|^{name}[ \t]*(?::[^=\n]+)?=(?!=)",
    ECMASCRIPT: r"(?m)^export[ \t]+(?:declare[ \t]+|abstract[ \t]+|async[ \t]+)*"
    r"(?:function\*?|class|const|let|var|interface|type|enum)[ \t]+{name}\b",
}


# The names that a file uses and those it binds; None where nobody can tell.
_Known = tuple[frozenset[str], frozenset[str]] | None


class _Choice(Struct, frozen=True):
    """How to import a name; `agreed` is its share of the votes, `votes` their weight."""

    wanted: Wanted
    agreed: float
    votes: float
    witness: str
    defined: bool = False


def detect(situation: Situation) -> Iterator[Need]:
    """One need per name, newest hunk first; none where a star import may bring it in."""
    told: set[tuple[str, str]] = set()
    known: dict[str, _Known] = {}
    for hunk in situation.recent:
        for name in _unbound(situation, hunk, known):
            if (hunk.path, name) in told:
                continue
            told.add((hunk.path, name))
            need = _need(situation, hunk, name)
            if need is not None:
                yield need
            if len(told) >= MOST_NEEDS:
                return


def _unbound(situation: Situation, hunk: LineHunk, known: dict[str, _Known]) -> Sequence[str]:
    """Names that the hunk added and that its file neither binds nor imports."""
    before = {word for line in hunk.before for word in words(line)}
    added = dict.fromkeys(word for line in hunk.after for word in words(line) if word not in before)
    if added and hunk.path not in known:
        known[hunk.path] = _known(situation, hunk.path)
    names = known.get(hunk.path)
    if names is None:
        return ()
    used, bound = names
    return [
        name for name in added if name in used and name not in bound and not name.startswith("__")
    ]


def _known(situation: Situation, path: str) -> _Known:
    """What the file uses, and what it binds or imports; None where nobody can tell."""
    language, text = language_of(path), situation.tree.read(path)
    if language is None or text is None or family_of(language) not in (PYTHON, ECMASCRIPT):
        return None
    names, module = names_in(language, text), parse(language, text)
    if names is None or module is None or (names.star and language == "python"):
        return None
    imported = {
        imported.alias or imported.name or imported.module.partition(".")[0]
        for imported in module.imports
    }
    builtins = BUILTINS if language == "python" else frozenset[str]()
    return names.used, names.bound | imported | builtins


def _need(situation: Situation, hunk: LineHunk, name: str) -> Need | None:
    text = situation.tree.read(hunk.path)
    choice = _choice(situation, hunk.path, name)
    at = _where(hunk, name)
    if text is None or choice is None or at is None:
        return None
    line, column = at
    place = _place(situation, hunk.path, text, choice.wanted)
    if situation.edited(hunk.path, place.range.start.line) and place.features["extends"]:
        # What was just written there is the user's; a name that is not in it may follow.
        place = Place(place.path, place.range, "", place.after, certain=False)
    start = utf16_length(hunk.after[line][:column])
    shown = choice.wanted.alias or choice.wanted.name
    if choice.wanted.name in ("default", "*", ""):
        shown = name
    witness = (
        f"`{name}` is defined in {basename(choice.witness)}"
        if choice.defined
        else f"other files import `{name}` from `{choice.wanted.module or choice.wanted.name}`"
    )
    return Need(
        kind=KIND,
        path=hunk.path,
        range=span(
            hunk.after_start + line, start, hunk.after_start + line, start + utf16_length(name)
        ),
        anchor=name,
        title=f"Import `{shown}`"[:60],
        facts=(
            Fact(
                f"nothing in {basename(hunk.path)} brings in `{name}`",
                hunk.path,
                hunk.after_start + line,
            ),
            Fact(witness, choice.witness),
        ),
        places=(place,),
        features={
            "import-votes": min(1.0, choice.votes / 10),
            "import-agreed": choice.agreed,
            "import-by-definition": float(choice.defined),
            "name-capital": float(name[:1].isupper()),
            "uses": min(1.0, sum(name in words(text) for text in hunk.after) / 5),
        },
    )


def _where(hunk: LineHunk, name: str) -> tuple[int, int] | None:
    pattern = re.compile(rf"(?<![\w.$]){re.escape(name)}(?![\w$])")
    for number, line in enumerate(hunk.after):
        found = pattern.search(line)
        if found is not None:
            return number, found.start()
    return None


def _place(situation: Situation, path: str, text: str, wanted: Wanted) -> Place:
    family = family_of(language_of(path)) or ""
    head = _head(path, text)
    edit = inserted(family, text, head, wanted, own=_own(situation))
    range = range_between(text, edit.start, edit.end)
    named = any(each.module == wanted.module and wanted.module for each in head)
    return Place(
        path,
        range,
        text[edit.start : edit.end],
        edit.after,
        features={"extends": float(edit.extends), "module-known": float(named)},
    )


def _head(path: str, text: str) -> list[Statement]:
    """The imports at the top of the file: those before the first definition, or else the first."""
    language = language_of(path)
    module = parse(language, text) if language is not None else None
    if module is None:
        return []
    real = {each.range.start.line for each in module.imports}
    found = [each for each in statements(path, text) if not each.indent and each.line in real]
    first = min((each.range.start.line for each in module.definitions), default=len(text))
    return [each for each in found if each.line < first] or found[:1]


def _own(situation: Situation) -> frozenset[str]:
    """The names of the folders and modules at the top of the workspace, or below `src`."""
    found: set[str] = set()
    for path in situation.tree.paths():
        if path.endswith(".py"):
            first, _, rest = path.removeprefix("src/").partition("/")
            found.add(first if rest else splitext(first)[0])
    return frozenset(found)


def _choice(situation: Situation, path: str, name: str) -> _Choice | None:
    """How most other files import the name, or where the only definition of it is."""
    if not situation.finder.interested(name):
        return None
    family = family_of(language_of(path))
    others = [
        other
        for other in situation.files(name)
        if other != path and family_of(language_of(other)) == family
    ]
    others.sort(key=lambda other: (dirname(other) != dirname(path), other))
    votes: Counter[Wanted] = Counter()
    witness: dict[Wanted, str] = {}
    for other in others[:MOST_FILES]:
        for wanted, weight in _votes(situation, path, other, name):
            votes[wanted] += weight  # type: ignore[assignment]
            witness.setdefault(wanted, other)
    if votes:
        best = max(votes, key=lambda each: (votes[each], -len(each.module), each.module))
        total = sum(votes.values())
        return _Choice(best, votes[best] / total, votes[best], witness[best])
    return _by_definition(situation, path, name, others)


def _votes(
    situation: Situation, path: str, other: str, name: str
) -> Iterator[tuple[Wanted, float]]:
    text = situation.tree.read(other)
    near = dirname(other) == dirname(path)
    for statement in statements(other, text) if text is not None else ():
        for item in statement.items:
            wanted = _seen_from(situation, path, other, statement, item)
            if item.bound == name and wanted is not None:
                weight = SAME_FOLDER if near else 1
                yield wanted, weight * (INDENTED if statement.indent else 1)


def _seen_from(
    situation: Situation, path: str, other: str, statement: Statement, item: Item
) -> Wanted | None:
    """What another file's import would be in this one; None when it means this very file."""
    module, stem, own = statement.module, resolved(other, statement.module), splitext(path)[0]
    if stem is not None:
        if own in (stem, splitext(stem)[0]):
            return None
        module = _named(situation, path, other, stem)
    elif module and f"/{own}".endswith(f"/{module.replace('.', '/')}"):
        return None
    plain = item.bound in (item.name, item.name.partition(".")[0]) and item.name != "default"
    return Wanted(module, item.name, None if plain else item.bound, statement.typed)


def _named(situation: Situation, path: str, other: str, stem: str) -> str:
    """The module at a path as this file may name it: relative within a package, else absolute."""
    if family_of(language_of(path)) == ECMASCRIPT:
        return relative(path, stem)
    root = _root(situation, dirname(other))
    if root and f"{path}/".startswith(f"{root}/"):
        return relative(path, stem)
    return stem.removeprefix(dirname(root)).strip("/").replace("/", ".")


def _root(situation: Situation, folder: str) -> str:
    """The outermost package that a folder belongs to; "" for none."""
    root = ""
    while folder and situation.tree.stamp(f"{folder}/__init__.py") is not None:
        root, folder = folder, dirname(folder)
    return root


def _by_definition(
    situation: Situation, path: str, name: str, others: Sequence[str]
) -> _Choice | None:
    family = family_of(language_of(path)) or ""
    pattern = re.compile(_DEFINED[family].replace("{name}", re.escape(name)))
    tests = file_kind(path) == "tests"
    found = [
        other
        for other in others[:MOST_DEFINERS]
        if (tests or file_kind(other) != "tests")
        and pattern.search(situation.tree.read(other) or "")
    ]
    if len(found) != 1 or len(others) > MOST_DEFINERS:
        return None
    (other,) = found
    stem = splitext(other)[0]
    text = situation.tree.read(path) or ""
    own = [each.module for each in _head(path, text) if each.module.startswith(".")]
    if family == ECMASCRIPT:
        ending = next((splitext(each)[1] for each in own if splitext(each)[1]), "")
        return _Choice(Wanted(relative(path, stem) + ending, name), 1.0, 0.0, other, defined=True)
    stem = stem.removesuffix("/__init__")
    root = _root(situation, dirname(other))
    if own and root and f"{path}/".startswith(f"{root}/"):
        module = relative(path, stem)
    else:
        module = stem.removeprefix(dirname(root) if root else dirname(stem)).strip("/")
        module = module.replace("/", ".")
    return _Choice(Wanted(module, name), 1.0, 0.0, other, defined=True)
