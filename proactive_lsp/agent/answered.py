"""Ask a model and get its reply, or the silence that its failure is."""

from proactive_lsp.llm import (
    Model,
    ModelBudgetSpent,
    ModelBusy,
    ModelError,
    ModelPaused,
    PromptTooLong,
    Reply,
    Request,
)
from proactive_lsp.suggestions import Silence


async def answered(model: Model, request: Request) -> Reply | Silence:
    """The reply; an error of the model is a `Silence`.

    Cancellation passes through, and `PromptTooLong`, as whoever made the prompt can make another.
    """
    try:
        return await model.complete(request)
    except PromptTooLong:
        raise
    except ModelError as error:
        return silence_of(error)


def silence_of(error: ModelError) -> Silence:
    """Why nothing comes of a model that failed so, in its own words."""
    match error:
        case ModelBudgetSpent():
            return Silence("budget-spent", str(error))
        case ModelBusy() | ModelPaused():
            return Silence("model-busy", str(error))
        case _:
            return Silence("model-unavailable", str(error))
