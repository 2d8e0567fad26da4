"""What the doctor found: one finding per thing, each a line to read and one to act on."""

from typing import Literal

from msgspec import Struct

Health = Literal["ok", "note", "broken"]


class Finding(Struct, frozen=True):
    """One thing that was looked at.

    `note` is what works without, as the model does; `broken` is something configured or needed
    that does not. `details` are further lines, `advice` says what to do.
    """

    about: str
    health: Health
    says: str
    advice: str = ""
    details: tuple[str, ...] = ()


class InstalledRow(Struct, frozen=True):
    """An installed model; bytes, and parameters as its maker says."""

    name: str
    size: int | None
    parameters: str | None


class LoadedRow(Struct, frozen=True):
    """A model in the server's memory, with its tokens of context where the server says."""

    name: str
    context: int | None


class ModelReport(Struct, frozen=True):
    """The model's side, for programs; what could not be asked is null."""

    host: str | None = None
    source: str | None = None
    version: str | None = None
    installed: tuple[InstalledRow, ...] | None = None
    loaded: tuple[LoadedRow, ...] | None = None
    chosen: str | None = None
    why: str | None = None
    capabilities: tuple[str, ...] | None = None
    num_ctx: int | None = None


class Report(Struct, frozen=True):
    """Everything; `healthy` is whether nothing is broken."""

    healthy: bool
    findings: tuple[Finding, ...]
    model: ModelReport
