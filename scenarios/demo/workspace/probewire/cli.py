"""Print what the meter at an address shows."""

import sys

from probewire.discover import open_link
from probewire.meter import Meter
from probewire.patience import LinkTimeout, Patience
from probewire.simulator import FakePort

DEMO = {"*IDN?": "ACME,34401A,0,1.2", "MEAS:VOLT:DC?": "4.982"}


def main(arguments: list[str]) -> int:
    """1 when the instrument does not answer."""
    where = arguments[0] if arguments else "ttyUSB0"
    patience = Patience()
    port = FakePort(DEMO, patience)
    meter = Meter(open_link(where, port, patience), patience)
    try:
        print(f"{meter.name()}: {meter.volts():.3f} V")
    except LinkTimeout as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
