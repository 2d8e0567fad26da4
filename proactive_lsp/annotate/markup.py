"""Build HTML out of values: whatever is no element made here is text, and is escaped."""

from collections.abc import Iterable
from html import escape

from proactive_lsp.replay.escaping import visible

_EMPTY = frozenset({"input", "link", "meta"})


class Html(str):
    """Markup that is finished; only `tag`, `page` and `join` make it."""

    __slots__ = ()


Child = str | Html | None | Iterable["Child"]
Value = str | int | float | bool | None


def tag(name: str, /, *children: Child, **attributes: Value) -> Html:
    """One element; None is left out, a trailing underscore of a name too, others become hyphens.

    >>> tag("p", "a < b", tag("em", "c"), class_="x", data_id=1, hidden=True)
    '<p class="x" data-id="1" hidden>a &lt; b<em>c</em></p>'
    """
    words = "".join(_attribute(key, value) for key, value in attributes.items())
    end = "" if name in _EMPTY else f"</{name}>"
    return Html(f"<{name}{words}>{join(children)}{end}")


def join(children: Child) -> Html:
    """Several children as one; characters that do not print are told by their numbers."""
    match children:
        case None:
            return Html()
        case Html():
            return children
        case str():
            return Html(escape(visible(children)))
        case _:
            return Html("".join(map(join, children)))


def prose(text: str) -> Html:
    """A sentence with its `code` as such.

    >>> prose("call `f` now, ` alone")
    'call <code>f</code> now, ` alone'
    """
    said: list[Html] = []
    parts = text.split("`")
    for index, part in enumerate(parts):
        closed = index + 1 < len(parts)
        if index % 2:
            said.append(tag("code", part) if closed else join(f"`{part}"))
        else:
            said.append(join(part))
    return join(said)


def page(title: str, *body: Child, **attributes: Value) -> bytes:
    """A whole page with the one style and the one script that there are."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("link", rel="stylesheet", href="/page.css"),
        tag("script", src="/page.js", defer=True),
    )
    whole = tag("html", head, tag("body", *body, **attributes), lang="en")
    return f"<!doctype html>\n{whole}\n".encode("utf-8", "backslashreplace")


def _attribute(key: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(visible(str(value)))}"'
