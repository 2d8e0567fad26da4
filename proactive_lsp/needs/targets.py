"""What a changed definition is called by, and which mentions in which files mean it.

Resolution is by name and import alone, as far as one file shows it: a bare name counts where the
file defines or imports it, an attribute where its receiver is the imported module, or for a
method where nothing else in the workspace has that name.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from msgspec import Struct, structs

from proactive_lsp.events import Position
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.changes import LineHunk, SemanticChange
from proactive_lsp.workspace.documents import split_lines
from proactive_lsp.workspace.syntax import Definition, Import, Module, parse
from proactive_lsp.workspace.tree import language_of

# A name that more files mention is looked for in the first so many, trigger's file first.
MOST_FILES = 60
OWN_RECEIVERS = ("self", "cls", "super()")


class Target(Struct, frozen=True):
    """A definition before and after a change.

    `old` and `new` are the names it is called by (a class's for its `__init__`), `owner` the
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
    if after.kind == "method" and name == "__init__":
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
    language = language_of(target.path)
    paths = {path for name in names for path in situation.files(name)}
    if target.local:
        paths &= {target.path}
    ordered = sorted(paths, key=lambda path: (path != target.path, path))
    found: list[View] = []
    for path in [path for path in ordered if language_of(path) == language][:MOST_FILES]:
        text = situation.tree.read(path)
        view = _views.get(path, text, partial(_view, path, text)) if text is not None else None
        if view is not None:
            found.append(view)
    return tuple(found)


# One save asks about many changes, and the next one about mostly the same files.
_views: TextCache[View | None] = TextCache(300_000)


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
        if imported.alias and imported.name in target.names
    }
    return target.names | aliases


def means(
    target: Target, view: View, name: str, receiver: str | None, inside: str, *, unique: bool
) -> bool:
    """Whether this mention of `name`, behind `receiver` or bare, is the target.

    `inside` is the qualified name of the definition around it.
    """
    if target.owner is not None:
        return _means_method(target, view, receiver, inside, unique=unique)
    if receiver is None:
        return view.path == target.path or any(
            _binds(imported, name, target) and names_module(imported.module, target.path)
            for imported in view.module.imports
        )
    return any(
        _bound_as(imported.module, imported.name, imported.alias) == receiver
        and names_module(_whole(imported.module, imported.name), target.path)
        for imported in view.module.imports
        if imported.name not in target.names
    )


def _binds(imported: Import, name: str, target: Target) -> bool:
    """Whether an import of the target's name, or of everything, makes it known as `name`."""
    if imported.name == "*":
        return name in target.names
    return imported.name in target.names and (imported.alias or imported.name) == name


def _means_method(
    target: Target, view: View, receiver: str | None, inside: str, *, unique: bool
) -> bool:
    if receiver is None:
        return False
    owner = target.owner or ""
    if receiver in OWN_RECEIVERS and view.path == target.path:
        return unique or inside == owner or inside.startswith(f"{owner}.")
    if receiver == owner.rpartition(".")[2]:
        # Through the class a plain method takes its instance as an argument more.
        return bool({"staticmethod", "classmethod"} & set(target.after.decorators))
    return unique


def _bound_as(module: str, name: str | None, alias: str | None) -> str:
    """The expression by which the importing file reaches a module."""
    return alias or name or module


def _whole(module: str, name: str | None) -> str:
    if name is None:
        return module
    return f"{module}{name}" if module.endswith(".") else f"{module}.{name}"


def names_module(module: str, path: str) -> bool:
    """Whether a dotted name can mean the module at `path`, or a package around it.

    A package counts because it may hand on what its modules define.
    """
    parts = path.removesuffix(".pyi").removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    wanted = [part for part in module.split(".") if part]
    if not wanted:
        return True
    return any(parts[i : i + len(wanted)] == wanted for i in range(len(parts)))


def edited(hunks: Collection[LineHunk], path: str, position: Position) -> bool:
    """Whether the line was edited in this stretch of work."""
    return any(
        hunk.path == path and 0 <= position.line - hunk.after_start < len(hunk.after)
        for hunk in hunks
    )


def counted(places: Collection[Place], noun: str) -> str:
    """The number with its noun: "3 calls", "1 call"."""
    return f"{len(places)} {noun}{'' if len(places) == 1 else 's'}"


def across(places: Collection[Place]) -> str:
    """Where more than one file is touched, " in 2 files"; nothing for one."""
    files = len({place.path for place in places})
    return f" in {files} files" if files > 1 else ""
