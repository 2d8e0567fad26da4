"""Kappa against published examples."""

import pytest

from proactive_lsp.annotate.kappa import cohen_kappa, fleiss_kappa


def pairs(*counted):
    return [(one, other) for one, other, count in counted for _ in range(count)]


def test_cohens_own_example():
    """Cohen 1960, table 1: three categories in proportions of 200 patients, kappa .492."""
    rows = (
        *(("a", "a", 88), ("a", "b", 14), ("a", "c", 18)),
        *(("b", "a", 10), ("b", "b", 40), ("b", "c", 10)),
        *(("c", "a", 2), ("c", "b", 6), ("c", "c", 12)),
    )
    assert cohen_kappa(pairs(*rows)) == pytest.approx(0.492, abs=0.0005)


def test_two_readers_of_grant_proposals():
    """The example of the encyclopedias: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no make 0.4."""
    rows = (("y", "y", 20), ("y", "n", 5), ("n", "y", 10), ("n", "n", 15))
    assert cohen_kappa(pairs(*rows)) == pytest.approx(0.4)


def test_fleiss_with_fourteen_raters():
    """Ten subjects, fourteen raters, five categories: kappa 0.210."""
    table = (
        *((0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1)),
        *((7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7)),
    )
    rows = [[c for c, n in zip("abcde", row, strict=True) for _ in range(n)] for row in table]
    assert fleiss_kappa(rows) == pytest.approx(0.210, abs=0.0005)


def test_full_agreement_is_one():
    assert cohen_kappa([("a", "a"), ("b", "b")]) == 1.0
    assert fleiss_kappa([["a", "a", "a"], ["b", "b", "b"]]) == 1.0


@pytest.mark.parametrize("given", [[], [("a", "a")], [("a", "a"), ("a", "a")]])
def test_without_variety_there_is_no_kappa(given):
    assert cohen_kappa(given) is None
    assert fleiss_kappa(given) is None


def test_raters_must_be_as_many_for_everything():
    with pytest.raises(ValueError, match="same number"):
        fleiss_kappa([["a", "a"], ["a"]])
