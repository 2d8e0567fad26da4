"""What the tests of all languages ask of a text."""

from collections.abc import Collection

from proactive_lsp.workspace import blocks, syntax
from proactive_lsp.workspace.documents import split_lines, text_in
from proactive_lsp.workspace.grammars import SyntaxTree, with_known_line_ends
from proactive_lsp.workspace.reading import read_outline
from proactive_lsp.workspace.syntax import Module, Parameter

_MARKS = {"var-positional": "*", "var-keyword": "**"}


def outline(language: str, text: str) -> Module:
    """The outline, whose names stand where it says."""
    module = syntax.parse(language, text)
    assert module is not None
    lines = split_lines(text)
    for each in module.definitions:
        assert text_in(lines, each.name_range) == each.name
    return module


def defined(language: str, text: str) -> list[str]:
    """Kind, qualified name and parameters of each definition: "method Box.grow(by, step=1)"."""
    return [
        f"{each.kind} {each.qualname}({', '.join(map(written, each.parameters))})"
        for each in outline(language, text).definitions
    ]


def written(parameter: Parameter) -> str:
    """A parameter as one would write it, without its type."""
    default = f"={parameter.default}" if parameter.default else "?" if parameter.optional else ""
    return f"{_MARKS.get(parameter.kind, '')}{parameter.name}{default}"


def imported(language: str, text: str) -> list[tuple[str, str | None, str | None]]:
    """Module, name and alias of each import."""
    return [(each.module, each.name, each.alias) for each in outline(language, text).imports]


def called(language: str, text: str, names: Collection[str]) -> list[str]:
    """Each call, its receiver before a colon, and where it stands: "a.b: go(1, 2) in f"."""
    lines = split_lines(text)
    found: list[str] = []
    for call in syntax.calls(language, text, names):
        assert text_in(lines, call.name_range) == call.name
        whole = text_in(lines, call.arguments_range)
        assert whole[0] + whole[-1] == "()"
        assert [text_in(lines, each.range) for each in call.arguments] == [
            each.text for each in call.arguments
        ]
        arguments = ", ".join(f"{each.star}{each.text}" for each in call.arguments)
        receiver = f"{call.receiver}: " if call.receiver else ""
        found.append(f"{receiver}{call.name}({arguments}) in {call.inside}")
    return found


def roles(language: str, text: str, word: str) -> list[str]:
    """What kind of token each occurrence of the word stands in."""
    lines = split_lines(text)
    found = syntax.words(language, text, word)
    assert {text_in(lines, each.range) for each in found} <= {word}
    return [each.role for each in found]


def blocks_of(language: str, text: str) -> list[str]:
    """The blocks that the text is read by."""
    found = blocks.read_blocks(language, text)
    assert found is not None
    texts = [block.text for block, _ in found]
    assert "".join(texts) == with_known_line_ends(text)
    return texts


def as_a_whole(language: str, text: str) -> Module:
    """What one tree of the whole text says."""
    text = with_known_line_ends(text)
    tree = SyntaxTree(language, text)
    whole = (blocks.Block(0, text), read_outline(language, tree))
    return syntax._File(language, text, [whole]).module
