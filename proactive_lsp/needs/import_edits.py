"""Where in a file an import belongs, and how to take one out, in the file's own style.

Every function gives replacements: start and end offset in the text, and what should stand there.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from proactive_lsp.needs.import_statements import ECMASCRIPT, Item, Statement
from proactive_lsp.needs.standard_modules import STANDARD

Key = Callable[[str], object]
_HEADER = re.compile(
    r"""\A(?:[ \t]*(?:\#[^\n]*)?\r?\n)*(?:[rR]?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"\n]*")[^\n]*\n)?""",
    re.DOTALL,
)


class Edit(Struct, frozen=True):
    """A replacement; `extends` when it only makes a statement longer or shorter."""

    start: int
    end: int
    after: str
    extends: bool = False


class Wanted(Struct, frozen=True):
    """What to import: as an `Item` of a `Statement` would say it."""

    module: str
    name: str
    alias: str | None = None
    typed: bool = False

    def item(self) -> str:
        """How it stands among the names of a statement."""
        return f"{self.name} as {self.alias}" if self.alias else self.name

    def python(self) -> str:
        """The whole statement in Python."""
        if self.module:
            return f"from {self.module} import {self.item()}"
        return f"import {self.item()}"

    def script(self, quote: str, end: str) -> str:
        """The whole statement in JavaScript or TypeScript."""
        if self.name == "default":
            what = self.alias or ""
        elif self.name == "*":
            what = f"* as {self.alias}"
        else:
            what = f"{{ {self.item()} }}"
        typed = "type " if self.typed else ""
        return f"import {typed}{what} from {quote}{self.module}{quote}{end}"


def inserted(
    family: str, text: str, head: Sequence[Statement], wanted: Wanted, *, own: Collection[str]
) -> Edit:
    """The import added among the statements at the head of the file, sorted as those are.

    `own` are the names of the packages that the workspace itself is made of.
    """
    if family == ECMASCRIPT:
        return _extended(text, head, wanted) or _script_line(text, head, wanted)
    one_by_one = _one_by_one(head)
    if wanted.module and not one_by_one:
        extended = _extended(text, head, wanted)
        if extended is not None:
            return extended
    return _python_line(text, head, wanted, own)


def _one_by_one(head: Sequence[Statement]) -> bool:
    """Whether the file gives each name a statement of its own."""
    named = [each for each in head if each.module and each.module != "__future__"]
    if any(len(each.items) > 1 for each in named):
        return False
    modules = [each.module for each in named]
    return len(set(modules)) < len(modules)


def _extended(text: str, head: Sequence[Statement], wanted: Wanted) -> Edit | None:
    if wanted.name in ("default", "*"):
        return None
    for each in head:
        if each.module != wanted.module or each.typed != wanted.typed:
            continue
        named = [item for item in each.items if item.name not in ("default", "*")]
        if named and (each.listed or not each.quote):
            return _into(text, each, named, wanted)
    return None


def _into(text: str, statement: Statement, items: Sequence[Item], wanted: Wanted) -> Edit:
    """The name added to a statement's list, which keeps its order and its layout."""
    place = _sorted_place([item.name for item in items], wanted.name)
    before, written = (items[place] if place < len(items) else None), wanted.item()
    newline = _newline(text)
    if before is not None:
        lead = text[text.rfind("\n", 0, before.start) + 1 : before.start]
        alone = statement.listed and not lead.strip()
        between = f",{newline}{lead}" if alone else ", "
        return Edit(before.start, before.start, f"{written}{between}", extends=True)
    last = items[-1]
    lead = text[text.rfind("\n", 0, last.start) + 1 : last.start]
    alone = statement.listed and not lead.strip()
    between = f",{newline}{lead}" if alone else ", "
    return Edit(last.end, last.end, f"{between}{written}", extends=True)


def _by_type(name: str) -> object:
    """Constants, then classes, then the rest, as import sorters have it."""
    bare = name.lstrip("_")
    kind = 0 if bare.isupper() and len(bare) > 1 else 1 if bare[:1].isupper() else 2
    return (kind, name.lower(), name)


_ORDERS: tuple[Key, ...] = (_by_type, lambda name: (name.lower(), name), lambda name: name)


def _sorted_place(names: Sequence[str], new: str) -> int:
    """Before which of the names the new one belongs, by the first order that they follow."""
    for key in _ORDERS:
        keys = [key(name) for name in names]
        if all(left <= right for left, right in pairwise(keys)):  # type: ignore[operator]
            return sum(other <= key(new) for other in keys)  # type: ignore[operator]
    return len(names)


def _python_line(
    text: str, head: Sequence[Statement], wanted: Wanted, own: Collection[str]
) -> Edit:
    newline, line = _newline(text), wanted.python()
    if not head:
        at = _HEADER.match(text)
        start = at.end() if at else 0
        blank = newline if start and not text[:start].endswith(("\n\n", "\r\n\r\n")) else ""
        return Edit(start, start, f"{blank}{line}{newline}{'' if blank else newline}")
    groups = _groups(text, head)
    kind = _kind(wanted.module or wanted.name, own)
    kinds = [_group_kind(group, own) for group in groups]
    mixed = len(groups) == 1 and len({_kind(_module(each), own) for each in head}) > 1
    if kind in kinds or mixed:
        alike = [
            group for group, other in zip(groups, kinds, strict=True) if mixed or other == kind
        ]
        named = bool(wanted.module)
        same = [group for group in alike if any(bool(each.module) == named for each in group)]
        group = (same or alike)[-1]
        return _among(text, group, wanted, newline, line, separated=_separated(head))
    # A group of its own, between those that go before it and those that follow.
    after = next((group for group, other in zip(groups, kinds, strict=True) if other > kind), None)
    if after is not None:
        start = _line_start(text, after[0].start)
        return Edit(start, start, f"{line}{newline}{newline}")
    return _below(text, groups[-1][-1], line, newline, blank=newline)


def _among(
    text: str,
    group: Sequence[Statement],
    wanted: Wanted,
    newline: str,
    line: str,
    *,
    separated: bool,
) -> Edit:
    key = _line_key(bool(wanted.module), wanted.module or wanted.name, wanted.name, separated)
    following = next(
        (
            each
            for each in group
            if _line_key(bool(each.module), _module(each), _first(each), separated) > key
        ),
        None,
    )
    if following is not None:
        start = _line_start(text, following.start)
        return Edit(start, start, f"{line}{newline}")
    return _below(text, group[-1], line, newline)


def _below(text: str, last: Statement, line: str, newline: str, *, blank: str = "") -> Edit:
    """The line behind a statement; at the start of the next one, where a file goes on."""
    end = _next_line(text, last.end)
    if not text[:end].endswith("\n"):
        return Edit(end, end, f"{newline}{blank}{line}")
    return Edit(end, end, f"{blank}{line}{newline}")


def _line_key(named: bool, module: str, name: str, separated: bool) -> tuple[object, ...]:
    bare = module.lstrip(".")
    dots = len(module) - len(bare)
    return (named and separated, -dots, bare.lower(), named, name.lower())


def _separated(head: Sequence[Statement]) -> bool:
    """Whether `import x` goes before `from x import y`, whatever the names."""
    return not any(
        left.module and not right.module and right.line == left.last_line + 1
        for left, right in pairwise(head)
        if left.module != "__future__"
    )


def _groups(text: str, head: Sequence[Statement]) -> list[list[Statement]]:
    """Statements with no blank line between them."""
    lines = text.splitlines()
    groups = [[head[0]]]
    for left, right in pairwise(head):
        between = lines[left.last_line + 1 : right.line]
        if any(not line.strip() for line in between):
            groups.append([])
        groups[-1].append(right)
    return groups


def _kind(module: str, own: Collection[str]) -> int:
    """Future, standard, third party, own, relative: the order of the groups."""
    if module.startswith("."):
        return 4
    first = module.partition(".")[0]
    if first == "__future__":
        return 0
    if first in STANDARD:
        return 1
    return 3 if first in own else 2


def _group_kind(group: Sequence[Statement], own: Collection[str]) -> int:
    kinds = [_kind(_module(each), own) for each in group]
    return max(kinds, key=lambda kind: (kinds.count(kind), -kind))


def _module(statement: Statement) -> str:
    return statement.module or (statement.items[0].name if statement.items else "")


def _first(statement: Statement) -> str:
    return statement.items[0].name if statement.items else ""


def _script_line(text: str, head: Sequence[Statement], wanted: Wanted) -> Edit:
    newline = _newline(text)
    quote = next((each.quote for each in head), '"')
    end = ";" if not head or head[0].semicolon else ""
    line = wanted.script(quote, end)
    if not head:
        return Edit(0, 0, f"{line}{newline}{newline}")
    near = wanted.module.startswith(".")
    alike = [each for each in head if each.module.startswith(".") == near]
    if not alike:
        if not near:
            start = _line_start(text, head[0].start)
            return Edit(start, start, f"{line}{newline}")
        alike = list(head)
    modules = [each.module for each in alike]
    place = len(alike)
    if len(alike) > 1 and modules == sorted(modules):
        place = sum(module <= wanted.module for module in modules)
    if place < len(alike):
        start = _line_start(text, alike[place].start)
        return Edit(start, start, f"{line}{newline}")
    return _below(text, alike[-1], line, newline)


def removed(text: str, statement: Statement, gone: Collection[Item]) -> Iterator[Edit]:
    """The statement without these items: the whole lines where none are left."""
    left = [item for item in statement.items if item not in gone]
    if not left:
        yield _without_lines(text, statement)
        return
    inline = [item for item in gone if not _alone(text, item)]
    for item in gone:
        if item not in inline:
            yield Edit(_line_start(text, item.start), _next_line(text, item.end), "", extends=True)
    if inline:
        yield _without_items(text, statement, inline)


def _alone(text: str, item: Item) -> bool:
    """Whether the item has its line, comma included, for itself."""
    line = text[_line_start(text, item.start) : _line_end(text, item.end)]
    own = text[item.start : item.end]
    return re.fullmatch(rf"\s*{re.escape(own)}\s*,\s*(#.*|//.*)?", line) is not None


def _without_items(text: str, statement: Statement, gone: Sequence[Item]) -> Edit:
    """One edit over all of them: their commas depend on each other."""
    items = statement.items
    places = [place for place, item in enumerate(items) if item in gone]
    first, last = places[0], places[-1]
    if last + 1 < len(items):
        # Something follows, so each takes what stands up to the next one along.
        kept = [place for place in range(first, last) if place not in places]
        pieces = [text[items[place].start : items[place + 1].start] for place in kept]
        return Edit(items[first].start, items[last + 1].start, "".join(pieces), extends=True)
    before = max(place for place in range(len(items)) if place not in places)
    if first > before:
        return Edit(items[before].end, items[last].end, "", extends=True)
    kept = [place for place in range(first, before) if place not in places]
    pieces = [text[items[place].start : items[place + 1].start] for place in kept]
    pieces.append(text[items[before].start : items[before].end])
    return Edit(items[first].start, items[last].end, "".join(pieces), extends=True)


def _without_lines(text: str, statement: Statement) -> Edit:
    """The lines of a statement gone, and one of two blank stretches that would meet."""
    start, end = _line_start(text, statement.start), _next_line(text, statement.end)
    above = text[:start].rstrip("\r\n")
    blank_above = not above or text[len(above) : start].count("\n") > 1
    following = text[end : _line_end(text, end)]
    if blank_above and end < len(text) and not following.strip() and not statement.indent:
        end = _next_line(text, end)
    return Edit(start, end, "")


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """Before the terminator of the line."""
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _next_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _newline(text: str) -> str:
    end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"
