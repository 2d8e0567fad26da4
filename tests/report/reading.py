"""Read a page as a browser would, and refuse what a page of ours must not have."""

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "hr"}
LOADS = {"script", "iframe", "object", "embed", "link", "base", "form", "img", "foreignobject"}
# Of what a name in a session may bring along, nothing may be left that a terminal, a reader or a
# browser takes for more than text.
NASTY = "<script>alert(1)</script>\"'&amp;</title></style>`x`\x1b[2J\u202e\x00\ud800"


class Page(HTMLParser):
    """The tags, ids and texts of a page; raises where it is not well formed or not safe."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.texts, self.links = [], [], [], []
        self.open = []
        self.feed(text)
        self.close()
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))
        assert {link[1:] for link in self.links} <= set(self.ids)

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag not in LOADS
        assert len(attrs) == len({name for name, _ in attrs}), attrs
        self.tags.append((tag, dict(attrs)))
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("src", "srcset", "srcdoc", "action", "xlink:href", "ping"), name
            if name == "href":
                assert value.startswith("#"), value
                self.links.append(value)
            if name == "id":
                assert re.fullmatch(r"[\w.-]+", value), value
                self.ids.append(value)
            if name == "style":
                assert re.fullmatch(r"(width|left):\d+(\.\d)?%|text-align:left", value), value

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())

    def count(self, tag, cls=None):
        """How many elements there are of a tag, with that class."""
        return len(
            [1 for name, given in self.tags if name == tag and cls in (None, given.get("class"))]
        )


def read(text):
    """The page; its style loads nothing, and its policy forbids whatever would."""
    page = Page(text)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    policy = [
        given for name, given in page.tags if given.get("http-equiv") == "Content-Security-Policy"
    ]
    assert "default-src 'none'" in policy[0]["content"]
    assert "script" not in policy[0]["content"]
    assert not re.search(r"https?:|url\(|@import|expression|javascript:", text)
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert not [char for char in text if not char.isprintable() and char != "\n"]
    return page
