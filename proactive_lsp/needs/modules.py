"""Whether what an import names can be the file at some path, language by language.

Each function takes the module as written, the importing file's path and the other file's path.
Nothing is looked up on disk: where several files could be meant, all of them can. A folder around
the file counts too, because what stands for the folder may hand on what its files define.
"""

import posixpath
import re
from collections.abc import Sequence

_SCRIPT = re.compile(r"(?:\.d)?\.(?:[cm]?[jt]s|[jt]sx)$")
# Modules of the runtime whose names are also those of many folders.
_NODE = """
assert buffer crypto events fs http https module net os path process punycode stream test timers
url util vm worker_threads
"""
_RUNTIME = frozenset(_NODE.split())
_VERSION = re.compile(r"v\d+$")


def python_names(module: str, importer: str, path: str) -> bool:
    """`a.b`, `..b`: dots separate, and where a relative import starts is not looked at."""
    parts = path.removesuffix(".pyi").removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return _holds(parts, [part for part in module.split(".") if part])


def ecmascript_names(module: str, importer: str, path: str) -> bool:
    """`./a`, `../b/index.js`, or a package: of the workspace when a folder has its name."""
    file = _SCRIPT.sub("", path).removesuffix("/index")
    if module.startswith("."):
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(importer), module))
        wanted = _SCRIPT.sub("", whole).removesuffix("/index")
        return wanted in (file, ".", "index") or file.startswith(f"{wanted}/")
    parts = _SCRIPT.sub("", module).removesuffix("/index").split("/")
    alias = parts[0] in ("@", "~", "#") or parts[0].startswith("#")
    if not alias and (":" in module or parts[0] in _RUNTIME):
        return False
    if parts[0].startswith(("@", "~", "#")):
        # A scope or an alias stands for a folder of any name.
        parts = parts[1:] or [parts[0].lstrip("@~#")]
    folders = file.split("/")
    if len(parts) == 1 and not alias:
        folders.pop()
    return _holds(folders, parts)


def go_names(module: str, importer: str, path: str) -> bool:
    """`example.com/a/b`: the folder has the last parts of the path that names the package."""
    folder = [part for part in posixpath.dirname(path).split("/") if part]
    parts = [part for part in module.split("/") if not _VERSION.match(part)]
    if not folder:
        return "." in parts[0] if parts else False
    return parts[-len(folder) :] == folder or (
        len(parts) > 2 and "." in parts[0] and parts[-2:] == folder[-2:]
    )


def go_name(module: str) -> str:
    """The name under which a package is used when the import gives none."""
    parts = module.split("/")
    while len(parts) > 1 and _VERSION.match(parts[-1]):
        parts.pop()
    return re.sub(r"^go-|-go$|\.v\d+$|\.go$", "", parts[-1]).replace("-", "")


def rust_names(module: str, importer: str, path: str) -> bool:
    """`crate::a`, `super::a`, `self::a`, `other_crate::a`, or a module below or beside."""
    crate, parts = _rust_module(path)
    own_crate, own = _rust_module(importer)
    wanted = [part for part in module.split("::") if part]
    if wanted and wanted[-1] == "self" and len(wanted) > 1:
        wanted.pop()
    if not wanted:
        return crate == own_crate
    head, rest = wanted[0], wanted[1:]
    if head == "crate":
        return crate == own_crate and _begins(parts, rest)
    if head in ("self", "super"):
        # Within an inline module both may mean the file itself.
        bases = [own]
        while head == "super":
            bases.append(bases[-1][:-1])
            head, rest = (rest[0], rest[1:]) if rest[:1] == ["super"] else ("", rest)
        return crate == own_crate and any(_begins(parts, [*base, *rest]) for base in bases)
    if head.replace("-", "_") == crate.replace("-", "_"):
        return _begins(parts, rest)
    below_or_beside: tuple[Sequence[str], ...] = (own, own[:-1], ())
    return crate == own_crate and any(_begins(parts, [*base, *wanted]) for base in below_or_beside)


def java_names(module: str, importer: str, path: str) -> bool:
    """`a.b`, a package or a class of one: the path ends with it, the file's own name aside."""
    parts = path.removesuffix(".java").split("/")
    wanted = module.split(".")
    return parts[-len(wanted) :] == wanted or parts[:-1][-len(wanted) :] == wanted


def any_names(module: str, importer: str, path: str) -> bool:
    """A guess for languages that nobody described: the module ends with the file's name."""
    words = re.findall(r"\w+", module)
    stem = posixpath.basename(path).partition(".")[0]
    return stem in words[-2:]


def same_folder(importer: str, path: str) -> bool:
    """Whether two files stand in the same folder."""
    return posixpath.dirname(importer) == posixpath.dirname(path)


def same_java_package(importer: str, path: str) -> bool:
    """Whether two files belong to one package, below src/main and src/test alike."""
    return _java_package(importer) == _java_package(path)


def _java_package(path: str) -> str:
    folder = posixpath.dirname(path)
    _, root, package = f"/{folder}/".rpartition("/java/")
    return package if root else folder


def _rust_module(path: str) -> tuple[str, list[str]]:
    """The crate as far as the path tells it, and the path of the module within."""
    before, _, inside = f"/{path}".rpartition("/src/")
    crate = before.rpartition("/")[2]
    parts = inside.removesuffix(".rs").strip("/").split("/")
    if parts[-1] in ("mod", "lib", "main"):
        parts.pop()
    return crate, parts


def _begins(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    return list(parts[: len(wanted)]) == list(wanted)


def _holds(parts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether these parts stand side by side in the others; none do anywhere."""
    size = len(wanted)
    return not size or any(list(parts[i : i + size]) == list(wanted) for i in range(len(parts)))
