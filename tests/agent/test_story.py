"""The story: it only grows, forgets by halves, shows what changed and nothing that is secret."""

import re
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proactive_lsp.agent.story import LEFT_OUT, Story, size
from proactive_lsp.events import (
    Answer,
    Change,
    Close,
    Command,
    CommittedFile,
    DiagnosticItem,
    Diagnostics,
    Edit,
    Event,
    FileOperation,
    Focus,
    Git,
    Open,
    Save,
    SuggestionEvent,
    TestResult,
    span,
)
from proactive_lsp.workspace.changes import LineHunk
from tests.agent.teller import ROOM, Desk

SHOP = "import math\n\n\ndef area(r):\n    return 3 * r\n\n\ndef twice(r):\n    return 2 * r\n"
EMPTY = ""
EVENTS: tuple[Event, ...] = (
    Open(1.0, "shop.py", 1, "python", SHOP),
    Focus(2.0, "shop.py", span(0, 0, 2, 0)),
    Edit(4.4, "shop.py", 2, (Change(span(4, 0, 5, 0), "    return math.pi * r\n"),)),
    Save(6.0, "shop.py"),
    FileOperation(7.0, "renamed", "old.py", "new.py"),
    Diagnostics(8.0, "shop.py", "ruff", (DiagnosticItem(span(0, 0, 0, 1), 1, "unused"),)),
    Diagnostics(8.5, "shop.py", "ty", ()),
    Command(9.0, "pytest -q", 1, tail="one\ntwo"),
    Command(9.5, "make", 0),
    Command(9.6, "debug shop", 0, phase="started"),
    Focus(9.7, "shop.py", window="left"),
    TestResult(10.0, "test_area", "failed", message="assert 3 == 3.14"),
    TestResult(10.1, "test_twice", "passed"),
    SuggestionEvent(11.0, "abc", "offered", "mentions", "shop.py", span(0, 0, 0, 1)),
    SuggestionEvent(11.5, "abc", "shown", "mentions", "shop.py", span(0, 0, 0, 1)),
    Answer(12.0, "abc", "dismissed"),
    Git(13.0, "stage", paths=("a",)),
    Git(13.5, "commit", branch="main", message="Use pi", paths=tuple("abcdefg")),
    Close(14.0, "shop.py"),
)
STORY = f"""\
[1 s] The user looks at "shop.py".
"shop.py" reads now:
| import math
| {EMPTY}
| {EMPTY}
| def area(r):
|     return 3 * r
| {EMPTY}
| {EMPTY}
| def twice(r):
|     return 2 * r
[4 s] The user edited and saved "shop.py":
| def area(r):
-|     return 3 * r
+|     return math.pi * r
[7 s] The file "old.py" was renamed to "new.py".
[8 s] "ruff" finds 1 things in "shop.py":
line 1: "unused"
[9 s] The user ran "pytest -q"; it failed with exit code 1.
| one
| two
[10 s] The user ran "make"; it succeeded.
[10 s] The user started "debug shop".
[10 s] The test "test_area" ended with "failed": "assert 3 == 3.14".
1 test passed or were skipped.
[11 s] A suggestion ("mentions") for "shop.py" was offered.
[12 s] A suggestion ("mentions") for "shop.py" was dismissed.
[14 s] Git: commit on branch "main" with message "Use pi" of "a", "b", "c", "d", "e" and 2 more."""
AFTER = SHOP.replace("3 *", "math.pi *")
HUNK = LineHunk("shop.py", 4, ("    return 3 * r",), 4, ("    return math.pi * r",))


def test_every_event_has_its_sentence_or_is_noise(situation):
    seen = situation(EVENTS, {"shop.py": AFTER}, hunks=(HUNK,), recent=(HUNK,))
    story = Story(ROOM)
    story.look(seen)
    assert story.text == STORY
    assert {type(event) for event in EVENTS} == set(get_args(Event))


def test_the_same_moment_is_told_once(situation):
    story = Story(ROOM)
    for _ in range(3):
        story.look(situation(EVENTS, {"shop.py": AFTER}, hunks=(HUNK,), recent=(HUNK,)))
    assert story.text == STORY


def test_what_was_remembered_of_earlier_runs_is_not_told(situation):
    """A replay begins with an empty memory, and is to ask what the editor asked."""
    story = Story(ROOM)
    story.look(situation((Save(-5.0, "old.py"), *EVENTS), {"shop.py": AFTER}, hunks=(HUNK,)))
    assert story.text == STORY


