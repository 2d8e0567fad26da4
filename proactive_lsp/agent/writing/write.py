"""Have the model write what an accepted task wants: places with their text, or why there are none.

Nothing here changes anything: what comes back goes the way of every other plan.
"""

from collections.abc import Sequence

from msgspec import Struct

from proactive_lsp.llm import Heard, Model, unheard
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Place, Silence, Task


class Written(Struct, frozen=True):
    """What the model wrote: places with an `after`, the texts of new files, or a message.

    `files` has the text of each file that is not there yet by its path; `text` is what belongs
    into no file, as the message of a commit.
    """

    places: tuple[Place, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    text: str = ""


def writable(task: Task) -> bool:
    """Whether the model could write what this task wants and no rule did."""
    return False


async def write(
    tasks: Sequence[Task],
    situation: Situation,
    model: Model,
    *,
    place: Place | None = None,
    heard: Heard = unheard,
) -> Written | Silence:
    """What carries the tasks of a card out, or one of its places alone.

    Every error of the model becomes a `Silence`; only cancellation passes through.
    """
    return Silence("not-written", f"{model.name} could not write it")
