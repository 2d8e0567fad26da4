"""Messages as the tokens of a prompt, by the template that stands in the weights."""

from collections.abc import Callable, Sequence

from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct, to_builtins

KEEP = 4
"""docs/api.md, "Generate request (With options)": `num_keep`, by default 4."""


class Message(Struct, frozen=True):
    """docs/api.md, "Generate a chat completion"."""

    role: str
    content: str = ""


class TooLong(Exception):
    """The messages do not fit, and none may be left out."""


class Prompt(Struct, frozen=True):
    """Tokens, and how many messages were left out since they did not fit."""

    tokens: list[int]
    left_out: int


def prompt(
    messages: Sequence[Message],
    *,
    template: str,
    tokens: Callable[[str], list[int]],
    num_ctx: int,
    truncate: bool,
) -> Prompt:
    """All messages, or system messages and as many of the last as fit into `num_ctx`.

    As Ollama does by default (docs/context-length.mdx): the oldest go first, the last one stays. A
    last one that does not fit by itself loses tokens from its middle. Raises `TooLong` instead
    where nothing may be left out.
    """
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    compiled = environment.from_string(template)
    system = [message for message in messages if message.role == "system"]
    for first in range(len(messages)):
        kept = [m for m in messages[:first] if m.role == "system"] + list(messages[first:])
        told = compiled.render(messages=to_builtins(kept), add_generation_prompt=True)
        found = tokens(told)
        if len(found) > num_ctx and not truncate:
            raise TooLong
        if len(found) <= num_ctx or first == len(messages) - 1:
            break
    left_out = len(messages) - len(kept)
    assert left_out <= len(messages) - len(system), "system messages stay"
    if len(found) > num_ctx:
        # As Ollama's runner: the first tokens, then as many of the last as half of the rest and
        # more; the answer needs room too.
        found = found[:KEEP] + found[len(found) - (num_ctx - KEEP) // 2 :]
    return Prompt(found, left_out)
