"""Find out what is connected."""

from probewire.meter import ask
from probewire.patience import LinkTimeout, Patience
from probewire.serial_link import SerialLink
from probewire.tcp_link import TcpLink

SPEEDS = (9600, 19200, 115200)


def open_link(where: str, port, patience: Patience):
    """A link to an address such as `tcp:10.0.0.7` or `ttyUSB0`."""
    if where.startswith("tcp:"):
        return TcpLink(port, where.removeprefix("tcp:"), patience=patience)
    return SerialLink(port, SPEEDS[0], patience)


def find_speed(port, patience: Patience) -> int | None:
    """The speed at which the instrument answers."""
    for baud in SPEEDS:
        link = SerialLink(port, baud=baud, patience=patience)
        try:
            ask(link, "*IDN?")
        except LinkTimeout:
            continue
        return baud
    return None
