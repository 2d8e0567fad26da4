"""The frame of each page here: the one style and the one script that there are."""

from proactive_lsp.report.html import Content, Value, element


def page(title: str, *body: Content, **attributes: Value) -> bytes:
    """A whole page."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("link", rel="stylesheet", href="/page.css"),
        element("script", src="/page.js", defer=True),
    )
    whole = element("html", head, element("body", *body, **attributes), lang="en")
    return f"<!doctype html>\n{whole}\n".encode("utf-8", "backslashreplace")
