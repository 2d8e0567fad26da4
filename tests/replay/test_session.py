"""The session reader: what it accepts, and how it says no."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.events import Edit, Open, Save, span
from proactive_lsp.replay.session import (
    Expect,
    FilesWorkspace,
    FolderWorkspace,
    GitWorkspace,
    Header,
    LabelLine,
    Quiet,
    SessionError,
    Unknown,
    encode_header,
    read_header,
    read_items,
    scan,
)

HEADER = {
    "proactive_session": [1, 0],
    "name": "one",
    "created": "2026-01-02T03:04:05Z",
    "client": "test",
    "workspace": {"kind": "files", "files": {"a.py": "x = 1\n"}},
}
SAVE = {"t": 1, "type": "save", "path": "a.py"}


def write(tmp_path, *lines, header=None, end="\n"):
    """A session file of these lines, each an object or raw bytes."""
    parts = [HEADER if header is None else header, *lines]
    raw = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in parts]
    path = tmp_path / "session.jsonl"
    path.write_bytes(b"\n".join(raw) + end.encode())
    return path


def check(tmp_path, *lines, says, line=2, header=None, end="\n"):
    """The file is refused with one line that names file and line."""
    path = write(tmp_path, *lines, header=header, end=end)
    with pytest.raises(SessionError) as caught:
        scan(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{line}: ")
    assert says in message
    assert "\n" not in message


def test_reads_header_events_and_labels_in_order(tmp_path):
    """Everything arrives typed, with its line number."""
    expect = {"t": 1, "type": "expect", "need": "k", "path": "a.py", "within": 2}
    quiet = {"t": 2, "type": "quiet", "until": 9.5}
    path = write(tmp_path, SAVE, expect, quiet)
    assert read_header(path).workspace == FilesWorkspace({"a.py": "x = 1\n"})
    wanted = Expect(t=1, need="k", path="a.py", within=2)
    assert list(read_items(path)) == [(2, Save(1, "a.py")), (3, wanted), (4, Quiet(2, 9.5))]
    session = scan(path)
    assert session.labels == (LabelLine(3, wanted), LabelLine(4, Quiet(2, 9.5)))
    assert (session.events, session.end, session.warnings) == (1, 2, ())


def test_tolerates_byte_order_mark_crlf_and_blank_lines(tmp_path):
    """What editors on other systems do to a file is no fault."""
    path = write(tmp_path, SAVE)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert [item for _, item in read_items(path)] == [Save(1, "a.py")]


def test_a_last_line_without_newline_counts_when_it_is_whole(tmp_path):
    """Only a cut line is a fault."""
    assert scan(write(tmp_path, SAVE, end="")).events == 1


def test_unknown_fields_are_tolerated(tmp_path):
    """Keys may be added to any line."""
    assert scan(write(tmp_path, {**SAVE, "mood": "good"}, header={**HEADER, "x": 1})).events == 1


def test_unknown_types_of_a_newer_minor_are_skipped_with_one_warning(tmp_path):
    """They stay raw."""
    header = {**HEADER, "proactive_session": [1, 7]}
    odd = {"t": 1, "type": "dream", "of": "sheep"}
    path = write(tmp_path, odd, SAVE, odd, {**odd, "type": "nap"}, header=header)
    items = [item for _, item in read_items(path)]
    assert items[0] == Unknown(1, "dream", json.dumps(odd).encode())
    session = scan(path)
    assert session.events == 1
    assert len(session.warnings) == 1
    assert "3 lines of unknown type (dream, nap), written by format 1.7" in session.warnings[0]


def test_time_counts_for_unknown_types_too(tmp_path):
    """A line without a time has no place in the order."""
    header = {**HEADER, "proactive_session": [1, 1]}
    check(tmp_path, {"type": "dream"}, header=header, says="`t`")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ({**HEADER, "proactive_session": [2, 0]}, "format 2.0 is not one this version reads"),
        ({**HEADER, "workspace": {"kind": "moon"}}, "moon"),
        ({**HEADER, "workspace": {"kind": "git", "commit": "HEAD"}}, "commit"),
        ({**HEADER, "workspace": {"kind": "files", "files": {"../a": ""}}}, "'../a'"),
        ({"proactive_session": [1, 0]}, "bad header"),
        (SAVE, "no session header"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b"", "empty"),
    ],
)
def test_refuses_a_bad_header(tmp_path, header, says):
    """The first line is checked like any other."""
    check(tmp_path, SAVE, header=header, says=says, line=1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"t": 1, "type": "save"', "truncated"),
        (b'{"t": NaN, "type": "save", "path": "a"}', "malformed"),
        (b'{"t": 1e999, "type": "save", "path": "a"}', "out of range"),
        (b'{"t": 1, "type": "save", "path": "a", "x": "\xff"}', "not UTF-8 (byte "),
        (b'{"t": 1, "type": "save", "path": "a\xc3"}', "not UTF-8"),
        (b'{"x": ' + b"[" * 200_000, "nested too deeply"),
        (b"[]", "Expected `object`"),
        (b"\0\0\0", "malformed"),
        ({"t": True, "type": "save", "path": "a"}, "Expected `float`"),
        ({"t": 1, "type": "dream"}, "unknown type 'dream'"),
        ({"t": -1, "type": "save", "path": "a"}, "time goes backwards"),
        ({"t": 1, "type": "save"}, "path"),
        ({"t": 1, "type": "save", "path": "/etc/passwd"}, "not relative"),
        ({"t": 1, "type": "save", "path": "a/../../b"}, "leaves the workspace"),
        ({"t": 1, "type": "file", "op": "renamed", "path": "a", "to": "../b"}, "'../b'"),
        ({"t": 1, "type": "expect", "need": "k", "path": "../a", "within": 1}, "'../a'"),
        ({"t": 1, "type": "expect", "need": "k", "path": "a", "within": -1}, ">= 0"),
        ({"t": 2, "type": "quiet", "until": 1}, "`until` is earlier"),
        (
            {"t": 1, "type": "edit", "path": "a", "version": 1, "changes": [], "since": 2},
            "`since` is later",
        ),
    ],
)
def test_refuses_a_broken_line(tmp_path, line, says):
    """File, line, and what was wrong."""
    check(tmp_path, line, SAVE, says=says)


def test_refuses_time_that_goes_backwards(tmp_path):
    """Labels and events share one order."""
    quiet = {"t": 0.5, "type": "quiet", "until": 9}
    check(tmp_path, SAVE, quiet, says="from 1 to 0.5 seconds", line=3)


def test_a_cut_last_line_says_how_to_trim_it(tmp_path):
    """As a crash leaves it."""
    check(
        tmp_path, SAVE, b'{"t": 2, "type": "sa', end="", says="trim it with: sed -i '$d' ", line=3
    )


def test_a_missing_file_is_one_line(tmp_path):
    """The system's own reason, without its number."""
    with pytest.raises(SessionError, match="cannot read it: No such file"):
        scan(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    "workspace",
    [
        FolderWorkspace("w"),
        FolderWorkspace("w", (("a.py", "b.py"),)),
        FilesWorkspace({"a": ""}),
        GitWorkspace("0" * 40, "r"),
    ],
)
def test_a_header_survives_the_round_trip(tmp_path, workspace):
    """What is written is read."""
    header = Header(name="n", created="now", client="c", workspace=workspace)
    path = tmp_path / "s.jsonl"
    path.write_bytes(encode_header(header) + b"\n")
    assert read_header(path) == header


def test_events_arrive_as_values(tmp_path):
    """Ranges and nested structs too."""
    opened = {"t": 0, "type": "open", "path": "a", "version": 1, "language": "python", "text": ""}
    zero = {"line": 0, "character": 0}
    change = {"range": {"start": zero, "end": zero}, "text": "é"}
    edit = {"t": 1, "type": "edit", "path": "a", "version": 2, "changes": [change]}
    items = [item for _, item in read_items(write(tmp_path, opened, edit))]
    assert items[0] == Open(0, "a", 1, "python", "")
    assert isinstance(items[1], Edit)
    assert items[1].changes[0].range == span(0, 0, 0, 0)


@given(st.lists(st.binary(max_size=60), max_size=4))
def test_any_bytes_are_read_or_refused_in_one_line(tmp_path_factory, lines):
    """The reader raises nothing but its own error."""
    path = tmp_path_factory.mktemp("any") / "s.jsonl"
    path.write_bytes(b"\n".join([json.dumps(HEADER).encode(), json.dumps(SAVE).encode(), *lines]))
    refused = ""
    try:
        scan(path)
    except SessionError as error:
        refused = str(error)
    assert len(refused.splitlines()) <= 1
