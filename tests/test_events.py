"""The wire form of events: what goes out comes back, and what is wrong is said in one line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.events import (
    EVENT_TYPES,
    Answer,
    BadEvent,
    BadPath,
    Change,
    Close,
    Command,
    CommittedFile,
    DiagnosticItem,
    Diagnostics,
    Edit,
    FileOperation,
    Focus,
    Git,
    Open,
    Save,
    SuggestionEvent,
    TestResult,
    check_path,
    decode_event,
    encode_event,
    event_type,
    paths_of,
    span,
    starts_at,
)

WHERE = span(1, 2, 3, 4)
EVENTS = (
    Open(0.0, "src/a b.py", 1, "python", "x = '🙂'\r\n"),
    Close(1.5, "a.py"),
    Save(2.0, "a.py"),
    Edit(3.0, "a.py", 2, (Change(WHERE, "y"), Change(None, "")), origin="c0ffee", since=2.5),
    Edit(3.0, "a.py", 2, ()),
    Focus(4.0, "a.py"),
    Focus(4.0, "a.py", WHERE),
    Focus(4.0, "a.py", window="left"),
    FileOperation(5.0, "renamed", "a.py", "b.py"),
    FileOperation(5.0, "deleted", "a.py"),
    Diagnostics(6.0, "a.py", "ruff", (DiagnosticItem(WHERE, 1, "unused", "F401"),)),
    Diagnostics(6.0, "a.py", "ruff", ()),
    Git(7.0, "commit", head="c0ffee", files=(CommittedFile("a.py", None, "x\n"),)),
    Git(7.0, "rebase", phase="started"),
    Command(8.0, "make test", 2, 1.5, "boom"),
    Command(8.0, "debug shop", 0, phase="started"),
    TestResult(9.0, "test_a", "failed", "tests/test_a.py", "assert 1 == 2"),
    TestResult(9.0, "test_a", "passed"),
    SuggestionEvent(10.0, "c0ffee", "offered", "line-clone", "a.py", WHERE),
    Answer(11.0, "c0ffee", "dismissed"),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event_type(encode_event(event)))
def test_every_event_comes_back_as_it_went(event):
    line = encode_event(event)
    assert decode_event(line) == event
    assert decode_event(line.decode()) == event
    assert encode_event(decode_event(line)) == line


def test_every_type_is_among_the_samples():
    assert {event_type(encode_event(event)) for event in EVENTS} == EVENT_TYPES


def test_what_is_not_said_is_not_written():
    assert encode_event(Focus(1.0, "a.py")) == b'{"type":"focus","t":1.0,"path":"a.py"}'


def event(**fields):
    return json.dumps({"t": 1, "type": "save", "path": "a.py"} | fields)


@pytest.mark.parametrize(
    "line",
    [
        *("", "{", "[]", "null", "1", '"save"', "{}", '{"t": 1}', b"\xff\xfe", '{"type": 1}'),
        *("[" * 100_000, '{"x": ' + "[" * 100_000),
        event(type="keystroke"),
        event(type="sa\nve"),
        event(t="1"),
        event(t=None),
        '{"t": 1e999, "type": "save", "path": "a.py"}',
        '{"t": NaN, "type": "save", "path": "a.py"}',
        '{"t": 1, "type": "save", "path": "\\ud800"}',
        event(path=1),
        event(type="git", op="pull\nall"),
        event(type="answer", id="x", op="maybe"),
        event(type="edit", version=1, changes=[{"text": "x"}]),
        event(type="focus", range={"start": {"line": -1, "character": 0}, "end": None}),
        event(type="focus", range={"start": {"line": 0.5, "character": 0}, "end": None}),
        event(path="a\n/../b"),
    ],
)
def test_a_bad_line_is_one_line_of_error(line):
    with pytest.raises(BadEvent) as raised:
        decode_event(line)
    message = str(raised.value)
    assert message
    assert len(message.splitlines()) == 1
    assert len(message) < 300


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"type": null}', b"\xff", "[" * 100_000])
def test_a_line_without_a_type_is_one_line_of_error(line):
    with pytest.raises(BadEvent) as raised:
        event_type(line)
    assert len(str(raised.value).splitlines()) == 1


def test_the_error_names_the_field():
    with pytest.raises(BadEvent, match=r"\$\.changes\[0\]\.text"):
        decode_event(event(type="edit", version=1, changes=[{"range": None, "text": 3}]))


def test_a_newer_type_can_be_told_from_no_type():
    assert event_type('{"type": "hologram", "t": 1}') == "hologram"


def test_fields_of_a_newer_minor_are_no_error():
    assert decode_event(event(mood="sunny")) == Save(1.0, "a.py")


OUTSIDE = [
    *("", "/etc/passwd", "../a.py", "a/../../b", "a/..", "./a.py", "a//b", "a/", ".", ".."),
    *("C:/a.py", "c:a.py", "a\\b.py", "\\\\host\\share", "a\0b", "//host/a"),
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_outside_the_workspace_is_refused_wherever_it_stands(path):
    with pytest.raises(BadPath):
        check_path(path)
    for line in (
        event(path=path),
        event(type="file", op="renamed", to=path),
        event(type="git", op="stage", paths=["a.py", path]),
        event(type="git", op="commit", files=[{"path": path}]),
        event(type="test", name="x", outcome="passed", path=path),
        event(type="suggestion", id="x", op="shown", need="n", path=path, range=WIRE_RANGE),
    ):
        with pytest.raises(BadPath) as raised:
            decode_event(line)
        assert len(str(raised.value).splitlines()) == 1


WIRE_RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}


@pytest.mark.parametrize("path", ["a.py", ".gitignore", "a b/ü.py", "...", "a/.b/..c", "C/a.py"])
def test_a_path_inside_the_workspace_is_kept(path):
    assert check_path(path) == path


def test_all_paths_of_an_event_are_told():
    assert paths_of(FileOperation(1.0, "renamed", "a", "b")) == ("a", "b")
    assert paths_of(Git(1.0, "commit", paths=("a",), files=(CommittedFile("b"),))) == ("a", "b")
    assert paths_of(Command(1.0, "ls", 0)) == paths_of(Answer(1.0, "x", "muted")) == ()
    assert paths_of(TestResult(1.0, "x", "passed")) == ()


def test_a_burst_starts_with_its_first_key():
    assert starts_at(Edit(3.0, "a", 1, (), since=1.0)) == 1.0
    assert starts_at(Edit(3.0, "a", 1, ())) == starts_at(Save(3.0, "a")) == 3.0


def test_ranges_that_meet_touch():
    assert span(0, 0, 0, 2).touches(span(0, 2, 1, 0))
    assert not span(0, 0, 0, 2).touches(span(0, 3, 1, 0))


texts = st.text(max_size=20)
ranges = st.builds(span, *[st.integers(0, 2**31)] * 4)


@given(
    st.builds(
        Edit,
        t=st.floats(allow_nan=False, allow_infinity=False),
        path=st.just("a.py"),
        version=st.integers(0, 2**40),
        changes=st.lists(st.builds(Change, st.none() | ranges, texts), max_size=3).map(tuple),
        origin=st.none() | texts,
        since=st.none() | st.floats(0, 1e9),
    )
)
def test_any_text_survives_the_wire(event):
    assert decode_event(encode_event(event)) == event
