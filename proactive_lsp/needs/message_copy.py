"""Notice that a text between quotes changed or went while copies of it stand elsewhere.

    raise ValueError("no such file")  →  raise ValueError("file not found")

offers the new text in the test that matches "no such file" and in the docs that quote it.
"""

import re
from collections.abc import Iterator
from itertools import islice

from proactive_lsp.events import span
from proactive_lsp.needs.line_edits import line_pairs
from proactive_lsp.needs.sightings import (
    Sighting,
    across,
    alike,
    as_features,
    nearest_first,
    quoted,
    reads_like_code,
    role,
    share,
    untouched,
)
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.documents import utf16_length
from proactive_lsp.workspace.tokens import strings, vanished_strings

KIND = "message-copy"
MOST_NEEDS = 6
MOST_PLACES = 20
MOST_FILES = 20
LONGEST = 200
# More copies than these, and the text is a word of everywhere.
COMMON = 8
# What is filled in: `{name}`, `%s`, `${name}`. A copy may have the value instead.
HOLE = re.compile(r"\{|%[(\w]|\$\w")


def detect(situation: Situation) -> Iterator[Need]:
    """One need per quoted text that changed or went and stands elsewhere, newest first."""
    kept = {text for hunk in situation.recent for text in strings(hunk.after)}
    gone: dict[str, LineHunk] = {}
    for hunk in situation.recent:
        for text in vanished_strings(hunk):
            telling = re.search(r"[^\W\d_]{2}", text) is not None
            if telling and text not in kept and len(text) <= LONGEST:
                gone.setdefault(text, hunk)
    needs = (_copies(situation, hunk, text) for text, hunk in gone.items())
    yield from islice((need for need in needs if need is not None), MOST_NEEDS)


def _copies(situation: Situation, hunk: LineHunk, old: str) -> Need | None:
    if not situation.finder.interested(old):
        return None
    near = nearest_first(situation, situation.files(old), hunk.path)[:MOST_FILES]
    found = [each for path in near for each in untouched(situation, path, old)]
    if not found:
        return None
    new, line, whole, literals = _replacement(hunk, old)
    if new is None and len(found) > COMMON:
        # A text of everywhere went here for a reason of this file's own.
        found = [each for each in found if each.path == hunk.path]
    if not found:
        return None
    was = next((text for text in hunk.before if old in text), "")
    places: list[Place] = []
    for each in found[:MOST_PLACES]:
        stands = role(situation, each)
        left, right = each.text[: each.start], each.text[each.end :]
        between = left.endswith(('"', "'", "`")) and right.startswith(('"', "'", "`"))
        # A quote or a backslash means something else in another kind of literal.
        safe = new is None or not re.search(r"""["'`\\{}%]""", new + old)
        wider = _as_literal(each, literals) if between and stands == "string" else None
        places.append(
            (wider or each).place(
                literals[1] if wider else new,
                certain=new is not None and between and safe and stands == "string",
                note="" if between else "part of a text",
                features={
                    **as_features(each, stands),
                    "whole-text": float(between),
                    "alike": alike(was, each.text),
                },
            )
        )
    return Need(
        kind=KIND,
        path=hunk.path,
        range=span(line, 0, line, utf16_length(whole)),
        anchor=whole.strip() or old,
        title=_title(places, new),
        facts=(
            Fact(
                f'"{quoted(old)}" is now "{quoted(new)}"' if new else f'"{quoted(old)}" went',
                hunk.path,
                line,
            ),
            Fact("the old text still stands elsewhere", places[0].path, places[0].range.start.line),
        ),
        places=tuple(places),
        features={
            "replaced": float(new is not None),
            "holes": float(HOLE.search(old) is not None),
            "words": min(1.0, len(old.split()) / 8),
            "text-length": min(1.0, len(old) / 60),
            "reads-like-code": float(" " not in old and reads_like_code(old)),
            "path-like": float("/" in old and " " not in old),
            "raises": float(
                re.search(r"\b(raise|throw|Error|Exception|fail|warn)", was) is not None
            ),
            "occurrences": share(len(found)),
        },
    )


def _replacement(hunk: LineHunk, old: str) -> tuple[str | None, int, str, tuple[str, str]]:
    """The one text that took its place, if any, with the line and the text of that.

    At last both with their quotes, and the letters before these.
    """
    for pair in line_pairs(hunk):
        was, now = strings([pair.old]), strings([pair.new])
        if old not in was:
            continue
        gone = [text for text in was if text not in now]
        new = [text for text in now if text not in was]
        only = new[0] if gone == [old] and len(new) == 1 else None
        literals = (_literal(pair.old, old), _literal(pair.new, only) if only else "")
        return only, hunk.after_start + pair.offset, pair.new, literals
    first = hunk.after[0] if hunk.after else ""
    # What was cut at the end of a file leaves no line behind.
    return None, hunk.after_start if hunk.after else max(hunk.after_start - 1, 0), first, ("", "")


def _literal(line: str, text: str) -> str:
    found = re.search(rf"""(?<!\w)\w{{0,2}}(["'`]){re.escape(text)}\1""", line)
    return found.group() if found else ""


def _as_literal(each: Sighting, literals: tuple[str, str]) -> Sighting | None:
    """The same with its quotes, where it is written as the old one was and the new one is not."""
    old, new = literals
    at = old.find(each.said)
    if not old or not new or (old[:at], old[-1]) == (new[: new.find(old[-1]) + 1], new[-1]):
        return None
    start = each.start - at
    if start < 0 or not each.text.startswith(old, start):
        return None
    return Sighting(each.path, each.line, start, start + len(old), each.text)


def _title(places: list[Place], new: str | None) -> str:
    copies = f"{len(places)} copies" if len(places) > 1 else "1 copy"
    if new is None:
        return f"Look at {copies} of the text{across(places)}"
    return f'Change {copies} of the text to "{quoted(new, 24)}"{across(places)}'
