"""Code actions: what the cards at the cursor offer.

The list comes from the cards as published last, so it is answered at once. Only the edit is made
by the worker, for the text as it stands: on resolve, or at once for clients without it.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from lsprotocol import types
from msgspec import Struct
from msgspec.structs import replace
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams

from proactive_lsp.events import Range
from proactive_lsp.server.convert import as_object, our_range
from proactive_lsp.server.edits import workspace_edit
from proactive_lsp.server.folders import Folder
from proactive_lsp.server.publish import SOURCE, range_now
from proactive_lsp.suggestions import Place, Stale, Suggestion

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

KIND = "quickfix.proactive"
ACCEPTED = "proactive.server.accepted"
EXPLAIN = "proactive.server.explain"
SHOW = "proactive.server.show"
# What answers a suggestion without taking it up: as buttons of a message, or as actions.
DISMISS, NEVER_HERE = "Dismiss", "Never this kind here"
ANSWERS = {DISMISS: "proactive.server.dismiss", NEVER_HERE: "proactive.server.muteKind"}
# The third argument of `accepted`: the server is to apply the edit itself, or to have the model
# write one first.
APPLY, WRITE = "apply", "write"
LONGEST_TITLE, LONGEST_WRITE = 60, 80
OPTIONS = types.CodeActionOptions([KIND], resolve_provider=True)

Action = types.CodeAction | types.Command


class Offer(Struct, frozen=True, forbid_unknown_fields=True):
    """What an action's `data` holds: which card of which folder, and which place of it if one."""

    id: str
    folder: str
    place: Place | None = None


class Found(Struct, frozen=True):
    """A card at the cursor, and its place there as it stands now: None at the trigger."""

    folder: Folder
    card: Suggestion
    place: Place | None


async def code_action(
    server: "ProactiveServer", params: types.CodeActionParams
) -> list[Action] | None:
    """The actions of the cards that the asked lines touch; None when there are none."""
    context = params.context
    if not _wanted(context.only):
        return None
    found = list(_at(server, params.text_document.uri, our_range(params.range)))
    if not found:
        return None
    document = server.board.open.get(params.text_document.uri)
    version = document.version if document is not None else None
    if context.trigger_kind == types.CodeActionTriggerKind.Automatic:
        for one in found:
            action = await _accept(server, one, version, context.diagnostics)
            action = action or _write(server, one, version, context.diagnostics)
            action = action or _next(server, one) or _told(server, one)
            if action is not None:
                return [action]
        return None
    actions: list[Action | None] = []
    for one in found:
        actions.append(await _accept(server, one, version, context.diagnostics))
        actions.append(_only_here(server, one, version))
        actions.append(_write(server, one, version, context.diagnostics))
        actions.append(_write_only_here(server, one, version))
        actions.append(_next(server, one))
        actions.append(_told(server, one))
    first = [found[0].card.id, found[0].folder.uri]
    actions.append(_entry(server, "Proactive…", EXPLAIN, first))
    if not server.client.asks:
        actions += [_entry(server, title, command, first) for title, command in ANSWERS.items()]
    return _listed(actions)


async def resolve(server: "ProactiveServer", action: types.CodeAction) -> types.CodeAction:
    """The same action with its edit; ContentModified when its card no longer holds.

    An action that only runs a command comes back as it is: some clients resolve every one.
    """
    if action.data is None:
        return action
    try:
        offer = msgspec.convert(action.data, Offer)
    except msgspec.ValidationError as error:
        raise JsonRpcInvalidParams(f"no action of proactive-lsp: {error}") from error
    action.edit = await make_edit(server, offer)
    return action


async def make_edit(server: "ProactiveServer", offer: Offer) -> types.WorkspaceEdit:
    """The edit of an offer, handed out; raises `JsonRpcContentModified` when it is stale."""
    folder = server.folders.named(offer.folder)
    uncertain = server.client.annotations
    made = await server.host.ask(
        lambda engines: engines.plan(folder, offer.id, offer.place, uncertain=uncertain)
    )
    if isinstance(made, Stale):
        raise JsonRpcContentModified(made.text)
    if not made.files:
        raise JsonRpcContentModified("nothing is left to change")
    return workspace_edit(server, folder, made)


