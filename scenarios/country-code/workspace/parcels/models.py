"""What is sent, and where to."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Address:
    """A postal address; `country` is the ISO code of two letters."""

    name: str
    street: str
    postcode: str
    town: str
    country: str

    def lines(self) -> list[str]:
        """The address as it is printed, one line each."""
        return [self.name, self.street, f"{self.country}-{self.postcode} {self.town}"]


@dataclass(frozen=True)
class Parcel:
    """A packed box: weight in kilograms, sides in centimetres."""

    number: str
    weight: float
    length: float
    width: float
    height: float
    receiver: Address
    insured_value: float = 0.0
    wishes: frozenset[str] = field(default_factory=frozenset)

    def wants(self, wish: str) -> bool:
        """Whether the customer asked for it: "signature", "saturday"."""
        return wish in self.wishes

    def girth(self) -> float:
        """The longest side plus the way around the two others."""
        sides = sorted((self.length, self.width, self.height))
        return sides[2] + 2 * (sides[0] + sides[1])
