"""What may be owed: one detector a file. The order here is the order in which needs show."""

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from proactive_lsp.needs import (
    block_clone,
    broken_call,
    changelog,
    commit_message,
    commit_owes,
    deleted_mention,
    docstring,
    failing_test,
    index_entry,
    line_clone,
    merge_conflict,
    message_copy,
    missing_import,
    moved_path,
    neighbour_insert,
    new_name,
    option_docs,
    release,
    renamed_mention,
    repeated_edit,
    shape_clone,
    tests_along,
    together,
    twin_body,
    twin_signature,
    unused_import,
    vanished_name,
)
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Need


class Detector(Protocol):
    """A module with a `KIND` and a `detect` that yields needs and never raises for odd code."""

    @property
    def KIND(self) -> str:  # noqa: N802 - a constant of a module, read-only to the type checker
        """The kind of all its needs."""
        ...

    def detect(self, situation: Situation, /) -> Iterator[Need]:
        """The needs of its kind at this moment."""
        ...


DETECTORS: tuple[Detector, ...] = (
    merge_conflict,
    broken_call,
    missing_import,
    unused_import,
    failing_test,
    docstring,
    twin_signature,
    renamed_mention,
    deleted_mention,
    moved_path,
    block_clone,
    line_clone,
    neighbour_insert,
    twin_body,
    shape_clone,
    message_copy,
    repeated_edit,
    index_entry,
    vanished_name,
    new_name,
    commit_owes,
    release,
    option_docs,
    tests_along,
    together,
    changelog,
    commit_message,
)
KINDS: tuple[str, ...] = (*(detector.KIND for detector in DETECTORS), "predicted")


def needs_model(detector: Detector) -> bool:
    """Whether what it notices is of use only where a model can write what is owed.

    Such a detector has a `NEEDS_MODEL` that is true; the others need none.
    """
    return bool(getattr(detector, "NEEDS_MODEL", False))


class NeedsSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Which kinds of need to look for."""

    off: tuple[str, ...] = ()
    """Kinds that are not looked for at all."""


__all__ = ["DETECTORS", "KINDS", "Detector", "NeedsSettings", "needs_model"]
