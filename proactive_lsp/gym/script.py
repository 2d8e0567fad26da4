"""The script of a scripted user: TOML or JSON, what is done in order and how cards are taken.

    name = "a-lost-parameter"

    [files]                          # the workspace; without it, --repo at its head
    "area.py" = '''
    def area(r, unit):
        return 3 * r * r
    '''
    "use.py" = '''
    from area import area
    print(area(2, "m"))
    '''

    [[act]]                          # see `activities` for all there are
    do = "edit"
    path = "area.py"
    old = "r, unit"
    new = "r"

    [[act]]
    do = "save"
    path = "area.py"

    [[judge]]                        # the first that fits counts; patterns as in a shell
    need = "broken-*"
    path = "*.py"
    answer = "accept"                # or "dismiss", "ignore"

A card that no rule fits is left alone. An edit that a suggestion has made by then is not made
again: the rest of the script shrinks.
"""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.events import BadPath, check_path
from proactive_lsp.gym.activities import Activity
from proactive_lsp.gym.clone import is_gits
from proactive_lsp.suggestions import Suggestion

_MOST_BYTES = 4_000_000
_Table = TypeVar("_Table", bound=Struct)


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """How a card is taken whose need, path and title all fit."""

    answer: Literal["accept", "dismiss", "ignore"]
    need: str = "*"
    path: str = "*"
    title: str = "*"

    def fits(self, card: Suggestion) -> bool:
        """Whether the card is one of those."""
        pairs = ((card.need, self.need), (card.path, self.path), (card.title, self.title))
        return all(fnmatchcase(text, pattern) for text, pattern in pairs)


class Script(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole script; see above."""

    name: str
    act: tuple[Activity, ...]
    judge: tuple[Rule, ...] = ()
    files: dict[str, str] | None = None


def read_script(file: Path) -> Script:
    """A script; raises `EvaluationError` with what is wrong."""
    script = read_table(file, Script)
    if not script.act:
        raise EvaluationError(f"{file}: nothing is done; write at least one [[act]]")
    check_files(file, script.files)
    return script


def read_table(file: Path, shape: type[_Table]) -> _Table:
    """A TOML file, or JSON where it is called so; raises `EvaluationError`."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise EvaluationError(f"{file}: larger than {_MOST_BYTES // 1_000_000} MB")
        table: Any = (
            msgspec.json.decode(content)
            if file.suffix == ".json"
            else tomllib.loads(content.decode())
        )
        return msgspec.convert(table, shape)
    except OSError as error:
        raise EvaluationError(f"{file}: cannot read it: {error.strerror}") from error
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        if isinstance(error, EvaluationError):
            raise
        reason = " ".join(str(error).replace("`", "").split())
        raise EvaluationError(f"{file}: {reason}") from error


def check_files(file: Path, files: dict[str, str] | None) -> None:
    """Refuse names that no workspace may have; raises `EvaluationError`."""
    for path in files or ():
        try:
            parts = check_path(path).split("/")
        except BadPath as error:
            raise EvaluationError(f"{file}: {error}") from error
        if is_gits(path):
            raise EvaluationError(f"{file}: {path} is git's own; leave it out of files")
        for end in range(1, len(parts)):
            if (folder := "/".join(parts[:end])) in (files or ()):
                raise EvaluationError(f"{file}: {folder} is a file and a folder; leave one out")
