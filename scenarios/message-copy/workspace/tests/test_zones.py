import pytest

from parcels.zones import NoSuchZone, zone_between


def test_zones():
    assert zone_between("AT", "AT") == 1
    assert zone_between("AT", "DE") == 2
    assert zone_between("AT", "PT") == 3


def test_the_carrier_stays_in_the_union():
    with pytest.raises(NoSuchZone) as caught:
        zone_between("AT", "NO")
    assert str(caught.value) == "the carrier does not deliver outside of the union"
