"""Reminders by mail."""

from collections.abc import Iterator
from datetime import date

from lending.catalogue import Catalogue
from lending.fees import as_money, late_fee
from lending.loans import LoanLedger

GREETING = "Dear {reader},"


def weekly_letters(ledger: LoanLedger, catalogue: Catalogue, today: date) -> Iterator[str]:
    """One letter per reader with late books."""
    readers = dict.fromkeys(loan.reader for loan in ledger.overdue(today))
    for reader in readers:
        yield _letter(reader, ledger, catalogue, today)


def _letter(reader: str, ledger: LoanLedger, catalogue: Catalogue, today: date) -> str:
    rows = [GREETING.format(reader=reader), "", "please bring back:"]
    total = 0.0
    for loan in ledger.of_reader(reader):
        book = catalogue.find(loan.number)
        if book is None or not loan.days_late(today):
            continue
        total += late_fee(loan.days_late(today), book.worth, grace=7)
        rows.append(f"  {book.title} (due {loan.due:%d.%m.%Y})")
    rows.append(f"So far: {as_money(total)}.")
    return "\n".join(rows)
