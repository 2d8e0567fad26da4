"""Ask every detector at one moment: what is owed, the most telling kinds first."""

import logging
from collections.abc import Collection

from proactive_lsp.needs import DETECTORS, needs_model
from proactive_lsp.situation import Cancelled, Situation
from proactive_lsp.suggestions import Need

log = logging.getLogger(__name__)


def detected(
    situation: Situation,
    *,
    off: Collection[str],
    with_model: bool,
    only: Collection[str] | None = None,
) -> list[Need]:
    """The needs of every detector in order, or of those of some kinds.

    Kinds that are `off` are left out, and without a model those that only a model can settle. A
    detector that fails is named in the log and left out; raises `Cancelled` alone.
    """
    needs: list[Need] = []
    for detector in DETECTORS:
        if detector.KIND in off or (only is not None and detector.KIND not in only):
            continue
        if not with_model and needs_model(detector):
            continue
        try:
            needs += detector.detect(situation)
        except Cancelled:
            raise
        except Exception:
            log.exception("detector %s failed; the others carry on", detector.KIND)
    return needs
