"""What a server and a client of ours told each other: events, suggestions and answers to them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec import Struct

from proactive_lsp.events import Answer, Event, Range, SuggestionEvent, decode_event
from proactive_lsp.sessions.imports.messages import as_list, as_object

if TYPE_CHECKING:
    from proactive_lsp.sessions.imports.converting import Converter

EXECUTE = "workspace/executeCommand"
_ANSWERS: dict[str, Literal["accepted", "dismissed", "muted"]] = {
    "proactive.server.accepted": "accepted",
    "proactive.server.dismiss": "dismissed",
    "proactive.server.muteKind": "muted",
}


class Shown(Struct, frozen=True):
    """A card of the list that stands; `path` is a URI, as the server sends it."""

    id: str
    need: str
    path: str
    range: Range


def told_event(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    """An event that only a client of ours can tell; it has the form of ours already."""
    fields = {name: value for name, value in body.items() if name != "folder"}
    yield decode_event(msgspec.json.encode(fields | {"t": t}))


def suggestions(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    """The whole list again: what is new in it was offered, what is gone was withdrawn."""
    cards = msgspec.convert(as_list(body.get("suggestions")), list[Shown])
    before, state.cards = state.cards, {card.id: card for card in cards}
    for card in before.values():
        if card.id not in state.cards and card.id not in state.answered:
            yield from _suggestion(state, t, "withdrawn", card)
    for card in cards:
        if card.id not in before:
            state.answered.discard(card.id)
            yield from _suggestion(state, t, "offered", card)


def did_show(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    """The user saw a card."""
    card = state.cards.get(str(body.get("id")))
    if card is not None:
        yield from _suggestion(state, t, "shown", card)


def executed(state: "Converter", t: float, body: dict[str, Any]) -> Iterator[Event]:
    """A command that answers a card; any other tells nothing."""
    answer = _ANSWERS.get(str(body.get("command")))
    arguments = as_list(body.get("arguments"))
    given = arguments[0] if arguments else None
    id = given if isinstance(given, str) else as_object(given).get("id")
    if answer is None or not isinstance(id, str) or id not in state.cards:
        state.lost.add("commands that answer no suggestion")
        return
    if len(arguments) > 2 and arguments[2] == "write":
        state.lost.add("acceptances of what a model had yet to write; nobody knows what came of it")
        return
    state.answered.add(id)
    yield Answer(t, id, answer)


def _suggestion(
    state: "Converter", t: float, op: Literal["offered", "shown", "withdrawn"], card: Shown
) -> Iterator[Event]:
    path = state.path(card.path)
    if path is not None:
        yield SuggestionEvent(t, card.id, op, card.need, path, card.range)
