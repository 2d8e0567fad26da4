"""A title counts the places that are left."""

import pytest

from proactive_lsp.events import span
from proactive_lsp.suggestions import Fact, Need, Place, narrowed


@pytest.mark.parametrize(
    ("title", "left", "now"),
    [
        (
            "Make the same change to 3 equal lines in 2 files",
            1,
            "Make the same change to 1 equal line",
        ),
        ("Look at 3 mentions of `x` in 2 files", 2, "Look at 2 mentions of `x`"),
        (
            "Change `3 rows` to `x` in 3 more places in 2 files",
            1,
            "Change `3 rows` to `x` in 1 more place",
        ),
        ("Update the tests in a.py", 1, "Update the tests in a.py"),
        ("Look at 3 mentions of `x` in 2 files", 3, "Look at 3 mentions of `x` in 2 files"),
    ],
)
def test_a_title_counts_what_is_left(title, left, now):
    places = tuple(Place(path, span(n, 0, n, 1), "x") for n, path in enumerate(("a", "a", "b")))
    need = Need("k", "a", span(0, 0, 0, 1), "x", title, (Fact("because"),), places)
    assert narrowed(need, places[:left]).title == now
