"""Which of the installed models to take: the user's wish, else the best of a stated preference."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from proactive_lsp.llm.facts import Installed, same_model, with_tag
from proactive_lsp.llm.model import ModelMissing

PREFERRED = (
    "qwen2.5-coder:3b",
    "qwen2.5-coder:7b",
    "qwen3:4b-instruct",
    "qwen2.5-coder:1.5b",
    "granite4:micro",
    "gemma3:4b",
    "llama3.2:3b",
    "phi4-mini",
    "qwen3:4b",
)
"""Small instruct models that follow a schema, best first; without a tag any tag will do."""

SMALLEST, LARGEST = 1.0, 9.0
"""Thousands of millions of parameters that a model nobody knows by name may have: below, answers
are rarely right; above, a laptop is too slow for a moment's suggestion."""

# By the tag: models that complete text and do not follow instructions.
_BASE = re.compile(r"(?:^|[-_.])(?:base|text|code|fim)(?:$|[-_.])")
# By the name: those that do not write at all, and one that has no such tag.
_NO_WRITER = re.compile(r"(?:^|[-_/.])(?:embed|rerank|guard|starcoder)")
# Host, namespace, model and tag, by the rules of Ollama's types/model/name.go.
_NAME = re.compile(
    r"(?:\w[\w.:-]{0,349}/)?(?:\w[\w-]{0,79}/)?\w[\w.-]{0,79}(?::\w[\w.-]{0,79})?", re.ASCII
)


class Choice(Struct, frozen=True):
    """A model and why it is the one."""

    model: Installed
    why: str


def is_name(name: str) -> bool:
    """Whether a model can be called so; such a name is safe to show within a command."""
    return _NAME.fullmatch(name) is not None


def pick(installed: Iterable[Installed], wanted: str | None, *, remote: bool = False) -> Choice:
    """The installed model to use: the wanted one, or without a wish the best that is known.

    Raises `ModelMissing` with the command to run when it is not there; a wish is never replaced
    by another model. A model that runs in a cloud is another machine: only by wish, and `remote`.
    """
    models = sorted(installed, key=lambda model: model.title)
    if wanted is not None:
        return Choice(_wanted(models, wanted, remote), "your settings name it")
    here = [model for model in models if not in_a_cloud(model) and _chats(model)]
    for preferred in PREFERRED:
        for model in here:
            if _suits(model.title, preferred):
                return Choice(model, "the best installed of those we know")
    if unknown := sorted(_small(here)):
        return Choice(unknown[0][-1], "none we know is installed; it has a size that suits")
    raise ModelMissing(
        f"none of the {len(models)} installed models is one we know to be small and to suit; "
        f"run `ollama pull {PREFERRED[0]}` or name a model in your settings",
        PREFERRED[0],
    )


def choose(installed: Iterable[str], wanted: str | None) -> str:
    """`pick` where only names are known."""
    return pick((Installed(name) for name in installed), wanted).model.title


def in_a_cloud(model: Installed) -> bool:
    """Whether the server passes prompts for it on to somebody else's machine."""
    tag = model.title.rpartition(":")[2]
    return bool(model.remote_host) or tag == "cloud" or tag.endswith("-cloud")


def _wanted(models: list[Installed], wanted: str, remote: bool) -> Installed:
    if not is_name(wanted):
        raise ModelMissing(f"{wanted!r} is no name of a model; see `ollama list`")
    found = next((model for model in models if same_model(model.title, wanted)), None)
    if found is None:
        raise ModelMissing(f"model {wanted} is not installed; run `ollama pull {wanted}`", wanted)
    if in_a_cloud(found) and not remote:
        raise not_here(wanted)
    return found


def not_here(name: str) -> ModelMissing:
    """Why a model that runs elsewhere is not asked."""
    return ModelMissing(
        f"model {name} runs on another machine; allow a remote host in your settings first"
    )


def _suits(name: str, preferred: str) -> bool:
    mark = "-" if ":" in preferred else ":"
    return name == preferred or name.startswith(preferred + mark)


def _chats(model: Installed) -> bool:
    name, _, tag = with_tag(model.title).rpartition(":")
    if _BASE.search(tag) or _NO_WRITER.search(name):
        return False
    return model.capabilities is None or "completion" in model.capabilities


def _small(models: Iterable[Installed]) -> Iterator[tuple[bool, float, str, Installed]]:
    """Those of a fitting size, to be sorted: made for code first, then the largest."""
    for model in models:
        billions = model.billions
        if billions is not None and SMALLEST <= billions <= LARGEST:
            yield "code" not in model.title, -billions, model.title, model
