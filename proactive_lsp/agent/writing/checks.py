"""What an edit must be before anybody sees it: something, whole, small, and still parsing."""

import re
from collections.abc import Iterable, Sequence

from proactive_lsp.agent.writing.answer import Refused
from proactive_lsp.agent.writing.fitting import Hunk, Region
from proactive_lsp.llm.visible import visible
from proactive_lsp.suggestions import Place, TextEdit
from proactive_lsp.workspace.languages import language_of
from proactive_lsp.workspace.syntax import Module, parse

MOST_NEW_LINES = 400
LONGEST_LINE = 1_000
# More lines than these are not taken away for next to nothing.
MOST_GONE = 40
# A long run of the letter that masks a secret.
_MASKED = re.compile(r"x{8,}")
_ELISION = re.compile(
    r"(?i)^\s*(?:#|//|--|/\*|<!--|\*|;|%)++\s*+(?:"
    r"(?:\.\.\.|…).*|"
    r".*(?:\.\.\.|…)\s*(?:\*/|-->)?\s*$|"
    r".*\b(?:rest of (?:the|your|this)|existing (?:code|lines|tests?)|(?:code|rest|lines?) "
    r"(?:here|above|below|unchanged|remains?|as before)|unchanged|same as before|"
    r"omitted|your code here)\b.*)"
)
# Dots alone are code in Python, so they count only where something was taken away for them.
_DOTS = re.compile(r"^\s*(?:\.\.\.|…)\s*$")


def sound(
    region: Region, hunks: Sequence[Hunk], masks: Iterable[str] = (), *, removes: bool = False
) -> Refused | None:
    """Why the lines cannot go into the file, None when they can; the syntax comes later.

    `masks` stand for secrets of other texts that were shown; `removes` is whether taking lines
    away is the task itself.
    """
    if not hunks:
        return Refused("it changes nothing")
    real = region.shown.real
    known = set(real)
    new = [line for hunk in hunks for line in hunk.new if line not in known]
    gone = [line for hunk in hunks for line in real[hunk.first : hunk.last] if line.strip()]
    written = [line for hunk in hunks for line in hunk.new if line.strip()]
    if sum(len(hunk.new) for hunk in hunks) > MOST_NEW_LINES:
        return Refused(f"it writes more than {MOST_NEW_LINES} lines")
    if bad := bad_lines(new, region.text, {*region.shown.masks, *masks}):
        return bad
    if problem := leaves_out(new, dots=len(gone) > 1):
        return problem
    if len(gone) > MOST_GONE and len(written) * 10 < len(gone) and not removes:
        return Refused("it takes away far more than it writes")
    return None


def leaves_out(new: Iterable[str], *, dots: bool = True) -> Refused | None:
    """Why these lines stand for others that were not written; dots alone only with `dots`."""
    for line in new:
        if _ELISION.match(line):
            return Refused("it leaves lines out behind a comment; write every line that stays")
        if dots and _DOTS.match(line):
            return Refused("it leaves lines out as `...`; write every line that stays")
    return None


def bad_lines(new: Iterable[str], known: str, masks: Iterable[str]) -> Refused | None:
    """Why these lines belong into no file: too long, unseen characters, a mask of a secret."""
    masks = frozenset(masks)
    for line in new:
        if len(line) > LONGEST_LINE:
            return Refused(f"it writes a line of more than {LONGEST_LINE} characters")
        # Blanks aside, which are what makes the marks of chat templates visible.
        if visible(line).replace(" ", "") != line.replace(" ", ""):
            return Refused("it writes characters that nobody sees")
        if any(mask in line for mask in masks) or any(
            run not in known for run in _MASKED.findall(line)
        ):
            return Refused("it writes what stands for a secret; leave that line alone")
    return None


def stub(old: Sequence[str], new: Sequence[str]) -> Refused | None:
    """Why lines that stand for the whole of others cannot be all of them: too few are left."""
    had = sum(bool(line.strip()) for line in old)
    has = sum(bool(line.strip()) for line in new)
    if had >= 4 and has * 2 < had:
        return Refused("it is less than half of what stood there; write all of it")
    return None


def parses_still(path: str, before: str, after: str) -> Refused | None:
    """Why the text must not become the other one: it parses worse."""
    language = language_of(path)
    was = parse(language, before) if language is not None else None
    now = parse(language, after) if language is not None else None
    if was is None or now is None:
        return None
    if not was.broken and now.broken:
        return Refused(f"the file would no longer parse{_where(now)}")
    if now.error_lines > was.error_lines:
        return Refused(f"the file would parse worse than it does{_where(now)}")
    return None


def _where(module: Module) -> str:
    return f", at line {module.errors[0].start.line + 1}" if module.errors else ""


def defines_once(region: Region, after: str, grown: int) -> Refused | None:
    """Why a definition written whole does not fit: it brings one along that stands elsewhere.

    `grown` is how many lines more the text has now.
    """
    language = language_of(region.path)
    was = parse(language, region.text) if language is not None else None
    now = parse(language, after) if language is not None else None
    if was is None or now is None or region.whole is None:
        return None
    first, last = region.whole
    elsewhere = {
        each.qualname
        for each in was.definitions
        if not first <= each.range.start.line < last and not each.twin
    }
    for each in now.definitions:
        inside = first <= each.range.start.line < last + grown
        if inside and each.qualname in elsewhere and each.kind != "method":
            return Refused(f"`{each.name}` stands elsewhere in the file; write this one alone")
    return None


def edits_of(places: Iterable[Place]) -> list[TextEdit]:
    """The places as edits in order."""
    edits = [TextEdit(place.range, place.after or "") for place in places]
    return sorted(edits, key=lambda edit: edit.range)
