"""What a transcript says of the model: who answered, how much that cost, what failed."""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from proactive_lsp.events import Unsigned
from proactive_lsp.llm.usage import total
from proactive_lsp.replay.answering import Report


class Tokens(Struct, frozen=True):
    """Sums over the answers that told them; None where none did.

    `evaluated` are those of the prompts that the server's cache did not spare.
    """

    prompt: int | None
    answer: int | None
    evaluated: int | None


class ModelRow(Struct, frozen=True):
    """The model's part in a session, or in all of them.

    `calls` were asked for, answered or not. `reevaluated` is the share of prompt tokens that the
    server reported to have evaluated, of those whose cost it reported; None where it reports none.
    `unshared_characters` is another share: of the prompts' characters, those behind the beginning
    that a prompt shared with the one before. Both are in [0, 1] and rounded to 4 digits. `recorded`
    answers stand in the file beside the session, `drifted` ones of these were given to other
    prompts. `failed` counts errors by kind, `silences` the boundaries without a proposal by reason.
    """

    name: str
    calls: Unsigned
    purposes: Mapping[str, int]
    tokens: Tokens
    reevaluated: float | None
    unshared_characters: float | None
    cancelled: Unsigned
    failed: Mapping[str, int]
    silences: Mapping[str, int]
    loads: int | None
    recorded: Unsigned
    drifted: Unsigned


def model_row(reports: Sequence[Report]) -> ModelRow:
    """The sum of one or more reports; shares are made of the sums."""
    usage = total(report.usage for report in reports)
    # Who was never asked was never looked for, and has no name of its own yet.
    asked = [report for report in reports if report.usage.calls]
    silences: Counter[str] = Counter()
    for report in reports:
        silences.update(report.silences)
    return ModelRow(
        name=", ".join(sorted({report.name for report in asked or reports})),
        calls=usage.calls,
        purposes=usage.purposes,
        tokens=Tokens(usage.prompt_tokens, usage.answer_tokens, usage.evaluated_tokens),
        reevaluated=_rounded(usage.reevaluated),
        unshared_characters=_rounded(usage.unshared_characters),
        cancelled=usage.cancelled,
        failed=usage.failed,
        silences=dict(sorted(silences.items())),
        loads=usage.loads,
        recorded=sum(report.answers for report in reports),
        drifted=sum(report.drifted for report in reports),
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
