"""Which definition of a file a line stands in, by its syntax tree."""

from collections.abc import Iterable, Sequence

from proactive_lsp.workspace.languages import language_of
from proactive_lsp.workspace.syntax import Definition, parse

FUNCTIONS = ("function", "method")


def definitions_of(path: str, text: str | None) -> Sequence[Definition]:
    """What the file defines; nothing where it is not there or its language not known."""
    language = language_of(path)
    module = parse(language, text) if language is not None and text is not None else None
    return module.definitions if module is not None else ()


def enclosing(
    definitions: Iterable[Definition], row: int, kinds: Sequence[str] = ()
) -> Definition | None:
    """The innermost definition, of these kinds if any, that has the line."""
    found: Definition | None = None
    for each in definitions:
        if each.range.start.line <= row <= each.range.end.line and (
            not kinds or each.kind in kinds
        ):
            found = each
    return found
