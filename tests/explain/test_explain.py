"""Why something was offered, and why not."""

import pytest

from proactive_lsp.explain.markdown import span
from proactive_lsp.reward import RewardSettings
from proactive_lsp.settings import Settings
from tests.desk import Desk

AREA = "def area(width, height, unit):\n    return width * height, unit\n"
FEWER = AREA.replace(", unit", "")
FILES = {
    "shapes.py": "\n" + AREA,
    "use.py": "from shapes import area\n\n\ndef main():\n    area(2, 3, 'cm')\n",
    "other.py": "x = 1\n",
}


def test_a_card_shows_its_evidence_with_citations():
    desk = Desk(FILES)
    desk.work("shapes.py", AREA, FEWER)
    said = desk.engine.explain(desk.card.id)
    assert said.startswith("### Update 1 call of `area`\n")
    assert "**broken-call**, woken by save" in said
    assert (
        "- `area` now takes (width, height) instead of (width, height, unit) (shapes.py:2)" in said
    )
    assert f"Probability {desk.card.p:.2f}, shown from 0.60 on." in said
    assert "Log odds: prior +3.48, relevance +0.20." in said
    assert "- use.py:5: in `main`" in said


def test_a_merged_card_shows_every_need():
    desk = Desk(FILES | {"m.py": "def old_name():\n    return 1\n\n\n# old_name\nold_name()\n"})
    desk.replace("shapes.py", AREA, FEWER)
    desk.work("m.py", "old_name", "new_name")
    said = desk.engine.explain(desk.card.id)
    assert "**broken-call**" in said
    assert "- function `old_name` is now `new_name` (m.py:1)" in said
    assert "- m.py:5: in a comment (to be confirmed)" in said


def test_a_commit_is_cited_by_its_event():
    desk = Desk(FILES)
    desk.commit({"shapes.py": "\n" + FEWER}, head="c0ffee0011")
    said = desk.engine.explain(desk.card.id)
    assert f"- commit c0ffee00 did that (event {desk.engine.memory.recent()[0].seq})" in said


def test_citations_follow_the_lines():
    desk = Desk(FILES)
    desk.work("shapes.py", AREA, FEWER)
    desk.work("shapes.py", "def area", "\n\ndef area")
    assert "(shapes.py:4)" in desk.engine.explain(desk.card.id)


def test_silences_are_counted_with_their_reasons():
    desk = Desk(FILES, settings=Settings(reward=RewardSettings(cards_per_hour=0)))
    desk.work("shapes.py", AREA, FEWER)
    desk.work("other.py", "1", "2")
    desk.engine.snooze(500.0)
    desk.work("other.py", "2", "3")
    said = desk.engine.explain("")
    assert said.splitlines() == [
        "### Noticed, and not said",
        "",
        "Since the server started; a need counts once for each new reason.",
        "",
        "- budget-spent: 1 (broken-call 1)",
        "- snoozed: 1 (broken-call 1)",
        "",
        "Latest:",
        "",
        "- Update 1 call of `area`: snoozed for 8 min more "
        "(probability 0.98, shown from 0.60 on; prior +3.48, relevance +0.20)",
    ]


def test_with_nothing_noticed_it_says_so():
    nothing = "Nothing was noticed lately that could have been offered."
    assert Desk(FILES).engine.explain("feedbeef") == nothing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("call of `area` (a.py:2)", "call of `area` (a.py:2)"),
        ("`![a](http://h/x)` became `<b>`", "`![a](http://h/x)` became `<b>`"),
        ("`a` ![x](h) `b`", "`a` \\!\\[x\\](h) `b`"),
        ("`a`[x](h)`b`", "`a`\\[x\\](h)`b`"),
        ("\\[x](h)", "\\\\\\[x\\](h)"),
        ("\\`[x](h)`", "\\\\`[x](h)`"),
        ("a ` [x](h)", "a \\` \\[x\\](h)"),
        ("``a ` [x](h)`` b", "`` a ` [x](h) `` b"),
        ("``a` [x](h)", "\\`\\`a\\` \\[x\\](h)"),
        ("<img src=h> & https://h www.h", "\\<img src=h\\> \\& https\\://h www\\.h"),
        ("`a\n\n[x](h)`", "`a [x](h)`"),
    ],
)
def test_workspace_text_becomes_no_link(text: str, said: str):
    assert span(text) == said
