from datetime import date, timedelta

import pytest

from lending.loans import PERIOD, LoanLedger, NotPossible

MAY = date(2024, 5, 2)


def test_a_book_is_lent_once():
    ledger = LoanLedger()
    ledger.check_out("B-17", "ida", MAY)
    with pytest.raises(NotPossible, match="with ida"):
        ledger.check_out("B-17", "jo", MAY)


def test_back_and_out_again():
    ledger = LoanLedger()
    ledger.check_out("B-17", "ida", MAY)
    assert ledger.check_in("B-17").reader == "ida"
    assert ledger.check_out("B-17", "jo", MAY).due == MAY + PERIOD


def test_two_renewals():
    ledger = LoanLedger()
    ledger.check_out("B-17", "ida", MAY)
    ledger.renew("B-17", MAY)
    ledger.renew("B-17", MAY)
    with pytest.raises(NotPossible):
        ledger.renew("B-17", MAY)


def test_late_ones_in_order():
    ledger = LoanLedger()
    ledger.check_out("B-18", "jo", MAY + timedelta(days=1))
    ledger.check_out("B-17", "ida", MAY)
    late = ledger.overdue(MAY + 2 * PERIOD)
    assert [loan.number for loan in late] == ["B-17", "B-18"]
