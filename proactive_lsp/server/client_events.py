"""Events that only a client of ours can tell: focus, other tools' findings, commands, tests.

They come as `proactive/event` in the form of a session file; the time is set here.
"""

import logging
from typing import TYPE_CHECKING, Any

import msgspec

from proactive_lsp.events import (
    Answer,
    BadEvent,
    Command,
    Diagnostics,
    Event,
    Focus,
    Git,
    SuggestionEvent,
    TestResult,
    decode_event,
)
from proactive_lsp.server.convert import as_object

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

log = logging.getLogger(__name__)


def event(server: "ProactiveServer", params: object) -> None:
    """One event; `folder` may name the workspace folder by its URI, else it is the first one.

    Of an untrusted workspace only answers are heard: what happens around it is nobody's business.
    """
    fields = dict(as_object(params))
    folder = server.folders.all()[0]
    if isinstance(named := fields.pop("folder", None), str):
        folder = server.folders.named(named)
    try:
        told = _decode(server, fields)
    except BadEvent as error:
        log.warning("proactive/event ignored: %s", error)
        return
    if not server.client.trusted and not isinstance(told, Answer):
        return
    match told:
        case Focus() | Diagnostics() | Command() | TestResult() | Answer(op="ignored"):
            server.host.post(folder, told)
        case Git():
            # Clients only signal: what happened is read from the repository.
            server.host.call(lambda engines: engines.signal_git())
        case _:
            log.warning("proactive/event ignored: %r is not told by clients", fields["type"])


def did_show(server: "ProactiveServer", params: object) -> None:
    """`{id, folder?}`: the user saw this suggestion; one that no longer stands is ignored."""
    fields = as_object(params)
    id, where = fields.get("id"), fields.get("folder")
    found = (
        server.board.find(id, where if isinstance(where, str) else None)
        if isinstance(id, str)
        else None
    )
    if found is None:
        return
    folder, card = found
    now = server.clock.now()
    shown = SuggestionEvent(now, card.id, "shown", card.need, card.path, card.range)
    server.host.post(folder, shown)


def power(server: "ProactiveServer", params: object) -> None:
    """`{onBattery}`: where the machine has its power from now, for whoever wants to spare it."""
    on_battery = as_object(params).get("onBattery")
    if not isinstance(on_battery, bool):
        log.warning("proactive/power ignored: onBattery must be true or false")
        return
    server.host.call(lambda engines: engines.power(on_battery=on_battery))


def _decode(server: "ProactiveServer", fields: dict[str, Any]) -> Event:
    try:
        line = msgspec.json.encode(fields | {"t": server.clock.now()})
    except (msgspec.MsgspecError, UnicodeError, TypeError) as error:
        raise BadEvent(str(error)) from error
    return decode_event(line)
