"""An instrument made of a table, for tests and for the train."""

from probewire.patience import Patience


class FakePort:
    """Answers each known line from a table and stays silent to others."""

    def __init__(self, answers: dict[str, str], patience: Patience) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.busy = False
        self._waiting = b""

    def is_ready(self) -> bool:
        """Whether a line would be taken now."""
        return not self.busy

    def write(self, data: bytes) -> None:
        """Take a line and have its answer ready."""
        line = data.decode("ascii").strip()
        self.asked.append(line)
        if line in self.answers:
            self._waiting += self.answers[line].encode("ascii") + b"\n"

    def read(self, size: int) -> bytes:
        """At most so many bytes of what waits."""
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        return data
