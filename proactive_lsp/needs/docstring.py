'''Notice a docstring that still lists the parameters a function had before.

    def area(width, height): ...   →   def area(width, depth): ...
        """Args: …  height: In metres."""    offers    depth: In metres.

Renamed parameters are renamed, those gone lose their entry, and a new one gets the beginning of
an entry at its place in the order of the signature; what is to be said there is the user's.
'''

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from proactive_lsp.events import span
from proactive_lsp.needs.doc_sections import Entry, Section, script_sections, sections
from proactive_lsp.needs.import_statements import ECMASCRIPT
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import ParameterChange, SemanticChange
from proactive_lsp.workspace.documents import split_lines, utf16_length
from proactive_lsp.workspace.grammars import family_of
from proactive_lsp.workspace.syntax import Definition, Module, Parameter, parse
from proactive_lsp.workspace.tree import language_of

KIND = "docstring"
MOST_NEEDS = 6
_OPENING = re.compile(r"[ \t]*[rRuU]?(?P<quotes>\"{3}|'{3})")
_HEADER_END = re.compile(r":[ \t]*(?:#.*)?$")
_CLOSING = ('"""', "'''", "*/")
# A header or a docstring of more lines is data.
MOST_LINES = 400


def detect(situation: Situation) -> Iterator[Need]:
    """One need per changed signature whose documentation lists parameters, but not these."""
    given = 0
    for change in situation.changes:
        if change.kind != "signature" or not change.parameters:
            continue
        need = _need(situation, change)
        if need is not None:
            yield need
            given += 1
            if given >= MOST_NEEDS:
                return


def _need(situation: Situation, change: SemanticChange) -> Need | None:
    language = language_of(change.path)
    family, text = family_of(language), situation.tree.read(change.path)
    if language is None or text is None or family not in ("python", ECMASCRIPT):
        return None
    module = parse(language, text)
    definition = _as_it_stands(change, module) if module is not None else None
    if module is None or definition is None or change.before is None:
        return None
    lines = situation.lines(change.path)
    found = list(_documented(family, module, definition, lines))
    places: list[Place] = []
    share = 0.0
    for section in found:
        known = {entry.name for entry in section.entries}
        names = [parameter.name for parameter in change.before.parameters]
        if not known.intersection(names):
            continue
        share = max(share, sum(name in known for name in names) / max(1, len(names)))
        edits = _edits(change.path, text, lines, section, change, definition)
        places += [
            place for place in edits if not situation.edited(place.path, place.range.start.line)
        ]
    if not places:
        return None
    line = definition.name_range.start.line
    return Need(
        kind=KIND,
        path=change.path,
        range=definition.name_range,
        anchor=definition.header,
        title=f"Update the parameters in the docs of `{change.name}`"[:60],
        facts=(Fact(f"the parameters of `{definition.qualname}` changed", change.path, line),),
        places=tuple(places[:20]),
        features={
            "documented": share,
            "removed": _share(change.parameters, "removed"),
            "added": _share(change.parameters, "added"),
            "renamed": _share(change.parameters, "renamed"),
        },
    )


def _share(changes: Sequence[ParameterChange], kind: str) -> float:
    return sum(each.kind == kind for each in changes) / len(changes)


def _as_it_stands(change: SemanticChange, module: Module) -> Definition | None:
    """The definition where it is now; None when it has been changed again, or is gone."""
    after = change.after
    if after is None:
        return None
    for each in module.definitions:
        if each.qualname == after.qualname and each.parameters == after.parameters:
            return each
    return None


def _documented(
    family: str | None, module: Module, definition: Definition, lines: Sequence[str]
) -> Iterator[Section]:
    """The parameter sections of a definition, of a constructor those of its class too."""
    around = [definition]
    if definition.name in ("__init__", "constructor", "__new__"):
        around += [
            each
            for each in module.definitions
            if each.kind == "class" and each.qualname == definition.scope
        ][:1]
    for each in around:
        if family == ECMASCRIPT:
            comment = _comment_above(lines, each.range.start.line)
            yield from script_sections(lines, *comment) if comment else ()
        else:
            docstring = _docstring(lines, each.name_range.start.line, each.range.end.line)
            yield from sections(lines, *docstring) if docstring else ()


def _docstring(lines: Sequence[str], first: int, last: int) -> tuple[int, int] | None:
    """The lines of the docstring behind a header that begins on `first`."""
    last = min(last, len(lines) - 1, first + MOST_LINES)
    line = first
    while line <= last and not _HEADER_END.search(lines[line]):
        line += 1
    line += 1
    while line <= last and not lines[line].strip():
        line += 1
    opening = _OPENING.match(lines[line]) if line <= last else None
    if opening is None:
        return None
    quotes = opening["quotes"]
    if quotes in lines[line][opening.end() :]:
        return None
    for end in range(line + 1, last + 1):
        if quotes in lines[end]:
            return line, end
    return None


