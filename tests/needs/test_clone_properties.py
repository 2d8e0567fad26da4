"""What holds for every need about equal and similar lines, whatever the texts are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_lsp.needs import (
    Detector,
    block_clone,
    line_clone,
    neighbour_insert,
    shape_clone,
    twin_body,
)
from proactive_lsp.workspace.documents import split_lines, text_in
from tests.check import situation_of

LINES = st.sampled_from(
    [
        "def read_rows(self):",
        "    rows = fetch(self, 'ä😀')",
        "    cells = fetch(self, 'b')",
        "    rows = fetch(self, 'ä😀', 3)",
        "    total = add(rows, cells)",
        "        total = add(rows, cells)",
        "async def read_rows(self):",
        "    foo(",
        "",
        "  )",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def text_of(lines: list[str], end: str) -> str:
    return end.join(lines)


TEXTS = st.builds(text_of, st.lists(LINES, max_size=14), ENDS)


@pytest.mark.parametrize(
    "detector", [line_clone, block_clone, shape_clone, neighbour_insert, twin_body]
)
@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_places_hold_the_text_they_say_and_were_not_edited(
    detector: Detector, before: str, after: str, other: str
):
    situation = situation_of({"a.py": before, "b.py": other}, {"a.py": after})
    for need in detector.detect(situation):
        assert need.places
        assert all(0 <= value <= 1 for value in need.features.values()), need.features
        for place in need.places:
            lines = split_lines(situation.tree.read(place.path) or "")
            assert text_in(lines, place.range) == place.before
            assert place.after is None or place.after != place.before
            assert not place.before or not situation.edited(place.path, place.range.start.line)
            assert all(0 <= value <= 1 for value in place.features.values()), place.features
