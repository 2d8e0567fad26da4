"""Notice that the same few tokens were changed alike in several places, and list the rest.

    client.get(url)  →  client.fetch(url)
    proxy.get(url)   →  proxy.fetch(url)      offers    mirror.get(url)  →  mirror.fetch(url)

What was done only once is offered where the old text is rare.
"""

from collections.abc import Iterator
from typing import NamedTuple

from proactive_lsp.events import span
from proactive_lsp.needs.line_edits import TokenEdit, line_pairs, token_edits
from proactive_lsp.needs.sightings import (
    Sighting,
    across,
    alike,
    as_features,
    counted,
    nearest_first,
    next_to,
    quoted,
    reads_like_code,
    role,
    role_in_line,
    share,
    untouched,
)
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.tokens import words

KIND = "repeated-edit"
MOST_NEEDS = 6
MOST_PLACES = 20
# What was done once is no habit: where more is left, nobody knows which ones are meant.
MOST_AFTER_ONE = 12
# Of more than so many only those in the same surroundings are.
COMMON = 40
MOST_FILES = 20
LONGEST = 120


class _Done(NamedTuple):
    hunk: LineHunk
    line: int
    old: str
    new: str
    edit: TokenEdit


def detect(situation: Situation) -> Iterator[Need]:
    """One need per edit of tokens with occurrences of the old ones left, newest first."""
    found = 0
    for done in _edits(situation).values():
        need = _rest(situation, done)
        if need is not None:
            yield need
            found += 1
            if found == MOST_NEEDS:
                return


def _edits(situation: Situation) -> dict[tuple[str, str], list[_Done]]:
    """What was done, by old and new text, newest first; what was also taken back left out."""
    done: dict[tuple[str, str], list[_Done]] = {}
    for hunk in situation.recent:
        for pair in line_pairs(hunk):
            for edit in token_edits(pair.old, pair.new):
                if len(edit.old) <= LONGEST:
                    one = _Done(hunk, hunk.after_start + pair.offset, pair.old, pair.new, edit)
                    done.setdefault((edit.old, edit.new), []).append(one)
    return {key: each for key, each in done.items() if key[::-1] not in done}


def _rest(situation: Situation, done: list[_Done]) -> Need | None:
    first = done[0]
    old, new = first.edit.old, first.edit.new
    left = [
        each
        for path in _paths(situation, done)
        for each in untouched(situation, path, old)
        if not _already(each, new)
    ]
    if len(left) > (MOST_AFTER_ONE if len(done) == 1 else COMMON):
        left = [each for each in left if sum(_context(each, done)) == 2] if len(done) > 1 else []
    if not left:
        return None
    # Those that stand between the same tokens first, then as they are found.
    left.sort(key=lambda each: -sum(_context(each, done)))
    places = tuple(_place(situation, each, done) for each in left[:MOST_PLACES])
    start = max(first.new.find(new), 0)
    character = utf16_length(first.new[:start])
    return Need(
        kind=KIND,
        path=first.hunk.path,
        range=span(first.line, character, first.line, character + utf16_length(new)),
        anchor=first.new.strip(),
        title=_title(places, old, new),
        facts=(
            Fact(
                f"`{quoted(old)}` became `{quoted(new)}`" if new else f"`{quoted(old)}` went",
                first.hunk.path,
                first.line,
            ),
            Fact("the old text still stands elsewhere", left[0].path, left[0].line),
        ),
        places=places,
        features={
            "done": min(1.0, len(done) / 4),
            "done-twice": float(len(done) > 1),
            "done-files": min(1.0, len({one.hunk.path for one in done}) / 4),
            "occurrences": share(len(left)),
            "text-length": min(1.0, len(old) / 40),
            "reads-like-code": float(reads_like_code(old)),
            "single-token": float(first.edit.single),
            "line-kept": max(one.edit.kept for one in done),
            "edits-on-line": min(1.0, (first.edit.parts - 1) / 3),
            "only-removes": float(not new),
            "only-adds": float(old in new),
        },
    )


def _paths(situation: Situation, done: list[_Done]) -> list[str]:
    """The files of the edits, and those with the old words where these are of interest."""
    own = dict.fromkeys(one.hunk.path for one in done)
    known = [word for word in words(done[0].edit.old) if situation.finder.interested(word)]
    found = min((situation.files(word) for word in known), key=len, default=())
    near = nearest_first(situation, found, done[0].hunk.path)[:MOST_FILES]
    return list(dict.fromkeys((*own, *near)))


def _already(each: Sighting, new: str) -> bool:
    """Whether the new text, of which the old one is a part, stands here."""
    at = new.find(each.said)
    while at >= 0:
        if each.start >= at and each.text.startswith(new, each.start - at):
            return True
        at = new.find(each.said, at + 1)
    return False


def _context(each: Sighting, done: list[_Done]) -> tuple[float, float]:
    left, right = next_to(each.text, each.start, each.end)
    return (
        float(any(one.edit.left == left for one in done)),
        float(any(one.edit.right == right for one in done)),
    )


def _place(situation: Situation, each: Sighting, done: list[_Done]) -> Place:
    stands = role(situation, each)
    was = {_in_code(one) for one in done}
    left, right = _context(each, done)
    # What is taken out before something else may take half of that along: `, patience` in
    # `, patience: int`.
    whole = bool(done[0].edit.new) or bool(right)
    noted = f"in a {stands}" if stands != "prose" else "in prose"
    return each.place(
        done[0].edit.new,
        certain=stands == "code" and whole,
        note=noted if stands != "code" else "" if whole else "goes on otherwise",
        features={
            **as_features(each, stands),
            "same-left": left,
            "same-right": right,
            "same-role": float((stands == "code") in was),
            "alike": max(alike(one.old, each.text) for one in done),
        },
    )


def _in_code(one: _Done) -> bool:
    """Whether the edit was made in code, as far as its line tells."""
    return role_in_line(one.old, max(one.old.find(one.edit.old), 0)) == "code"


def _title(places: tuple[Place, ...], old: str, new: str) -> str:
    where = f"{counted(len(places), 'more place')}{across(places)}"
    if not new:
        return f"Remove `{quoted(old, 24)}` in {where}"
    return f"Change `{quoted(old, 18)}` to `{quoted(new, 18)}` in {where}"