def _comment_above(lines: Sequence[str], line: int) -> tuple[int, int] | None:
    end = line - 1
    if not 0 <= end < len(lines) or not lines[end].rstrip().endswith("*/"):
        return None
    for first in range(end, max(-1, end - MOST_LINES), -1):
        if "/**" in lines[first]:
            return first, end
        if "/*" in lines[first]:
            return None
    return None


def _edits(
    path: str,
    text: str,
    lines: Sequence[str],
    section: Section,
    change: SemanticChange,
    definition: Definition,
) -> Iterator[Place]:
    """What to change in one section: entries renamed in place, taken out, put in."""
    entries = {entry.name: entry for entry in section.entries if not entry.extra}
    now = {parameter.name for parameter in definition.parameters}
    for each in change.parameters:
        if each.kind == "renamed" and each.old_name in entries and each.name not in entries:
            for entry in section.entries:
                if entry.name == each.old_name:
                    yield _renamed(path, lines, entry, each.name)
        elif each.kind == "removed" and each.name in entries and each.name not in now:
            for entry in section.entries:
                if entry.name == each.name:
                    yield _removed(path, text, lines, entry, alone=len(entries) == 1)
    new = {each.name for each in change.parameters if each.kind == "added"} - entries.keys()
    if new:
        yield from _added(path, text, lines, section, new, definition.parameters, entries)


def _renamed(path: str, lines: Sequence[str], entry: Entry, name: str) -> Place:
    line = lines[entry.line]
    start = utf16_length(line[: entry.column])
    where = span(entry.line, start, entry.line, start + utf16_length(entry.name))
    return Place(path, where, entry.name, name, certain=False, note="in the documentation")


def _removed(path: str, text: str, lines: Sequence[str], entry: Entry, *, alone: bool) -> Place:
    whole = split_lines(text)
    end = entry.last
    closes = any(mark in line for line in lines[entry.line : end] for mark in _CLOSING)
    if entry.also or alone or closes or "/**" in lines[entry.line] or end >= len(whole):
        return _pointed(path, lines, entry)
    before = "".join(whole[entry.line : end])
    return Place(
        path,
        span(entry.line, 0, end, 0),
        before,
        "",
        certain=False,
        note=f"`{entry.name}` is gone",
    )


def _pointed(path: str, lines: Sequence[str], entry: Entry) -> Place:
    line = lines[entry.line]
    start = utf16_length(line[: entry.column])
    return Place(
        path,
        span(entry.line, start, entry.line, start + utf16_length(entry.name)),
        entry.name,
        None,
        certain=False,
        note=f"`{entry.name}` is gone",
    )


def _added(
    path: str,
    text: str,
    lines: Sequence[str],
    section: Section,
    new: Collection[str],
    parameters: Sequence[Parameter],
    entries: Mapping[str, Entry],
) -> Iterator[Place]:
    """Beginnings of entries behind that of the parameter before them, else before the next."""
    written: dict[tuple[int, bool], list[str]] = {}
    names: dict[tuple[int, bool], list[str]] = {}
    for at, parameter in enumerate(parameters):
        if parameter.name not in new or parameter.name.startswith("_"):
            continue
        known = [each.name for each in parameters[:at] if each.name in entries]
        later = [each.name for each in parameters[at:] if each.name in entries]
        if known:
            line = max(entry.last for entry in section.entries if entry.name == known[-1])
        elif later:
            line = entries[later[0]].line
        else:
            continue
        model = entries[known[-1] if known else later[0]]
        place = (line, bool(known))
        written.setdefault(place, []).append(_skeleton(section, model, parameter))
        names.setdefault(place, []).append(parameter.name)
    newline = "\r\n" if "\r\n" in text else "\n"
    for (line, behind), entry_lines in written.items():
        note = ", ".join(names[line, behind])
        if behind and any(mark in lines[line - 1] for mark in _CLOSING):
            # The closing quotes stand behind that entry, so there is no line to put another on.
            yield Place(path, span(line - 1, 0, line - 1, 0), "", None, certain=False, note=note)
            continue
        after = "".join(f"{each}{newline}" for each in entry_lines)
        yield Place(path, span(line, 0, line, 0), "", after, certain=False, note=note)


def _skeleton(section: Section, model: Entry, parameter: Parameter) -> str:
    stars = {"var-positional": "*", "var-keyword": "**"}.get(parameter.kind, "")
    kind = parameter.annotation if model.typed or section.style == "numpy" else None
    match section.style:
        case "google":
            shown = f" ({kind})" if kind else ""
            return f"{model.indent}{stars}{parameter.name}{shown}:"
        case "numpy":
            shown = f" : {kind}" if kind else ""
            return f"{model.indent}{stars}{parameter.name}{shown}"
        case "sphinx":
            shown = f"{kind} " if kind else ""
            return f"{model.indent}:param {shown}{parameter.name}:"
        case "jsdoc":
            shown = f"{{{kind}}} " if kind else ""
            indent = model.indent.replace("/**", " *")
            return f"{indent}@param {shown}{parameter.name}"
