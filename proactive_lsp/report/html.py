"""Make HTML that nothing from a session can get out of: what is not markup of ours is escaped.

`Html` is markup that was made here; every other text is cut, made visible and escaped on its way
into an element, so that no caller has to think of it.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from proactive_lsp.replay.escaping import visible

LONGEST = 600
# What a script reads, such as a path that it sends back, is of no use when it is cut.
LONGEST_DATA = 8_000
_VOID = frozenset({"br", "meta", "hr", "input", "link"})
# Nothing is loaded and nothing runs, even if something got past the escaping.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


class Html(str):
    """Markup."""

    __slots__ = ()


NOTHING = Html()
Content = str | Html | None | Iterable["Content"]
Value = str | float | bool | None


def text(value: str, *, most: int = LONGEST) -> Html:
    """Any text as markup; what is endless is cut."""
    return _escaped(value if len(value) <= most else f"{value[:most]}…")


def prose(value: str) -> Html:
    """Text in which what stands between backticks is code; one that is alone stays as it is."""
    parts = value[:LONGEST].split("`") if value.count("`") > 1 else [value]
    more = "…" if len(value) > LONGEST and len(parts) > 1 else ""
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return join(
        (*(element("code", part) if at % 2 else part for at, part in enumerate(parts)), more)
    )


def join(parts: Iterable[Content], between: str = "") -> Html:
    """Markup one behind the other; `between` is text."""
    return Html(escape(between).join(_markup(part) for part in parts if part is not None))


def element(tag: str, /, *children: Content, **attributes: Value) -> Html:
    """An element; `cls` is its class, `_` in a name stands for `-`, None and False are left out.

    >>> element("a", "<b>", href="#x", aria_label="to x", hidden=True)
    '<a href="#x" aria-label="to x" hidden>&lt;b&gt;</a>'
    """
    given = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{tag}{given}>")
    return Html(f"<{tag}{given}>{join(children)}</{tag}>")


def table(
    head: Iterable[Content],
    rows: Iterable[Iterable[Content]],
    *,
    texts: int = 1,
    cls: str | None = None,
) -> Html:
    """A table that scrolls by itself where the page is narrow; the first `texts` columns are words.

    A cell that is an element `td` already stays what it is.
    """
    names = element("tr", *(_cell("th", name, at < texts) for at, name in enumerate(head)))
    body = (
        element("tr", *(_cell("td", cell, at < texts) for at, cell in enumerate(row)))
        for row in rows
    )
    inner = element("table", element("thead", names), element("tbody", *body), cls=cls)
    return element("div", inner, cls="scroll")


def document(title: str, style: str, *body: Content) -> str:
    """A whole page that needs nothing else, with a line feed at its end."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Html(style)),
    )
    return f'<!doctype html>\n<html lang="en">\n{head}\n{element("body", *body)}\n</html>\n'


# Most of a page says the same few words again and again.
@lru_cache(maxsize=4_096)
def _escaped(value: str) -> Html:
    return Html(escape(visible(value)))


def _cell(tag: str, content: Content, is_text: bool) -> Html:
    if isinstance(content, Html) and content.startswith(f"<{tag}"):
        return content
    return element(
        tag, content, cls="text" if is_text else None, scope="col" if tag == "th" else None
    )


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    most = LONGEST_DATA if name.startswith("data_") or name == "value" else LONGEST
    # `class` and `for` are words of Python.
    name = {"cls": "class", "for_": "for"}.get(name, name.replace("_", "-"))
    return f" {name}" if value is True else f' {name}="{text(str(value), most=most)}"'


def _markup(part: Content) -> str:
    if isinstance(part, Html):
        return part
    return text(part) if isinstance(part, str) else join(part or ())
