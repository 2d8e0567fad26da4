"""The last minutes in RAM: what they hold can be replayed, and is bounded."""

from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.events import Close, CommittedFile, Edit, FileOperation, Git, Open, Save
from proactive_lsp.sessions.recent import Recent
from proactive_lsp.workspace.past import Past
from tests.sessions.making import opened, typed


def told(recent: Recent) -> list:
    return list(recent.events())


def test_what_is_too_old_goes_into_the_texts_at_the_start():
    recent = Recent(60)
    recent.append(opened(0, "a.py", "one\n"))
    recent.append(typed(10, "a.py", 1, "two\n"))
    recent.append(typed(80, "a.py", 2, "three\n", version=3))
    first, second = told(recent)
    assert (first.t, first.text, first.version) == (80, "one\ntwo\n", 2)
    assert isinstance(second, Edit)


def test_a_file_closed_before_is_not_there():
    recent = Recent(60)
    recent.append(opened(0, "a.py", "one\n"))
    recent.append(Close(1, "a.py"))
    recent.append(Save(90, "b.py"))
    assert told(recent) == [Save(90, "b.py")]


def test_a_huge_text_is_left_out_with_its_edits():
    recent = Recent(60)
    recent.append(opened(0, "a.txt", "x" * 1_000_001))
    recent.append(typed(1, "a.txt", 0, "y\n"))
    recent.append(Save(1, "b.txt"))
    assert told(recent) == [Save(1, "b.txt")]
    recent.append(opened(2, "a.txt", "small"))
    assert len(told(recent)) == 2


@given(st.lists(st.integers(0, 5_000), max_size=60))
def test_it_never_takes_more_than_its_bound(sizes):
    recent = Recent(1_000, most_bytes=20_000)
    recent.append(opened(0, "a.txt", ""))
    for number, size in enumerate(sizes):
        recent.append(typed(number, "a.txt", 0, "x" * size + "\n", version=number + 2))
        assert recent.size <= 20_000
    whole = "".join("x" * size + "\n" for size in reversed(sizes))
    text = ""
    for event in told(recent):
        if isinstance(event, Open):
            text = event.text
        elif isinstance(event, Edit):
            text = event.changes[0].text + text
    assert text == whole


def test_the_files_at_the_start_are_those_of_before():
    """Made of what is on disk now: edited, created, committed and renamed files are put back."""
    recent = Recent(60)
    for event in (
        opened(0, "a.py", "before\n"),
        typed(1, "a.py", 0, "after\n", over=1),
        Save(2, "a.py"),
        FileOperation(3, "created", "new.py"),
        Git(4, "checkout", files=(CommittedFile("b.py", "old b\n", "new b\n"),)),
        Git(5, "checkout", files=(CommittedFile("gone.py", "was here\n", None),)),
        FileOperation(6, "renamed", "c.py", "d.py"),
    ):
        recent.append(event)
    now = {"a.py": "after\n", "new.py": "", "b.py": "new b\n", "d.py": "c\n", "e.py": "e\n"}
    assert recent.files_before(now) == {
        "a.py": "before\n", "b.py": "old b\n", "gone.py": "was here\n", "c.py": "c\n", "e.py": "e\n"
    }  # fmt: skip


def test_the_log_at_the_start_is_that_of_before():
    """A commit that is told is made in a replay, and one that was amended only once."""
    recent = Recent(60)
    for t, paths in ((0, ("a.py",)), (1, ("b.py",)), (2, ("b.py", "c.py"))):
        recent.append(Git(t, "commit", paths=paths))
    log = [("b.py", "c.py"), ("a.py",), ("earlier.py",), ()]
    before = recent.past_before(Past(log, ["B", "A", "Earlier", "Start"]))
    assert before.commits == (("earlier.py",), ())
    assert before.subjects == ("Earlier", "Start")
    assert recent.past_before(Past()).commits == ()


def test_a_file_that_a_program_created_keeps_its_text():
    """No event tells it, and a card may be about it; what was opened since is told by that."""
    recent = Recent(60)
    for event in (
        FileOperation(1, "created", "calls.py"),
        FileOperation(1, "created", "opened.py"),
        opened(2, "opened.py", "as written\n"),
    ):
        recent.append(event)
    now = {"calls.py": "f(1)\n", "opened.py": "and edited\n"}
    assert recent.files_before(now) == {"calls.py": "f(1)\n"}


def test_nothing_is_left_after_clear():
    recent = Recent(60)
    recent.append(opened(0, "a.py", "one\n"))
    recent.clear()
    assert told(recent) == []
    assert recent.size == 0
