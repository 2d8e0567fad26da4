"""Markup: whatever a text is, it stays one."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.replay.escaping import visible
from proactive_lsp.report.html import LONGEST, Html, document, element, prose, table, text
from tests.report.reading import NASTY, read

texts = st.text(max_size=60) | st.text(alphabet="<>&\"'`/!-scriptx= \x00\u202e\ud800", max_size=40)


class Seen(HTMLParser):
    """The tags with their attributes, and all text."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@given(texts)
def test_a_text_in_an_element_and_in_an_attribute(given):
    seen = Seen(element("p", given, title=given))
    assert seen.tags == [("p", {"title": visible(given)})]
    assert seen.text == visible(given)


@given(texts)
def test_code_between_backticks_loses_nothing_but_these(given):
    seen = Seen(element("p", prose(given)))
    assert {tag for tag, _ in seen.tags} <= {"p", "code"}
    codes = len(seen.tags) - 1
    plain = visible(given)
    assert len(plain.replace("`", "")) == len(seen.text.replace("`", ""))
    assert plain.count("`") - seen.text.count("`") == 2 * codes


def test_code_is_code():
    assert prose("a `b` c") == "a <code>b</code> c"
    assert prose("a ` c") == "a ` c"
    assert prose("`b` c `") == "<code>b</code> c `"


def test_what_is_endless_is_cut():
    assert len(text("x" * 10_000)) == LONGEST + 1
    assert len(element("p", "y", title="x" * 10_000)) < LONGEST + 30
    path = "x/" * 1_000
    assert path in element("p", "y", data_path=path)
    assert len(element("p", "y", data_path=path * 1_000)) < 10_000
    assert len(prose("`x` " * 10_000)) < 20 * LONGEST


def test_markup_of_ours_is_not_escaped_again():
    inner = element("b", "1 < 2")
    assert element("p", inner, Html("<br>"), None, "&") == "<p><b>1 &lt; 2</b><br>&amp;</p>"


def test_a_document_with_a_table_of_anything():
    body = table((NASTY, "b"), [(NASTY, element("td", NASTY, cls="wide"))])
    style = "@media print {} /* prefers-color-scheme: dark */"
    page = read(document(NASTY, style, body))
    assert page.count("td") == 2
    assert page.count("td", "wide") == 1


def test_attributes_that_are_only_there_or_not_and_children_in_groups():
    made = element("input", required=True, hidden=False, for_="a", cls=None)
    assert made == '<input required for="a">'
    assert element("p", ("a", ["<", element("b", "c")]), None) == "<p>a&lt;<b>c</b></p>"
