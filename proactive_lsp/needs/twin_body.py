"""Notice an edit in a definition that has a twin, and offer the same edit in the other one.

    def read(self):                        async def read(self):
        row = self.next(limit=10)    ↔         row = await self.next()

Twins have nearly the same body, or the same name in another class or file and some lines in
common. What stands there literally, or in the same shape, gets the edit; else it is pointed at.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from proactive_lsp.events import span
from proactive_lsp.needs.bodies import Body, bodies
from proactive_lsp.needs.carry import carried
from proactive_lsp.needs.pairing import Part, aligned, is_known, likeness, parts_of
from proactive_lsp.needs.spots import cut, indent, insertion_place, lines_place, reindented
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.headers import defines
from proactive_lsp.workspace.tree import language_of

KIND = "twin-body"
MOST_HUNKS = 6
MOST_TWINS = 4
MOST_PLACES = 12
MOST_FILES = 6
# A name that more files mention is a common word.
MOST_MENTIONS = 24
# A longer body is not aligned with another one.
MOST_LINES = 200
# Fewer lines say nothing of what a definition does.
FEWEST_LINES = 3
# The share of lines that must be common to both bodies.
LEAST_SHARED = 0.4
LEAST_SHARED_OF_A_NAME = 0.25


class Edited(Struct, frozen=True):
    """A definition and its lines as they were before the hunk, which begins at line `at` of it."""

    body: Body
    lines: tuple[str, ...]
    hunk: LineHunk
    at: int


class Twin(Struct, frozen=True):
    """A definition elsewhere, with the share of its lines that the edited one has, too."""

    path: str
    body: Body
    shared: float
    same_name: bool


def detect(situation: Situation) -> Iterator[Need]:
    """One need per edit in a definition with twins, the latest edits first."""
    recent = situation.recent
    for age, hunk in enumerate(recent[:MOST_HUNKS]):
        edited = _edited(situation, hunk)
        need = _need(situation, edited, age / len(recent)) if edited is not None else None
        if need is not None:
            yield need


def _edited(situation: Situation, hunk: LineHunk) -> Edited | None:
    """The innermost function around a hunk; None where the hunk is most of it."""
    first, last = hunk.after_start, hunk.after_start + len(hunk.after)
    around = [
        body
        for body in bodies(situation, hunk.path)
        if body.first <= first and last - 1 <= body.last and body.first <= last - bool(hunk.after)
    ]
    if not around:
        return None
    body = max(around, key=lambda each: (each.first, -each.last))
    lines = situation.lines(hunk.path)
    was = (*lines[body.first : first], *hunk.before, *lines[last : body.last + 1])
    kept = sum(map(bool, map(str.strip, was))) - len(hunk.before)
    if not kept >= FEWEST_LINES or len(was) > MOST_LINES:
        return None
    return Edited(body, was, hunk, first - body.first)


def _twins(situation: Situation, edited: Edited) -> Sequence[Twin]:
    hunk, name = edited.hunk, edited.body.name
    own = frozenset(text for line in edited.lines if (text := line.strip()))
    found: list[Twin] = []
    for path in _paths(situation, edited):
        for body in bodies(situation, path):
            if path == hunk.path and not _apart(body, edited.body):
                continue
            same_name = body.name == name
            if not same_name and path != hunk.path:
                continue
            size = max(len(own), len(body.texts))
            shared = len(own & body.texts) / size if size else 0.0
            if shared >= (LEAST_SHARED_OF_A_NAME if same_name else LEAST_SHARED):
                found.append(Twin(path, body, shared, same_name))
    found.sort(key=lambda twin: (-twin.shared, twin.path != hunk.path, twin.path, twin.body.first))
    return found[:MOST_TWINS]


def _paths(situation: Situation, edited: Edited) -> Sequence[str]:
    """The file itself, and those of its language that define the name again."""
    path, name = edited.hunk.path, edited.body.name
    known = situation.files(name) if situation.finder.interested(name) else ()
    others = (*situation.touched, *(known if len(known) <= MOST_MENTIONS else ()))
    language = language_of(path)
    found = [
        other
        for other in dict.fromkeys(others)
        if other != path and language_of(other) == language
        if defines(situation.tree.read(other) or "", name)
    ]
    return path, *found[:MOST_FILES]


def _apart(body: Body, other: Body) -> bool:
    return body.last < other.first or other.last < body.first


def _need(situation: Situation, edited: Edited, age: float) -> Need | None:
    hunk = edited.hunk
    twins = [
        (twin, places)
        for twin in _twins(situation, edited)
        if (places := tuple(_places(situation, edited, twin)))
    ]
    if not twins:
        return None
    places = tuple(place for _, found in twins for place in found)[:MOST_PLACES]
    text = next((line.strip() for line in (*hunk.after, *hunk.before) if line.strip()), "")
    length = utf16_length(hunk.after[0]) if hunk.after else 0
    first, told = twins[0][0], "has nearly the same body"
    if first.same_name:
        told = "has the same name"
    return Need(
        kind=KIND,
        path=hunk.path,
        range=span(hunk.after_start, 0, hunk.after_start, length),
        anchor=text,
        title=_title([twin for twin, _ in twins], places),
        facts=(
            Fact(f"`{edited.body.name}` was edited at `{cut(text)}`", hunk.path, hunk.after_start),
            Fact(f"`{first.body.qualname}` {told}", first.path, first.body.first),
        ),
        places=places,
        features={"age": age, "twins": len(twins) / MOST_TWINS},
    )


def _places(situation: Situation, edited: Edited, twin: Twin) -> Iterator[Place]:
    """What corresponds to each part of the hunk in the twin, unless it was edited."""
    there = situation.lines(twin.path)[twin.body.first : twin.body.last + 1]
    if len(there) > MOST_LINES:
        return
    to = dict(aligned(edited.lines, tuple(there)))
    for part in parts_of(edited.hunk):
        if [*map(str.strip, part.old)] == [*map(str.strip, part.new)]:
            continue
        place = (
            _replaced(situation, edited, twin, part, to)
            if part.old
            else _inserted(situation, edited, twin, part, to)
        )
        if place is not None:
            yield place


def _replaced(
    situation: Situation, edited: Edited, twin: Twin, part: Part, to: Mapping[int, int]
) -> Place | None:
    """The lines that correspond to a part's old ones."""
    start = edited.at + part.start
    mapped = [to[line] for line in range(start, start + len(part.old)) if line in to]
    if not mapped:
        return None
    first, last = twin.body.first + mapped[0], twin.body.first + mapped[-1]
    there = situation.lines(twin.path)[first : last + 1]
    if _done(situation, twin, first, last) or [*map(str.strip, there)] == [
        *map(str.strip, part.new)
    ]:
        return None
    after: Sequence[str] | None = None
    if not is_known(part):
        pass
    elif [*map(str.strip, there)] == [*map(str.strip, part.old)]:
        after = reindented(part.new, part.old[0], there[0])
    elif len(there) == len(part.old) == len(part.new) == 1:
        text = carried(part.old[0].strip(), part.new[0].strip(), there[0].strip())
        after = None if text is None else (f"{indent(there[0])}{text}",)
    features = _features(twin, part.old[0], there[0])
    return lines_place(situation, twin.path, first, last, after, features)


