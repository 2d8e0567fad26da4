"""The books the library owns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Book:
    """One copy; `worth` in euros is what is paid when it is lost."""

    number: str
    title: str
    author: str
    worth: float = 20.0


class Catalogue:
    """All copies by their number."""

    def __init__(self, books: Iterable[Book] = ()) -> None:
        self._books = {book.number: book for book in books}

    def __iter__(self) -> Iterator[Book]:
        return iter(self._books.values())

    def add(self, book: Book) -> None:
        """A new copy; its number must be new too."""
        if book.number in self._books:
            raise ValueError(f"{book.number} is taken")
        self._books[book.number] = book

    def find(self, number: str) -> Book | None:
        """The copy with this number."""
        return self._books.get(number)

    def by_author(self, name: str) -> list[Book]:
        """Copies of an author's books, by title."""
        found = [book for book in self if name.casefold() in book.author.casefold()]
        return sorted(found, key=lambda book: book.title)
