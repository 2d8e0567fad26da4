"""Explain what a running engine offers and keeps back, as Markdown of bounded size."""

from proactive_lsp.explain.evidence import explained_card
from proactive_lsp.explain.learned import learned_rows
from proactive_lsp.explain.log import Log
from proactive_lsp.explain.markdown import markdown
from proactive_lsp.explain.page import Note, Page, learned_page, row_page, silent_page
from proactive_lsp.explain.remembered import remembered_page
from proactive_lsp.memory import Memory
from proactive_lsp.reward.standing import Standing

LAST, SILENT, LEARNED, MEMORY = "last", "silent", "learned", "memory"
WORDS = (LAST, SILENT, LEARNED, MEMORY)
SINCE = "Since the server started; a need counts once for each new reason."


def explain(what: str, log: Log, standing: Standing, memory: Memory) -> str:
    """A card by its id, or what one of `WORDS` asks for; of anything else, the silences.

    A card that stands is explained as it was judged last, another one as it was offered.
    """
    if what == LEARNED:
        return markdown(learned_page([("", learned_rows(memory))], memory.muted()))
    if what == MEMORY:
        return markdown(remembered_page(memory))
    kept = log.kept
    if what == LAST:
        if not kept.cards:
            return markdown((Note("No card was offered so far."),))
        what = kept.cards[-1].id
    page = _card(what, log, standing)
    return markdown(page or silent_page(kept.counts, [("", row) for row in kept.silences], SINCE))


def _card(id: str, log: Log, standing: Standing) -> Page | None:
    card = standing.find(id)
    if card is not None:
        return row_page(explained_card(card, standing.judgements(card)))
    return next((row_page(row) for row in log.kept.cards if row.id == id), None)
