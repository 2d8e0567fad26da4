"""How relevant a task in free text is to what just happened, by its words alone.

The words of the task are compared with those of the last events, told as sentences. The named
numbers are weighed by `relevance.json`, which `proactive-lsp bench reward --out FILE` fits to the
judgements of people; the file says which, and how well it does on sessions it never saw.
"""

import logging
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct

from proactive_lsp.reward.plain_words import ABOUT_HELPING, ABOUT_NOTHING, ABOUT_TOOLS, stem
from proactive_lsp.reward.shipped import decode

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).with_name("relevance.json")
# Events longer ago say nothing about what comes next, and long ones no more than their beginning.
MOST_EVENTS, MOST_CHARS = 20, 700
# A push is kept within these log odds. A model can word any place as if it were wanted, so good
# words say less than bad ones: with +1.0, 2.1 % of lines drawn anywhere would be shown (1 394 wrong
# ones, each judged by trees that had not seen its repository), with +0.25 it is 0.4 %.
MOST_UP, MOST_DOWN = 0.25, 1.0
# What `features` puts before the names, to keep them apart from the need's own.
PREFIX = "text-"

_WORD = re.compile(r"[^\W\d_][^\W_]*|\d\d+")
_PART = re.compile(r"[^\W\d_a-z]+(?![a-z])|[^\W\d_a-z]?[a-z]+")
_CHINESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_SUMS_UP = re.compile(r"\b(summar\w*|compil\w*|list\w*|organi[sz]\w*|compar\w*|notes?)\b", re.I)
_EXAMPLE = re.compile(r"\b(examples?|snippets?|samples?|templates?)\b", re.I)
_SEARCH = re.compile(r"\bsearch", re.I)


class Weights(Struct, frozen=True, forbid_unknown_fields=True):
    """The model: log odds are `bias` and each number by its weight; `centre` is their mean.

    `threshold` is the probability from which a task passes, the best for F1 where it was fitted.
    """

    provenance: Mapping[str, object]
    bias: float
    centre: float
    threshold: float
    weights: Mapping[str, float]


def relevance(task: str, events: Sequence[str]) -> Mapping[str, float]:
    """Named numbers about a task and the events before it, oldest first; none without an event.

    Each is a share in [0, 1] or a count on a logarithmic scale, where 1 stands for 7 words. A word
    counts once, without its ending; words that any offer of help has do not count.

    - `last-count`: how many of the task's words the last event has
    - `last-told`: the share of the last event's words that the task takes up
    - `fresh`: how many of the task's words the last event was the first to say
    - `before`: how many stand in earlier events and not in the last one
    - `unheard`: the share that stands in no event
    - `sums-up`, `example`: whether the task is to sum up or list, or to show an example
    - `searched`: whether the last event is a search
    """
    if not events:
        return {}
    told = [event[:MOST_CHARS] for event in events[-MOST_EVENTS:]]
    last, earlier = _words(told[-1]), frozenset[str]().union(*map(_words, told[:-1]))
    matter = _words(task[:MOST_CHARS]) - ABOUT_HELPING
    topic = last - ABOUT_TOOLS
    return {
        "last-count": _count(matter & last),
        "last-told": _share(topic & matter, topic),
        "fresh": _count((matter & last) - earlier),
        "before": _count((matter & earlier) - last),
        "unheard": _share(matter - earlier - last, matter),
        "sums-up": float(bool(_SUMS_UP.search(task))),
        "example": float(bool(_EXAMPLE.search(task))),
        "searched": float(bool(_SEARCH.search(told[-1]))),
    }


def probability(task: str, events: Sequence[str], weights: Weights | None = None) -> float | None:
    """How likely people would accept the task; None without an event or without weights."""
    weights = weights or shipped()
    numbers = relevance(task, events)
    if weights is None or not numbers:
        return None
    return 1 / (1 + math.exp(-log_odds(numbers, weights)))


def log_odds(numbers: Mapping[str, float], weights: Weights) -> float:
    """What the model says of these numbers."""
    terms = (weight * numbers.get(name, 0.0) for name, weight in weights.weights.items())
    return weights.bias + sum(terms)


def push(features: Mapping[str, float], weights: Weights | None = None) -> float:
    """The log odds that the text adds to a judgement: 0 for an average task, or one without text.

    `features` are those of a judgement, where the numbers have a `PREFIX`.
    """
    weights = weights or shipped()
    start = len(PREFIX)
    numbers = {name[start:]: value for name, value in features.items() if name.startswith(PREFIX)}
    if weights is None or not numbers:
        return 0.0
    return max(-MOST_DOWN, min(MOST_UP, log_odds(numbers, weights) - weights.centre))


@cache
def shipped() -> Weights | None:
    """The shipped weights, read once; None, said once, when they are missing or broken."""
    try:
        return read(SHIPPED)
    except ValueError as error:
        log.warning("%s; tasks of a model are judged without their text", error)
        return None


def read(file: Path) -> Weights:
    """The weights in a file; raises `ValueError` with one line that says what is wrong."""
    weights = decode(file, Weights)
    unknown = sorted(weights.weights.keys() - relevance("a task", ("an event",)).keys())
    if unknown:
        raise ValueError(f"{file}: there is no number {unknown[0]!r}")
    return weights


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    """The words of a text and the parts of its names, without endings, small words left out."""
    found = {word for match in _WORD.findall(text) for word in _parts(match)}
    return frozenset(found - ABOUT_NOTHING)


def _parts(word: str) -> list[str]:
    if _CHINESE.search(word):
        return list(word.lower())
    return [stem(part) for part in (word, *_PART.findall(word)) if len(part) > 1]


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part) / len(whole) if whole else 0.0


def _count(words: frozenset[str]) -> float:
    return math.log2(1 + len(words)) / 3
