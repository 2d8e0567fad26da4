"""How far a download of a model is."""

from msgspec import Struct


class PullProgress(Struct, frozen=True):
    """One line of the server: what it does, and bytes of the file it is at, where it has some."""

    status: str
    completed: int | None = None
    total: int | None = None

    @property
    def share(self) -> float | None:
        """How much of the file is there, 0 to 1."""
        if self.completed is None or not self.total:
            return None
        return min(self.completed / self.total, 1.0)
