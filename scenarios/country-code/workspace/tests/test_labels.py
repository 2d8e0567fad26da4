from parcels.labels import is_bulky, label
from parcels.models import Address, Parcel
from parcels.zones import zone_between

SHOP = Address("Lind & Co", "Hafenweg 3", "4020", "Linz", "AT")
SYLT = Address("Jo Maier", "Strandstr. 9", "25980", "Sylt", "DE")


def test_zones():
    assert zone_between("AT", "AT") == 1
    assert zone_between("AT", "DE") == 2
    assert zone_between("AT", "PT") == 3


def test_an_island_is_marked():
    text = label(Parcel("P-7", 1.5, 20, 20, 10, SYLT), SHOP)
    assert "DE-25980 Sylt" in text
    assert "Z2 FERRY 1.5 kg 8.40" in text


def test_pillows_are_bulky():
    assert is_bulky(Parcel("P-8", 1.0, 60, 40, 30, SYLT))
    assert not is_bulky(Parcel("P-9", 9.0, 30, 30, 30, SYLT))
