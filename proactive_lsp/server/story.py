"""Log what becomes of each card, by its id: offered, handed out, answered, gone.

Titles are made of words of the user's files, so they stand at the level of debugging alone.
"""

import logging
from collections.abc import Sequence

from proactive_lsp.events import Answer, Event
from proactive_lsp.suggestions import Plan, Stale, Suggestion

log = logging.getLogger(__name__)


def cards_changed(before: Sequence[Suggestion], now: Sequence[Suggestion]) -> None:
    """Which cards are new, and which are gone."""
    known, standing = {card.id for card in before}, {card.id for card in now}
    for card in now:
        if card.id not in known:
            places = len(card.places)
            log.info(
                "%s offered: %s at a %s, p=%.2f, %d places",
                *(card.id, card.need, card.trigger, card.p, places),
            )
            log.debug("%s is “%s” in %s", card.id, card.title, card.path)
    for card in before:
        if card.id not in standing:
            log.info("%s stands no longer", card.id)


def happened(event: Event) -> None:
    """An answer, as it was given; other events are told by their kind when everything is."""
    if isinstance(event, Answer):
        log.info("%s was %s", event.id, event.op)
    elif log.isEnabledFor(logging.DEBUG):
        log.debug("event: %s", type(event).__name__.lower())


def planned(plan: Plan | Stale) -> None:
    """The edits of a card, or that it no longer holds."""
    if isinstance(plan, Stale):
        log.info("%s is stale: %s", plan.id, plan.text)
    else:
        edits = sum(len(file.edits) for file in plan.files)
        log.info("%s handed out: %d edits in %d files", plan.id, edits, len(plan.files))
