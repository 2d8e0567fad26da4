"""The page and the table for the README: whole, escaped, and the same for the same commits."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from proactive_lsp.evaluation.benchmark import Report, Row
from proactive_lsp.evaluation.figures import share
from proactive_lsp.evaluation.labels import Alarm, JudgedSpot
from proactive_lsp.evaluation.markdown import markdown_of
from proactive_lsp.evaluation.metrics import count, metrics
from proactive_lsp.evaluation.page import page_of
from proactive_lsp.evaluation.picture import picture_of

GOOD = metrics(
    [
        count(4, [Alarm("line-clone", 1, (JudgedSpot("line-clone", False, (1,), later=True),))]),
        count(3, [Alarm("line-clone", 1, (JudgedSpot("line-clone", False, (), later=False),))]),
    ]
)
NONE = metrics([count(3, [])])
ROW = Row(
    name="shapes",
    head="0123456789abcdef",
    head_date="2026-03-04",
    past=True,
    order="canonical",
    seed=0,
    commits=2,
    left_out=0,
    edits=7,
    total=GOOD,
    coarse=NONE,
    after_commit=NONE,
    needs={"line-clone": GOOD, "broken-call": NONE},
    baselines={"nothing": NONE, "always-tests": GOOD},
)
ONE = Report((ROW,), GOOD, {"canonical": GOOD})
SEEDS = [replace(ROW, order="random", seed=seed) for seed in (1, 2)]
SEVERAL = Report((ROW, *SEEDS), GOOD, {"canonical": GOOD, "random": GOOD})
EMPTY = Report((replace(ROW, total=NONE, needs={}, baselines={}),), NONE, {"canonical": NONE})
NASTY = "<script>alert(1)</script>|`x`\x1b[2J\u202e&amp;"


class Strict(HTMLParser):
    """Collects texts, and refuses tags that do not fit."""

    def __init__(self):
        super().__init__()
        self.open, self.texts, self.seen, self.rows = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag not in ("meta", "br", "line", "circle") or tag == "circle":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)
        if "td" in self.open or "th" in self.open:
            self.rows[-1].append(data)


def parsed(page):
    reader = Strict()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("report", [ONE, SEVERAL, EMPTY])
def test_a_page_needs_nothing_else(report):
    """No script, no address, no file beside it; and it says what was measured."""
    page = page_of(report)
    found = parsed(page)
    tags = {tag for tag, _ in found.seen}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "a"})
    assert not re.search(r"https?:|url\(|@import|\bon\w+=", page)
    assert "prefers-color-scheme: dark" in page
    for text in ("shapes", "0123456789ab", "2026-03-04"):
        assert text in found.texts


def test_baselines_stand_in_the_table_of_the_kinds():
    rows = [row[0].strip() for row in parsed(page_of(ONE)).rows if row]
    at = rows.index("all cards")
    assert rows[at : at + 5] == [
        "all cards",
        "line-clone",
        "broken-call",
        "nothing",
        "always-tests",
    ]


def test_each_seed_has_its_table_and_each_order_its_mean():
    texts = parsed(page_of(SEVERAL)).texts
    assert {"(canonical)", "(random, seed 1)", "(random, seed 2)"} <= {*texts}
    assert {"canonical", "random, seeds 1, 2", "all"} <= {*texts}


def test_names_are_escaped():
    report = replace(ONE, repositories=(replace(ROW, name=NASTY),))
    page = page_of(report)
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    parsed(page)
    (line,) = [line for line in markdown_of(report).splitlines() if "script" in line]
    assert "<script>" not in line.replace("\\<", "")
    assert len(re.findall(r"(?<!\\)\|", line)) == len(
        re.findall(r"\|", markdown_of(ONE).splitlines()[0])
    )


def test_the_picture_has_a_dot_for_each_figure():
    from proactive_lsp.evaluation.figures import Line

    picture = picture_of([Line("kind", "a<b", GOOD), Line("baseline", "nothing", NONE)])
    root = ET.fromstring(picture)
    dots = [each for each in root.iter() if each.tag == "circle"]
    # The second has a recall of 0 and no precision.
    assert [dot.get("class") for dot in dots] == ["kind", "kind", "baseline"]
    width, height = (float(root.get(name)) for name in ("width", "height"))
    for dot in dots:
        assert 0 <= float(dot.get("cx")) <= width
        assert 0 <= float(dot.get("cy")) <= height
    assert ET.fromstring(picture_of([])) is not None


def test_a_table_for_the_readme():
    """A line per row, then the means; no figure is a dash."""
    head, rule, *lines = markdown_of(SEVERAL).splitlines()
    assert len(lines) == 3 + 3
    assert all(line.count("|") == head.count("|") for line in (rule, *lines))
    assert lines[0].startswith("| shapes `0123456789` (2026-03-04) | canonical | 2 / 7 | 2 | .50 (")
    assert lines[-2].startswith("| **mean** | random, seeds 1, 2 |")
    (empty,) = markdown_of(EMPTY).splitlines()[2:]
    assert "| 0 | - | - | - |" in empty


def test_shares():
    assert [share(value) for value in (0.5, 1.0, 0.0, None, 0.004)] == [
        ".50",
        "1.00",
        "0",
        "-",
        ".00",
    ]
