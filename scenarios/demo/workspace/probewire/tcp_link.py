"""An instrument on the network."""

from probewire.patience import TICK, LinkTimeout, Patience


class TcpLink:
    """A connection; instruments take one at a time."""

    def __init__(self, port, host: str, patience: Patience) -> None:
        self.port = port
        self.host = host
        self.patience = patience

    def send(self, line: str, patience: Patience | None = None) -> None:
        """Write a line; raises `LinkTimeout` when the connection is stuck."""
        if patience is None:
            patience = self.patience
        waited = 0.0
        while not self.port.is_ready():
            waited += TICK
            if waited > patience.send:
                raise LinkTimeout(f"{self.host} did not take {line}")
        # The network is packed already, so each line is one packet.
        self.port.write(line.encode("ascii") + b"\r\n")

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
                raise LinkTimeout(f"{self.host} sent {len(data)} of {size} bytes")
            data += piece
        return data

    def describe(self) -> str:
        """For the title of a plot."""
        return f"network, {self.host}"
