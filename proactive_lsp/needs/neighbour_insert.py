"""Notice that both lines around something new stand next to each other elsewhere, too.

    connect(host)                  connect(host)
                          →        check_version(host)
    send(greeting)                 send(greeting)

offers the new lines wherever the two still follow each other, indented as they are there.
"""

from collections.abc import Iterator, Sequence

from proactive_lsp.events import span
from proactive_lsp.needs.spots import across, cut, insertion_place, reindented
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.texts import line_numbers

KIND = "neighbour-insert"
MOST_NEEDS = 6
MOST_PLACES = 10
# More pairs of neighbours are how this code is written.
MOST_OCCURRENCES = 20


def detect(situation: Situation) -> Iterator[Need]:
    """One need per insertion whose two neighbours stand together elsewhere, unedited."""
    count = 0
    for age, hunk in enumerate(situation.recent):
        if count == MOST_NEEDS:
            return
        need = _need(situation, hunk, age / len(situation.recent))
        if need is not None:
            count += 1
            yield need


def _need(situation: Situation, hunk: LineHunk, age: float) -> Need | None:
    around = _neighbours(situation, hunk)
    if around is None:
        return None
    found = _pairs(situation, hunk, *around)
    if not 0 < len(found) <= MOST_OCCURRENCES:
        return None
    places = tuple(
        place
        for path, line in found[:MOST_PLACES]
        if (place := _place(situation, hunk, around[0], path, line)) is not None
    )
    if not places:
        return None
    first = next(line for line in hunk.after if line.strip())
    above, below = (len(line.strip()) for line in around)
    return Need(
        kind=KIND,
        path=hunk.path,
        range=span(hunk.after_start, 0, hunk.after_start, utf16_length(hunk.after[0])),
        anchor=first.strip(),
        title=_title(places, hunk),
        facts=(
            Fact(f"`{cut(first.strip())}` was inserted", hunk.path, hunk.after_start),
            Fact(
                "the lines around it stand next to each other elsewhere",
                places[0].path,
                places[0].range.start.line,
            ),
        ),
        places=places,
        features={
            "age": age,
            "occurrences": len(found) / MOST_OCCURRENCES,
            "shorter-neighbour": min(1.0, min(above, below) / 60),
            "longer-neighbour": min(1.0, max(above, below) / 60),
            "inserted-lines": min(1.0, len(hunk.after) / 10),
        },
    )


def _neighbours(situation: Situation, hunk: LineHunk) -> tuple[str, str] | None:
    """The lines around an insertion, one of them known to the finder; None where one is blank."""
    lines = situation.lines(hunk.path)
    above, below = hunk.after_start - 1, hunk.after_start + len(hunk.after)
    if hunk.before or above < 0 or below >= len(lines) or not any(map(str.strip, hunk.after)):
        return None
    around = lines[above], lines[below]
    if not all(map(str.strip, around)):
        return None
    known = any(situation.finder.interested(line.strip()) for line in around)
    return around if known else None


def _pairs(
    situation: Situation, hunk: LineHunk, above: str, below: str
) -> Sequence[tuple[str, int]]:
    """The lines before which to insert: those of the same file first."""
    above, below = above.strip(), below.strip()
    known = next(text for text in (above, below) if situation.finder.interested(text))
    found: list[tuple[str, int]] = []
    for path in situation.files(known):
        text = situation.tree.read(path)
        if text is None:
            continue
        lines = situation.lines(path)
        found += (
            (path, line + 1)
            for line in line_numbers(text).get(above, ())
            if line + 1 < len(lines) and lines[line + 1].strip() == below
            if not situation.edited(path, line) and not situation.edited(path, line + 1)
        )
    found.sort(key=lambda each: (each[0] != hunk.path, each))
    return found


def _place(situation: Situation, hunk: LineHunk, above: str, path: str, line: int) -> Place | None:
    lines = situation.lines(path)
    news = [text for text in map(str.strip, hunk.after) if text]
    # In the file itself they stand where they were just written.
    text = situation.tree.read(path) if path != hunk.path else None
    known = frozenset(line_numbers(text)) if text is not None else frozenset[str]()
    features = {"there-already": sum(text in known for text in news) / len(news)}
    written = reindented(hunk.after, above, lines[line - 1])
    return insertion_place(situation, path, line, written, features)


def _title(places: Sequence[Place], hunk: LineHunk) -> str:
    what = "the same line" if len(hunk.after) == 1 else f"the same {len(hunk.after)} lines"
    spots = "the equal spot" if len(places) == 1 else f"{len(places)} equal spots"
    return f"Insert {what} at {spots}{across(places, hunk.path)}"
