"""Tell what a file defines, by the first line of each definition as it stands there."""

from collections.abc import Sequence

from proactive_lsp.redaction import redact
from proactive_lsp.workspace.syntax import parse
from proactive_lsp.workspace.texts import bare_lines
from proactive_lsp.workspace.tree import language_of

MOST_HEADERS = 24
MAX_FILE_CHARS = 200_000


def outline(path: str, text: str, near: int = 0) -> list[str]:
    """The header lines in their order, redacted, each as it can be quoted; few for few languages.

    Of very many those around the line `near`. Headings are what a Markdown file has.
    """
    language = language_of(path)
    if language is None or len(text) > MAX_FILE_CHARS:
        return []
    numbers = _numbers(language, text)
    if not numbers:
        return []
    if len(numbers) > MOST_HEADERS:
        closest = sorted(numbers, key=lambda number: (abs(number - near), number))
        numbers = sorted(closest[:MOST_HEADERS])
    # The whole file, since a secret may be named far from where it stands.
    lines = bare_lines(redact(text, language=language))
    return [lines[number] for number in numbers if number < len(lines)]


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
