"""What suggesters without any understanding would have said, for comparison.

A baseline looks at the moment after one hunk and answers with the spots of one card, or none.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from proactive_lsp.evaluation.commits import Hunk
from proactive_lsp.evaluation.labels import Spot
from proactive_lsp.workspace.kinds import file_kind
from proactive_lsp.workspace.search import files_with, word_hits
from proactive_lsp.workspace.tree import Tree

_IDENTIFIER = re.compile(r"[^\W\d]\w{3,}")
# A word that stands at more places than this is a common word, not a trace.
_MOST_HITS = 20


class Moment(Struct, frozen=True):
    """What was done of a commit so far, as (path, hunk), the last one just now, and the files."""

    done: tuple[tuple[str, Hunk], ...]
    tree: Tree


Baseline = Callable[[Moment], Sequence[Spot]]


def nothing(moment: Moment) -> Sequence[Spot]:
    """Never a word."""
    return ()


def always_tests(moment: Moment) -> Sequence[Spot]:
    """ "Tests, too", once a commit, when a source file is changed first."""
    *before, (path, _) = moment.done
    if file_kind(path) != "source" or any(file_kind(other) == "source" for other, _ in before):
        return ()
    return (Spot(None, kind="tests"),)


def vanished(moment: Moment) -> Sequence[Spot]:
    """The lines that still mention an identifier which the hunk took away; each word once."""
    *before, (_, hunk) = moment.done
    said = {word for _, earlier in before for word in _vanished_words(earlier)}
    words = [word for word in _vanished_words(hunk) if word not in said]
    spots: dict[Spot, None] = {}
    for word, paths in files_with(moment.tree, words).items():
        found: list[Spot] = []
        for path in paths:
            if len(found) > _MOST_HITS:
                break
            text = moment.tree.read(path)
            lines = [hit.range.start.line for hit in word_hits(path, text or "", word)]
            found += (Spot(path, (line, line)) for line in lines)
        if len(found) <= _MOST_HITS:
            spots |= dict.fromkeys(found)
    return tuple(spots)


def _vanished_words(hunk: Hunk) -> list[str]:
    kept = {word for line in hunk.after for word in _IDENTIFIER.findall(line)}
    gone = (word for line in hunk.before for word in _IDENTIFIER.findall(line))
    return list(dict.fromkeys(word for word in gone if word not in kept))


BASELINES: Mapping[str, Baseline] = {
    "nothing": nothing,
    "always-tests": always_tests,
    "vanished-identifiers": vanished,
}
