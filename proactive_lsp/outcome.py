"""What one boundary came to, for whoever shows it or writes it down."""

from msgspec import Struct

from proactive_lsp.reward.standing import Withdrawn
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Judgement, Need, Silence, Suggestion


class Outcome(Struct, frozen=True):
    """What one boundary came to: what was noticed, judged, offered and taken back.

    Unless the engine `looked`, the current cards stand where its last look found them.
    """

    boundary: Boundary
    needs: tuple[Need, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    offered: Suggestion | None = None
    withdrawn: Withdrawn = ()
    current: tuple[Suggestion, ...] = ()
    silence: Silence | None = None
    looked: bool = False
    messages: tuple[str, ...] = ()
