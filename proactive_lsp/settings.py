"""What can be set, by whom, and what happens to a wrong value.

Model, host, recording and memory come from the user alone (initialization options, or
`workspace/configuration` at user scope). A workspace file may only make it quieter.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, cast

import msgspec
from msgspec import Meta, Struct

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.memory import MemorySettings
from proactive_lsp.needs import KINDS, NeedsSettings
from proactive_lsp.reward import EAGERNESS, Eagerness, RewardSettings
from proactive_lsp.workspace.tree import DiskTree

Table = Mapping[str, Any]
LogLevel = Literal["error", "warning", "info", "debug"]
MOST_MESSAGES = 5
MESSAGE_LENGTH = 250
_Group = TypeVar("_Group", bound=Struct)


class ScheduleSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """When to look."""

    quiet_seconds: Annotated[float, Meta(gt=0)] = 1.5
    """Seconds without a keystroke that make a pause; a pause is a boundary."""
    settle_seconds: Annotated[float, Meta(gt=0)] = 2.0
    """Typing is settled, redacted and written down at the latest after this many seconds."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything, with the defaults a new user gets."""

    enabled: bool = True
    """Off means off: no analysis, no model request, no memory written."""
    max_file_bytes: Annotated[int, Meta(ge=0)] = 1_000_000
    """A larger file is kept as text only; it is neither parsed nor searched."""
    log_level: LogLevel = "info"
    """What is logged: errors, warnings too, what becomes of each card too, or all of it. Only
    "debug" has words of your files in it, and secrets are in none."""
    schedule: ScheduleSettings = ScheduleSettings()
    needs: NeedsSettings = NeedsSettings()
    reward: RewardSettings = RewardSettings()
    agent: AgentSettings = AgentSettings()
    memory: MemorySettings = MemorySettings()


def from_user(options: object) -> tuple[Settings, tuple[str, ...]]:
    """Settings from the user's own options, and one message per wrong value.

    A wrong value keeps its default; the others count. Not an object at all: all defaults.
    """
    if options is None:
        return Settings(), ()
    try:
        table = _nested(msgspec.convert(options, dict[str, Any]))
    except msgspec.ValidationError:
        return Settings(), ("settings are not an object; using the defaults",)
    messages: list[str] = []
    settings = _merge(Settings(), table, "", messages)
    messages += _unknown(settings.needs.off, "setting needs.off")
    return settings, _few(messages)


def _nested(options: Table) -> Table:
    """The options with `{"reward.eagerness": x}` as `{"reward": {"eagerness": x}}`."""
    table: dict[str, Any] = {}
    for key, value in options.items():
        group, _, name = key.partition(".")
        if name and isinstance(table.get(group, {}), dict):
            table[group] = {**table.get(group, {}), name: value}
        elif isinstance(value, Mapping) and isinstance(table.get(key), dict):
            table[key] = {**table[key], **value}
        else:
            table[key] = value
    return table


def _few(messages: Sequence[str]) -> tuple[str, ...]:
    """The first messages, printable and short: a workspace may hold any number of odd keys."""
    shown = [
        "".join(sign if sign.isprintable() else "�" for sign in message[:MESSAGE_LENGTH])
        for message in messages[:MOST_MESSAGES]
    ]
    left = len(messages) - len(shown)
    return (*shown, *([f"and {left} more wrong settings"] if left else []))


def _merge(current: _Group, options: Table, prefix: str, messages: list[str]) -> _Group:
    fields = {field.name: field for field in msgspec.structs.fields(type(current))}
    names = {_camel(name): name for name in fields} | {name: name for name in fields}
    changed: dict[str, Any] = {}
    for key, value in options.items():
        name = names.get(str(key))
        if name is None:
            messages.append(f"no setting is called {prefix}{key}; ignored")
            continue
        old = getattr(current, name)
        if isinstance(old, Struct):
            if isinstance(value, Mapping):
                changed[name] = _merge(old, cast("Table", value), f"{prefix}{name}.", messages)
            else:
                messages.append(f"setting {prefix}{key} is a group of settings; ignored")
            continue
        try:
            changed[name] = msgspec.convert(value, fields[name].type, strict=True)
        except msgspec.ValidationError as error:
            default = msgspec.json.encode(old).decode()
            messages.append(f"setting {prefix}{key} is wrong ({error}); using {default}")
    return msgspec.structs.replace(current, **changed)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


