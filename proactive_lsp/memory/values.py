"""Redact a JSON value text by text, so that whatever is masked it stays a value of that shape."""

from typing import Any, cast

from proactive_lsp.redaction import redact

_Known = dict[tuple[str, str], str]


def redact_value(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The value with secrets masked in its texts; a text is read with the key it stands under.

    >>> redact_value({"token": "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "count": 1})
    {'token': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'count': 1}
    """
    return _redacted("", value, {})


def _redacted(name: str, value: Any, known: _Known) -> Any:  # noqa: ANN401
    # Each text by itself: a mask that went on into the next one would end another value, too.
    match value:
        case str():
            return _text(name, value, known)
        case dict():
            return {
                _text("", key, known): _redacted(f"{key}: ", each, known)
                for key, each in cast("dict[str, Any]", value).items()
            }
        case list():
            return [_redacted(name, each, known) for each in cast("list[Any]", value)]
        case _:
            return value


def _text(name: str, text: str, known: _Known) -> str:
    """The text redacted behind what names it; the same texts come up again and again."""
    if (name, text) not in known:
        masked = redact(name + text)
        # A mask has as many UTF-16 units as what it hides, so a name that was hit may be longer.
        known[name, text] = masked[len(name) :] if masked.startswith(name) else redact(text)
    return known[name, text]