def _wanted(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether the client asks for our kind, a kind above it, or for no kind in particular."""
    if only is None:
        return True
    kinds = [kind.value if isinstance(kind, types.CodeActionKind) else kind for kind in only]
    return any(kind == "" or kind == KIND or KIND.startswith(f"{kind}.") for kind in kinds)


def _at(server: "ProactiveServer", uri: str, asked: Range) -> Iterator[Found]:
    """The cards that touch the asked lines, at a place or else at their trigger."""
    located = server.folders.locate(uri)
    for folder, card in server.board.shown():
        if located is None or folder != located[0]:
            continue
        places = (
            replace(place, range=now)
            for place in card.places
            if place.path == located[1]
            and (now := range_now(server, uri, place.range)) is not None
            and _share_a_line(now, asked)
        )
        place = next(places, None)
        trigger = range_now(server, uri, card.range) if card.path == located[1] else None
        if place is not None or (trigger is not None and _share_a_line(trigger, asked)):
            yield Found(folder, card, place)


def _share_a_line(one: Range, other: Range) -> bool:
    return one.start.line <= other.end.line and other.start.line <= one.end.line


async def _accept(
    server: "ProactiveServer",
    found: Found,
    version: int | None,
    diagnostics: Sequence[types.Diagnostic],
) -> Action | None:
    """Accept the whole card; None when it only points, or can no longer be carried out."""
    card, client = found.card, server.client
    changed = [place for place in card.places if _changes(server, place)]
    if not changed:
        return None
    title = card.title
    if any(place.after is not None and not _changes(server, place) for place in card.places):
        files = len({place.path for place in changed})
        title = f"{title} (in {files} {'file' if files == 1 else 'files'})"
    if not client.action_literals:
        arguments = [card.id, version, APPLY, None, found.folder.uri]
        return types.Command(title, ACCEPTED, arguments=arguments)
    action = _entry(server, title, ACCEPTED, [card.id, version, None, None, found.folder.uri])
    assert isinstance(action, types.CodeAction)
    offer = Offer(card.id, found.folder.uri)
    action.data = msgspec.to_builtins(offer)
    action.diagnostics = [item for item in diagnostics if _is_about(item, card)] or None
    if card.by_model and client.llm_tag:
        action.tags = [types.CodeActionTag.LlmGenerated]
    if not client.resolves_edits:
        try:
            action.edit = await make_edit(server, offer)
        except JsonRpcContentModified:
            return None
    return action


def _only_here(server: "ProactiveServer", found: Found, version: int | None) -> Action | None:
    """Accept the place at the cursor alone; None when the card has no other to leave out."""
    card, client, place = found.card, server.client, found.place
    if place is None or not _changes(server, place):
        return None
    if sum(_changes(server, other) for other in card.places) == 1:
        return None
    title = f"Only here: {_one_line(place.note or place.after or card.title)}"
    if client.action_literals and client.resolves_edits:
        action = _entry(server, title, ACCEPTED, [card.id, version, None, None, found.folder.uri])
        assert isinstance(action, types.CodeAction)
        action.data = msgspec.to_builtins(Offer(card.id, found.folder.uri, place))
        return action
    if not client.applies_edits:
        return None
    arguments = [card.id, version, APPLY, msgspec.to_builtins(place), found.folder.uri]
    return _entry(server, title, ACCEPTED, arguments)


def _write(
    server: "ProactiveServer",
    found: Found,
    version: int | None,
    diagnostics: Sequence[types.Diagnostic] = (),
    place: Place | None = None,
) -> Action | None:
    """Have the model write what no rule did; None when it could not, or the editor takes no edit.

    There is no edit to resolve: it exists once the model has answered, and then the server asks
    the editor to apply it.
    """
    card, client = found.card, server.client
    if not server.board.is_writable(found.folder, card):
        return None
    # What has no place ends in no file: it is told.
    if card.places and not client.applies_edits:
        return None
    title = _one_line(
        f"{'Write it' if place is None else 'Write it here'}: {card.title}", LONGEST_WRITE
    )
    told = msgspec.to_builtins(place) if place is not None else None
    arguments = [card.id, version, WRITE, told, found.folder.uri]
    action = _entry(server, title, ACCEPTED, arguments)
    if isinstance(action, types.CodeAction):
        action.diagnostics = [item for item in diagnostics if _is_about(item, card)] or None
        action.tags = [types.CodeActionTag.LlmGenerated] if client.llm_tag else None
    return action


def _write_only_here(server: "ProactiveServer", found: Found, version: int | None) -> Action | None:
    """Have the model write the place at the cursor alone; None when the card has no other."""
    pointing = [place for place in found.card.places if place.after is None]
    here = next((place for place in pointing if _is_at(place, found.place)), None)
    if here is None or len(pointing) == 1:
        return None
    return _write(server, found, version, place=found.place)


def _next(server: "ProactiveServer", found: Found) -> Action | None:
    """Show the next place that only points; None when the card has no other, or nothing shows it.

    A card that changes nothing by itself is taken up by this.
    """
    card = found.card
    pointing = [place for place in card.places if not _changes(server, place)]
    if not server.client.shows_documents or not pointing:
        return None
    here = next((n for n, each in enumerate(pointing) if _is_at(each, found.place)), None)
    if here is not None and len(pointing) == 1:
        return None
    number = card.places.index(pointing[0 if here is None else (here + 1) % len(pointing)])
    changes = any(_changes(server, place) for place in card.places)
    title = "Show the next place of it" if changes or here is not None else card.title
    return _entry(server, title, SHOW, [card.id, number, found.folder.uri])


def _told(server: "ProactiveServer", found: Found) -> Action | None:
    """Say what a card without any place has to say, as the draft of a commit message."""
    card = found.card
    if card.places:
        return None
    return _entry(server, card.title, SHOW, [card.id, 0, found.folder.uri])


def _is_at(place: Place, other: Place | None) -> bool:
    """Whether the two are the same place, wherever its lines are by now."""
    return other is not None and replace(other, range=place.range) == place


def _entry(server: "ProactiveServer", title: str, command: str, arguments: Sequence[Any]) -> Action:
    """An action that runs a command; the bare command for clients that know nothing else."""
    run = types.Command(title, command, arguments=arguments)
    if not server.client.action_literals:
        return run
    return types.CodeAction(title, kind=KIND, command=run)


def _changes(server: "ProactiveServer", place: Place) -> bool:
    """Whether accepting changes this place; an uncertain one only where the client can ask."""
    return place.after is not None and (place.certain or server.client.annotations)


def _is_about(diagnostic: types.Diagnostic, card: Suggestion) -> bool:
    return diagnostic.source == SOURCE and as_object(diagnostic.data).get("id") == card.id


def _listed(actions: Sequence[Action | None]) -> list[Action] | None:
    return [action for action in actions if action is not None] or None


def _one_line(text: str, most: int = LONGEST_TITLE) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
