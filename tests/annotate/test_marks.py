"""Marks on disk: beside the session, appended, undone, and what a crash leaves of them."""

import pytest

from proactive_lsp.annotate.marks import (
    Judged,
    Missing,
    Undo,
    annotators,
    append_mark,
    check_name,
    marks_file,
    read_marks,
)
from proactive_lsp.events import span
from proactive_lsp.replay.find import find_sessions
from proactive_lsp.replay.session import SessionError


def judged(worth="accept", card="c.1", t=1.0):
    return Judged(
        card=card, worth=worth, t=t, need="docstring", path="a.py", range=span(0, 0, 0, 1)
    )


@pytest.fixture
def session(tmp_path):
    file = tmp_path / "run.jsonl"
    file.write_text(
        '{"proactive_session":[1,0],"name":"n","workspace":{"kind":"files","files":{}}}'
    )
    return file


def test_the_newest_mark_of_a_card_counts_and_an_undo_uncovers_the_one_before(session):
    before = session.read_bytes()
    for line in (judged("accept"), judged("wrong"), Missing(t=2, need="k", path="b", within=3)):
        append_mark(session, "ada", line)
    assert read_marks(session, "ada").judged["c.1"].worth == "wrong"
    assert [*read_marks(session, "ada").missing] == [3]
    append_mark(session, "ada", Undo(2))
    marks = read_marks(session, "ada")
    assert marks.judged["c.1"].worth == "accept"
    assert marks.latest == (3, Missing(t=2, need="k", path="b", within=3))
    assert session.read_bytes() == before


def test_marks_are_no_sessions_and_have_names(session):
    append_mark(session, "ada", judged())
    append_mark(session, "benno-2", judged())
    other = session.with_name("run.b.jsonl")
    other.write_bytes(session.read_bytes())
    append_mark(other, "cleo", judged())
    assert find_sessions([session.parent]) == (other, session)
    assert annotators(session) == ("ada", "benno-2")
    assert annotators(other) == ("cleo",)


@pytest.mark.parametrize("cut", range(1, 40, 6))
def test_a_crash_costs_the_line_that_was_being_written(session, cut):
    append_mark(session, "ada", judged())
    append_mark(session, "ada", judged("wrong", "d.1"))
    file = marks_file(session, "ada")
    file.write_bytes(file.read_bytes()[:-cut])
    assert [*read_marks(session, "ada").judged] == ["c.1"]
    append_mark(session, "ada", judged("dismiss", "e.1"))
    assert [*read_marks(session, "ada").judged] == ["c.1", "e.1"]


def test_a_header_that_was_cut_off_is_written_again(session):
    marks_file(session, "ada").write_bytes(b'{"proactive_ma')
    append_mark(session, "ada", judged())
    assert [*read_marks(session, "ada").judged] == ["c.1"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello\n", "not the marks of an annotator"),
        (b'{"proactive_marks":[2,0],"annotator":"ada"}\n', "newer format"),
        (b'{"proactive_marks":[1,0],"annotator":"ada"}\n{"type":"worth"}\n', ":2: no mark"),
        (
            b'{"proactive_marks":[1,0],"annotator":"ada"}\n'
            b'{"type":"missing","t":1,"need":"k","path":"../b","within":1}\n',
            "leaves the workspace",
        ),
    ],
)
def test_what_is_no_file_of_marks_is_said_and_left_alone(session, content, message):
    file = marks_file(session, "ada")
    file.write_bytes(content)
    with pytest.raises(SessionError, match=message):
        read_marks(session, "ada")
    assert file.read_bytes() == content


def test_a_link_is_not_followed(session, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"precious")
    marks_file(session, "ada").symlink_to(elsewhere)
    with pytest.raises(SessionError, match="cannot read it"):
        append_mark(session, "ada", judged())
    assert elsewhere.read_bytes() == b"precious"


@pytest.mark.parametrize("name", ["", "a.b", "a/b", "..", "-a", "x" * 41, "a b", "a\n"])
def test_a_name_that_could_not_be_part_of_a_file_name_is_refused(name):
    with pytest.raises(SessionError, match="--as"):
        check_name(name)


def test_a_name_has_one_spelling():
    assert check_name("Zoe\u0308") == check_name("Zo\u00eb") == "Zo\u00eb"
