"""Take out of a text what a reader, a model or a terminal would not see as text."""

import re

# Control characters, and those that are invisible or turn the direction of writing.
_UNSEEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# What chat templates mark a turn with; a space inside makes it text again.
_TURN = re.compile(r"<(?=[|\uff5c]|/?s>|(?:start|end)_of_turn)|\[(?=/?INST\])")


def visible(text: str) -> str:
    """The text without control characters, invisible ones and the marks of chat templates."""
    return _TURN.sub(lambda mark: mark[0] + " ", _UNSEEN.sub("", text))
