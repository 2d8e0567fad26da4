import pytest

from probewire.discover import find_speed, open_link
from probewire.patience import QUICK, LinkTimeout
from probewire.serial_link import SerialLink
from probewire.simulator import FakePort
from probewire.tcp_link import TcpLink


def test_a_cable_can_go_faster():
    link = SerialLink(FakePort({}, QUICK), 9600, QUICK)
    assert link.faster().describe() == "serial, 19200 baud"


def test_nothing_comes():
    link = TcpLink(FakePort({}, QUICK), "bench-2", QUICK)
    with pytest.raises(LinkTimeout, match="bench-2 sent 0 of 4 bytes"):
        link.receive(4, QUICK)


def test_a_stuck_port():
    port = FakePort({}, QUICK)
    port.busy = True
    with pytest.raises(LinkTimeout, match="was not taken"):
        SerialLink(port, 9600, QUICK).send("*RST", QUICK)


def test_addresses():
    port = FakePort({}, QUICK)
    assert open_link("tcp:bench-2", port, QUICK).describe() == "network, bench-2"
    assert open_link("ttyUSB0", port, QUICK).describe() == "serial, 9600 baud"
    assert find_speed(port, QUICK) is None
