"""A model behind an Ollama server: found at first use, asked as a good neighbour.

Nothing here loads the `ollama` package until someone listens at the host (`reach.py`).
"""

import asyncio
import time
from collections.abc import Callable

from msgspec import Struct

from proactive_lsp.llm.address import DEFAULT_HOST, check_host
from proactive_lsp.llm.choosing import PREFERRED, Choice, choose, not_here, pick
from proactive_lsp.llm.facts import (
    Installed,
    InstalledModels,
    Loaded,
    LoadedModels,
    Shown,
    Version,
)
from proactive_lsp.llm.model import (
    OWN_ACTS,
    BadReply,
    Heard,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Reply,
    Request,
    unheard,
)
from proactive_lsp.llm.pulling import PullProgress
from proactive_lsp.llm.reach import CONNECT_SECONDS, Line, load_wire
from proactive_lsp.llm.residence import Residence

__all__ = [
    "CONNECT_SECONDS",
    "DEFAULT_HOST",
    "PREFERRED",
    "Found",
    "OllamaModel",
    "check_host",
    "choose",
    "find",
    "installed",
    "loaded",
    "probe",
    "pull",
    "shown",
    "version",
]

OLDEST = (0, 5, 0)
"""The first version that takes a JSON schema as `format` (docs/api.md, "Structured outputs")."""

FIND_SECONDS = 10.0
"""For all that is asked of a server before its first use; the first list of models may read the
head of every file."""
STALL_SECONDS = 15.0
"""From one word of an answer to the next: even a slow laptop writes one in a second."""
PULL_STALL_SECONDS = 120.0
"""From one line of a download to the next; checking the sum of a large file takes its time."""
LOOK_SECONDS = 2.0
"""For the look at what is loaded."""
WAIT_SECONDS = 1.0
"""Between two looks while what a user asked for waits for room."""


class Found(Struct, frozen=True):
    """A model and what its server says of it."""

    choice: Choice
    thinks: bool
    trained_context: int | None
    version: Version | None


