"""`sessions show` as entries."""

import json

import pytest

from proactive_lsp.replay.listing import list_session

ZERO = {"line": 0, "character": 0}
HEADER = {
    "proactive_session": [1, 1],
    "name": "one",
    "created": "2026-01-31T09:00:00Z",
    "client": "vim",
    "workspace": {"kind": "git", "commit": "0" * 40, "repository": "proj"},
}


def listed(tmp_path, *events):
    """Texts and details of the entries."""
    path = tmp_path / "s.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in (HEADER, *events)))
    return [(entry.text, entry.details) for entry in list_session(path)]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ({}, "2026-01-31, vim, proj at 000000000000"),
        ({"workspace": {"kind": "folder", "path": "workspace"}}, "2026-01-31, vim, workspace/"),
        (
            {"created": "", "client": "", "workspace": {"kind": "files", "files": {"a": ""}}},
            "1 file in the session",
        ),
    ],
)
def test_the_header_comes_first(tmp_path, header, wanted):
    """On one line: the day, the client, and over what."""
    path = tmp_path / "s.jsonl"
    path.write_text(json.dumps(HEADER | header) + "\n")
    (entry,) = list_session(path)
    assert (entry.text, entry.excerpt, entry.details) == ("one", wanted, ())


def test_each_type_of_line_is_readable(tmp_path):
    """Events, labels, and lines of a later version."""
    where = {"start": ZERO, "end": {"line": 2, "character": 1}}
    item = {"range": where, "severity": 1, "message": "bad"}
    change = {"range": where, "text": "x\n"}
    whole = {"range": None, "text": ""}
    names = ("a", "b", "c", "d")
    lines = [
        {"type": "open", "path": "a", "version": 1, "language": "python", "text": "1\n2"},
        {
            "type": "edit",
            "path": "a",
            "version": 2,
            "changes": [change, whole],
        },
        {"type": "edit", "path": "a", "version": 3, "changes": [], "origin": "abc"},
        {"type": "save", "path": "a"},
        {"type": "close", "path": "a"},
        {"type": "focus", "path": "a", "range": where},
        {"type": "focus", "path": "a", "window": "left"},
        {"type": "focus", "path": "a", "range": where, "window": "back"},
        {"type": "file", "op": "renamed", "path": "a", "to": "b"},
        {"type": "diagnostics", "path": "a", "source": "ruff", "items": [item]},
        {"type": "diagnostics", "path": "a", "source": "ruff", "items": []},
        {
            **{"type": "git", "op": "commit", "head": "f" * 40, "branch": "main"},
            **{"message": "Do\n\nit", "files": [{"path": name} for name in names]},
        },
        {"type": "git", "op": "stage", "paths": list(names)},
        {"type": "command", "line": "pytest -q", "exit": 1},
        {"type": "command", "line": "debug shop", "exit": 0, "phase": "stopped"},
        {"type": "test", "name": "t", "outcome": "failed", "message": "no\nway"},
        {"type": "suggestion", "id": "i", "op": "shown", "need": "k", "path": "a", "range": where},
        {"type": "answer", "id": "i", "op": "dismissed"},
        {"type": "expect", "need": "k", "path": "a", "within": 2, "range": where, "after": "z"},
        {"type": "quiet", "until": 5},
        {"type": "dream"},
    ]
    assert listed(tmp_path, *({"t": 1, **line} for line in lines))[1:] == [
        ("opened a (2 lines)", ()),
        ("edited a (2 changes)", ("1:1 to 3:2  'x\\n'", "whole text, 1 line")),
        ("applied suggestion abc in a", ()),
        ("saved a", ()),
        ("closed a", ()),
        ("looked at a:1", ()),
        ("left the window at a", ()),
        ("came back to a:1", ()),
        ("renamed a to b", ()),
        ("ruff: 1 finding in a", ("line 1: bad",)),
        ("ruff: nothing left in a", ()),
        ('committed ffffffffff "Do …"', ("a", "b", "c", "and 1 more")),
        ("staged a, b, c …", ()),
        ("ran pytest -q (exit 1)", ()),
        ("stopped debug shop", ()),
        ("test t failed", ("no", "way")),
        ("suggestion i shown (k at a:1)", ()),
        ("dismissed suggestion i", ()),
        ("expects a k card at a:1 that makes it 'z' from 1 to 3 s", ()),
        ("expects no card from 1 to 5 s", ()),
        ("unknown type dream, skipped by a replay", ()),
    ]
