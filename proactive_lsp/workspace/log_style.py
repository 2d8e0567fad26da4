"""How a repository's log writes its subjects, learned from those that are there.

feat(cart): add taxes        conventional, with scopes, small letters
net/http: close idle ones    the area first
Add taxes.                   plain, with a period
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Form = Literal["plain", "conventional", "area"]
# Fewer subjects tell nothing.
FEWEST = 5
MOST = 200
TYPES = frozenset(
    {
        *("feat", "fix", "docs", "style", "refactor", "perf", "test", "tests", "build", "ci"),
        *("chore", "revert", "deps", "release", "types", "wip"),
    }
)
_CONVENTIONAL = re.compile(r"(?P<type>[a-z]+)(?:\((?P<scope>[^()]+)\))?!?: (?P<rest>\S.*)\Z")
_AREA = re.compile(r"(?P<area>[\w./{}*,-]+): (?P<rest>\S.*)\Z")
# What a hosting service adds to the subject of a merged request.
_NUMBER = re.compile(r"\s*\(#\d+\)\Z")
_NOT_WORK = re.compile(r"Merge |Revert \"|Bump |v?\d+(\.\d+)+\b")


class LogStyle(Struct, frozen=True):
    """What most subjects have in common: `known` of them, and how many characters the middle has.

    `capital` is about the first word of what a commit does. `types` and `scopes` are those in
    use, most used first; the scopes of a log that seldom has any are none.
    """

    known: int = 0
    form: Form = "plain"
    capital: bool = True
    period: bool = False
    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()

    def told(self) -> str:
        """The style as a sentence for whoever writes the next subject."""
        said = "Begin with a capital" if self.capital else "Begin with a small letter"
        if self.form == "conventional":
            after = "a scope in parentheses, a colon" if self.scopes else "a colon"
            letter = "a capital" if self.capital else "a small letter"
            said = f"Begin with one of {', '.join(self.types[:8])}, then {after} and {letter}"
        elif self.form == "area":
            said = "Begin with the area and a colon, such as " + ", ".join(self.scopes[:4])
        return f"{said}; {'end with' if self.period else 'no'} period at the end."


def style_of(subjects: Sequence[str]) -> LogStyle:
    """The style of these subjects, newest first; the plain one where they tell too little."""
    work = [_NUMBER.sub("", each).strip() for each in subjects[:MOST]]
    work = [each for each in work if each and not _NOT_WORK.match(each)]
    if len(work) < FEWEST:
        return LogStyle(known=len(work))
    typed = [found for each in work if (found := _CONVENTIONAL.match(each))]
    typed = [found for found in typed if found["type"] in TYPES]
    areas = [found for each in work if (found := _AREA.match(each))]
    form: Form = "plain"
    types: tuple[str, ...] = ()
    scopes: Sequence[str] = ()
    rests = work
    if len(typed) * 2 > len(work):
        form, types = "conventional", _ranked([found["type"] for found in typed])
        named = [found["scope"] for found in typed if found["scope"]]
        scopes = _ranked(named) if len(named) * 2 > len(typed) else ()
        rests = [found["rest"] for found in typed]
    elif len(areas) * 2 > len(work):
        form, scopes = "area", _ranked([found["area"] for found in areas])
        rests = [found["rest"] for found in areas]
    lettered = [each for each in rests if each[0].isalpha()]
    capital = sum(each[0].isupper() for each in lettered) * 2 >= len(lettered)
    period = sum(each.endswith(".") for each in work) * 2 > len(work)
    return LogStyle(len(work), form, capital, period, types, tuple(scopes))


def prefix(style: LogStyle, type: str, paths: Sequence[str]) -> str:
    """What stands before what a commit of this type to these files does; "" in a plain log."""
    if style.form == "plain":
        return ""
    scope = scope_of(style, paths)
    if style.form == "area":
        return f"{scope}: " if scope else ""
    return f"{_known_type(style, type)}({scope}): " if scope else f"{_known_type(style, type)}: "


def dressed(draft: str, style: LogStyle, type: str, paths: Sequence[str]) -> str:
    """A plain draft such as "Add taxes" in the style of the log."""
    return f"{prefix(style, type, paths)}{_lettered(draft, style)}"


def scope_of(style: LogStyle, paths: Sequence[str]) -> str:
    """The scope in use that most of the files are named by, the deepest folder first."""
    found: Counter[str] = Counter()
    for path in paths:
        parts = [*path.split("/")[:-1], path.rpartition("/")[2].partition(".")[0]]
        named = ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]
        for part in (*named, *reversed(parts)):
            if part in style.scopes:
                found[part] += 1
                break
    most = found.most_common(1)
    return most[0][0] if most and most[0][1] * 2 > len(paths) else ""


def restyled(subject: str, style: LogStyle, paths: Sequence[str]) -> str | None:
    """The subject with the letter, the period and the scope of the log; None in another form."""
    if not subject:
        return None
    head, rest = "", subject
    typed = _CONVENTIONAL.match(subject)
    if style.form == "conventional":
        if typed is None or typed["type"] not in (TYPES | set(style.types)):
            return None
        head, rest = subject[: typed.start("rest")], typed["rest"]
        if not style.scopes and typed["scope"]:
            head = head.replace(f"({typed['scope']})", "", 1)
    elif style.form == "area":
        area = _AREA.match(subject)
        if area is None:
            head = prefix(style, "", paths)
        else:
            head, rest = subject[: area.start("rest")], area["rest"]
    elif typed is not None and typed["type"] in TYPES and style.known:
        rest = typed["rest"]
    return f"{head}{_lettered(rest.rstrip(), style)}"


def _lettered(text: str, style: LogStyle) -> str:
    first = text[0].upper() if style.capital else _small(text)
    text = f"{first}{text[1:]}"
    return f"{text.rstrip('.')}." if style.period else _without_period(text)


def _known_type(style: LogStyle, type: str) -> str:
    """The type as this log spells it; `test` and `tests` are one."""
    other = {"test": "tests", "tests": "test"}.get(type)
    return other if type not in style.types and other in style.types and other else type


def _small(text: str) -> str:
    # A name in capitals, or one with a capital inside, keeps its first letter.
    word = text.split(" ", 1)[0]
    return text[0].lower() if word[1:] == word[1:].lower() else text[0]


def _without_period(text: str) -> str:
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def _ranked(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in Counter(names).most_common())
