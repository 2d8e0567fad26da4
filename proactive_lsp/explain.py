"""Say in Markdown why something was offered, or why nothing was."""

import re
from collections import Counter
from collections.abc import Sequence

from proactive_lsp.suggestions import Judgement, Suggestion

_OPENERS = re.compile(r"\](?=[(\[:])|<(?=[\w/!?])")


def explain_card(card: Suggestion, judgements: Sequence[Judgement]) -> str:
    """Title, evidence with its proof, what pushed the probability, and every place."""
    lines = [f"### {card.title}", ""]
    for judgement in judgements:
        task = judgement.task
        lines += [f"**{task.need.kind}**, woken by {card.trigger}", ""]
        lines += [f"- {fact.cited()}" for fact in task.need.facts]
        lines += ["", *_odds(judgement), ""]
    if card.places:
        lines += ["Places:", ""]
        lines += [
            f"- {place.path}:{place.range.start.line + 1}"
            + (f": {place.note}" if place.note else "")
            + ("" if place.certain else " (to be confirmed)")
            for place in card.places
        ]
    return inert("\n".join(lines))


def explain_silences(silences: Sequence[Judgement]) -> str:
    """How often each reason came up, then the latest silent needs with theirs."""
    if not silences:
        return "Nothing was noticed lately that could have been offered."
    lines = ["### Noticed, and not said", ""]
    counts = Counter(judgement.silence.kind for judgement in silences if judgement.silence)
    lines += [f"- {kind}: {count}" for kind, count in sorted(counts.items())]
    lines += ["", "Latest:", ""]
    latest = {judgement.task.need.id: judgement for judgement in silences}
    for judgement in list(latest.values())[-10:]:
        reason = judgement.silence.text if judgement.silence else ""
        lines.append(f"- {judgement.task.title}: {reason}")
    return inert("\n".join(lines))


def inert(markdown: str) -> str:
    """The same to the eye, but no link, image or tag: facts quote whatever stands in a file.

    A space of no width parts what would open one; backticks in quoted code cannot undo that.
    """
    return _OPENERS.sub("\\g<0>\u200b", markdown)


def _odds(judgement: Judgement) -> list[str]:
    pushes = ", ".join(f"{name} {push:+.2f}" for name, push in judgement.pushes)
    return [
        f"Probability {judgement.p:.2f}, shown from {judgement.threshold:.2f} on.",
        f"Log odds: {pushes}.",
    ]
