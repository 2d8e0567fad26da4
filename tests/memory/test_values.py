"""Values are redacted text by text, and stay what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.memory.values import redact_value

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def shape(value):
    """The value with every text of values gone."""
    match value:
        case str():
            return ""
        case dict():
            return {key: shape(each) for key, each in value.items()}
        case list():
            return [shape(each) for each in value]
        case _:
            return value


@given(JSON)
def test_the_shape_stays(value):
    assert shape(redact_value(value)) == shape(value)


@pytest.mark.parametrize(
    "value",
    [
        {"title": 'secret: "correcthorse99battery"', "p": 1},
        {"title": "password = 'correcthorse99battery'", "next": ["and so on", 2]},
        {"password": "correcthorse99battery", "need": "broken-call"},
        [["token='correcthorse99battery'"], {"kind": "new-name"}],
    ],
)
def test_a_secret_goes_and_nothing_else(value):
    """A mask that ran on into the JSON behind a text would break it."""
    redacted = redact_value(value)
    assert "correcthorse" not in str(redacted)
    assert shape(redacted) == shape(value)
    assert redact_value(redacted) == redacted
    for word in ("and so on", "broken-call", "new-name"):
        assert (word in str(redacted)) is (word in str(value))