@pytest.mark.parametrize("kind", ["pause", "answer"])
def test_what_is_half_typed_is_told_when_it_is_done(kind):
    desk = Desk({"shop.py": SHOP})
    desk.open("shop.py")
    desk.look()
    desk.put("shop.py", SHOP.replace("3 *", "ma"))
    assert desk.look(kind) == ""
    desk.put("shop.py", AFTER)
    said = desk.look()
    assert "ma\n" not in said
    assert "-|     return 3 * r\n+|     return math.pi * r" in said


def test_a_difference_is_told_against_what_was_told_last():
    desk = Desk({"shop.py": SHOP})
    desk.open("shop.py")
    desk.put("shop.py", AFTER)
    desk.look()
    desk.put("shop.py", AFTER.replace("2 *", "4 *"))
    assert desk.look() == (
        '[3 s] The user edited "shop.py":\n'
        "| def twice(r):\n-|     return 2 * r\n+|     return 4 * r"
    )


def test_what_was_typed_and_taken_back_is_nothing():
    desk = Desk({"shop.py": SHOP})
    desk.open("shop.py")
    desk.look()
    desk.put("shop.py", AFTER)
    desk.put("shop.py", SHOP)
    assert desk.look() == ""


def test_every_line_that_stays_or_came_stands_in_the_file_as_told():
    desk = Desk({"shop.py": SHOP}, room=2_000)
    desk.open("shop.py")
    desk.look()
    text = AFTER + "\n\ndef more(r, *, times=2):\n    return r * times\n"
    desk.put("shop.py", text)
    told = re.findall(r"(?m)^\+?\| (.*)$", desk.look())
    assert set(told) <= set(text.split("\n"))
    assert {"def area(r):", "    return r * times"} <= set(told)


def test_a_large_file_shows_its_headers_once_and_a_new_one_when_it_comes():
    big = "".join(f"def f{n}(a, b):\n    return a + b + {n}\n\n\n" for n in range(20))
    desk = Desk({"big.py": big}, room=3_000)
    desk.open("big.py")
    assert '"big.py" has:\n| def f0(a, b):\n| def f1(a, b):' in desk.look()
    desk.put("big.py", big.replace("+ 7", "- 7"))
    assert "has:" not in desk.look()
    # The difference shows the new header itself.
    desk.put("big.py", big + "def more():\n    return 1\n")
    said = desk.look()
    assert "has:" not in said
    assert "+| def more():" in said


def test_of_very_many_headers_those_around_the_edit_are_told_each_once():
    big = "".join(f"def f{n}(a, b):\n    return a + b + {n}\n\n\n" for n in range(90))
    desk = Desk({"big.py": big}, room=6_000)
    desk.open("big.py")
    said = desk.look()
    assert (said.count("| def f"), "def f0(" in said) == (24, True)
    desk.put("big.py", big.replace("+ 20\n", "- 20\n"))
    said = desk.look()
    assert '"big.py" also has:\n| def f24(a, b):' in said
    desk.put("big.py", big.replace("+ 20\n", "* 20\n"))
    assert "has:" not in desk.look()


def test_the_headings_of_prose_are_its_headers():
    text = "# Shop\n\n" + "Words.\n" * 500 + "\n## Use\n\n```\n# no heading\n```\n"
    desk = Desk({"README.md": text}, room=3_000)
    desk.open("README.md")
    assert desk.look().endswith('"README.md" has:\n| # Shop\n| ## Use')


def test_a_checkout_is_no_edit():
    desk = Desk({"shop.py": SHOP})
    desk.open("shop.py")
    desk.look()
    desk.do(Git(desk.at(), "checkout", branch="other", paths=("shop.py",)))
    desk.put("shop.py", AFTER)
    assert "edited" not in desk.look("checkout")
    desk.put("shop.py", AFTER.replace("2 *", "4 *"))
    desk.t += 10
    said = desk.look()
    assert "pi" not in said


def test_what_a_commit_did_that_no_editor_told():
    desk = Desk({"a.py": "", "shop.py": SHOP})
    desk.open("shop.py")
    desk.look()
    file = CommittedFile("a.py", "", "def fresh(x):\n    return x\n")
    desk.do(Git(desk.at(), "commit", "c0ffee", "main", ("a.py",), "Add fresh", files=(file,)))
    assert desk.look("commit").endswith('Commits also did this:\nadded: "def fresh(x):" in "a.py"')


