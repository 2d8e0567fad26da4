from datetime import date, timedelta

from lending.catalogue import Book, Catalogue
from lending.desk import Desk
from lending.fees import childs_fee, late_fee
from lending.letters import weekly_letters
from lending.loans import LoanLedger

MAY = date(2024, 5, 2)
MOTHS = Book("B-17", "Moths of the Alps", "R. Huber", worth=34.0)


def open_desk() -> Desk:
    return Desk(Catalogue([MOTHS]), LoanLedger())


def test_fees_have_an_end():
    assert late_fee(2, 10.0, 3) == 0
    assert late_fee(13, 10.0, 3) == 2.0
    assert late_fee(400, 10.0, 3) == 10.0
    assert childs_fee(1.30) == 0.6


def test_lend_and_take_back():
    desk = open_desk()
    assert desk.lend("B-17", "ida", MAY) == "Moths of the Alps is yours until 30.05.2024"
    assert desk.lend("B-17", "jo", MAY) == "sorry, B-17 is with ida"
    assert desk.take_back("B-17", MAY + timedelta(days=30)) == "nothing to pay"


def test_letters_name_the_book():
    desk = open_desk()
    desk.lend("B-17", "ida", MAY)
    (letter,) = weekly_letters(desk.ledger, desk.catalogue, MAY + timedelta(days=48))
    assert "Moths of the Alps" in letter
    assert "2.60 EUR" in letter
