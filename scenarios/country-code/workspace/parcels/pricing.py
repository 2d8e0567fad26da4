"""What a parcel costs."""

from parcels.models import Parcel

# Upper limit in kilograms, then the price in zones 1, 2 and 3.
TARIFF = (
    (2.0, (5.90, 8.40, 13.20)),
    (5.0, (7.10, 11.60, 19.80)),
    (10.0, (9.30, 16.90, 31.50)),
    (31.5, (14.80, 29.00, 58.40)),
)
SIGNATURE = 2.10
SATURDAY = 4.00
SMALLEST_INSURANCE = 1.50


class TooHeavy(ValueError):
    """Over the carrier's limit; such a parcel goes by freight."""


def volume_weight(length: float, width: float, height: float, *, divisor: int = 5000) -> float:
    """The weight that the carrier charges for the room a parcel takes."""
    return length * width * height / divisor


def billed_weight(parcel: Parcel) -> float:
    """The heavier of the two weights."""
    return max(parcel.weight, volume_weight(parcel.length, parcel.width, parcel.height))


def insurance_fee(value: float) -> float:
    """One per cent, but not less than the carrier's minimum; nothing for nothing."""
    if value <= 0:
        return 0.0
    return max(SMALLEST_INSURANCE, value / 100)


def shipping_cost(parcel: Parcel, zone: int, currency: str) -> float:
    """The price in euros, surcharges included; raises `TooHeavy`."""
    weight = billed_weight(parcel)
    for limit, prices in TARIFF:
        if weight <= limit:
            cost = prices[zone - 1]
            break
    else:
        raise TooHeavy(f"{parcel.number} weighs {weight:.1f} kg")
    if parcel.wants("signature"):
        cost += SIGNATURE
    if parcel.wants("saturday"):
        cost += SATURDAY
    return round(cost + insurance_fee(parcel.insured_value), 2)
