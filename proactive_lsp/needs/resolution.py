"""How names find what they name, one `Rules` per language.

`targets` asks these and has no opinion on languages of its own. A language without an entry has
`Rules()`, which fit most: `receiver.member`, and an import that makes all names known.
"""

import re
from collections.abc import Callable

from msgspec import Struct

from proactive_lsp.needs import common_members
from proactive_lsp.needs.modules import (
    any_names,
    ecmascript_names,
    go_name,
    go_names,
    java_names,
    python_names,
    rust_names,
    same_folder,
    same_java_package,
)
from proactive_lsp.workspace.grammars import family_of
from proactive_lsp.workspace.syntax import Definition, Import
from proactive_lsp.workspace.tree import language_of


def _apart(importer: str, path: str) -> bool:
    return False


def _always(definition: Definition) -> bool:
    return True


def _bound_as(each: Import) -> str:
    return each.alias or each.name or each.module


def _dotted(each: Import) -> str:
    return f"{each.module}.{each.name}" if each.name else each.module


class Rules(Struct, frozen=True, kw_only=True):
    """What a mention may mean, as far as the language says."""

    names_module: Callable[[str, str, str], bool] = any_names
    """Whether a module, as this importer writes it, can be the file at this path."""
    bound_as: Callable[[Import], str] = _bound_as
    """What stands before the dot when a thing is reached through an import."""
    whole: Callable[[Import], str] = _dotted
    """The module that an import names when what it imports is a module."""
    neighbours: Callable[[str, str], bool] = _apart
    """Whether two files know each other's names without any import."""
    includes: bool = True
    """Whether an import that names nothing makes everything known by its bare name."""
    default_export: str = ""
    """The name by which an import takes the one thing that a file exports without a name."""
    own: frozenset[str] = frozenset({"self", "this", "super"})
    """Receivers that stand for the object whose method it is."""
    bare_members: bool = False
    """Whether methods are called without a receiver within their class."""
    members_are_called: bool = False
    """Whether a member that no parenthesis follows is a field and never a method."""
    through_class: Callable[[Definition], bool] = _always
    """Whether calls through the class's name give the method's arguments and no instance."""
    paths: str = ""
    """What separates the parts of a path, and ends a receiver that is one: `a::b::`."""
    cautious: bool = True
    """Whether receivers that are surely something else are told by an import or a capital."""
    receiver: re.Pattern[str] = re.compile(r"(?<![\w.])([\w.]+)\s*\.\s*$")
    """What stands at the end of the text before a member."""
    binding: str = r"\b(?:local|my|let|var|const|auto)\s+{name}\b"
    """Where a file binds a name to something of its own."""
    common: frozenset[str] = frozenset()
    """Methods that things of the standard library have, too."""


_PYTHON = Rules(
    names_module=python_names,
    whole=lambda each: (
        each.module + (each.name or "") if each.module.endswith(".") else _dotted(each)
    ),
    includes=False,
    own=frozenset({"self", "cls", "super()"}),
    through_class=lambda each: bool({"staticmethod", "classmethod"} & set(each.decorators)),
    cautious=False,
    receiver=re.compile(r"(?<![\w.])([\w.]+|super\(\))\s*\.\s*$"),
    binding=r"(?m)^[ \t]*{name}[ \t]*(:[^=\n]+)?=(?!=)|\b(?:for|as)[ \t]+{name}\b",
)
_ECMASCRIPT = Rules(
    names_module=ecmascript_names,
    whole=lambda each: (
        f"{each.module}/{each.name}" if each.name not in (None, "default") else each.module
    ),
    includes=False,
    default_export="default",
    own=frozenset({"this", "super"}),
    receiver=re.compile(r"(?<![\w$.])([\w$.]+)\s*[?!]?\.\s*$"),
    binding=r"\b(?:const|let|var)\s+{name}(?![\w$])|\b(?:const|let|var)\s*[{{\[][^=;]*?"
    r"(?<![\w$]){name}\s*[,}}\]]",
    common=common_members.ECMASCRIPT,
)
_GO = Rules(
    names_module=go_names,
    bound_as=lambda each: each.alias or go_name(each.module),
    whole=lambda each: each.module,
    neighbours=same_folder,
    includes=False,
    own=frozenset(),
    binding=r"\b{name}\s*(?:,[^=\n]*)?:=|\bvar\s+{name}\b",
    common=common_members.GO,
)
_RUST = Rules(
    names_module=rust_names,
    bound_as=lambda each: (
        each.alias or each.name or each.module.removesuffix("::self").rpartition("::")[2]
    ),
    whole=lambda each: f"{each.module}::{each.name}" if each.name else each.module,
    includes=False,
    own=frozenset({"self", "Self::"}),
    members_are_called=True,
    through_class=lambda each: (
        not re.search(r"\(\s*(?:&\s*(?:'\w+\s*)?)?(?:mut\s+)?self\b", each.header)
    ),
    paths="::",
    receiver=re.compile(r"(?<![\w.:])([\w.:]+?(?=\.)|[\w:]+::)\.?\s*$"),
    binding=r"\blet\s+(?:mut\s+)?{name}\b",
    common=common_members.RUST,
)
_JAVA = Rules(
    names_module=java_names,
    neighbours=same_java_package,
    includes=False,
    own=frozenset({"this", "super"}),
    bare_members=True,
    members_are_called=True,
    receiver=re.compile(r"(?<![\w$.])([\w$.]+)\s*(?:\.|::)\s*$"),
    binding=r"\b[\w>\]]+\s+{name}\s*[=;,:)]",
    common=common_members.JAVA,
)
RULES = {
    "python": _PYTHON,
    "ecmascript": _ECMASCRIPT,
    "go": _GO,
    "rust": _RUST,
    "java": _JAVA,
}
_ANY = Rules()


def rules_of(path: str) -> Rules:
    """The rules of the language that the path stands for."""
    return RULES.get(family_of(language_of(path)) or "", _ANY)
