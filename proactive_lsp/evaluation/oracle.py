"""Models whose worth is known: one that names what comes next, and two that guess.

They measure the way from a model's answer to a card, with the best model there could be and with
bad ones. All say the same words of every place, so that a filter has only the place to go by. What
is still to come reaches the oracle by an argument, and nobody else.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from random import Random

import msgspec

from proactive_lsp.agent.predict import Prediction
from proactive_lsp.evaluation.files import left_out
from proactive_lsp.evaluation.labels import Pending
from proactive_lsp.llm import Heard, ModelRefused, Reply, Request, unheard
from proactive_lsp.workspace.documents import bare, split_lines
from proactive_lsp.workspace.tree import Tree

# A file that is drawn may have no line to quote; after so many there is no answer.
DRAWS = 40

Quotation = tuple[str, str]
"""A path, and a line that stands once in that file."""

NOTHING = Prediction("Go on with the change", False, "other", "", "", "", "")


class Oracle:
    """Names the next hunk that can be pointed at, and writes it as the developer did.

    Told that this one is not wanted, it names the one after it, as a guesser guesses again.
    `future` gives the hunks still to come that are on no card, in order, in lines as they are now.
    """

    name = "oracle"

    def __init__(self, future: Callable[[], Sequence[Pending]], tree: Tree) -> None:
        self._future = future
        self._tree = tree
        self._named: Pending | None = None

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The true place, or the true text of the place that was named last."""
        if request.purpose in ("write", "repair"):
            return Reply(self._written())
        _only_places(request)
        refused = self._named if request.purpose == "refine" else None
        for hunk in self._future():
            if refused is not None and hunk.number <= refused.number:
                continue
            if line := quotable(hunk, _lines(self._tree, hunk.path)):
                self._named = hunk
                return Reply(_answer((hunk.path, line)))
        return Reply(_answer(None))

    def _written(self) -> str:
        hunk = self._named
        if hunk is None:
            raise ModelRefused("the oracle writes what it named, and it named nothing")
        return search_and_replace(hunk, _lines(self._tree, hunk.path))


class Guesser:
    """Names a line drawn by a seed; `paths` gives the files to draw from, at that moment."""

    def __init__(
        self, name: str, seed: str, tree: Tree, paths: Callable[[], Sequence[str]]
    ) -> None:
        self.name = name
        self._tree = tree
        self._paths = paths
        self._seed = seed
        self._asked = 0

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """Another line each time; it writes nothing."""
        _only_places(request)
        self._asked += 1
        # By the number of the question, so that a guess does not hang on the guesses before it.
        random = Random(f"{self._seed} {self._asked}")  # noqa: S311 - for repetition, not secrecy
        return Reply(_answer(drawn(random, self._tree, self._paths())))


def drawn(random: Random, tree: Tree, paths: Sequence[str]) -> Quotation | None:
    """A line that can be quoted, of a file that counts; each file is as likely as any other."""
    for _ in range(DRAWS if paths else 0):
        path = random.choice(paths)
        lines = _lines(tree, path) if left_out(path) is None else ()
        once = [line for line, times in Counter(lines).items() if times == 1 and line.strip()]
        if once:
            return path, random.choice(once)
    return None


def quotable(hunk: Pending, lines: Sequence[str]) -> str:
    """A line by which a hunk can be pointed at: one it takes away, else one beside it; "" for none.

    `lines` are those of its file by now, without their ends.
    """
    size = len(hunk.hunk.before)
    inside = range(hunk.first, hunk.first + size)
    beside = (hunk.first - 1, hunk.first + size)
    near = (lines[number] for number in (*inside, *beside) if 0 <= number < len(lines))
    return next((line for line in near if line.strip() and lines.count(line) == 1), "")


def search_and_replace(hunk: Pending, lines: Sequence[str]) -> str:
    """The hunk as old lines and new ones, with so many around it that the old ones stand once."""
    first, end = hunk.first, hunk.first + len(hunk.hunk.before)
    above, below = first, end
    for grown in _growing(first, end, len(lines)):
        above, below = grown
        if above < below and _times(lines[above:below], lines) == 1:
            break
    new = (*lines[above:first], *hunk.hunk.after, *lines[end:below])
    old = lines[above:below]
    return "\n".join(
        ("<<<<<<< SEARCH", *old, "=======", *new, ">>>>>>> REPLACE", ""),
    )


def _growing(first: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Wider and wider around the lines, upwards first."""
    for step in range(size + 1):
        yield max(0, first - (step + 1) // 2), min(size, end + step // 2)


def _times(part: Sequence[str], lines: Sequence[str]) -> int:
    size = len(part)
    return sum(lines[at : at + size] == part for at in range(len(lines) - size + 1))


def _lines(tree: Tree, path: str) -> list[str]:
    text = tree.read(path)
    return [bare(line) for line in split_lines(text)] if text is not None else []


def _only_places(request: Request) -> None:
    if request.purpose not in ("predict", "refine"):
        raise ModelRefused(f"it only names places, and does not {request.purpose}")


def _answer(place: Quotation | None) -> str:
    if place is None:
        return msgspec.json.encode(NOTHING).decode()
    path, line = place
    found = Prediction(
        purpose="Go on with the change",
        help_wanted=True,
        kind="update",
        task="Edit this line",
        path=path,
        quoted_line=line,
        why="It comes next",
    )
    return msgspec.json.encode(found).decode()
