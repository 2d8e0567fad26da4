"""Read the orders that the shop exports."""

import csv
import locale
from collections.abc import Iterable, Iterator

from parcels.models import Address, Parcel


def parcels_of(lines: Iterable[str]) -> Iterator[Parcel]:
    """A parcel per row of the export, its sides in centimetres."""
    for number, row in enumerate(csv.DictReader(lines, delimiter=";"), start=1):
        length = locale.atof(row["length"])
        height = locale.atof(row["height"])
        weight = locale.atof(row["weight"])
        receiver = Address(row["name"], row["street"], row["postcode"], row["town"], "AT")
        yield Parcel(f"P-{number}", weight, length, length, height, receiver)


def decimal(text: str) -> float:
    """A number as the export writes it, with a comma."""
    return float(text.replace(",", "."))
