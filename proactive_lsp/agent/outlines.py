"""Find what a file defines: the first line of each definition, as it can be quoted."""

from collections.abc import Sequence

from proactive_lsp.workspace.syntax import parse
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tree import language_of

MOST_HEADERS = 24
MAX_FILE_CHARS = 200_000


def headers(path: str, text: str, near: int = 0) -> Sequence[int]:
    """The numbers of the header lines in their order; none for languages nobody reads.

    Of very many those around the line `near`. Headings are what a Markdown file has.
    """
    language = language_of(path)
    if language is None or len(text) > MAX_FILE_CHARS:
        return ()
    numbers = _numbers(language, text)
    if len(numbers) <= MOST_HEADERS:
        return numbers
    closest = sorted(numbers, key=lambda number: (abs(number - near), number))
    return sorted(closest[:MOST_HEADERS])


def _numbers(language: str, text: str) -> Sequence[int]:
    if language == "markdown":
        return _headings(bare_lines(text))
    module = parse(language, text)
    found = module.definitions if module is not None else ()
    return sorted({each.name_range.start.line for each in found if not each.broken})


def _headings(lines: Sequence[str]) -> list[int]:
    found: list[int] = []
    fenced = False
    for number, line in enumerate(lines):
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        elif line.startswith("#") and not fenced:
            found.append(number)
    return found
