"""Read a yes or a no out of the first token of an answer."""

from collections.abc import Mapping

from proactive_lsp.agent.prompt import NO, YES

# A choice that is not among the tokens a server lists is less likely than any of those.
UNLISTED = -12.0


def yes_minus_no(logprobs: Mapping[str, float] | None) -> float | None:
    """How much likelier yes is than no, as a difference of natural logarithms.

    None where the model does not tell, or thinks of neither.
    """
    if logprobs is None or (YES not in logprobs and NO not in logprobs):
        return None
    return logprobs.get(YES, UNLISTED) - logprobs.get(NO, UNLISTED)
