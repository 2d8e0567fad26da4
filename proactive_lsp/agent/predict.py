"""Make a task of what the model answered, and believe nothing it says unchecked.

A prediction points at a line that really stands in the workspace. It changes nothing: the words
of a model, steered by whatever text it was shown, can at most become a title and a reason.
"""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from proactive_lsp.agent.diffs import ABOVE, BELOW
from proactive_lsp.agent.guarded import guarded
from proactive_lsp.events import BadPath, check_path
from proactive_lsp.llm.visible import visible
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need, Place, Silence, Task
from proactive_lsp.workspace.documents import bare, split_lines
from proactive_lsp.workspace.search import Hit, line_hits

KIND = "predicted"
MAX_TITLE = 80
MAX_WHY = 300
# Longer than the paths of any project.
MAX_PATH = 1_000


class Prediction(Struct, frozen=True, forbid_unknown_fields=True):
    """The model's answer, in the order in which it is to think."""

    purpose: str
    help_wanted: bool
    kind: Literal["fix", "finish", "update", "test", "document", "remove", "other"]
    task: str
    path: str
    quoted_line: str
    why: str


# Without the indirection through "$defs", which small converters to grammars do not follow.
SCHEMA: dict[str, Any] = msgspec.json.schema(Prediction)["$defs"]["Prediction"]
_decoder = msgspec.json.Decoder(Prediction)


def read(answer: str) -> Prediction | None:
    """The answer as a prediction; None when it has another form."""
    try:
        return _decoder.decode(answer)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def task_of(prediction: Prediction, situation: Situation, name: str) -> Task | Silence:
    """One task that points at one line, or why it is none; `name` is what the model is called."""
    title = _plain(prediction.task, MAX_TITLE)
    if not prediction.help_wanted or not title:
        return Silence("nothing-left", f"{name} sees nothing left to do")
    place = _place(prediction, situation)
    if isinstance(place, Silence):
        return place
    why = _plain(prediction.why, MAX_WHY) or _plain(prediction.purpose, MAX_WHY) or title
    return Task(_need(prediction, place, title, situation), title, why, by_model=True)


def _need(prediction: Prediction, place: Place, title: str, situation: Situation) -> Need:
    # The facts hold none of the model's own words, so that another wording of the same task
    # has the same id and does not return once dismissed.
    return Need(
        kind=KIND,
        path=place.path,
        range=place.range,
        anchor=place.before.strip(),
        title=title,
        facts=(
            Fact("a local model points at this line", place.path, place.range.start.line),
            Fact("it was told what happened up to now", event=situation.boundary.event),
        ),
        places=(place,),
        features={f"work-{prediction.kind}": 1.0},
    )


def _place(prediction: Prediction, situation: Situation) -> Place | Silence:
    path, quoted = prediction.path, prediction.quoted_line
    if len(path) > MAX_PATH:
        return Silence("refused-place", "the model named a wrong place: its path has no end")
    try:
        check_path(path)
    except BadPath as error:
        return Silence("refused-place", f"the model named a wrong place: {error}")
    # What git ignores is not in the tree's list, though it could be read.
    text = situation.tree.read(path) if path in situation.tree.paths() else None
    if text is None:
        return Silence(
            "refused-place", f"the model named {path!r}, which is no file of the workspace"
        )
    if guarded(path) and path not in situation.touched:
        # The text of a file may ask for this; the work of the user does not.
        return Silence("refused-place", f"{path} is run by tools, and nobody is at work in it")
    hits = _hits(path, text, quoted)
    if len(hits) > 1:
        # All else equal it is the one that was told, which is the one beside the last edits.
        hits = [hit for hit in hits if _told(hit, situation)] or hits
    if len(hits) != 1:
        found = f"stands there {len(hits)} times" if hits else "does not stand there"
        return Silence("refused-place", f"the model quoted a line of {path} that {found}")
    return Place(path, hits[0].range, before=hits[0].line_text)


def _told(hit: Hit, situation: Situation) -> bool:
    """Whether the difference of a recent edit shows the line."""
    line = hit.range.start.line
    return any(
        hunk.path == hit.path
        and hunk.after_start - ABOVE <= line < hunk.after_start + len(hunk.after) + BELOW
        for hunk in situation.recent
    )


def _hits(path: str, text: str, quoted: str) -> list[Hit]:
    if not quoted.strip():
        return []
    if hits := line_hits(path, text, quoted):
        return hits
    # Models often drop the indentation; the rest must still be the whole line.
    whole = {line for line in map(bare, split_lines(text)) if line.strip() == quoted.strip()}
    return [hit for line in sorted(whole) for hit in line_hits(path, text, line)]


def _plain(text: str, most: int) -> str:
    """One line of plain text, at most so long, that shows as it is in Markdown too."""
    # Half of a Markdown link: with an image, showing it would already ask another machine.
    line = " ".join(visible(" ".join(text.split())).split()).replace("](", "] (")
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
