"""The sticker on the box."""

from parcels.models import Address, Parcel
from parcels.pricing import shipping_cost, volume_weight
from parcels.zones import is_island, zone_between

WIDTH = 40


def label(parcel: Parcel, sender: Address) -> str:
    """A label in plain text, as the thermal printer takes it."""
    zone = zone_between(sender.country, parcel.receiver.country)
    cost = shipping_cost(parcel, zone, "EUR")
    rows = ["+" + "-" * WIDTH + "+"]
    rows += [f"|{line:<{WIDTH}}|" for line in parcel.receiver.lines()]
    rows.append(f"|{footer(parcel, zone, cost):>{WIDTH}}|")
    rows.append("+" + "-" * WIDTH + "+")
    return "\n".join(rows)


def footer(parcel: Parcel, zone: int, cost: float) -> str:
    """Zone, weight and price in the last row, and a mark for the ferry."""
    ferry = " FERRY" if is_island(parcel.receiver.postcode, parcel.receiver.country) else ""
    return f"Z{zone}{ferry} {parcel.weight:.1f} kg {cost:.2f}"


def is_bulky(parcel: Parcel) -> bool:
    """Whether the box is large for its weight, so that it goes on top of the pallet."""
    air = volume_weight(parcel.length, parcel.width, parcel.height, divisor=6000)
    return air > 2 * parcel.weight
