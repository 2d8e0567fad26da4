"""An instrument at the end of a serial cable."""

from probewire.patience import TICK, LinkTimeout, Patience


class SerialLink:
    """A cable; both ends have to agree on the speed."""

    def __init__(self, port, baud: int, patience: Patience) -> None:
        self.port = port
        self.baud = baud
        self.patience = patience

    def faster(self) -> "SerialLink":
        """The same cable at twice the speed."""
        return SerialLink(self.port, self.baud * 2, self.patience)

    def send(self, line: str, patience: Patience | None = None) -> None:
        """Write a line; raises `LinkTimeout` when the port takes none."""
        if patience is None:
            patience = self.patience
        waited = 0.0
        while not self.port.is_ready():
            waited += TICK
            if waited > patience.send:
                raise LinkTimeout(f"{line} was not taken within {patience.send} s")
        self.port.write(line.encode("ascii") + b"\n")

    def receive(self, size: int, patience: Patience | None = None) -> bytes:
        """Read exactly so many bytes; raises `LinkTimeout` when they do not come."""
        if patience is None:
            patience = self.patience
        waited = 0.0
        data = b""
        while len(data) < size:
            piece = self.port.read(size - len(data))
            waited += 0 if piece else TICK
            if waited > patience.answer:
                raise LinkTimeout(f"only {len(data)} of {size} bytes came")
            data += piece
        return data

    def describe(self) -> str:
        """For the title of a plot."""
        return f"serial, {self.baud} baud"
