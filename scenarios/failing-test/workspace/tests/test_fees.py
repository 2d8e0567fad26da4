from lending.fees import as_money, childs_fee, late_fee


def test_fees_have_an_end():
    assert late_fee(2, 10.0) == 0
    assert late_fee(13, 10.0) == 2.0
    assert late_fee(400, 10.0) == 10.0


def test_children_pay_half():
    assert childs_fee(1.30) == 0.6


def test_nothing_is_said_in_words():
    assert as_money(0) == "nothing to pay"
