"""Notice that a commit changed source and its repository would tell its users of that.

    staged or committed: `volume` is new      CHANGES.md, under "Unreleased":   - Add `volume`.

Asked about what is staged, committed or pushed, never about a single edit. The draft says what
definitions came to; without any the changelog is only pointed at.
"""

from collections.abc import Iterator, Sequence
from posixpath import basename, splitext

from msgspec import Struct

from proactive_lsp.events import Git
from proactive_lsp.needs.changelog_style import (
    Entry,
    entry_point,
    headings,
    is_changelog,
    main_changelog,
    newest_fragment,
)
from proactive_lsp.needs.pointing import START, between, inserted, is_source, line_end, whole_file
from proactive_lsp.needs.summary import is_public, phrases
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import SemanticChange

KIND = "changelog"
# Where fewer of the last twenty commits of source had an entry, nobody expects one.
LEAST_RATE = 0.2
MOST_COMMITS = 20
# So many events back a push looks for the commits that it pushed.
RECENT_EVENTS = 200


class _Asked(Struct, frozen=True):
    """What is asked about: the files, and what was done with them."""

    paths: tuple[str, ...]
    done: str
    event: int | None = None


def detect(situation: Situation) -> Iterator[Need]:
    """One need for what is staged, else for what was committed last; none without source in it."""
    asked = _asked(situation)
    if asked is None:
        return
    sources = [path for path in asked.paths if is_source(path)]
    if not sources or any(map(is_changelog, (*asked.paths, *situation.touched))):
        return
    rate, known = situation.past.rate(_has_changelog, _has_source, MOST_COMMITS)
    if rate < LEAST_RATE:
        return
    changes = _changes(situation, asked.paths)
    place = _place(situation, changes)
    if place is None:
        return
    yield Need(
        kind=KIND,
        path=sources[0],
        range=START,
        anchor=asked.done,
        title=f"{'Draft an entry in' if place.after else 'Add an entry to'} {basename(place.path)}",
        facts=(
            Fact(f"{asked.done} without a changelog entry", event=asked.event),
            Fact(
                f"{round(rate * known)} of the last {known} commits of source had one", place.path
            ),
        ),
        places=(place,),
        features={
            "changelog-rate": rate,
            "changelog-rate-known": known / MOST_COMMITS,
            "public-change": float(bool(changes)),
            "sources": min(len(sources), 8) / 8,
        },
    )


def _asked(situation: Situation) -> _Asked | None:
    if situation.staged:
        first = next(filter(is_source, situation.staged), situation.staged[0])
        return _Asked(situation.staged, f"`{first}` is staged")
    paths: list[str] = []
    newest: tuple[str, int] | None = None
    for remembered in reversed(situation.memory.recent(RECENT_EVENTS)):
        event = remembered.event
        if not isinstance(event, Git) or event.op in ("stage", "conflict"):
            continue
        if event.op == "commit":
            newest = newest or (event.head or "", remembered.seq)
            paths += event.paths or ()
            if situation.boundary.kind != "push":
                break
        elif event.op != "push" or newest is not None:
            # What came before was pushed already, or belongs to another branch.
            break
    # The memory outlives sessions; what is asked about was done in this one.
    if newest is None or newest[0] not in {each.id for each in situation.committed[-1:]}:
        return None
    return _Asked(tuple(dict.fromkeys(paths)), f"commit {newest[0][:8]} changed source", newest[1])


def _changes(situation: Situation, paths: Sequence[str]) -> tuple[SemanticChange, ...]:
    """What public definitions of these files came to, whether an editor told it or not."""
    told = (*situation.changes, *(one for each in situation.committed[-1:] for one in each.changes))
    return tuple(
        change
        for change in told
        if change.path in paths and is_source(change.path) and is_public(change)
    )


def _place(situation: Situation, changes: Sequence[SemanticChange]) -> Place | None:
    """The draft in the changelog; a folder of fragments takes a new file, so its newest is shown.

    In a changelog without a section for what is not released yet, one is drafted, too.
    """
    paths = situation.tree.paths()
    fragment = newest_fragment(paths)
    if fragment is not None:
        return whole_file(fragment, "a new file beside it", {"fragment": 1.0})
    path = main_changelog(paths)
    text = situation.tree.read(path) if path is not None else None
    if path is None or text is None:
        return None
    lines = situation.lines(path)
    ticks = "``" if splitext(path)[1] == ".rst" else "`"
    told = phrases(changes, ticks)
    entry = entry_point(lines, _group(changes))
    if entry is None:
        return whole_file(path)
    features = {"open-section": float(entry.is_open), "drafted": float(bool(told))}
    if not told:
        row = min(entry.row if entry.is_open else entry.heading.row, len(lines) - 1)
        return between(path, row, features)
    said = _said(entry, told[0])
    if entry.is_open:
        row, written = entry.row, "\n".join((*entry.above, said, *entry.below))
    else:
        row, written = _new_section(lines, said)
    range, after = inserted(path, lines, row, written, eol=line_end(text))
    return Place(path, range, "", after, certain=False, note="a draft", features=features)


def _said(entry: Entry, phrase: str) -> str:
    return f"{entry.bullet}{phrase}{'.' if entry.ends_with_period else ''}"


def _new_section(lines: Sequence[str], said: str) -> tuple[int, str]:
    """A section for what is not released yet, above the newest release, written like that one."""
    newest = next(each for each in headings(lines) if each.is_release)
    row = newest.row
    # Labels of reStructuredText belong to the heading below them.
    while row and lines[row - 1].startswith(".. _"):
        row -= 1
        while row and not lines[row - 1].strip() and lines[row].startswith(".. _") is False:
            row -= 1
    if row == newest.row and row >= 2 and lines[row - 2].startswith(".. _"):
        row -= 2
    title = "Unreleased"
    line = lines[newest.row]
    if newest.below - newest.row == 1:
        head = (f"{line[: len(line) - len(line.lstrip('#'))]} {title}",)
    else:
        head = (title, lines[newest.row + 1][:1] * len(title))
    return row, "\n".join((*head, "", said, ""))


def _group(changes: Sequence[SemanticChange]) -> str:
    kinds = {change.kind for change in changes}
    if not kinds:
        # What changes no definition mends one more often than not.
        return "fixed"
    if "added" in kinds:
        return "added"
    return "removed" if "removed" in kinds else "changed"


def _has_source(paths: Sequence[str]) -> bool:
    return any(is_source(path) for path in paths)


def _has_changelog(paths: Sequence[str]) -> bool:
    return any(is_changelog(path) for path in paths)
