"""What the shop spent on postage."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from parcels import pricing
from parcels.models import Parcel
from parcels.zones import zone_between


def monthly_total(parcels: Iterable[Parcel], home: str) -> float:
    """The sum over a month's parcels."""
    return sum(
        pricing.shipping_cost(parcel, zone_between(home, parcel.receiver.country), "EUR")
        for parcel in parcels
    )


def by_zone(parcels: Iterable[Parcel], home: str) -> dict[int, float]:
    """The sums by zone, zones in order."""
    sums: dict[int, float] = defaultdict(float)
    for parcel in parcels:
        zone = zone_between(home, parcel.receiver.country)
        sums[zone] += pricing.shipping_cost(parcel, zone, currency="EUR")
    return dict(sorted(sums.items()))


def wishes(parcels: Iterable[Parcel]) -> Counter[str]:
    """How often each wish was asked for."""
    return Counter(wish for parcel in parcels for wish in parcel.wishes)


def table(parcels: list[Parcel], home: str) -> str:
    """The report that goes to the bookkeeper."""
    rows = [f"zone {zone}: {amount:8.2f}" for zone, amount in by_zone(parcels, home).items()]
    rows.append(f"total:  {monthly_total(parcels, home):8.2f}")
    return "\n".join(rows)
