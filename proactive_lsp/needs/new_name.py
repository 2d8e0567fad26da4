"""Notice that a name was added beside others which stand together elsewhere, too, without it.

    OPTIONS = ["host", "port"]  →  OPTIONS = ["host", "port", "timeout"]

points at `def connect(host, port):`, and drafts the entry where the others are rows of one shape.
Lines that mention the new name already are pointed at as well.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from proactive_lsp.events import span
from proactive_lsp.needs.sightings import (
    Sighting,
    across,
    alike,
    as_features,
    counted,
    nearest_first,
    reads_like_code,
    role,
    role_in_line,
    share,
    sightings,
    untouched,
)
from proactive_lsp.needs.vanished_name import NO_NAMES
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.siblings import Arrival, arrivals
from proactive_lsp.workspace.tokens import added_words

KIND = "new-name"
MOST_NEEDS = 6
MOST_OF_A_HUNK = 3
MOST_PLACES = 16
MOST_FILES = 15
# Siblings that stand so many lines apart stand together.
TOGETHER = 2
# The new name stands there already when it stands so near.
NEAR = 4
# A name that more lines mention already was not just added.
MOST_MENTIONS = 8
# A name of everywhere says something only so many lines around.
CLOSE = 40
MOST_CLOSE = 4
MOST_BESIDE = 10


def detect(situation: Situation) -> Iterator[Need]:
    """One need per new name with places like the one it was added to, newest first."""
    told: set[str] = set()
    needs = (need for hunk in situation.recent for need in _of_hunk(situation, hunk, told))
    yield from islice(needs, MOST_NEEDS)


def _of_hunk(situation: Situation, hunk: LineHunk, told: set[str]) -> Iterator[Need]:
    found = 0
    came = {each.name: each for each in arrivals(hunk, situation.lines)}
    for word in sorted(added_words(hunk), key=lambda word: (word not in came, -len(word))):
        if word in told or not situation.finder.interested(word) or word.lower() in NO_NAMES:
            continue
        told.add(word)
        arrival = came.get(word)
        places = _beside(situation, hunk, arrival) if arrival is not None else []
        places += _mentions(situation, hunk, word)
        if places:
            yield _need(situation, hunk, word, arrival, places[:MOST_PLACES])
            found += 1
            if found == MOST_OF_A_HUNK:
                return


def _need(
    situation: Situation,
    hunk: LineHunk,
    name: str,
    arrival: Arrival | None,
    places: Sequence[Place],
) -> Need:
    offset = next((n for n, line in enumerate(hunk.after) if name in line), 0)
    line, text = hunk.after_start + offset, hunk.after[offset]
    siblings = arrival.siblings if arrival is not None else ()
    beside = f" beside `{siblings[0]}`" if siblings else ""
    return Need(
        kind=KIND,
        path=hunk.path,
        range=span(line, 0, line, utf16_length(text)),
        anchor=text.strip(),
        title=f"Add `{name}` in {counted(len(places), 'more place')}{across(places)}"
        if places[0].features["together"]
        else f"Look at {counted(len(places), 'use')} of the new `{name}`{across(places)}",
        facts=(
            Fact(f"`{name}` was added{beside}", hunk.path, line),
            Fact(
                "these stand together elsewhere" if beside else "it is mentioned elsewhere",
                places[0].path,
                places[0].range.start.line,
            ),
        ),
        places=tuple(places),
        features={
            "row": float(arrival is not None and arrival.row),
            "siblings": min(1.0, len(siblings) / 6),
            "reads-like-code": float(reads_like_code(name)),
            "word-length": min(1.0, len(name) / 20),
            "new-everywhere": float(set(situation.files(name)) <= {hunk.path}),
            "occurrences": share(len(places)),
            "defines": float(re.search(rf"\b(def|class)\s+{re.escape(name)}\b", text) is not None),
        },
    )


def _beside(situation: Situation, hunk: LineHunk, arrival: Arrival) -> list[Place]:
    """Where two of the siblings stand together without the new name, or one stands close by."""
    counts = {
        name: situation.files(name)
        for name in arrival.siblings
        if situation.finder.interested(name)
    }
    paths: dict[str, int] = {hunk.path: 2}
    for found in counts.values():
        for path in found:
            if file_kind(path) != "changelog":
                paths[path] = paths.get(path, 0) + 1
    wanted = [path for path, count in paths.items() if count > 1]
    common = share(max(map(len, counts.values()), default=0))
    places: list[Place] = []
    for path in nearest_first(situation, wanted, hunk.path)[:MOST_FILES]:
        places += _together(situation, path, hunk, arrival, common)
    places.sort(key=lambda place: (place.path != hunk.path, -place.features["together"]))
    return places[:MOST_BESIDE]


def _together(
    situation: Situation, path: str, hunk: LineHunk, arrival: Arrival, common: float
) -> Iterator[Place]:
    rows: dict[int, set[str]] = {}
    for name in arrival.siblings:
        for each in sightings(situation, path, name):
            rows.setdefault(each.line, set()).add(name)
    taken = [each.line for each in sightings(situation, path, arrival.name)]
    lines = situation.lines(path)
    for numbers in _groups(rows):
        group = {name for number in numbers for name in rows[number]}
        free = [number for number in numbers if not situation.edited(path, number)]
        close = path == hunk.path and abs(numbers[0] - hunk.after_start) <= CLOSE
        if not free or (len(group) < 2 and not close):
            continue
        if any(numbers[0] - NEAR <= line <= numbers[-1] + NEAR for line in taken):
            continue
        number = max(free, key=lambda n: (len(rows[n]), arrival.siblings[0] in rows[n], -n))
        text = lines[number]
        prose = file_kind(path) == "docs"
        if prose and not any(map(reads_like_code, group)):
            continue
        stands = role_in_line(text, len(text) - len(text.lstrip()) + 1)
        yield Place(
            path,
            span(number, 0, number, utf16_length(text)),
            text,
            None,
            certain=stands == "code" and not prose,
            features={
                "together": len(group) / max(len(arrival.siblings), 2),
                "several": float(len(group) > 1),
                "more-than-two": float(len(group) > 2),
                "two-on-line": float(len(rows[number]) > 1),
                "nearest-sibling": float(arrival.siblings[0] in group),
                "spread": share(numbers[-1] - numbers[0]),
                "common-siblings": common,
                "as-prose": float(prose),
            },
        )


def _groups(rows: Collection[int]) -> list[list[int]]:
    """The line numbers in runs without wide gaps."""
    groups: list[list[int]] = []
    for number in sorted(rows):
        if groups and number - groups[-1][-1] <= TOGETHER:
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _mentions(situation: Situation, hunk: LineHunk, name: str) -> list[Place]:
    """Where the name stands already: anywhere when it is rare, else close by."""
    code = reads_like_code(name)
    paths = [hunk.path]
    if code:
        paths = nearest_first(situation, situation.files(name), hunk.path)[:MOST_FILES]
    found = [each for path in paths for each in untouched(situation, path, name)]
    rare = code and len(found) <= MOST_MENTIONS
    found = [each for each in found if rare or _distance(each, hunk) <= CLOSE]
    found.sort(key=lambda each: _distance(each, hunk))
    line = next((text for text in hunk.after if name in text), "")
    return [
        each.place(
            None,
            certain=stands == "code",
            features={
                **as_features(each, stands),
                "together": 0.0,
                "mentions": 1.0,
                "rare": float(rare),
                "alike": alike(line, each.text),
            },
        )
        for each in found[: MOST_MENTIONS if rare else MOST_CLOSE]
        for stands in (role(situation, each),)
    ]


def _distance(each: Sighting, hunk: LineHunk) -> int:
    """Lines from the hunk, other files farther than any line of its own."""
    return abs(each.line - hunk.after_start) if each.path == hunk.path else 1_000_000
