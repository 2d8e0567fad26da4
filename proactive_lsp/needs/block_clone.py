"""Notice that changed lines stand together elsewhere, and offer the same change to all of them.

    with open(path) as file:                data = read_json(path)
        data = json.load(file)          →

offers the new lines wherever the old ones follow each other, indented as they are there.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from proactive_lsp.events import span
from proactive_lsp.needs.pairing import Part, parts_of
from proactive_lsp.needs.spots import across, cut, lines_place, reindented
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.texts import line_numbers

KIND = "block-clone"
MOST_NEEDS = 6
MOST_PLACES = 20
# So many lines of a hunk are looked for, the longest ones; a clone has one of them.
MOST_SEEDS = 4
MOST_FILES = 30
# A line that stands more often in a file tells nothing of a block.
MOST_OF_A_SEED = 40


class Run(Struct, frozen=True):
    """Old lines of the hunk, from `first` to before `last`, that stand at `line` of a file."""

    path: str
    line: int
    first: int
    last: int


def detect(situation: Situation) -> Iterator[Need]:
    """One need per hunk whose lines, two of them at least, stand together elsewhere."""
    written = {line.strip() for hunk in situation.recent for line in hunk.after}
    count = 0
    for age, hunk in enumerate(situation.recent):
        if count == MOST_NEEDS:
            return
        if sum(map(bool, map(str.strip, hunk.before))) < 2 or _moved(hunk, written):
            continue
        need = _need(situation, hunk, age / len(situation.recent))
        if need is not None:
            count += 1
            yield need


def _moved(hunk: LineHunk, written: set[str]) -> bool:
    return not hunk.after and all(line.strip() in written for line in hunk.before if line.strip())


def _need(situation: Situation, hunk: LineHunk, age: float) -> Need | None:
    runs = list(_runs(situation, hunk))
    places = tuple(
        place for run in runs[:MOST_PLACES] if (place := _place(situation, hunk, run)) is not None
    )
    if not places:
        return None
    old = next(line for line in hunk.before if line.strip()).strip()
    deleted = not hunk.after
    size = len(hunk.before)
    return Need(
        kind=KIND,
        path=hunk.path,
        range=span(hunk.after_start, 0, hunk.after_start, 0),
        anchor="\n".join(line.strip() for line in (hunk.after or hunk.before)),
        title=_title(places, hunk.path, deleted=deleted),
        facts=(
            Fact(
                f"{size} lines from `{cut(old)}` on {'are gone' if deleted else 'were changed'}",
                hunk.path,
                hunk.after_start,
            ),
            Fact("the old lines still stand elsewhere", places[0].path, places[0].range.start.line),
        ),
        places=places,
        features={
            "age": age,
            "occurrences": min(1.0, len(runs) / MOST_PLACES),
            "deleted": float(deleted),
        },
    )


def _runs(situation: Situation, hunk: LineHunk) -> Iterator[Run]:
    """The longest stretches of the old lines elsewhere, nothing of them edited, each line once."""
    seeds = [
        (old, number)
        for number, line in enumerate(hunk.before)
        if situation.finder.interested(old := line.strip())
    ]
    seeds.sort(key=lambda seed: (-len(seed[0]), seed[1]))
    seeds = list({old: (old, number) for old, number in reversed(seeds)}.values())
    seeds = sorted(seeds, key=lambda seed: (-len(seed[0]), seed[1]))[:MOST_SEEDS]
    paths = {path for old, _ in seeds for path in situation.files(old)}
    before = [line.strip() for line in hunk.before]
    for path in sorted(paths, key=lambda path: (path != hunk.path, path))[:MOST_FILES]:
        text = situation.tree.read(path)
        if text is None:
            continue
        lines, numbers = situation.lines(path), line_numbers(text)
        taken: set[int] = set()
        for old, number in seeds:
            for line in numbers.get(old, ())[:MOST_OF_A_SEED]:
                if line in taken:
                    continue
                run = _grown(path, lines, before, line, number)
                own = range(run.line, run.line + run.last - run.first)
                taken.update(own)
                if not any(situation.edited(path, each) for each in own):
                    yield run


def _grown(path: str, lines: Sequence[str], before: Sequence[str], line: int, number: int) -> Run:
    """As many of the old lines around one of them as stand there, too."""
    first, last = number, number + 1
    shift = line - number
    while (
        first > 0
        and first - 1 + shift >= 0
        and lines[first - 1 + shift].strip() == before[first - 1]
    ):
        first -= 1
    while (
        last < len(before)
        and last + shift < len(lines)
        and lines[last + shift].strip() == before[last]
    ):
        last += 1
    return Run(path, first + shift, first, last)


def _place(situation: Situation, hunk: LineHunk, run: Run) -> Place | None:
    """The run as far as it is known what became of it; None for less than two lines."""
    parts = [part for part in parts_of(hunk) if _within(part, run, len(hunk.before))]
    kept = [part for part in parts if part.old]
    known = bool(kept)
    first, last = (kept[0].start, kept[-1].end) if known else (run.first, run.last)
    old = hunk.before[first:last]
    if sum(map(bool, map(str.strip, old))) < 2:
        known, first, last = False, run.first, run.last
        old = hunk.before[first:last]
    new = tuple(line for part in parts for line in part.new)
    if sum(map(bool, map(str.strip, old))) < 2 or (
        known and [*map(str.strip, old)] == [*map(str.strip, new)]
    ):
        return None
    line = run.line + first - run.first
    there = situation.lines(run.path)
    anchor = next(number for number, text in enumerate(old) if text.strip())
    after = reindented(new, old[anchor], there[line + anchor]) if known else None
    features = {
        "share": len(old) / len(hunk.before),
        "block-lines": min(1.0, len(old) / 20),
        "longest-line": min(1.0, max(len(text.strip()) for text in old) / 80),
    }
    return lines_place(situation, run.path, line, line + len(old) - 1, after, features)


def _within(part: Part, run: Run, size: int) -> bool:
    """Whether a part belongs to the run; what was written at its edge only at the hunk's edge."""
    if part.old:
        return run.first <= part.start and part.end <= run.last
    inside = run.first < part.start < run.last
    return inside or (part.start == 0 == run.first) or (part.start == size == run.last)


def _title(places: Sequence[Place], path: str, *, deleted: bool) -> str:
    blocks = "the equal block" if len(places) == 1 else f"{len(places)} equal blocks"
    verb = "Make the same change to"
    if all(place.after is None for place in places):
        verb = "Look at"
    elif deleted:
        verb = "Delete"
    return f"{verb} {blocks}{across(places, path)}"
