"""Notice mentions of a definition's old name that were left behind by its rename.

    def read_config(path): …  →  def load_settings(path): …
    read_config("a.toml")        offers    load_settings("a.toml")

Code that surely means the definition is certain; strings, comments and prose are offered only
where the word reads like code, and the user ticks them.
"""

import re
from collections.abc import Iterator

from proactive_lsp.events import Range
from proactive_lsp.needs.resolution import rules_of
from proactive_lsp.needs.targets import (
    Target,
    View,
    across,
    counted,
    is_unique,
    means,
    target_of,
    views,
)
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place
from proactive_lsp.workspace.changes import SemanticChange
from proactive_lsp.workspace.documents import bare, split_lines, utf16_index
from proactive_lsp.workspace.grammars import family_of
from proactive_lsp.workspace.search import word_hits
from proactive_lsp.workspace.syntax import Word, words
from proactive_lsp.workspace.tree import language_of

KIND = "renamed-mention"
MOST_PLACES = 60
LONGEST_RECEIVER = 200
# What was true when it was written stays as it was written.
HISTORY = re.compile(r"(?i)(^|/)(change|history|news|release|what.?s.?new|upgrad)[^/]*(/|$)")
# An underscore inside, a digit, or a capital behind a small letter: no word of prose.
CODE_NAME = re.compile(r"\w_\w|\d|[a-z][A-Z]")


def detect(situation: Situation) -> Iterator[Need]:
    """One need per renamed definition whose old name is still mentioned."""
    for change in situation.changes:
        target = target_of(change)
        if change.kind != "renamed" or target is None or target.old == target.new:
            continue
        places = mentions_left(target, situation)
        if places:
            yield Need(
                kind=KIND,
                path=change.path,
                range=target.after.name_range,
                anchor=target.after.header,
                title=title(target, places),
                facts=(fact(change, target),),
                places=places,
                features=features(places),
            )


def title(target: Target, places: tuple[Place, ...]) -> str:
    """What accepting does."""
    mentions = counted(places, "mention")
    return f"Rename {mentions} of `{target.old}` to `{target.new}`{across(places)}"


def fact(change: SemanticChange, target: Target) -> Fact:
    """What was renamed, with the line of the definition."""
    return Fact(
        f"{target.after.kind} `{target.old}` is now `{target.new}`",
        change.path,
        target.after.name_range.start.line,
    )


def features(places: tuple[Place, ...]) -> dict[str, float]:
    """Named numbers for the filter."""
    return {"many-places": float(len(places) > 30)}


def mentions_left(target: Target, situation: Situation) -> tuple[Place, ...]:
    """Where the old name still stands for the definition, code first, then prose.

    Empty when the file defines the old name anew: then nobody knows which one is meant.
    """
    found = views(situation, target, {target.old})
    if any(
        definition.name == target.old and definition.kind != "method"
        for view in found
        if view.path == target.path and target.owner is None
        for definition in view.module.definitions
    ):
        return ()
    unique = is_unique(target, views(situation, target, target.names))
    places: list[Place] = []
    for view in found:
        shadowed = _is_bound(view, target)
        places += (
            place
            for word in words(view.module.language, view.text, target.old)
            if (place := _mention(target, view, word, unique=unique, shadowed=shadowed))
        )
    if not target.local:
        places += _prose(target, situation, {view.path for view in found})
    places.sort(key=lambda place: not place.certain)
    return tuple(places[:MOST_PLACES])


def _mention(
    target: Target, view: View, word: Word, *, unique: bool, shadowed: bool
) -> Place | None:
    line = bare(view.lines[word.range.start.line])
    left = line[: utf16_index(line, word.range.start.character)]
    right = line[utf16_index(line, word.range.end.character) :]
    if word.role == "key":
        return None
    if word.role in ("string", "comment"):
        if not _reads_like_code(target.old, left, right):
            return None
        return _place(target, view.path, word.range, certain=False, note=f"in a {word.role}")
    rules = rules_of(view.path)
    imported = next((i for i in view.module.imports if i.name_range == word.range), None)
    if imported is not None:
        if target.owner is not None and not rules.bare_members:
            return None
        if not rules.names_module(imported.module, view.path, target.path):
            return None
        return _place(target, view.path, word.range, certain=True, note="")
    # Two dots, or three, are no member's.
    is_member = left.rstrip().endswith((".", "::")) and not left.rstrip().endswith("..")
    attribute = rules.receiver.search(left[-LONGEST_RECEIVER:]) if is_member else None
    is_type = left.rstrip().endswith((":", "|"))
    if attribute is None and not is_type and re.match(r"\s*=(?!=)", right):
        # A keyword argument or a local variable that happens to have the name.
        return None
    receiver = attribute.group(1) if attribute else None
    if attribute is None and is_member:
        # An attribute of some expression: nothing here tells what it is.
        receiver = ""
    called = right.lstrip().startswith(("(", "::")) or left.rstrip().endswith("::")
    if target.owner is not None and rules.members_are_called and not called:
        return None
    inside = _inside(view, word.range)
    if not means(target, view, target.old, receiver, inside, unique=unique):
        return None
    certain = not (shadowed and receiver is None)
    if word.role == "shorthand":
        text = f"{target.old}: {target.new}"
        return Place(view.path, word.range, target.old, text, certain=certain)
    return _place(target, view.path, word.range, certain=certain, note="")


def _is_bound(view: View, target: Target) -> bool:
    """Whether the file also binds the old name to something else: a parameter, a variable."""
    binding = rules_of(view.path).binding.format(name=re.escape(target.old))
    return bool(re.search(binding, view.text)) or any(
        parameter.name == target.old
        for definition in view.module.definitions
        for parameter in definition.parameters
    )


def _inside(view: View, range: Range) -> str:
    """The qualified name of the innermost definition around the range."""
    around = [
        definition
        for definition in view.module.definitions
        if definition.range.start <= range.start and range.end <= definition.range.end
    ]
    return around[-1].qualname if around else ""


def _prose(target: Target, situation: Situation, seen: set[str]) -> Iterator[Place]:
    """Mentions in files of other languages and in prose, where the word reads like code."""
    family = family_of(language_of(target.path))
    for path in situation.files(target.old):
        if path in seen or family_of(language_of(path)) == family or HISTORY.search(path):
            continue
        text = situation.tree.read(path)
        if text is None:
            continue
        lines = split_lines(text)
        for hit in word_hits(path, text, target.old):
            line = bare(lines[hit.range.start.line])
            left = line[: utf16_index(line, hit.range.start.character)]
            right = line[utf16_index(line, hit.range.end.character) :]
            if _reads_like_code(target.old, left, right) and not situation.edited(
                path, hit.range.start.line
            ):
                yield _place(target, path, hit.range, certain=False, note="in prose")


def _reads_like_code(name: str, left: str, right: str) -> bool:
    if CODE_NAME.search(name):
        return True
    return (left.endswith("`") and right.startswith(("`", "("))) or right.startswith("(")


def _place(target: Target, path: str, range: Range, *, certain: bool, note: str) -> Place:
    return Place(path, range, target.old, target.new, certain=certain, note=note)
