"""Where the books stand."""

from dataclasses import dataclass, field


@dataclass
class Shelves:
    """Rows of shelves; a place is a row and a number in it."""

    rows: dict[str, list[str]] = field(default_factory=dict)

    def put(self, number: str, row: str) -> None:
        """A copy is put at the end of a row."""
        self.rows.setdefault(row, []).append(number)

    def find(self, title: str, row: str) -> int | None:
        """How far along the row a title stands."""
        standing = self.rows.get(row, [])
        return standing.index(title) if title in standing else None
