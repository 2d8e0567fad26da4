"""How somebody takes suggestions: how often they look, and what they do with good and bad ones."""

from collections.abc import Mapping

from msgspec import Struct


class Temperament(Struct, frozen=True):
    """Probabilities, each in [0, 1], and the seconds that reading a card takes.

    `looks` is whether a card is seen at all between two things to do. `right`, `partly` and
    `wrong` are how often a card of that worth is accepted; of a partly right one the first right
    place alone. What is wrong and was not accepted is dismissed with `dismisses`, else ignored.
    """

    looks: float
    right: float
    partly: float
    wrong: float
    dismisses: float
    seconds: tuple[float, float]


TEMPERAMENTS: Mapping[str, Temperament] = {
    "patient": Temperament(1.0, 0.95, 0.7, 0.02, 0.8, (4.0, 12.0)),
    "busy": Temperament(0.5, 0.8, 0.3, 0.02, 0.3, (1.0, 3.0)),
    "picky": Temperament(1.0, 0.8, 0.1, 0.0, 0.95, (3.0, 8.0)),
}
