"""Notice that a name which an edit took away still stands elsewhere.

    retries = settings.tries  →  retries = settings.attempts

points at the other lines with `tries`.
"""

import re
from collections.abc import Iterator
from itertools import islice
from keyword import iskeyword
from math import log2
from typing import NamedTuple

from proactive_lsp.events import span
from proactive_lsp.needs.line_edits import line_pairs, token_edits
from proactive_lsp.needs.sightings import (
    Sighting,
    across,
    alike,
    as_features,
    counted,
    nearest_first,
    next_to,
    pattern_of,
    reads_like_code,
    role,
    role_in_line,
    share,
    stands_in,
    untouched,
)
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.tokens import added_words, vanished_words

KIND = "vanished-name"
MOST_NEEDS = 6
MOST_OF_A_HUNK = 4
MOST_PLACES = 20
# What more files mention is looked for in the nearest ones.
MOST_FILES = 12
# So many mentions are few, and of more than so many only those on lines alike are looked at.
RARE = 8
COMMON = 40
ALIKE = 0.5
# No names, in one language or another.
NO_NAMES = frozenset(
    {
        *("all", "and", "any", "are", "but", "can", "has", "have", "its", "not", "now", "one"),
        *("the", "that", "then", "there", "this", "was", "were", "when", "which", "will", "you"),
        *("cls", "self", "super", "args", "kwargs", "true", "false", "none", "null", "undefined"),
        *("bool", "bytes", "dict", "float", "int", "list", "object", "set", "str", "tuple", "type"),
        *("boolean", "case", "catch", "const", "default", "enum", "export", "extends", "final"),
        *("func", "function", "impl", "interface", "let", "mut", "namespace", "new", "number"),
        *("package", "private", "protected", "pub", "public", "static", "string", "struct"),
        *("switch", "throw", "throws", "typeof", "unknown", "use", "var", "void", "string"),
        *("len", "print", "range", "isinstance", "echo", "end", "done", "noqa", "ignore"),
    }
)


class _Gone(NamedTuple):
    word: str
    hunk: LineHunk
    line: str
    column: int
    paths: tuple[str, ...]


def detect(situation: Situation) -> Iterator[Need]:
    """One need per vanished name that still stands somewhere, of each hunk the rarest first."""
    yield from islice(_needs(situation), MOST_NEEDS)


def _needs(situation: Situation) -> Iterator[Need]:
    told: set[str] = set()
    came = {word for hunk in situation.recent for word in added_words(hunk)}
    for hunk in situation.recent:
        gone = [each for each in _names(situation, hunk) if each.word not in told | came]
        gone.sort(key=lambda each: len(each.paths))
        told |= {each.word for each in gone}
        needs = (need for each in gone if (need := _mentions(situation, each)) is not None)
        yield from islice(needs, MOST_OF_A_HUNK)


def _names(situation: Situation, hunk: LineHunk) -> Iterator[_Gone]:
    """The names that the hunk took away, where it first had them, and the files they stand in."""
    for word in vanished_words(hunk):
        if not situation.finder.interested(word) or iskeyword(word) or word.lower() in NO_NAMES:
            continue
        found = ((line, next(pattern_of(word)(line), None)) for line in hunk.before)
        for line, match in found:
            if match is None:
                continue
            code = role_in_line(line, match.start()) != "comment"
            prose = file_kind(hunk.path) in ("docs", "changelog") or not code
            if not prose or reads_like_code(word):
                paths = situation.files(word)
                if paths:
                    yield _Gone(word, hunk, line, match.start(), paths)
            break


def _mentions(situation: Situation, gone: _Gone) -> Need | None:
    word, hunk = gone.word, gone.hunk
    near = nearest_first(situation, gone.paths, hunk.path)[:MOST_FILES]
    found = [each for path in near for each in untouched(situation, path, word)]
    if not found:
        return None
    total = len(found)
    found = [each for each in found if _worth(each, gone, total)]
    if not found:
        return None
    new = _replacement(situation, word)
    found.sort(key=lambda each: _order(each, gone))
    before, behind = next_to(gone.line, gone.column, gone.column + len(word))
    was = role_in_line(gone.line, gone.column)
    places: list[Place] = []
    for each in found[:MOST_PLACES]:
        stands = role(situation, each)
        left, right = next_to(each.text, each.start, each.end)
        places.append(
            # Of the words that others took the place of, only one in seven follows; `repeated-edit`
            # knows when.
            each.place(
                None,
                certain=stands == "code",
                note="" if stands == "code" else f"in {_KINDS[stands]}",
                features={
                    **as_features(each, stands),
                    "same-left": float(left == before),
                    "same-right": float(right == behind),
                    "same-role": float(stands == was),
                    "alike": alike(gone.line, each.text),
                },
            )
        )
    since = sum(word in vanished_words(other) for other in situation.recent)
    left_here = stands_in(situation, hunk.path, word)
    mention = Sighting(hunk.path, 0, gone.column, gone.column + len(word), gone.line)
    line = max(min(hunk.after_start, len(situation.lines(hunk.path)) - 1), 0)
    return Need(
        kind=KIND,
        path=hunk.path,
        range=span(line, 0, line, utf16_length((situation.lines(hunk.path) or ("",))[line])),
        anchor=word,
        title=_title(places, word),
        facts=(
            Fact(
                f"`{word}` became `{new}`" if new else f"`{word}` was taken away", hunk.path, line
            ),
            Fact(f"`{word}` still stands elsewhere", places[0].path, places[0].range.start.line),
        ),
        places=tuple(places),
        features={
            **{f"was-{name}": value for name, value in as_features(mention, was).items()},
            "occurrences": share(total),
            "mentioning-files": share(len(gone.paths)),
            "gone-from-file": float(not left_here),
            "replaced": float(new is not None),
            "reads-like-code": float(reads_like_code(word)),
            "word-length": min(1.0, len(word) / 20),
            "done": min(1.0, since / 4),
            "done-twice": float(since > 1),
            "words-gone": share(len(vanished_words(hunk))),
        },
    )


_KINDS = {"string": "a string", "comment": "a comment", "prose": "prose"}


def _replacement(situation: Situation, word: str) -> str | None:
    """The one word that took its place wherever it went, on a line otherwise nearly equal."""
    new = {
        edit.new
        for hunk in situation.recent
        if word in vanished_words(hunk)
        for pair in line_pairs(hunk)
        for edit in token_edits(pair.old, pair.new)
        if edit.single and edit.old == word and re.fullmatch(r"\w+", edit.new)
    }
    return new.pop() if len(new) == 1 else None


def _order(each: Sighting, gone: _Gone) -> float:
    """The nearest of the file and those on lines like the one that went come first."""
    likeness = 4 * alike(gone.line, each.text)
    if each.path != gone.hunk.path:
        return 10 - likeness
    return log2(1 + abs(each.line - gone.hunk.after_start)) - likeness


def _worth(each: Sighting, gone: _Gone, total: int) -> bool:
    """Whether a mention in another file is worth a look: not each one of a word of everywhere."""
    if each.path == gone.hunk.path:
        return True
    if file_kind(each.path) in ("docs", "changelog"):
        return total <= RARE and reads_like_code(gone.word)
    return total <= COMMON or alike(gone.line, each.text) >= ALIKE


def _title(places: list[Place], word: str) -> str:
    return f"Look at {counted(len(places), 'mention')} of `{word}`{across(places)}"
