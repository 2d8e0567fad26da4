"""Which tariff zone a parcel travels through."""

NEIGHBOURS = {
    "AT": {"DE", "CZ", "SK", "HU", "SI", "IT", "CH", "LI"},
    "DE": {"AT", "CH", "FR", "BE", "NL", "LU", "DK", "PL", "CZ"},
    "NL": {"BE", "DE"},
}
UNION = {
    "AT", "BE", "CZ", "DE", "DK", "ES", "FI", "FR", "HU", "IE",
    "IT", "LU", "NL", "PL", "PT", "SE", "SI", "SK",
}


class NoSuchZone(ValueError):
    """The carrier does not deliver there."""


def zone_between(origin: str, destination: str) -> int:
    """1 at home, 2 to a neighbour, 3 elsewhere in the union."""
    if origin == destination:
        return 1
    if destination in NEIGHBOURS.get(origin, set()):
        return 2
    if destination in UNION:
        return 3
    raise NoSuchZone(f"no delivery from {origin} to {destination}")


def is_island(postcode: str, country: str) -> bool:
    """Whether a ship is needed, which takes a day longer."""
    ranges = {"DE": ("25846", "25999"), "ES": ("07000", "07999"), "IT": ("07010", "09170")}
    if country not in ranges:
        return False
    first, last = ranges[country]
    return first <= postcode <= last
