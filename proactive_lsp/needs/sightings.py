"""Where a text stands in the workspace's lines, and what it stands as: code, string or prose.

All by lines and tokens, so that it serves any language; what was found is kept from one boundary
to the next.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import log2

from msgspec import Struct

from proactive_lsp.events import Range, span
from proactive_lsp.needs.known_texts import KnownText, Spots, known_text
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.tokens import tokens, words

# A text that stands more often in one file is data, or says nothing.
MOST_IN_A_FILE = 200
# A longer line is data.
LONGEST_LINE = 500
# An underscore inside, a digit, or a capital behind a small letter: no word of prose.
CODE_NAME = re.compile(r"\w_\w|\d|[a-z][A-Z]")
_QUOTE = re.compile(r"""\\.|["'`]""")
_TRIPLE = re.compile(r'"""|' + "'''")
_COMMENT = re.compile(r"(?<!\S)(#|//|--|;;)\s?|^\s*\*(\s|\Z)")
# What stands to the left of a name that is defined.
DEFINES = re.compile(r"(def|class|function|func|fn|type|interface|struct|enum)\s+\Z")
_IMPORTS = re.compile(r"\s*(import|from|use|require|export\b.*\bfrom)\b")


class Sighting(Struct, frozen=True):
    """A text on a line: columns in code points, `text` the whole line."""

    path: str
    line: int
    start: int
    end: int
    text: str

    @property
    def range(self) -> Range:
        """The same in UTF-16."""
        start = utf16_length(self.text[: self.start])
        length = utf16_length(self.text[self.start : self.end])
        return span(self.line, start, self.line, start + length)

    @property
    def said(self) -> str:
        """The text itself."""
        return self.text[self.start : self.end]

    def place(
        self,
        after: str | None,
        *,
        features: Mapping[str, float],
        certain: bool = True,
        note: str = "",
    ) -> Place:
        """The place to change, or to look at."""
        return Place(
            path=self.path,
            range=self.range,
            before=self.said,
            after=after,
            certain=certain,
            note=note,
            features=features,
        )


def sightings(situation: Situation, path: str, text: str) -> Sequence[Sighting]:
    """Where the text stands in a file, at word bounds; nowhere when it stands too often."""
    known = known_text(situation, path)
    if known is None:
        return ()
    spots, length = _spots(known, text), len(text)
    return [Sighting(path, line, start, start + length, known.lines[line]) for line, start in spots]


def untouched(situation: Situation, path: str, text: str) -> Sequence[Sighting]:
    """The same, on lines that were not edited in this stretch of work."""
    found = sightings(situation, path, text)
    return [each for each in found if not situation.edited(path, each.line)]


def stands_in(situation: Situation, path: str, text: str) -> bool:
    """Whether the text stands in a file, and not too often."""
    known = known_text(situation, path)
    return known is not None and bool(_spots(known, text))


def nearest_first(situation: Situation, paths: Iterable[str], own: str) -> list[str]:
    """The file itself, then those that change along with it, then those close by."""
    together, folder = situation.past.together(own), own.rpartition("/")[0]

    def order(path: str) -> tuple[bool, int, bool, str]:
        return path != own, -together.get(path, 0), path.rpartition("/")[0] != folder, path

    return sorted(paths, key=order)


def role(situation: Situation, each: Sighting) -> str:
    """What it stands as, by its line: "code", "string", "comment" or "prose"."""
    if file_kind(each.path) in ("docs", "changelog"):
        return "prose"
    known = known_text(situation, each.path)
    if known is not None:
        if known.quoted is None:
            known.quoted = _quoted_lines(known)
        if each.line in known.quoted:
            return "string"
    return role_in_line(each.text, each.start)


def role_in_line(line: str, column: int) -> str:
    """The same by nothing but the line."""
    quote = ""
    left = line[:column]
    for match in _QUOTE.finditer(left):
        mark = match.group()
        if quote == mark:
            quote = ""
        elif not quote and len(mark) == 1:
            quote = mark
    if quote:
        return "string"
    return "comment" if _COMMENT.search(left) else "code"


def as_features(each: Sighting, role: str) -> Mapping[str, float]:
    """What the text stands as, in numbers."""
    left, right = each.text[: each.start], each.text[each.end :]
    return {
        "as-string": float(role == "string"),
        "as-comment": float(role == "comment"),
        "as-prose": float(role == "prose"),
        "as-attribute": float(left.endswith(".")),
        "as-call": float(right.startswith("(")),
        "as-keyword": float(re.match(r"\s?[=:](?!=)", right) is not None),
        "as-definition": float(DEFINES.search(left) is not None),
        "as-import": float(_IMPORTS.match(each.text) is not None),
    }


def next_to(line: str, start: int, end: int) -> tuple[str, str]:
    """The tokens on both sides, "" for none."""
    left, right = tokens(line[:start]), tokens(line[end:])
    return (left[-1] if left else "", right[0] if right else "")


def reads_like_code(text: str) -> bool:
    """Whether no sentence would have such a word."""
    return CODE_NAME.search(text) is not None


def alike(line: str, other: str) -> float:
    """The share of words that two lines have in common."""
    ours, theirs = set(words(line.strip())), set(words(other.strip()))
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0


def share(number: int) -> float:
    """A count on a logarithmic scale, where 1 stands for about a thousand."""
    return min(1.0, log2(1 + number) / 10)


def quoted(text: str, most: int = 40) -> str:
    """A text as a title or a fact shows it."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def counted(number: int, noun: str) -> str:
    """The number with its noun: "3 places", "1 place"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def across(places: Sequence[Place]) -> str:
    """Where more than one file is touched, " in 2 files"; nothing for one."""
    files = len({place.path for place in places})
    return f" in {files} files" if files > 1 else ""


@lru_cache(maxsize=4_096)
def pattern_of(text: str) -> Callable[[str], Iterator[re.Match[str]]]:
    """Finds the text in a line where no word goes on at either end of it."""
    before = r"(?<!\w)" if re.match(r"\w", text) else ""
    behind = r"(?!\w)" if re.search(r"\w\Z", text) else ""
    return re.compile(f"{before}{re.escape(text)}{behind}").finditer


def _spots(known: KnownText, text: str) -> Spots:
    found = known.found.get(text)
    if found is None:
        found = known.found[text] = _find(known, text) if text and text in known.text else ()
    return found


def _find(known: KnownText, text: str) -> Spots:
    find, lines, starts = pattern_of(text), known.lines, known.starts
    found: list[tuple[int, int]] = []
    at = known.text.find(text)
    while at >= 0:
        # A text that has a line end itself is in no line, so it is looked for line by line, too.
        number = bisect_right(starts, at) - 1
        line = lines[number]
        if len(line) <= LONGEST_LINE:
            found += ((number, match.start()) for match in find(line))
        at = known.text.find(text, starts[number] + len(line) + 1)
    return found if len(found) <= MOST_IN_A_FILE else ()


def _quoted_lines(known: KnownText) -> frozenset[int]:
    """The lines inside texts between triple quotes, those that open or close one included."""
    if '"""' not in known.text and "'''" not in known.text:
        return frozenset()
    inside: set[int] = set()
    mark = ""
    for number, line in enumerate(known.lines):
        if mark:
            inside.add(number)
        for match in _TRIPLE.finditer(line):
            if not mark:
                mark = match.group()
                inside.add(number)
            elif mark == match.group():
                mark = ""
    return frozenset(inside)