class OllamaModel:
    """One installed model of one server, one request in flight at a time.

    `num_ctx` is the same for every request, since another value makes the server load the model
    anew; with a `residence` it may be a number that is loaded already. `timeout` is for the whole
    answer in seconds, loading included, `keep_alive` Ollama's ("5m").
    """

    def __init__(
        self,
        *,
        host: str,
        name: str,
        num_ctx: int,
        keep_alive: str,
        timeout: float,
        line: Line | None = None,
        found: Found | None = None,
        residence: Residence | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.host = host
        self.num_ctx = num_ctx
        self._line = line if line is not None else Line(host)
        self._found = found
        self._residence = residence
        self._now = now
        self._keep_alive = keep_alive
        self._timeout = timeout
        self._answered = False
        self._turn = asyncio.Lock()

    @property
    def loads(self) -> int | None:
        """How often a request had it loaded since the process began; None where nobody knows."""
        return self._residence.loads if self._residence is not None else None

    @property
    def loaded(self) -> bool | None:
        """Whether it was in the server's memory at the last look; None where nobody knows."""
        if self._residence is None or self._residence.loaded is None:
            return None
        return self._residence.of(self.name, self._digest) is not None

    async def complete(self, request: Request, *, heard: Heard = unheard) -> Reply:
        """The whole answer; cancelling the caller closes the connection, which stops the work."""
        async with self._turn:
            started = time.monotonic()
            await load_wire(self._line, CONNECT_SECONDS)
            was_loaded = await self._make_room(request, started + self._timeout)
            from proactive_lsp.llm import wire

            asking = wire.Asking(
                model=self.name,
                num_ctx=self.num_ctx,
                keep_alive=self._keep_alive,
                within=max(self._timeout - (time.monotonic() - started), 0.0),
                stall=STALL_SECONDS,
                thinks=self._found is not None and self._found.thinks,
            )
            if was_loaded is False:
                self._count_load()
            try:
                reply = await wire.chat(self._line, request, asking, heard=heard)
            except ModelMissing as error:
                if not self._answered:
                    raise
                raise ModelMissing(
                    f"{self.name} was removed while in use; run `ollama pull {self.name}`",
                    self.name,
                ) from error
            except BaseException:
                if self._residence is not None:
                    self._residence.forget()
                raise
            self._answered = True
            if was_loaded is False:
                await self._see_our_load()
            return reply

    @property
    def _digest(self) -> str | None:
        return self._found.choice.model.digest if self._found is not None else None

    async def _make_room(self, request: Request, deadline: float) -> bool | None:
        """Choose the number to ask with; whether the model was loaded. Raises `ModelBusy`."""
        residence = self._residence
        if residence is None:
            return None
        trained = self._found.trained_context if self._found is not None else None
        while True:
            if not residence.is_fresh(self._now()):
                residence.look(await loaded(self._line, LOOK_SECONDS), self._now())
            try:
                self.num_ctx = residence.context(self.name, self._digest, trained)
                return self.loaded
            except ModelBusy:
                residence.forget()
                if (
                    residence.others_loaded == "silent"
                    or request.purpose not in OWN_ACTS
                    or time.monotonic() + WAIT_SECONDS >= deadline
                ):
                    raise
            await asyncio.sleep(WAIT_SECONDS)

    def _count_load(self) -> None:
        assert self._residence is not None
        self._residence.loads = (self._residence.loads or 0) + 1

    async def _see_our_load(self) -> None:
        """Look what the server made of our number, so that it is not taken for another's."""
        assert self._residence is not None
        try:
            self._residence.look(await loaded(self._line, LOOK_SECONDS), self._now())
        except ModelError:
            # The answer is there all the same; the next request finds out what is wrong.
            return
        self._residence.we_loaded(self.name, self._digest)


async def find(
    line: Line, wanted: str | None, *, remote: bool = False, within: float = FIND_SECONDS
) -> Found:
    """Version, models and the capabilities of the one to use; raises `ModelError` alone.

    Nothing is loaded into the server's memory by it. `within` seconds are for all of it.
    """
    try:
        async with asyncio.timeout(within):
            return await _find(line, wanted, remote)
    except TimeoutError as error:
        raise ModelTimeout(f"{line.url} did not say in time what it has") from error


async def _find(line: Line, wanted: str | None, remote: bool) -> Found:
    theirs = await version(line)
    if theirs is not None and theirs.numbers is not None and theirs.numbers < OLDEST:
        raise ModelRefused(
            f"Ollama {theirs.version} at {line.url} is too old; {'.'.join(map(str, OLDEST))} or "
            "newer answers in a fixed form"
        )
    choice = pick(await installed(line), wanted, remote=remote)
    about = await shown(line, choice.model.title)
    if about.remote_host and not remote:
        # The list of an older server leaves it out.
        raise not_here(choice.model.title)
    capabilities = about.capabilities or choice.model.capabilities or ()
    if capabilities and "completion" not in capabilities:
        raise ModelMissing(
            f"model {choice.model.title} cannot chat; name another one in your settings"
        )
    return Found(choice, "thinking" in capabilities, about.trained_context, theirs)


async def version(line: Line, within: float = FIND_SECONDS) -> Version | None:
    """The server's version, None where it does not say; raises when nobody answers."""
    await load_wire(line, within)
    from proactive_lsp.llm import wire

    try:
        return await wire.ask(line, "/api/version", Version, within=within)
    except (ModelUnavailable, ModelTimeout):
        raise
    except ModelError:
        return None


async def installed(line: Line, within: float = FIND_SECONDS) -> tuple[Installed, ...]:
    """The installed models; raises `ModelUnavailable` when what answers is no Ollama."""
    await load_wire(line, within)
    from proactive_lsp.llm import wire

    try:
        found = await wire.ask(line, "/api/tags", InstalledModels, within=within)
    except ModelRefused as error:
        # A login in the way and an error of the server say what to do; a stranger does not.
        if error.status not in (400, 404, 405):
            raise
        raise ModelUnavailable(f"what answers at {line.url} is no working Ollama") from error
    except BadReply as error:
        raise ModelUnavailable(f"what answers at {line.url} is no working Ollama") from error
    return tuple(model for model in found.models or () if model.title)


async def shown(line: Line, name: str, within: float = FIND_SECONDS) -> Shown:
    """What a model can do; empty where the server does not say, raises where nobody answers."""
    from proactive_lsp.llm import wire

    try:
        return await wire.ask(line, "/api/show", Shown, within=within, body={"model": name})
    except (ModelUnavailable, ModelTimeout):
        raise
    except ModelError:
        return Shown()


async def loaded(line: Line, within: float = FIND_SECONDS) -> tuple[Loaded, ...] | None:
    """What is in the server's memory, None where it does not say; raises when nobody answers.

    A server that is too busy to say is not asked for more.
    """
    from proactive_lsp.llm import wire

    try:
        found = await wire.ask(line, "/api/ps", LoadedModels, within=within)
    except (BadReply, ModelRefused):
        return None
    return found.models or ()


async def pull(line: Line, name: str, tell: Callable[[PullProgress], None]) -> None:
    """Download a model, to the end; raises `ModelError` alone. Cancelling the caller stops it."""
    await load_wire(line, CONNECT_SECONDS)
    from proactive_lsp.llm import wire

    await wire.pull(line, name, tell, PULL_STALL_SECONDS)


async def probe(
    host: str,
    timeout: float = 1.0,  # noqa: ASYNC109 - it bounds steps, not the whole
) -> tuple[str, ...]:
    """The names of the installed models, sorted; raises `ModelUnavailable` alone.

    Knocking and asking may take `timeout` seconds each.
    """
    try:
        found = await installed(Line(host), timeout)
    except ModelUnavailable:
        raise
    except ModelError as error:
        raise ModelUnavailable(f"what answers at {host} is no working Ollama") from error
    return tuple(sorted(model.title for model in found))
