"""Look at the model's server as the editor's would find it; nothing is loaded or changed there.

Only questions are asked that load no model: version, list, what is loaded, what a model can do.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.doctor.findings import Finding, InstalledRow, LoadedRow, ModelReport
from proactive_lsp.llm.address import Address, find_address
from proactive_lsp.llm.choosing import PREFERRED, Choice, not_here, pick
from proactive_lsp.llm.facts import Installed, Loaded, Shown
from proactive_lsp.llm.model import ModelBusy, ModelError, ModelMissing, ModelUnavailable
from proactive_lsp.llm.ollama import OLDEST, installed, loaded, shown, version
from proactive_lsp.llm.reach import Line, line_to
from proactive_lsp.llm.residence import Residence

WITHOUT = "suggestions from rules work without a model"
_SOURCES = {"setting": "given", "OLLAMA_HOST": "from OLLAMA_HOST", "default": "the default"}


class Looked(Struct, frozen=True):
    """What was found, for people and for programs."""

    findings: tuple[Finding, ...]
    report: ModelReport


async def look_at_model(
    host: str | None, name: str | None, environment: Mapping[str, str]
) -> Looked:
    """Everything about the model, as far as its server answers.

    A host given here is looked at wherever it is, since no prompt is sent.
    """
    try:
        address = find_address(host, environment, remote=host is not None)
        line = line_to(address, {}, None)
    except ModelError as error:
        return Looked((Finding("ollama", "broken", str(error)),), ModelReport())
    report = ModelReport(host=address.url, source=address.source)
    try:
        theirs = await version(line)
        models = await installed(line)
    except ModelError as error:
        return Looked((_nobody(address, error),), report)
    report = replace(
        report,
        version=theirs.version if theirs is not None else None,
        installed=tuple(_row(model) for model in models),
    )
    server = _server(address, report.version)
    if theirs is not None and theirs.numbers is not None and theirs.numbers < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        advice = f"update Ollama to {oldest} or newer, which answer in a fixed form"
        return Looked((replace(server, health="broken", advice=advice),), report)
    try:
        choice = pick(models, name, remote=address.remote)
    except ModelMissing as error:
        return Looked((server, *_remote(address), _missing(error, name, models)), report)
    return await _choice(line, address, server, choice, report)


async def _choice(
    line: Line, address: Address, server: Finding, choice: Choice, report: ModelReport
) -> Looked:
    """What can be said once it is known which model would be used."""
    name = choice.model.title
    report = replace(report, chosen=name, why=choice.why)
    try:
        there = await loaded(line)
        about = await shown(line, name)
    except ModelError as error:
        return Looked((_nobody(address, error),), report)
    if about.remote_host and not address.remote:
        return Looked((server, Finding("model", "broken", str(not_here(name)))), report)
    capabilities = about.capabilities or choice.model.capabilities
    report = replace(
        report,
        capabilities=capabilities,
        loaded=tuple(LoadedRow(one.title, one.context_length) for one in there)
        if there is not None
        else None,
    )
    tokens = _context(choice, about, there)
    if isinstance(tokens, int):
        report = replace(report, num_ctx=tokens)
    findings = (
        server,
        *_remote(address),
        _model(choice, capabilities, report),
        _memory_of_server(there, tokens),
    )
    return Looked(findings, report)


def _nobody(address: Address, error: ModelError) -> Finding:
    if address.source == "default" and isinstance(error, ModelUnavailable):
        where = f"{address.url} (the default)"
        advice = f"start it with `ollama serve`, or get it from https://ollama.com; {WITHOUT}"
        return Finding("ollama", "note", f"nobody answers at {where}", advice)
    says, _, advice = str(error).partition("; ")
    return Finding("ollama", "broken", f"{says} ({_SOURCES[address.source]})", advice or WITHOUT)


def _server(address: Address, theirs: str | None) -> Finding:
    told = f"version {theirs}" if theirs is not None else "of a version it does not tell"
    return Finding("ollama", "ok", f"{told} at {address.url} ({_SOURCES[address.source]})")


def _remote(address: Address) -> tuple[Finding, ...]:
    if not address.remote:
        return ()
    return (
        Finding(
            "ollama",
            "note",
            "another machine; prompts with parts of your files would go there",
            "your editor asks it only with agent.allowRemote in your own settings",
        ),
    )


def _missing(error: ModelMissing, name: str | None, models: Iterable[Installed]) -> Finding:
    rows = _table([_row(model) for model in models])
    if name is not None:
        return Finding("model", "broken", str(error), details=rows)
    says = "none of the installed models suits" if rows else "no model is installed"
    advice = f"run `ollama pull {PREFERRED[0]}`, or name one in your settings; {WITHOUT}"
    return Finding("model", "note", says, advice, rows)


def _model(choice: Choice, capabilities: tuple[str, ...] | None, report: ModelReport) -> Finding:
    rows = _table(report.installed or (), choice.model.title)
    says = f"{choice.model.title} would be used: {choice.why}"
    if capabilities and "completion" not in capabilities:
        advice = "it cannot chat; name another one"
        return Finding("model", "broken", says, advice, rows)
    can = ", ".join(capabilities) if capabilities else "what the server does not tell"
    return Finding("model", "ok", f"{says}; it can do {can}", details=rows)


def _context(choice: Choice, about: Shown, there: tuple[Loaded, ...] | None) -> int | ModelBusy:
    """How many tokens of context it would be asked with now, or why it would not be."""
    settings = AgentSettings()
    residence = Residence(settings.num_ctx, settings.others_loaded)
    residence.look(there, 0.0)
    try:
        return residence.context(choice.model.title, choice.model.digest, about.trained_context)
    except ModelBusy as error:
        return error


def _memory_of_server(there: tuple[Loaded, ...] | None, tokens: int | ModelBusy) -> Finding:
    if there is None:
        return Finding("loaded", "note", f"not told; it would be asked with {tokens} tokens")
    rows = tuple(
        f"{one.title} with {one.context_length or 'an unknown number of'} tokens of context"
        for one in there
    )
    if isinstance(tokens, ModelBusy):
        return Finding("loaded", "note", f"it would not be asked now: {tokens}", details=rows)
    says = "no model in memory" if not rows else f"{len(rows)} in memory"
    return Finding("loaded", "ok", f"{says}; it would be asked with {tokens} tokens", details=rows)


def _row(model: Installed) -> InstalledRow:
    details = model.details
    return InstalledRow(model.title, model.size, details.parameter_size if details else None)


def _table(rows: Sequence[InstalledRow], chosen: str | None = None) -> tuple[str, ...]:
    """One line each: name, bytes on disk, parameters."""
    width = max((len(row.name) for row in rows), default=0)
    return tuple(
        f"{row.name:{width}}  {_gigabytes(row.size):>8}  {row.parameters or '':>7}"
        f"{'  <- this one' if row.name == chosen else ''}".rstrip()
        for row in rows
    )


def _gigabytes(size: int | None) -> str:
    return f"{size / 1e9:.1f} GB" if size else ""
