"""The session file of an episode, as a recording would have it, with labels where they are wanted.

A card that was worth it is wanted again at its moment; one that was wrong wants silence there.
"""

from collections.abc import Iterator, Sequence

import msgspec

from proactive_lsp.events import Event, encode_event
from proactive_lsp.gym.episode import Told
from proactive_lsp.replay.session import Expect, Header, Label, Quiet, encode_header

# The moment of a label, in seconds: its boundary is at `t` to the digit.
_WITHIN = 0.5


def encode_session(header: Header, events: Sequence[Event], labels: Sequence[Label]) -> bytes:
    """The whole file; each label stands before the first event of its time."""
    lines = [encode_header(header)]
    rest = sorted(labels, key=lambda label: label.t)
    last = 0.0
    for event in events:
        # Two documents settled together end in another order than they began.
        event = event if event.t >= last else msgspec.structs.replace(event, t=last)
        last = event.t
        while rest and rest[0].t <= last:
            lines.append(msgspec.json.encode(rest.pop(0)))
        lines.append(encode_event(event))
    lines += map(msgspec.json.encode, rest)
    return b"".join(line + b"\n" for line in lines)


def labels_of(told: Told) -> Iterator[Label]:
    """What the user's judgement of each card says of its moment; a card is judged once."""
    places = {card.id: card for card in told.offered}
    for judged in told.judged:
        card = places.get(judged.id)
        if card is None:
            continue
        if judged.worth in ("right", "partly"):
            yield Expect(t=card.t, need=card.need, path=card.path, range=card.range, within=_WITHIN)
        elif judged.worth == "wrong":
            yield Quiet(card.t, card.t)
