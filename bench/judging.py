"""What a verdict of the reward filter costs: one place, and sixty at one moment; one thread."""

import time
from collections.abc import Iterator
from statistics import median

from lab import Lab
from msgspec.structs import replace
from rows import Row

from proactive_lsp.events import Change, Edit, Open, span
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.reward import Pace, RewardSettings, judge
from proactive_lsp.reward.model import weights
from proactive_lsp.reward.place_features import agreement_of
from proactive_lsp.situation import Boundary, Situation, look
from proactive_lsp.suggestions import Fact, Need, Place, Task, narrowed
from proactive_lsp.workspace.search import Index
from proactive_lsp.workspace.tree import FilesTree
from proactive_lsp.workspace.work import Work

MOST_ONE, MOST_SIXTY = 1.0, 20.0  # milliseconds
PLACES, EACH = 60, 6
ROUNDS = 60
LINE = "    return settings.get('timeout', default=30)\n"


def judging(lab: Lab) -> Iterator[Row]:
    """A changed line that stands in sixty other functions, judged by the shipped weights."""
    situation, task = _sixty()
    one = replace(task, need=narrowed(task.need, task.places[:1]))
    yield Row(
        measure=f"verdict on one place, {len(weights().trees)} trees",
        value=_milliseconds(one, situation),
        form="{:.2f} ms",
        limit=MOST_ONE,
    )
    yield Row(
        measure=f"verdict on {len(task.places)} places",
        value=_milliseconds(task, situation),
        form="{:.2f} ms",
        limit=MOST_SIXTY,
    )


def _sixty() -> tuple[Situation, Task]:
    """The moment after the line was changed in one of the functions, and what is owed then."""
    files = {
        f"lib/part{number}.py": "".join(
            f"def reader_{number}_{each}(settings):\n{LINE}\n\n" for each in range(EACH)
        )
        for number in range(1 + PLACES // EACH)
    }
    path, text = "lib/part0.py", files["lib/part0.py"]
    work = Work(FilesTree(files), live=False, max_bytes=1_000_000)
    work.apply(Open(0.0, path, 1, "python", text))
    changed = text.replace(LINE, LINE.replace("30", "60"), 1)
    work.apply(Edit(1.0, path, 2, (Change(None, changed),)))
    work.settle()
    work.compare()
    situation = look(
        work, boundary=Boundary("save", 2.0), memory=Memory(NoStore()), index=Index(work.tree)
    )
    fact = Fact("the line was changed", path, 1)
    places = tuple(
        Place(other, span(line, 0, line, len(LINE) - 1), LINE.strip(), LINE.strip())
        for other in files
        if other != path
        for line in range(1, 4 * EACH, 4)
    )
    need = Need("line-clone", path, span(1, 0, 1, 1), LINE, "Change equal lines", (fact,), places)
    return situation, Task(need, need.title, fact.text)


def _milliseconds(task: Task, situation: Situation) -> float:
    agreement, pace, settings = agreement_of([task.need]), Pace(), RewardSettings(filter=False)
    taken: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        judge(task, situation, pace=pace, operation=None, settings=settings, agreement=agreement)
        taken.append(1000 * (time.perf_counter() - began))
    # The first ones read the files, as the detectors have done before in an engine.
    return median(taken[5:])