def test_what_was_learned_is_told_when_it_changes():
    desk = Desk({"shop.py": SHOP})
    desk.engine.memory.learn("broken-call", "save", "", "accepted")
    desk.engine.memory.mute("docstring", "tests")
    desk.do(Save(1.0, "shop.py"))
    assert desk.look() == (
        '[1 s] The user saved "shop.py".\n'
        'The user mostly accepts "broken-call"; muted "docstring" in "tests".'
    )
    desk.do(Save(2.0, "shop.py"))
    assert "mostly" not in desk.look()


def test_the_older_half_goes_and_says_so():
    desk = Desk({"shop.py": SHOP}, room=2_000)
    desk.engine.memory.mute("docstring")
    desk.do(Git(desk.at(), "commit", "c0", "main", (), "Add tax"))
    desk.look("commit")
    before = ""
    dropped = 0
    for number in range(200):
        desk.do(Command(desk.at(), f"make step{number}", 0))
        desk.look("command")
        text = desk.story.text
        if not text.startswith(before):
            dropped += 1
            assert text.startswith(LEFT_OUT)
            assert 'Messages of the last commits: "Add tax".\nMuted "docstring".' in text
            assert 800 < size(text) <= 1_100
        before = text
    assert f"step{number}" in text
    assert 5 <= dropped <= 15


def test_what_went_with_the_older_half_is_shown_again():
    desk = Desk({"shop.py": SHOP, "other.py": "y = 1\n"}, room=2_000)
    desk.open("shop.py")
    desk.look()
    desk.put("shop.py", AFTER)
    assert "reads now" not in desk.look()
    while not desk.story.text.startswith(LEFT_OUT):
        desk.do(Command(desk.at(), "make", 0))
        desk.look("command")
    desk.open("other.py")
    desk.look()
    desk.do(Focus(desk.at(), "shop.py"))
    assert "| import math\n" in desk.look()


def test_what_is_said_again_never_fills_the_story():
    desk = Desk({"shop.py": SHOP}, room=1_500)
    for number in range(60):
        desk.engine.memory.mute(f"kind-{number}", "some/folder")
        desk.do(Git(desk.at(), "commit", f"c{number}", "main", (), "größer " * 30))
        desk.look("commit")
        assert size(desk.story.text) <= 1_500


def test_it_may_be_shortened_while_nothing_is_computed_of_it():
    story = Story(2_000)
    for number in range(40):
        story.add(f"The user ran number {number:04}.")
    story.shorten()
    assert story.text.startswith(LEFT_OUT)
    short = story.text
    story.shorten()
    assert story.text == short


def test_a_flood_of_events_is_cut_to_the_newest(situation):
    seen = situation([Command(float(n), f"make {n}", 0) for n in range(2_000)])
    story = Story(ROOM)
    story.look(seen)
    assert story.text.startswith(LEFT_OUT)
    assert "make 1999" in story.text
    assert story.size <= ROOM // 3


# Whatever happens.

WORDS = st.sampled_from(
    ["x = 1\n", "def f(a):\n    return a\n", "# 🙂 größer\n", "y\r\n", "\x0c\n"]
)
PATHS = st.sampled_from(["a.py", "b.md", "c/d.py"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), PATHS, st.lists(WORDS, max_size=30).map("".join)),
        st.tuples(st.just("save"), PATHS, st.just("")),
        st.tuples(st.just("run"), PATHS, st.text(max_size=30)),
        st.tuples(st.just("commit"), PATHS, st.text(max_size=30)),
        st.tuples(st.just("checkout"), PATHS, st.lists(WORDS, max_size=9).map("".join)),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.sampled_from([1_500, 4_000, ROOM]))
def test_it_extends_what_was_told_unless_it_dropped_and_is_bounded(steps, room):
    desk = Desk({"a.py": "x = 1\n", "b.md": "# B\n", "c/d.py": ""}, room)
    for path in ("a.py", "b.md", "c/d.py"):
        desk.open(path)
    before = ""
    for word, path, text in steps:
        match word:
            case "put":
                desk.put(path, text)
                continue
            case "save":
                desk.do(Save(desk.at(), path))
            case "run":
                desk.do(Command(desk.at(), text, 0, tail=text))
            case "commit":
                desk.do(Git(desk.at(), "commit", f"c{desk.t}", message=text, paths=(path,)))
            case "checkout":
                desk.do(Git(desk.at(), "checkout", paths=(path,)))
                desk.put(path, text)
        desk.look(word if word in ("commit", "checkout", "save") else "command", path)
        after = desk.story.text
        assert after.startswith(before) or after.startswith(LEFT_OUT)
        assert size(after) <= desk.story.size <= room
        before = after
