"""The commands behind our actions. None of them changes anything but by the editor's own edit.

Bad arguments are an error that says what was expected.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from lsprotocol import types
from msgspec.structs import replace
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams, JsonRpcMethodNotFound

from proactive_lsp.events import Range
from proactive_lsp.llm.choosing import is_name
from proactive_lsp.server.actions import APPLY, DISMISS, NEVER_HERE, WRITE, Offer, make_edit
from proactive_lsp.server.convert import their_range
from proactive_lsp.server.publish import range_now
from proactive_lsp.server.status import listed, status_of
from proactive_lsp.suggestions import Place

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

LONGEST_SNOOZE = 7 * 24 * 60.0  # minutes
EXPLAINED = "an id, last, silent, learned, memory or null"
CLOSE = "Close"


async def accepted(server: "ProactiveServer", arguments: Sequence[object]) -> None:
    """`[id, version, mode?, place?, folder?]`: the action ran. A claim, until its edit is seen.

    With the mode "apply" the server hands the edit to the editor itself. With "write" the model
    writes it first: the answer comes at once, the edit when it is written.
    """
    id, folder = _text(arguments, 0, "the id of a suggestion"), _folder(arguments, 4)
    if len(arguments) < 3 or arguments[2] is None:
        await server.host.ask(lambda engines: engines.claim(id, folder))
        return
    place = _place(arguments)
    if arguments[2] == WRITE:
        server.writer.begin(id, place, folder)
        return
    if arguments[2] != APPLY:
        expected = f"{APPLY!r}, {WRITE!r} or left out"
        raise JsonRpcInvalidParams(f"the mode is {expected}, not {arguments[2]!r}")
    await _apply(server, id, place, folder)


async def dismiss(server: "ProactiveServer", arguments: Sequence[object]) -> None:
    """`[id, folder?]`: not this one, never again."""
    id, folder = _text(arguments, 0, "the id of a suggestion"), _folder(arguments, 1)
    server.writer.stop(id)
    await server.host.ask(lambda engines: engines.answer(id, "dismissed", folder))


async def mute_kind(server: "ProactiveServer", arguments: Sequence[object]) -> None:
    """`[id, folder?]` or `[kind, path or URI]`: never this kind in that folder again."""
    what = _text(arguments, 0, "the id of a suggestion or a kind of need")
    named = _folder(arguments, 1)
    if await server.host.ask(lambda engines: engines.answer(what, "muted", named)):
        return
    where = _text(arguments, 1, "a path, since no suggestion has this id")
    folder, path = server.folders.locate(where) or (server.folders.all()[0], where)
    if not await server.host.ask(lambda engines: engines.mute(what, folder, path)):
        raise JsonRpcInvalidParams(f"{what!r} is neither a suggestion nor a kind of need")


async def snooze(server: "ProactiveServer", arguments: Sequence[object]) -> None:
    """`[minutes?]`: show nothing for so long, an hour if not said; 0 ends it."""
    minutes = arguments[0] if arguments else 60
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not minutes >= 0:
        raise JsonRpcInvalidParams(f"snooze wants minutes, 0 or more, not {minutes!r}")
    seconds = 60.0 * min(minutes, LONGEST_SNOOZE)
    await server.host.ask(lambda engines: engines.snooze(seconds))
    server.snooze(seconds)


async def forget_learned(server: "ProactiveServer", arguments: Sequence[object]) -> str:
    """`[kind or null, folder?]`: forget what answers taught, of that kind or of all.

    What was dismissed or muted stays so. One line says what was forgotten; a client that is not
    ours cannot show it, so it also gets it as a message.
    """
    given = arguments[0] if arguments else None
    kind = None if given is None else _text(arguments, 0, "a kind of need or null")
    folder = _folder(arguments, 1)
    text = await server.host.ask(lambda engines: engines.forget_learned(kind, folder))
    if text is None:
        raise JsonRpcInvalidParams(f"no kind is called {kind!r}")
    return _said(server, text)


async def forget_events(server: "ProactiveServer", arguments: Sequence[object]) -> str:
    """`[folder?]`: forget what happened, on disk, in RAM and in what the model is told of it.

    What stands is withdrawn, and work goes on from the texts as they are. What was dismissed,
    muted or learned stays so.
    """
    folder = _folder(arguments, 0)
    server.writer.stop()
    return _said(server, await server.host.ask(lambda engines: engines.forget_events(folder)))


async def explain(server: "ProactiveServer", arguments: Sequence[object]) -> str:
    """`[id, folder?]` or `[null, folder?]`: Markdown, why this was suggested or why nothing is.

    In the place of an id, `last` is the card offered last, `silent` the same as null, and
    `learned` what the user's answers changed, `memory` what is remembered of their work.

    A client that is not ours cannot show it, so it also gets a message with buttons.
    """
    id = "" if not arguments or arguments[0] is None else _text(arguments, 0, EXPLAINED)
    folder = _folder(arguments, 1)
    text = await server.host.ask(lambda engines: engines.explain(id, folder))
    # Not awaited: the editor waits for this command, and the message for its user.
    if not server.client.own:
        server.background(_show(server, id, text, folder))
    return text


async def show(server: "ProactiveServer", arguments: Sequence[object]) -> None:
    """`[id, number?, folder?]`: put the cursor at a place of the card, the first one if none.

    What a card without any place has to say is a message, from which it can be copied.
    """
    id, folder = _text(arguments, 0, "the id of a suggestion"), _folder(arguments, 2)
    found = server.board.find(id, folder)
    if found is None:
        raise JsonRpcContentModified("this suggestion is no longer offered")
    where, card = found
    number = arguments[1] if len(arguments) > 1 else 0
    if not isinstance(number, int) or not 0 <= number < max(len(card.places), 1):
        raise JsonRpcInvalidParams(f"argument 2 must be the number of a place, not {number!r}")
    if not card.places:
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, card.title))
        return
    place = card.places[number]
    uri = server.folders.uri(where, place.path)
    start = (range_now(server, uri, place.range) or place.range).start
    at = their_range(Range(start, start))
    # Not awaited: the editor waits for this command before it shows anything.
    server.background(
        server.window_show_document_async(
            types.ShowDocumentParams(uri, take_focus=True, selection=at)
        )
    )


async def pull(server: "ProactiveServer", arguments: Sequence[object]) -> None:
    """`[name?]`: have the user's Ollama download a model, the one that is missing if none is named.

    The answer comes at once, the model when it is there. Nothing but the user runs this.
    """
    model = server.board.model
    if model is None:
        raise JsonRpcInvalidParams("the model is off in your settings, so there is nothing to pull")
    name = _text(arguments, 0, "the name of a model") if arguments else model.pull
    if name is None:
        raise JsonRpcInvalidParams("argument 1 must be the name of a model, since none is missing")
    if not is_name(name):
        raise JsonRpcInvalidParams(f"no model can be called {name!r}")
    server.puller.begin(name)


async def record(server: "ProactiveServer", arguments: Sequence[object]) -> dict[str, Any]:
    """`[on or null, folder?]`: record from now on, or stop; see `capturing.record`."""
    from proactive_lsp.server import capturing

    return await capturing.record(server, arguments)


async def capture(server: "ProactiveServer", arguments: Sequence[object]) -> dict[str, Any]:
    """`[wish]`: make a scenario of the last minutes; see `capturing.capture`."""
    # Hardly anybody runs these two, so the others have no room for what they need.
    from proactive_lsp.server import capturing

    return await capturing.capture(server, arguments)


async def status(server: "ProactiveServer", arguments: Sequence[object]) -> dict[str, Any]:
    """`[installed?]`: what `proactive/status` tells clients of ours.

    With true for an argument the model also has `installed`, as its server lists them now.
    """
    server.board.model = await server.host.ask(lambda engines: engines.model_status())
    told = status_of(server)
    if arguments and arguments[0] is True and told["model"] is not None:
        models = await server.host.work(lambda engines: engines.installed())
        told["model"]["installed"] = listed(models)
    return told


def _said(server: "ProactiveServer", text: str) -> str:
    """One line for the user; a client that is not ours cannot show it, so it gets a message."""
    if not server.client.own:
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
    return text


async def _show(server: "ProactiveServer", id: str, text: str, folder: str | None) -> None:
    """Show evidence as a message; its buttons answer the suggestion.

    An editor that shows none (Helix 25.01) gets the text alone, and the answers among the actions.
    """
    stands = server.board.find(id, folder) is not None
    buttons = (DISMISS, NEVER_HERE, CLOSE) if stands else (CLOSE,)
    items = [types.MessageActionItem(button) for button in buttons]
    request = types.ShowMessageRequestParams(types.MessageType.Info, text, items)
    try:
        chosen = await server.window_show_message_request_async(request)
    except JsonRpcMethodNotFound:
        server.client = replace(server.client, asks=False)
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
        return
    answers = {DISMISS: dismiss, NEVER_HERE: mute_kind}
    answer = answers.get(chosen.title) if chosen is not None else None
    if answer is not None:
        await answer(server, (id, folder))


async def _apply(
    server: "ProactiveServer", id: str, place: Place | None, named: str | None
) -> None:
    """Have the editor apply the edit; that it says so is the claim."""
    found = server.board.find(id, named)
    if found is None:
        raise JsonRpcContentModified("this suggestion is no longer offered")
    folder, card = found
    edit = await make_edit(server, Offer(id, folder.uri, place))
    result = await server.workspace_apply_edit_async(
        types.ApplyWorkspaceEditParams(edit, label=card.title)
    )
    if result.applied:
        await server.host.ask(lambda engines: engines.claim(id, folder.uri))


def _folder(arguments: Sequence[object], number: int) -> str | None:
    """The URI of a workspace folder; None where none is named."""
    value = arguments[number] if len(arguments) > number else None
    return value if isinstance(value, str) and "://" in value else None


def _text(arguments: Sequence[object], number: int, what: str) -> str:
    value = arguments[number] if len(arguments) > number else None
    if not isinstance(value, str) or not value:
        raise JsonRpcInvalidParams(f"argument {number + 1} must be {what}, not {value!r}")
    return value


def _place(arguments: Sequence[object]) -> Place | None:
    try:
        return msgspec.convert(arguments[3] if len(arguments) > 3 else None, Place | None)
    except msgspec.ValidationError as error:
        raise JsonRpcInvalidParams(f"argument 4 must be a place: {error}") from error


async def execute(server: "ProactiveServer", params: types.ExecuteCommandParams) -> object:
    """Run one of our commands; an unknown one is an error."""
    command = COMMANDS.get(params.command)
    if command is None:
        raise JsonRpcInvalidParams(f"no command is called {params.command!r}")
    return await command(server, params.arguments or ())


COMMANDS: dict[str, Callable[["ProactiveServer", Sequence[object]], Awaitable[object]]] = {
    "proactive.server.accepted": accepted,
    "proactive.server.dismiss": dismiss,
    "proactive.server.muteKind": mute_kind,
    "proactive.server.snooze": snooze,
    "proactive.server.explain": explain,
    "proactive.server.forgetLearned": forget_learned,
    "proactive.server.forgetEvents": forget_events,
    "proactive.server.show": show,
    "proactive.server.pull": pull,
    "proactive.server.status": status,
    "proactive.server.record": record,
    "proactive.server.capture": capture,
}
