"""Needs, judgements and cards in a few words."""

from proactive_lsp.events import span
from proactive_lsp.reward.card import merge
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Fact, Judgement, Need, Place, Silence, Task


def place(line=0, first=0, last=4, path="lib/a.py", after="new"):
    """A place on one line."""
    return Place(path, span(line, first, line, last), "old", after)


def need(name="one", *places, kind="broken-call", path="lib/a.py"):
    """A need called so; without places it only tells."""
    return Need(
        kind=kind,
        path=path,
        range=span(0, 0, 0, 1),
        anchor=name,
        title=f"Fix {name}",
        facts=(Fact(f"{name} is broken", path, 0),),
        places=places,
    )


def judged(made, p=0.9, silence=None):
    """Its judgement; a silence is named by its kind."""
    reason = Silence(silence, f"because {silence}") if silence else None
    return Judgement(Task(made, made.title, "why"), p, 0.6, reason)


def card(*needs, trigger="save", t=1.0):
    """One card of these needs."""
    made = merge([judged(each) for each in needs], Boundary(trigger, t))
    assert made is not None
    return made
