import pytest

from parcels.models import Address, Parcel
from parcels.pricing import TooHeavy, insurance_fee, shipping_cost, volume_weight

HOME = Address("Ida Lind", "Hafenweg 3", "4020", "Linz", "AT")


def box(weight: float, *, side: float = 10, **more) -> Parcel:
    return Parcel("P-1", weight, side, side, side, HOME, **more)


def test_the_lightest_row():
    assert shipping_cost(box(1.2), 1, "EUR") == 5.90


def test_room_counts_as_weight():
    assert volume_weight(50, 40, 30) == 12
    assert volume_weight(50, 40, 30, divisor=6000) == 10
    assert shipping_cost(box(1.2, side=35), 2, "EUR") == 16.90


def test_wishes_are_added():
    wished = box(1.2, wishes=frozenset({"signature", "saturday"}))
    assert shipping_cost(wished, 1, "EUR") == 12.00


def test_insurance_has_a_minimum():
    assert insurance_fee(0) == 0
    assert insurance_fee(20) == 1.50
    assert insurance_fee(400) == 4


def test_freight_is_refused():
    with pytest.raises(TooHeavy):
        shipping_cost(box(40), 1, "EUR")
