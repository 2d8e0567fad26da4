"""Every error of httpx and of Ollama's client becomes one of ours, with what to do about it.

Importing this loads both packages. The codes are those of Ollama's docs/api, "Errors": 400, 404,
429, 500 and 502, beside 503 for a full queue; 401 and 403 come from a login before the server.
"""

import json
from collections.abc import Generator
from contextlib import contextmanager

import httpx
from ollama import ResponseError

from proactive_lsp.llm.choosing import is_name
from proactive_lsp.llm.model import (
    BadReply,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    PromptTooLong,
)
from proactive_lsp.llm.visible import visible

MAX_QUOTE = 200
"""Characters of a server's own error message that we pass on."""


@contextmanager
def errors_as_ours(host: str, model: str) -> Generator[None]:
    """Raise `ModelError` alone; `model` is what the sentence is about."""
    try:
        yield
    except (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
        raise ModelUnavailable(f"no Ollama at {host}; start it with `ollama serve`") from error
    except httpx.ProxyError as error:
        raise ModelUnavailable(f"the proxy of your settings does not reach {host}") from error
    except (TimeoutError, httpx.TimeoutException) as error:
        raise ModelTimeout(f"{model} gave no whole answer in time") from error
    except httpx.TransportError as error:
        raise BadReply(f"the answer of {model} was cut off") from error
    except ResponseError as error:
        raise of_status(error.status_code, _words(error), host, model) from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        # The client package reads each line as a JSON object without looking, so a line that is
        # something else ends in one of these.
        raise BadReply(f"{host} did not answer as Ollama does") from error


def of_status(code: int, said: str, host: str, model: str) -> ModelError:
    """The error for an answer with this code; -1 is an error object within a stream."""
    if code == 404:
        if not is_name(model):
            return ModelRefused(
                f"Ollama at {host} does not know what was asked (404): {said}", code
            )
        return ModelMissing(f"{model} is not installed; run `ollama pull {model}`", model)
    if code in (401, 403):
        return ModelRefused(
            f"{host} wants to know who asks ({code}); give it the headers it expects in your "
            "own settings",
            code,
        )
    if code in (429, 503):
        return ModelBusy(f"Ollama is busy ({code}): {said}")
    if code in (400, 413, -1) and _too_long(said):
        return PromptTooLong(f"the prompt is longer than what {model} can read at once")
    if 300 <= code < 400:
        return ModelRefused(
            f"Ollama refused ({code}): {host} sends on to another address; name that one as host",
            code,
        )
    where = f" ({code})" if code > 0 else ""
    words = said or "without a word"
    return ModelRefused(f"Ollama refused{where}: {words}", code if code > 0 else None)


def said_in(body: bytes) -> str:
    """The server's own words in an error body, fit to be shown."""
    text = body[: 16 * MAX_QUOTE].decode("utf-8", "replace")
    try:
        found: object = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return short(text)
    return short(str(found))


def short(text: str) -> str:
    """One line of what can be seen."""
    return visible(" ".join(text.split()))[:MAX_QUOTE]


def _words(error: ResponseError) -> str:
    return short(str(error.error))


def _too_long(said: str) -> bool:
    # Both wordings of the server; it says so only where it was told not to cut (`truncate`).
    return "context length" in said or "exceeds the available context" in said
