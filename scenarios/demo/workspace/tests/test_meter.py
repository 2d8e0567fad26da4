from probewire.meter import Meter, ask
from probewire.patience import QUICK
from probewire.simulator import FakePort
from probewire.tcp_link import TcpLink

ANSWERS = {"*IDN?": "ACME,34401A,0,1.2", "MEAS:VOLT:DC?": "4.982"}


def test_a_question_and_its_answer():
    link = TcpLink(FakePort(ANSWERS, QUICK), "bench-2", QUICK)
    assert ask(link, "*IDN?").startswith("ACME")


def test_the_meter_has_a_name():
    port = FakePort(ANSWERS, QUICK)
    meter = Meter(TcpLink(port, "bench-2", QUICK), QUICK)
    assert meter.name() == "ACME 34401A"
    assert meter.volts() == 4.982
    assert port.asked.count("MEAS:VOLT:DC?") == 2
