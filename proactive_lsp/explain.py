"""Say in Markdown why something was offered, or why nothing was."""

import re
from collections import Counter
from collections.abc import Sequence

from proactive_lsp.suggestions import Judgement, Suggestion

# A run of backticks opens code that the next run of the same length closes, as in CommonMark.
_CODE = re.compile(r"(?<!`)(?P<fence>`+)(?!`)(?P<code>.*?[^`])(?P=fence)(?!`)")
# What a link, an image, a tag or an address begins with, and what would undo our own escapes.
_ACTIVE = re.compile(r"[\\`<>\[\]!&@]|:(?=//)|(?<=www)\.")


def explain_card(card: Suggestion, judgements: Sequence[Judgement]) -> str:
    """Title, evidence with its proof, what pushed the probability, and every place."""
    lines = [f"### {span(card.title)}", ""]
    for judgement in judgements:
        task = judgement.task
        lines += [f"**{task.need.kind}**, woken by {card.trigger}", ""]
        lines += [f"- {span(fact.cited())}" for fact in task.need.facts]
        lines += ["", *_odds(judgement), ""]
    if card.places:
        lines += ["Places:", ""]
        lines += [
            f"- {span(place.path)}:{place.range.start.line + 1}"
            + (f": {span(place.note)}" if place.note else "")
            + ("" if place.certain else " (to be confirmed)")
            for place in card.places
        ]
    return "\n".join(lines)


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
        lines.append(f"- {span(judgement.task.title)}: {span(reason)}")
    return "\n".join(lines)


def span(text: str) -> str:
    """The text for one line of Markdown: its code stays code, the rest renders as it is written.

    So nothing from a workspace or a model becomes a link, an image or a tag.
    """
    text = " ".join(text.split())
    pieces: list[str] = []
    done = 0
    for found in _CODE.finditer(text):
        pieces += (_ACTIVE.sub(r"\\\g<0>", text[done : found.start()]), _fenced(found["code"]))
        done = found.end()
    return "".join((*pieces, _ACTIVE.sub(r"\\\g<0>", text[done:])))


def _fenced(code: str) -> str:
    """Code between more backticks than it has in a row."""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {code.strip()} {fence}" if longest else f"`{code}`"


def _odds(judgement: Judgement) -> list[str]:
    pushes = ", ".join(f"{name} {push:+.2f}" for name, push in judgement.pushes)
    return [
        f"Probability {judgement.p:.2f}, shown from {judgement.threshold:.2f} on.",
        f"Log odds: {pushes}.",
    ]
