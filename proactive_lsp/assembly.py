"""The one place that picks concrete backends and puts an engine together."""

from collections.abc import Callable
from pathlib import Path

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.clock import Clock
from proactive_lsp.engine import Engine
from proactive_lsp.events import Event
from proactive_lsp.llm import Model, ModelUnavailable
from proactive_lsp.llm.guarded import GuardedModel
from proactive_lsp.llm.ollama import DEFAULT_HOST, OllamaModel, check_host, choose, probe
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


def ollama_model(settings: AgentSettings, clock: Clock) -> Model | None:
    """The user's Ollama model, looked for at the first request; None when the model is off."""
    if not settings.enabled:
        return None

    async def find() -> Model:
        host = check_host(settings.host or DEFAULT_HOST, settings.allow_remote)
        name = choose(await probe(host), settings.model)
        return OllamaModel(
            host=host,
            name=name,
            num_ctx=settings.num_ctx,
            keep_alive=settings.keep_alive,
            timeout=settings.timeout,
        )

    return GuardedModel(find, now=clock.now, calls_per_hour=settings.calls_per_hour)


def model_problem(settings: Settings) -> str | None:
    """What is wrong with the address of the model, if anything; no connection is made."""
    if not settings.agent.enabled:
        return None
    try:
        check_host(settings.agent.host or DEFAULT_HOST, settings.agent.allow_remote)
    except ModelUnavailable as error:
        return str(error)
    return None
