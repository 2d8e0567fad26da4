"""Have a scripted model write for a task, and see what the files become."""

from collections.abc import Mapping, Sequence

import pytest

from proactive_lsp.agent.write import plan, result
from proactive_lsp.agent.writing.write import Written, write
from proactive_lsp.events import span
from proactive_lsp.llm.scripted import ScriptedModel
from proactive_lsp.suggestions import Fact, Need, Place, Plan, Silence, Task
from proactive_lsp.workspace.documents import split_lines, utf16_length

SEARCH, DIVIDER, REPLACE = "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"


def block(old: str, new: str) -> str:
    """A block that replaces whole lines; neither text ends with a line end."""
    return "\n".join((SEARCH, *([old] if old else []), DIVIDER, *([new] if new else []), REPLACE))


def fence(text: str, name: str = "python") -> str:
    """A fenced block."""
    return f"Here it is:\n```{name}\n{text}\n```\n"


def line_place(text: str, row: int, path: str = "shop.py") -> Place:
    """A whole line that is pointed at."""
    line = split_lines(text)[row].rstrip("\r\n")
    return Place(path, span(row, 0, row, utf16_length(line)), line)


def found_task(detector, situation) -> Task:
    """The task of the only need."""
    (need,) = detector.detect(situation)
    return Task(need, need.title, need.facts[0].text)


def task_at(*places: Place, kind: str = "predicted", title: str = "Use pi", **more) -> Task:
    """A task for these places; its need begins at the first."""
    first = places[0] if places else Place("shop.py", span(0, 0, 0, 0), "")
    fields = {"path": first.path, "range": first.range, "facts": (Fact("it is open"),)} | more
    need = Need(kind=kind, anchor="", title=title, places=places, **fields)
    return Task(need, title, "3 is not pi", by_model=kind == "predicted")


class Desk:
    """Files, a task, and the answers of a model."""

    def __init__(self, situation, files: Mapping[str, str], task: Task, **more) -> None:
        self.situation = situation(files=files, **more)
        self.task = task
        self.model = ScriptedModel()

    async def write(self, *answers, place: Place | None = None) -> Written | Silence:
        """What comes of these answers, in order."""
        self.model = ScriptedModel(answers)
        return await write([self.task], self.situation, self.model, place=place)

    async def text(self, *answers, path: str = "shop.py", place: Place | None = None) -> str:
        """What a file becomes."""
        written = await self.write(*answers, place=place)
        assert isinstance(written, Written), written
        return self.applied(written.places, path)

    def applied(self, places: Sequence[Place], path: str = "shop.py") -> str:
        """The file with the places' edits, by way of the plan."""
        made = plan(
            "id",
            "",
            places,
            trigger=self.task.need.path,
            tree=self.situation.tree,
            version=lambda path: 1,
        )
        assert isinstance(made, Plan), made
        for file in made.files:
            assert file.path == path
            return result(self.situation.tree.read(path) or "", file.edits)
        return self.situation.tree.read(path) or ""

    async def refused(self, *answers, says: str) -> None:
        """Neither answer is used, and the sentence says why."""
        silence = await self.write(*(answers if len(answers) > 1 else answers * 2))
        assert isinstance(silence, Silence), silence
        assert silence.kind == "not-written"
        assert silence.text.startswith("could not: ")
        assert says in silence.text, silence.text


@pytest.fixture
def desk(situation):
    """Files and a task, ready for the answers of a model."""

    def make(files: Mapping[str, str], task: Task, **more) -> Desk:
        return Desk(situation, files, task, **more)

    return make
