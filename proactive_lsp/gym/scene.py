"""A scene for a model user: who somebody is, where they work and what they want to get done.

As in Proactive Agent (arXiv 2410.12361, section 3.2): a background, a persona with traits, the
entities (files) that are there, and a goal. `gym scenes` proposes them; so may anybody by hand.

    name = "the-tip-calculator"
    background = "A script that splits a bill, grown in one evening."
    persona = "A careful student who tests everything."
    traits = ["patient", "likes small steps"]
    goal = "Rename `calc` to `split` and say in the README how it is called."

    [files]
    "bill.py" = "def calc(total, people):\\n    return total / people\\n"
    "README.md" = "Call `calc`.\\n"
"""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.gym.script import check_files, read_table

Short = Annotated[str, Meta(min_length=1, max_length=2_000)]


class Scene(Struct, frozen=True, forbid_unknown_fields=True):
    """One scene; see above."""

    name: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"\A[a-z0-9][a-z0-9-]*\Z")]
    background: Short
    persona: Short
    goal: Short
    files: dict[str, str] | None = None
    traits: tuple[Annotated[str, Meta(max_length=200)], ...] = ()


def read_scene(file: Path) -> Scene:
    """A scene; raises `EvaluationError` with what is wrong."""
    scene = read_table(file, Scene)
    check_files(file, scene.files)
    if scene.files is not None and not scene.files:
        raise EvaluationError(f"{file}: [files] is empty; give a file to work on, or --repo")
    return scene
