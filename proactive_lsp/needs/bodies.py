"""The functions of a file with the lines they consist of, to compare them with each other."""

from collections.abc import Sequence

from msgspec import Struct

from proactive_lsp.situation import Situation
from proactive_lsp.workspace.cache import TextCache
from proactive_lsp.workspace.syntax import parse
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tree import language_of


class Body(Struct, frozen=True):
    """A function or method from its `first` line to its `last`; `texts` are those not blank."""

    name: str
    qualname: str
    first: int
    last: int
    texts: frozenset[str]


_bodies: TextCache[Sequence[Body]] = TextCache(100_000)


def bodies(situation: Situation, path: str) -> Sequence[Body]:
    """The functions of a file in document order; none for a language without syntax."""
    language, text = language_of(path), situation.tree.read(path)
    if language is None or text is None:
        return ()
    return _bodies.get(language, text, lambda: tuple(_read(language, text)))


def _read(language: str, text: str) -> Sequence[Body]:
    module = parse(language, text)
    if module is None:
        return ()
    lines = [line.strip() for line in bare_lines(text)]
    return [
        Body(
            name=definition.name,
            qualname=definition.qualname,
            first=(first := definition.range.start.line),
            last=(last := definition.range.end.line),
            texts=frozenset(filter(None, lines[first : last + 1])),
        )
        for definition in module.definitions
        if definition.kind != "class"
    ]
