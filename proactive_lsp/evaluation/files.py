"""Which files of a commit nobody wrote by hand.

Left out are, with the reason that `left_out` and `unwritten` give:

- lock: lock files of package managers
- vendored: whatever lies in a folder of other people's code or of build results
- generated: protocol stubs, minified and mapped files, snapshots, and files whose first lines
  say that they are generated
- lfs: pointers to files kept elsewhere
- binary: NUL bytes in the first 8 KB, as in git; not-utf-8; too-large: above 300 000 bytes
"""

import re
from posixpath import basename

LARGEST = 300_000  # bytes
_PROBE = 8192  # bytes in which a NUL marks a file as binary, as in git
_FIRST_LINES = 1_000  # bytes in which a file says that it is generated

_LOCKS = frozenset(
    {
        *("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "bun.lockb", "go.sum"),
        *("composer.lock", "flake.lock", "Gemfile.lock", "Pipfile.lock", "yarn.lock"),
    }
)
_VENDORED = frozenset(
    {
        *("vendor", "vendored", "_vendor", "vendors", "third_party", "third-party", "thirdparty"),
        *("node_modules", "bower_components", "site-packages", "dist"),
    }
)
_GENERATED = re.compile(
    r"(_pb2(_grpc)?\.pyi?|\.pb\.(go|cc|h)|\.min\.(js|css)|\.(js|css)\.map|\.snap|\.ambr|\.svg)\Z"
)
_SAYS_GENERATED = re.compile(
    rb"@generated|code generated .{0,100}do not edit|auto-?generated .{0,100}do not edit"
    rb"|this file (is|was) (automatically |auto-?)generated",
    re.IGNORECASE,
)
_LFS = b"version https://git-lfs.github.com/spec/"


def left_out(path: str) -> str | None:
    """Why a file does not count by its name alone; None when it does."""
    *folders, name = path.split("/")
    if name in _LOCKS or name.endswith(".lock"):
        return "lock"
    if not _VENDORED.isdisjoint(folders):
        return "vendored"
    return "generated" if _GENERATED.search(basename(path)) else None


def unwritten(content: bytes) -> str | None:
    """Why a content does not count; None when it does."""
    if content.startswith(_LFS):
        return "lfs"
    if len(content) > LARGEST:
        return "too-large"
    if content.find(b"\0", 0, _PROBE) >= 0:
        return "binary"
    return "generated" if _SAYS_GENERATED.search(content[:_FIRST_LINES]) else None
