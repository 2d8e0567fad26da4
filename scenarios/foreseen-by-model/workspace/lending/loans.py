"""Who has which book."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

PERIOD = timedelta(days=28)
MOST_RENEWALS = 2


@dataclass(frozen=True)
class Loan:
    """A book in somebody's hands."""

    number: str
    reader: str
    since: date
    due: date
    renewals: int = 0

    def days_late(self, today: date) -> int:
        """Whole days after the due date, 0 before it."""
        return max(0, (today - self.due).days)


class NotPossible(Exception):
    """The desk has to say no; the message says why."""


class LoanLedger:
    """Every loan that is open, by the number of the book."""

    def __init__(self) -> None:
        self._open: dict[str, Loan] = {}

    def check_out(self, number: str, reader: str, today: date) -> Loan:
        """Lend a book; raises `NotPossible` when somebody has it."""
        if number in self._open:
            raise NotPossible(f"{number} is with {self._open[number].reader}")
        loan = Loan(number, reader, today, today + PERIOD)
        self._open[number] = loan
        return loan

    def check_in(self, number: str) -> Loan:
        """Take a book back; raises `NotPossible` when nobody had it."""
        if number not in self._open:
            raise NotPossible(f"{number} is not lent")
        return self._open.pop(number)

    def renew(self, number: str, today: date) -> Loan:
        """Four weeks more from today, twice at most."""
        loan = self._open[number]
        if loan.renewals >= MOST_RENEWALS:
            raise NotPossible(f"{number} was renewed {loan.renewals} times")
        self._open[number] = replace(loan, due=today + PERIOD, renewals=loan.renewals + 1)
        return self._open[number]

    def overdue(self, today: date) -> list[Loan]:
        """Loans that are late, the latest first."""
        late = [loan for loan in self._open.values() if loan.days_late(today)]
        return sorted(late, key=lambda loan: loan.due)

    def of_reader(self, reader: str) -> list[Loan]:
        """What somebody has at home."""
        return [loan for loan in self._open.values() if loan.reader == reader]
