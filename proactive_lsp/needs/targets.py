"""What a changed definition is called by, and which mentions in which files mean it.

Resolution is by name and import alone, as far as one file shows it: a bare name counts where the
file defines or imports it, an attribute where its receiver is the imported module, or for a
method where nothing else in the workspace has that name. What that is in each language, its
`Rules` say.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from msgspec import Struct, structs

from proactive_lsp.needs.resolution import Rules, rules_of
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.changes import SemanticChange
from proactive_lsp.workspace.documents import split_lines
from proactive_lsp.workspace.grammars import GRAMMARS, family_of
from proactive_lsp.workspace.syntax import Definition, Import, Module, parse
from proactive_lsp.workspace.tree import language_of

# A name that more files mention is looked for in the first so many, trigger's file first.
MOST_FILES = 60


class Target(Struct, frozen=True):
    """A definition before and after a change.

    `old` and `new` are the names it is called by (a class's for its constructor), `owner` the
    qualified name of the class of a method, None for a function or class.
    """

    path: str
    old: str
    new: str
    owner: str | None
    before: Definition
    after: Definition
    local: bool

    @property
    def names(self) -> frozenset[str]:
        """Both names."""
        return frozenset({self.old, self.new})


def constructor_of(language: str | None, qualname: str) -> str | None:
    """What the constructor of the class of this qualified name is called; None if it has none."""
    grammar = GRAMMARS.get(language) if language is not None else None
    if grammar is None or not grammar.constructor or not qualname:
        return None
    return grammar.constructor.replace("{class}", qualname.rpartition(".")[2])


class View(Struct, frozen=True):
    """One file as the detectors look at it; `defined` has its definitions by their last name."""

    path: str
    text: str
    lines: Sequence[str]
    module: Module
    defined: Mapping[str, Sequence[Definition]]


def target_of(change: SemanticChange) -> Target | None:
    """What calls of the changed definition look like; None for what is not called by name."""
    before, after = change.before, change.after
    if before is None or after is None:
        return None
    scope, _, name = after.qualname.rpartition(".")
    if after.kind == "method" and name == constructor_of(language_of(change.path), scope):
        # Where it has the class's name, the class tells of its new one.
        if change.kind == "renamed":
            return None
        old_scope = before.qualname.rpartition(".")[0]
        return Target(
            path=change.path,
            old=old_scope.rpartition(".")[2],
            new=scope.rpartition(".")[2],
            owner=None,
            before=before,
            after=after,
            local=False,
        )
    if name.startswith("__") and name.endswith("__"):
        return None
    return Target(
        path=change.path,
        old=before.name,
        new=after.name,
        owner=scope if after.kind == "method" else None,
        before=before,
        after=after,
        local=after.kind != "method" and bool(scope),
    )


def as_it_stands(target: Target, situation: Situation) -> Target | None:
    """The target where its definition is now; None when it has been changed again, or is gone."""
    language, text = language_of(target.path), situation.tree.read(target.path)
    module = parse(language, text) if language and text is not None else None
    for definition in module.definitions if module is not None else ():
        if definition.qualname == target.after.qualname:
            same = definition.parameters == target.after.parameters
            return structs.replace(target, after=definition) if same else None
    return None


def views(situation: Situation, target: Target, names: Collection[str]) -> tuple[View, ...]:
    """The files of the target's language that mention any of the names, its own file first."""
    family = family_of(language_of(target.path))
    paths = {path for name in names for path in situation.files(name)}
    if target.local:
        paths &= {target.path}
    ordered = sorted(paths, key=lambda path: (path != target.path, path))
    found: list[View] = []
    for path in [path for path in ordered if family_of(language_of(path)) == family][:MOST_FILES]:
        text = situation.tree.read(path)
        view = _views.get(path, text, partial(_view, path, text)) if text is not None else None
        if view is not None:
            found.append(view)
    return tuple(found)


# One save asks about many changes, and the next one about mostly the same files.
_views: TextCache[View | None] = TextCache(100_000)


def _view(path: str, text: str) -> View | None:
    language = language_of(path)
    module = parse(language, text) if language is not None else None
    if module is None:
        return None
    defined: dict[str, list[Definition]] = {}
    for definition in module.definitions:
        defined.setdefault(definition.name, []).append(definition)
    return View(path, text, split_lines(text), module, defined)


def is_unique(target: Target, views: Collection[View]) -> bool:
    """Whether no other definition in these files has one of the target's names."""
    return not any(
        view.path != target.path or definition.qualname != target.after.qualname
        for view in views
        for name in target.names
        for definition in view.defined.get(name, ())
    )


def local_names(target: Target, view: View) -> frozenset[str]:
    """The names by which a file may mention the target, import aliases included."""
    aliases = {
        imported.alias
        for imported in view.module.imports
        if imported.alias and _names(imported, target)
    }
    return target.names | aliases


def means(
    target: Target, view: View, name: str, receiver: str | None, inside: str, *, unique: bool
) -> bool:
    """Whether this mention of `name`, behind `receiver` or bare, is the target.

    `inside` is the qualified name of the definition around it.
    """
    rules = rules_of(view.path)
    if target.owner is not None:
        return _means_method(target, rules, view, receiver, inside, unique=unique)
    if receiver is None:
        return _known(target, rules, view, name)
    if rules.paths:
        path = receiver.removesuffix(rules.paths)
        written = _written_out(rules, view, path)
        return path != receiver and rules.names_module(written, view.path, target.path)
    return any(
        rules.bound_as(imported) == receiver
        and rules.names_module(rules.whole(imported), view.path, target.path)
        for imported in view.module.imports
        if imported.name not in target.names
    )


def _known(target: Target, rules: Rules, view: View, name: str) -> bool:
    """Whether the file knows the target by this bare name."""
    if view.path == target.path or rules.neighbours(view.path, target.path):
        return True
    return any(
        (_binds(imported, name, target) or (rules.includes and imported.name is None))
        and rules.names_module(imported.module, view.path, target.path)
        for imported in view.module.imports
    )


def _binds(imported: Import, name: str, target: Target) -> bool:
    """Whether an import of the target, or of everything, makes it known as `name`."""
    if imported.name == "*":
        return name in target.names
    return _names(imported, target) and (imported.alias or imported.name) == name


def _names(imported: Import, target: Target) -> bool:
    """Whether an import takes what has the target's name, or is the default export as it is."""
    if imported.name in target.names:
        return True
    default = imported.alias in target.names or "default" in target.after.decorators
    return imported.name == rules_of(target.path).default_export and default


def _written_out(rules: Rules, view: View, receiver: str) -> str:
    """A path whose first part is what an import of it says."""
    head, separator, rest = receiver.partition(rules.paths)
    for imported in view.module.imports:
        if rules.bound_as(imported) == head:
            return rules.whole(imported) + separator + rest
    return receiver


def _means_method(
    target: Target, rules: Rules, view: View, receiver: str | None, inside: str, *, unique: bool
) -> bool:
    owner = target.owner or ""
    within = inside == owner or inside.startswith(f"{owner}.")
    if receiver is None:
        if rules.bare_members and view.path == target.path and within:
            return True
        # A static import; where methods have receivers, nobody can import one.
        return rules.bare_members and any(
            imported.name in target.names
            and rules.names_module(imported.module, view.path, target.path)
            for imported in view.module.imports
        )
    if receiver in rules.own and view.path == target.path:
        return unique or within
    last = receiver.removesuffix(rules.paths)
    if rules.paths:
        last = last.rpartition(rules.paths)[2]
    if last == owner.rpartition(".")[2]:
        # Through the class a plain method takes its instance as an argument more.
        return rules.through_class(target.after)
    if rules.cautious and (target.old in rules.common or _is_foreign(rules, view, receiver)):
        return False
    return unique


def _is_foreign(rules: Rules, view: View, receiver: str) -> bool:
    """Whether a receiver is surely no instance of a class here: a type, a package, a module."""
    head = receiver.partition(".")[0]
    if (rules.paths and receiver.endswith(rules.paths)) or (
        head == receiver and head[:1].isupper()
    ):
        return True
    return any(
        rules.bound_as(imported) == head and not imported.module.startswith(".")
        for imported in view.module.imports
    )


def counted(places: Collection[Place], noun: str) -> str:
    """The number with its noun: "3 calls", "1 call"."""
    return f"{len(places)} {noun}{'' if len(places) == 1 else 's'}"


def across(places: Collection[Place]) -> str:
    """Where more than one file is touched, " in 2 files"; nothing for one."""
    files = len({place.path for place in places})
    return f" in {files} files" if files > 1 else ""
