"""The one place that picks concrete backends and puts an engine together."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.clock import Clock
from proactive_lsp.engine import Engine
from proactive_lsp.events import Event
from proactive_lsp.llm import Model, ModelUnavailable
from proactive_lsp.llm.address import find_address
from proactive_lsp.llm.facts import Installed
from proactive_lsp.llm.guarded import GuardedModel
from proactive_lsp.llm.ollama import FIND_SECONDS, OllamaModel, find, installed, pull
from proactive_lsp.llm.pulling import PullProgress
from proactive_lsp.llm.reach import Line, line_to
from proactive_lsp.llm.residence import Residence
from proactive_lsp.memory import Memory, NoStore, SqliteStore, store_path
from proactive_lsp.outcome import Outcome
from proactive_lsp.reward import weights_problem
from proactive_lsp.scheduling import Scheduler, Turn
from proactive_lsp.settings import Settings
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.repository import NoRepository, Repository
from proactive_lsp.workspace.tree import DiskTree, FilesTree, Tree


def for_replay(
    settings: Settings,
    *,
    base: Tree,
    clock: Clock,
    model: Model | None = None,
    past: Past | None = None,
) -> Scheduler:
    """An engine over a recorded workspace: empty memory, nothing written anywhere."""
    engine = Engine(settings, base=base, memory=Memory(NoStore()), model=model, past=past)
    return Scheduler(engine, clock, settings.schedule)


def for_editor(
    settings: Settings,
    *,
    root: Path | None,
    repository: Repository | NoRepository,
    clock: Clock,
    publish: Callable[[Outcome], None],
    overtaken: Callable[[], bool],
    model: Model | None = None,
    turn: Turn | None = None,
    sink: Callable[[Event], None] = lambda event: None,
    state_dir: Path | None = None,
) -> Scheduler:
    """An engine over a folder on disk; without a folder, over the open documents alone.

    All folders share one `model`, and take turns at it.
    """
    if root is None:
        base: Tree = FilesTree({})
    else:
        tracked = repository.tracked if isinstance(repository, Repository) else None
        base = DiskTree(root, tracked, max_bytes=settings.max_file_bytes)
    durable = root is not None and settings.memory.durable
    engine = Engine(
        settings,
        base=base,
        memory=Memory(SqliteStore(store_path(root, state_dir)) if durable and root else NoStore()),
        model=model,
        live=True,
        past=repository.past() if isinstance(repository, Repository) else None,
        sink=sink,
    )
    engine.memory.messages += filter(None, (weights_problem(),))
    return Scheduler(
        engine,
        clock,
        settings.schedule,
        patient=False,
        publish=publish,
        overtaken=overtaken,
        turn=turn,
    )


def ollama_model(
    settings: AgentSettings, clock: Clock, environment: Mapping[str, str] | None = None
) -> GuardedModel | None:
    """The user's Ollama model, looked for at the first request; None when the model is off.

    One for the whole process, whatever the number of folders, since one request is in flight.
    An editor passes its environment on, for OLLAMA_HOST; a replay has none.
    """
    if not settings.enabled:
        return None
    residence = Residence(settings.num_ctx, settings.others_loaded)

    def line() -> Line:
        address = find_address(settings.host, environment or {}, remote=settings.allow_remote)
        return line_to(address, settings.headers, settings.proxy)

    async def find_model() -> Model:
        reached = line()
        found = await find(
            reached,
            settings.model,
            remote=settings.allow_remote,
            within=min(FIND_SECONDS, settings.timeout),
        )
        return OllamaModel(
            host=reached.url,
            name=found.choice.model.title,
            num_ctx=settings.num_ctx,
            keep_alive=settings.keep_alive,
            timeout=settings.timeout,
            line=reached,
            found=found,
            residence=residence,
            now=clock.now,
        )

    async def pull_model(name: str, tell: Callable[[PullProgress], None]) -> None:
        await pull(line(), name, tell)

    async def list_models() -> tuple[Installed, ...]:
        return await installed(line())

    return GuardedModel(
        find_model,
        now=clock.now,
        calls_per_hour=settings.calls_per_hour,
        tokens_per_hour=settings.tokens_per_hour,
        on_battery=settings.on_battery,
        waits_for_room=settings.others_loaded == "wait",
        host=_host(settings, environment),
        pull=pull_model,
        installs=list_models,
    )


def _host(settings: AgentSettings, environment: Mapping[str, str] | None) -> str:
    """The address to show; nothing where it is none, as what was written may hold a password."""
    try:
        return find_address(settings.host, environment or {}, remote=True).url
    except ModelUnavailable:
        return ""


def model_problem(settings: Settings, environment: Mapping[str, str] = os.environ) -> str | None:
    """What is wrong with the way to the model, if anything; no connection is made."""
    agent = settings.agent
    if not agent.enabled:
        return None
    try:
        address = find_address(agent.host, environment, remote=agent.allow_remote)
        line_to(address, agent.headers, agent.proxy)
    except ModelUnavailable as error:
        return str(error)
    return None