class WorkspaceSettings(Struct, frozen=True):
    """What a workspace may say: each only ever makes it quieter."""

    enabled: bool = True
    off: tuple[str, ...] = ()
    eagerness: Eagerness | None = None


WORKSPACE_KEYS = {field.name: field.type for field in msgspec.structs.fields(WorkspaceSettings)}


def quieter(settings: Settings, asked: WorkspaceSettings) -> Settings:
    """The user's settings, made quieter where the workspace asks for it; never louder."""
    reward = settings.reward
    if asked.eagerness is not None and EAGERNESS.index(asked.eagerness) < EAGERNESS.index(
        reward.eagerness
    ):
        reward = msgspec.structs.replace(reward, eagerness=asked.eagerness)
    needs = msgspec.structs.replace(
        settings.needs, off=tuple(sorted({*settings.needs.off, *asked.off}))
    )
    return msgspec.structs.replace(
        settings, enabled=settings.enabled and asked.enabled, needs=needs, reward=reward
    )


def from_workspace(root: Path) -> tuple[WorkspaceSettings, tuple[str, ...]]:
    """What `.proactive.toml`, or `[tool.proactive]` in pyproject.toml, asks for.

    Nothing when neither is there. Wrong values and settings a workspace may not set are named
    in the messages and ignored.
    """
    tree = DiskTree(root)
    for name, tables in ((".proactive.toml", ()), ("pyproject.toml", ("tool", "proactive"))):
        # A workspace may hold anything under this name: a pipe, a link, a huge file.
        text = tree.read(name)
        if text is None and name == ".proactive.toml" and os.path.lexists(root / name):
            return WorkspaceSettings(), (f"{name} cannot be read (no text file); ignored",)
        try:
            content: object = _loads(text) if text is not None else None
        except (ValueError, RecursionError) as error:
            if name == "pyproject.toml":
                # Its other readers say so; half of it may be being typed just now.
                continue
            return WorkspaceSettings(), (f"{name} cannot be read ({error}); ignored",)
        for table in tables:
            content = cast("Table", content).get(table) if isinstance(content, Mapping) else None
        if content:
            return _workspace(content, name)
    return WorkspaceSettings(), ()


def _loads(text: str) -> object:
    # Many a folder has neither file, and then no room for what reads it.
    import tomllib

    return tomllib.loads(text)


def workspace_asks(options: object) -> tuple[WorkspaceSettings, tuple[str, ...]]:
    """The same for the editor's workspace-scope settings."""
    return _workspace(options, "workspace settings") if options else (WorkspaceSettings(), ())


def _workspace(content: object, where: str) -> tuple[WorkspaceSettings, tuple[str, ...]]:
    if not isinstance(content, Mapping):
        return WorkspaceSettings(), (f"{where} is not a table; ignored",)
    messages: list[str] = []
    allowed: dict[str, Any] = {}
    for key, value in cast("Table", content).items():
        if key not in WORKSPACE_KEYS:
            messages.append(f"{where}: a workspace may not set {key}; ignored")
            continue
        try:
            allowed[key] = msgspec.convert(value, WORKSPACE_KEYS[key])
        except msgspec.ValidationError as error:
            messages.append(f"{where}: {key} is wrong ({error}); ignored")
            continue
    messages += _unknown(allowed.get("off", ()), where)
    return WorkspaceSettings(**allowed), _few(messages)


def _unknown(off: Iterable[str], where: str) -> Iterator[str]:
    for kind in off:
        if kind not in KINDS:
            meant = get_close_matches(kind, KINDS, n=1)
            advice = f"did you mean {meant[0]}?" if meant else "README lists them all"
            yield f"{where}: no kind is called {kind}; {advice}"
