"""Notice that source changed in a way that calls for tests, and no test of it did.

    def area(w, h): …   →   def area(w, h, unit): …     and nothing in tests/test_shapes.py

points at the test file that goes with it, and at the lines there that mention what changed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from posixpath import basename

from msgspec import Struct

from proactive_lsp.needs.mirror import Mirror, mirrors_of
from proactive_lsp.needs.pointing import at_text, is_source, where, whole_file, worked_on
from proactive_lsp.needs.summary import is_public
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk, SemanticChange
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.literals import added_options, options
from proactive_lsp.workspace.tokens import vanished_strings

KIND = "tests-along"
MOST_NEEDS = 3
MOST_MIRRORS = 2
MOST_LINES = 6
# A word on more lines of a test file is what the whole file is about.
COMMON = 20
# A test says again what went; lines that only use what is new or takes other parameters stayed
# as they were in 86 of 86 cases.
_SAID_AGAIN = frozenset({"renamed", "removed", "message", "option"})
RAISE = re.compile(r"(?<!\w)(raise|throw|panic!|panic)(?!\w)[ (]")
# Of a name as short as this no mention means anything.
SHORTEST_NAME = 4
_IMPORT = re.compile(r"\s*(import|from|use|require|const .*require\()\b")

_GATES = ("raise", "signature", "added", "message", "option", "renamed", "removed")


class _Term(Struct, frozen=True):
    """A text that the tests of a change may mention; `of` is the gate that it came from."""

    text: str
    of: str


def detect(situation: Situation) -> Iterator[Need]:
    """One need per source file worked on, the latest first, while its tests were left alone."""
    sources = (each for each in worked_on(situation).items() if is_source(each[0]))
    for path, hunks in islice(sources, MOST_NEEDS):
        changes = [change for change in situation.changes if change.path == path]
        gates = _gates(hunks, changes)
        terms = _terms(hunks, changes)
        mirrors = mirrors_of(situation, path, [term.text for term in terms], MOST_MIRRORS)
        places = tuple(_places(situation, mirrors, terms))
        if places:
            yield _need(situation, hunks[0], gates, mirrors[0], places)


def _need(
    situation: Situation,
    hunk: LineHunk,
    gates: Mapping[str, str],
    mirror: Mirror,
    places: tuple[Place, ...],
) -> Need:
    path, at = hunk.path, where(hunk)
    rate, commits = situation.past.rate(_has_tests, _has_source)
    touched = sum(file_kind(other) == "tests" for other in situation.touched)
    sources = sum(map(is_source, situation.touched))
    said = next(iter(gates.values()), f"`{basename(path)}` changed")
    return Need(
        kind=KIND,
        path=path,
        range=at,
        anchor=mirror.path,
        title=f"Update {basename(mirror.path)} along with {basename(path)}",
        facts=(
            Fact(said, path, at.start.line),
            Fact(f"`{mirror.path}` {_found_by(mirror)}", mirror.path),
        ),
        places=places,
        features={
            **{f"gate-{gate}": float(gate in gates) for gate in _GATES},
            "gate-none": float(not gates),
            "tests-rate": rate,
            "tests-rate-known": commits / 20,
            "tests-touched": min(touched, 4) / 4,
            "sources-touched": min(sources, 8) / 8,
            "mirror-likely": mirror.likely,
            "mirror-together": mirror.together,
            "mirror-by-name": mirror.by_name,
            "mirror-mentions": mirror.mentions,
        },
    )


def _gates(hunks: Sequence[LineHunk], changes: Sequence[SemanticChange]) -> Mapping[str, str]:
    """Why tests are called for, each with the sentence that says so."""
    found: dict[str, str] = {}
    for change in changes:
        match change.kind:
            case "signature":
                found.setdefault("signature", f"`{change.name}` takes other parameters")
            case "added" if is_public(change):
                found.setdefault("added", f"`{change.name}` is new")
            case "renamed" if change.before is not None:
                found.setdefault("renamed", f"`{change.before.name}` is now `{change.name}`")
            case "removed":
                found.setdefault("removed", f"`{change.name}` is gone")
            case _:
                pass
    for hunk in hunks:
        name = basename(hunk.path)
        if _raises(hunk.after) > _raises(hunk.before):
            found.setdefault("raise", f"`{name}` raises something new")
        if any(" " in text for text in vanished_strings(hunk)):
            found.setdefault("message", f"a message in `{name}` changed")
        for option in added_options(hunk)[:1]:
            found.setdefault("option", f"`{option}` is new")
    return {gate: found[gate] for gate in _GATES if gate in found}


def _raises(lines: Sequence[str]) -> int:
    return sum(RAISE.search(line) is not None for line in lines)


def _terms(hunks: Sequence[LineHunk], changes: Sequence[SemanticChange]) -> tuple[_Term, ...]:
    """What the tests may say of the change: names of definitions, messages, options."""
    found: list[_Term] = []
    for change in changes:
        definitions = [each for each in (change.before, change.after) if each is not None]
        if change.kind not in ("moved", "import-added", "import-removed"):
            found += (_Term(each.name, change.kind) for each in definitions)
    for hunk in hunks:
        found += (_Term(text, "message") for text in vanished_strings(hunk))
        kept = options(hunk.after)
        found += (_Term(text, "option") for text in options(hunk.before) if text not in kept)
    first: dict[str, _Term] = {}
    for term in found:
        if len(term.text) >= SHORTEST_NAME and not term.text.startswith("__"):
            first.setdefault(term.text, term)
    return tuple(first.values())


def _places(
    situation: Situation, mirrors: Sequence[Mirror], terms: Sequence[_Term]
) -> Iterator[Place]:
    for rank, mirror in enumerate(mirrors):
        found = {
            "rank": rank / MOST_MIRRORS,
            "together": mirror.together,
            "by-name": mirror.by_name,
            "mentions": mirror.mentions,
            "likely": mirror.likely,
            "touched": float(mirror.path in situation.touched),
        }
        if mirror.path not in situation.touched:
            yield whole_file(mirror.path, features=found)
        yield from _lines(situation, mirror.path, terms, found)


def _lines(
    situation: Situation, path: str, terms: Sequence[_Term], found: Mapping[str, float]
) -> Iterator[Place]:
    """The lines of a test file that mention what went."""
    lines, text = situation.lines(path), situation.tree.read(path) or ""
    taken: set[int] = set()
    for term in terms:
        if term.of not in _SAID_AGAIN or term.text not in text:
            continue
        pattern = re.compile(rf"(?<!\w){re.escape(term.text)}(?!\w)")
        hits = [
            (row, match)
            for row, line in enumerate(lines)
            if term.text in line and (match := pattern.search(line))
        ]
        for row, match in hits if len(hits) <= COMMON else ():
            if row in taken or len(taken) == MOST_LINES or situation.edited(path, row):
                continue
            taken.add(row)
            features = {
                **found,
                f"term-{term.of}": 1.0,
                "alone": 1 / len(hits),
                "import-line": float(_IMPORT.match(lines[row]) is not None),
            }
            yield at_text(path, row, lines[row], match.start(), match.end(), features)


def _found_by(mirror: Mirror) -> str:
    if mirror.together >= max(0.2, mirror.by_name / 2):
        return "often changed with it"
    if mirror.by_name:
        return "is named after it"
    return "mentions it" if mirror.mentions else "changed with it before"


def _has_source(paths: Sequence[str]) -> bool:
    return any(is_source(path) for path in paths)


def _has_tests(paths: Sequence[str]) -> bool:
    return any(file_kind(path) == "tests" for path in paths)
