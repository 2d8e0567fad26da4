"""A multimeter, whatever it is connected by."""

from probewire.patience import Patience


def ask(link, question: str, patience: Patience | None = None) -> str:
    """Send a question and read the answer up to the end of its line."""
    link.send(question, patience)
    answer = b""
    while not answer.endswith(b"\n"):
        answer += link.receive(1, patience)
    return answer.decode("ascii").strip()


class Meter:
    """Measures what it is asked for."""

    def __init__(self, link, patience: Patience) -> None:
        self.link = link
        self.patience = patience

    def name(self) -> str:
        """Maker and model."""
        maker, model, *_ = ask(self.link, "*IDN?").split(",")
        return f"{maker} {model}"

    def volts(self) -> float:
        """Direct voltage; the first value after a change of range is thrown away."""
        ask(self.link, "MEAS:VOLT:DC?", self.patience)
        return float(ask(self.link, "MEAS:VOLT:DC?", self.patience))