def _inserted(
    situation: Situation, edited: Edited, twin: Twin, part: Part, to: Mapping[int, int]
) -> Place | None:
    """The spot that corresponds to where a part's new lines were written."""
    below = edited.at + part.start
    above = below - 1
    news = {text for line in part.new if (text := line.strip())}
    if not news or news <= twin.body.texts:
        return None
    if above in to:
        line, beside, own = to[above] + 1, to[above], above
    elif below in to:
        line, beside, own = to[below], to[below], below
    else:
        return None
    at = twin.body.first + line
    if _done(situation, twin, at - 1, at):
        return None
    whole = above in to and to.get(below) == to[above] + 1
    there = situation.lines(twin.path)[twin.body.first + beside]
    features = {**_features(twin, edited.lines[own], there), "both-neighbours": float(whole)}
    new = reindented(part.new, edited.lines[own], there)
    return insertion_place(situation, twin.path, at, new, features, certain=whole)


def _done(situation: Situation, twin: Twin, first: int, last: int) -> bool:
    return any(situation.edited(twin.path, line) for line in range(first, last + 1))


def _features(twin: Twin, ours: str, theirs: str) -> Mapping[str, float]:
    return {
        "shared-body": twin.shared,
        "same-name": float(twin.same_name),
        "equal-line": float(ours.strip() == theirs.strip()),
        "kinship": likeness(ours, theirs),
    }


def _title(twins: Sequence[Twin], places: Sequence[Place]) -> str:
    verb = "Look at" if all(place.after is None for place in places) else "Make the same change in"
    if len(twins) == 1:
        return f"{verb} the twin `{cut(twins[0].body.qualname)}`"
    return f"{verb} {len(twins)} twins"
