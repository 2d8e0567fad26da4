"""What the person at the desk does."""

from datetime import date

from lending.catalogue import Catalogue
from lending.fees import GRACE_DAYS, as_money, childs_fee, late_fee
from lending.loans import LoanLedger, NotPossible


class Desk:
    """One desk with its ledger and the catalogue."""

    def __init__(self, catalogue: Catalogue, ledger: LoanLedger) -> None:
        self.catalogue = catalogue
        self.ledger = ledger

    def lend(self, number: str, reader: str, today: date) -> str:
        """Hand a book over; the sentence is read out to the reader."""
        book = self.catalogue.find(number)
        if book is None:
            return f"there is no book {number}"
        try:
            loan = self.ledger.check_out(number, reader, today)
        except NotPossible as problem:
            return f"sorry, {problem}"
        return f"{book.title} is yours until {loan.due:%d.%m.%Y}"

    def take_back(self, number: str, today: date, *, child: bool = False) -> str:
        """Take a book back and say what is to pay."""
        loan = self.ledger.check_in(number)
        book = self.catalogue.find(number)
        worth = book.worth if book is not None else 0.0
        fee = late_fee(loan.days_late(today), worth, GRACE_DAYS)
        return as_money(childs_fee(fee) if child else fee)
