"""Propose scenes from seeds: a few words about some work become somebody who does it.

After the pipeline of Proactive Agent (arXiv 2410.12361, section 3.2): a seed is made a background
with a person and a goal, and then the entities are made, here the file that is worked on. What
does not hold together is counted and left out, and so is what was proposed before.
"""

import re
from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from proactive_lsp.events import BadPath, check_path
from proactive_lsp.gym.asking import Asker
from proactive_lsp.gym.clone import is_gits
from proactive_lsp.gym.scene import Scene
from proactive_lsp.gym.user import ModelCount
from proactive_lsp.llm import Message
from proactive_lsp.workspace.syntax import parses
from proactive_lsp.workspace.tree import language_of

# Goals that share so many of their words are one.
_ALIKE = 0.7
_LONGEST_FILE = 20_000  # characters

Refused = Literal["bad-reply", "duplicate", "bad-file", "bad-scene"]


class Idea(Struct, frozen=True, forbid_unknown_fields=True):
    """Who does what, in the order in which the model is to think."""

    background: str
    persona: str
    traits: str
    goal: str


class Entity(Struct, frozen=True, forbid_unknown_fields=True):
    """The file that the work begins with."""

    path: str
    text: str


class Proposed(Struct, frozen=True):
    """What came of the seeds; `refused` counts by reason what is not among the scenes."""

    scenes: tuple[Scene, ...]
    refused: dict[str, int]
    model: ModelCount


_SYSTEM = """\
You invent scenes for a simulation of people who work with text files on a computer. Answer with
one JSON object and nothing else, in plain short English.
"""
# A small model may give back the words of the question.
_GOAL = "one concrete change to the files that the person wants to have made"
_IDEA = """\
The seed is: {seed}
{others}Invent one scene from it:
- background: what the work is and why it is done, in two sentences.
- persona: who the person is, in one sentence.
- traits: three traits of that person, separated by commas.
- goal: {goal}, in one sentence.
"""
_ENTITY = """\
Background: {background}
Goal: {goal}
Write the one file that the work begins with, as it is before anything is done:
- path: its name, such as notes.md or shop/cart.py.
- text: all of it, at most 30 lines.
"""


async def propose(seeds: Sequence[str], asker: Asker, *, each: int) -> Proposed:
    """At most `each` scenes for each seed; raises `EvaluationError` without a model."""
    scenes: list[Scene] = []
    refused: dict[str, int] = {}
    for seed in seeds:
        for _ in range(each):
            found = await _scene(seed, scenes, asker)
            if isinstance(found, Scene):
                scenes.append(found)
            else:
                refused[found] = refused.get(found, 0) + 1
    return Proposed(tuple(scenes), dict(sorted(refused.items())), asker.count)


async def _scene(seed: str, scenes: Sequence[Scene], asker: Asker) -> Scene | Refused:
    goals = "".join(f"- {scene.goal}\n" for scene in scenes[-5:])
    others = f"These were invented already, make another one:\n{goals}" if goals else ""
    idea = await asker.ask(_asked(_IDEA.format(seed=seed, others=others, goal=_GOAL)), Idea)
    if idea is None:
        return "bad-reply"
    if _alike(idea.goal, _GOAL):
        return "bad-scene"
    if any(_alike(idea.goal, scene.goal) for scene in scenes):
        return "duplicate"
    question = _ENTITY.format(background=idea.background, goal=idea.goal)
    entity = await asker.ask(_asked(question), Entity)
    if entity is None:
        return "bad-reply"
    if not _is_usable(entity):
        return "bad-file"
    table = {
        "name": _name(idea.goal, {scene.name for scene in scenes}),
        "background": idea.background.strip(),
        "persona": idea.persona.strip(),
        "goal": idea.goal.strip(),
        "traits": [trait for part in idea.traits.split(",") if (trait := part.strip())],
        "files": {entity.path: entity.text},
    }
    try:
        return msgspec.convert(table, Scene)
    except msgspec.ValidationError:
        return "bad-scene"


def toml_of(scene: Scene) -> str:
    """The scene as a file for `gym run --scene`."""
    lines = [
        f"{name} = {_quoted(getattr(scene, name))}"
        for name in ("name", "background", "persona", "goal")
    ]
    lines.append(f"traits = [{', '.join(map(_quoted, scene.traits))}]")
    if scene.files is not None:
        lines += ["", "[files]"]
        lines += (f"{_quoted(path)} = {_quoted(text)}" for path, text in scene.files.items())
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A string of JSON is one of TOML, but for a sign that only TOML wants to be escaped.
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")


def _asked(question: str) -> tuple[Message, ...]:
    return (Message("system", _SYSTEM), Message("user", question))


def _alike(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    return len(first & second) >= _ALIKE * max(1, len(first | second))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _is_usable(entity: Entity) -> bool:
    try:
        path = check_path(entity.path)
    except BadPath:
        return False
    if is_gits(path) or not entity.text.strip():
        return False
    language = language_of(path)
    # An empty text is whole in each language that can be read at all.
    readable = language is None or not parses(language, "") or parses(language, entity.text)
    return readable and len(entity.text) <= _LONGEST_FILE and "\0" not in entity.text


def _name(goal: str, taken: set[str]) -> str:
    stem = "-".join(re.findall(r"[a-z0-9]+", goal.lower())[:6]) or "scene"
    stem = stem[:60].strip("-")
    number = 1
    while (name := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return name
