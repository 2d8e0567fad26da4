"""What a server tells about itself and its models, read leniently from its JSON.

Field names are those of Ollama's docs/api.md, "List Local Models", "Show Model Information",
"List Running Models" and "Version". A field that an older server does not send is None.
"""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Details(Struct, frozen=True):
    """What a model is made of, in its maker's words."""

    parameter_size: str | None = None


class Installed(Struct, frozen=True):
    """A model of the list; `capabilities` since August 2026, `remote_host` for one in a cloud."""

    model: str = ""
    name: str = ""
    size: int | None = None
    digest: str | None = None
    details: Details | None = None
    capabilities: tuple[str, ...] | None = None
    remote_host: str | None = None

    @property
    def title(self) -> str:
        """Its full name; the first servers had only one of the two fields."""
        return self.model or self.name

    @property
    def billions(self) -> float | None:
        """Parameters in thousands of millions ("3.2B", "494.03M"); None where nobody says."""
        text = self.details.parameter_size if self.details is not None else None
        found = re.fullmatch(r"([0-9.]+) *([KMBT])", text or "")
        if found is None or found[1].count(".") > 1 or found[1] == ".":
            return None
        return float(found[1]) * {"K": 1e-6, "M": 1e-3, "B": 1.0, "T": 1e3}[found[2]]


class InstalledModels(Struct, frozen=True):
    """The answer of /api/tags; Go writes an empty list as null now and then."""

    models: tuple[Installed, ...] | None


class Loaded(Struct, frozen=True):
    """A model in the server's memory; `context_length` since July 2025, 0 where not known."""

    model: str = ""
    name: str = ""
    digest: str | None = None
    context_length: int | None = None

    @property
    def title(self) -> str:
        """Its full name."""
        return self.model or self.name


class LoadedModels(Struct, frozen=True):
    """The answer of /api/ps."""

    models: tuple[Loaded, ...] | None


class Shown(Struct, frozen=True):
    """The answer of /api/show; `capabilities` since April 2025."""

    capabilities: tuple[str, ...] | None = None
    model_info: Mapping[str, Any] | None = None
    remote_host: str | None = None

    @property
    def trained_context(self) -> int | None:
        """Tokens of context the model was trained for: "llama.context_length" and the like."""
        for key, value in (self.model_info or {}).items():
            # A projector has a name of its own, such as "clip.vision.context_length".
            if key.count(".") == 1 and key.endswith(".context_length") and type(value) is int:
                return value if value > 0 else None
        return None


class Version(Struct, frozen=True):
    """The answer of /api/version."""

    version: str

    @property
    def numbers(self) -> tuple[int, int, int] | None:
        """(0, 5, 1) for "0.5.1-rc2"; None for what is no release, as a build from source."""
        found = re.match(r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})", self.version)
        if found is None:
            return None
        numbers = (int(found[1]), int(found[2]), int(found[3]))
        return numbers if numbers != (0, 0, 0) else None


def same_model(one: str, other: str) -> bool:
    """Whether two names mean one model: a name without a tag means "latest" (docs/api.md)."""
    return with_tag(one) == with_tag(other)


def with_tag(name: str) -> str:
    """The name with its tag; a colon before the last slash belongs to a host's port."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"
