"""What a user of the gym can do next: the closed union of activities, as scripts write them.

Each is a table with `do`; paths are relative to the workspace, with `/`:

    {do = "open", path = "a.py"}                  also `save`, `close`, `delete`
    {do = "edit", path = "a.py", old = "x", new = "y"}   `old` must stand there once
    {do = "create", path = "b.py", text = "…"}    typed into a file that is not there yet
    {do = "rename", path = "b.py", to = "c.py"}
    {do = "focus", path = "a.py", line = 3}       counted from 1
    {do = "stage", paths = ["a.py"]}              without paths, everything
    {do = "commit", message = "…", paths = []}    stages first, as `stage`
    {do = "checkout", branch = "b", create = true}
    {do = "merge", branch = "b"}
    {do = "stash", op = "push"}                   or "pop"
    {do = "run", line = ["pytest", "-q"]}         one program and its arguments; see `terminal`
    {do = "wait", seconds = 60}
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class OpenFile(Struct, frozen=True, tag_field="do", tag="open", forbid_unknown_fields=True):
    """Open a file."""

    path: str


class EditFile(Struct, frozen=True, tag_field="do", tag="edit", forbid_unknown_fields=True):
    """Turn the one `old` of a file into `new`; an empty `old` is the end of the file."""

    path: str
    old: str
    new: str


class SaveFile(Struct, frozen=True, tag_field="do", tag="save", forbid_unknown_fields=True):
    """Save a file that is open."""

    path: str


class CloseFile(Struct, frozen=True, tag_field="do", tag="close", forbid_unknown_fields=True):
    """Close a file; what was not saved is gone."""

    path: str


class CreateFile(Struct, frozen=True, tag_field="do", tag="create", forbid_unknown_fields=True):
    """Make a file that is not there yet and type its text."""

    path: str
    text: str = ""


class RenameFile(Struct, frozen=True, tag_field="do", tag="rename", forbid_unknown_fields=True):
    """Give a file another path."""

    path: str
    to: str


class DeleteFile(Struct, frozen=True, tag_field="do", tag="delete", forbid_unknown_fields=True):
    """Delete a file."""

    path: str


class FocusLine(Struct, frozen=True, tag_field="do", tag="focus", forbid_unknown_fields=True):
    """Look at a line, counted from 1."""

    path: str
    line: Annotated[int, Meta(ge=1)] = 1


class Stage(Struct, frozen=True, tag_field="do", tag="stage", forbid_unknown_fields=True):
    """Stage these paths, or everything."""

    paths: tuple[str, ...] = ()


class MakeCommit(Struct, frozen=True, tag_field="do", tag="commit", forbid_unknown_fields=True):
    """Stage these paths, or everything, and commit."""

    message: str
    paths: tuple[str, ...] = ()


class Checkout(Struct, frozen=True, tag_field="do", tag="checkout", forbid_unknown_fields=True):
    """Go to a branch, which is made first if asked."""

    branch: str
    create: bool = False


class Merge(Struct, frozen=True, tag_field="do", tag="merge", forbid_unknown_fields=True):
    """Merge a branch into this one; it may stop at conflicts."""

    branch: str


class Stash(Struct, frozen=True, tag_field="do", tag="stash", forbid_unknown_fields=True):
    """Put the changes away, or take them back."""

    op: Literal["push", "pop"]


class RunProgram(Struct, frozen=True, tag_field="do", tag="run", forbid_unknown_fields=True):
    """Run one program in the sandbox."""

    line: Annotated[tuple[str, ...], Meta(min_length=1)]


class Wait(Struct, frozen=True, tag_field="do", tag="wait", forbid_unknown_fields=True):
    """Do nothing for so long."""

    seconds: Annotated[float, Meta(ge=0, le=86_400)]


Activity = (
    OpenFile
    | EditFile
    | SaveFile
    | CloseFile
    | CreateFile
    | RenameFile
    | DeleteFile
    | FocusLine
    | Stage
    | MakeCommit
    | Checkout
    | Merge
    | Stash
    | RunProgram
    | Wait
)


class Impossible(ValueError):
    """An activity that cannot be carried out as things stand; one line that says why."""
