"""Ask for a price at the packing table."""

import sys

from parcels.models import Address, Parcel
from parcels.pricing import TooHeavy, shipping_cost
from parcels.zones import NoSuchZone, zone_between

USAGE = "usage: python -m parcels.cli quote WEIGHT LENGTH WIDTH HEIGHT FROM TO"


def main(arguments: list[str]) -> int:
    """Print one quote; 2 for a wrong call, 1 when the carrier does not take the parcel."""
    if len(arguments) != 7 or arguments[0] != "quote":
        print(USAGE)
        return 2
    weight, length, width, height = map(float, arguments[1:5])
    origin, destination = arguments[5:]
    receiver = Address("", "", "", "", destination)
    parcel = Parcel("quote", weight, length, width, height, receiver)
    try:
        zone = zone_between(origin, destination)
        print(f"zone {zone}, {shipping_cost(parcel, zone, 'EUR'):.2f} EUR")
    except (TooHeavy, NoSuchZone) as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
