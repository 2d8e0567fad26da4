"""Who may read the page and keep marks, and what else is refused."""

import json
from html.parser import HTMLParser

import pytest

from proactive_lsp.annotate.library import Library
from proactive_lsp.annotate.marks import append_mark, marks_file, read_marks
from proactive_lsp.cli import run_command_line
from tests.annotate.serving import served
from tests.annotate.test_export import judged


class Elements(HTMLParser):
    """The elements and attributes that a parser finds in a page."""

    def __init__(self, text):
        super().__init__()
        self.names, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.attributes += [name for name, _ in attrs]


@pytest.fixture
def page(sessions):
    with served(sessions) as page:
        yield page


def card(page, session=0):
    return page.desk.library.lived(session).cards[0].key


def worth(page, worth="accept"):
    return {"session": 0, "type": "worth", "card": card(page), "worth": worth}


def test_the_link_works_once_and_leaves_no_token_in_the_address(page):
    assert page.get("/").status == 403
    answer = page.enter()
    assert answer.headers["Location"] == "/"
    assert "HttpOnly; SameSite=Strict" in answer.headers["Set-Cookie"]
    assert page.get("/").status == 200
    page.cookie = None
    assert page.get(f"/?token={page.token}").status == 403
    assert page.get("/?token=guessed").status == 403


@pytest.mark.parametrize("path", ["/", "/session/0", "/agreement", "/page.js", "/page.css"])
def test_nothing_is_shown_without_the_cookie(page, path):
    answer = page.get(path)
    assert answer.status == 403
    assert b"open the link" in answer.content
    page.enter()
    assert page.get(path).status == 200


def test_every_answer_forbids_what_the_page_does_not_need(page):
    page.enter()
    for answer in (page.get("/session/0"), page.get("/nothing"), page.get("/", Host="evil")):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil:80"])
def test_a_name_that_was_pointed_at_this_machine_is_refused(page, host):
    page.enter()
    assert page.get("/", Host=host).status == 403
    assert page.post(worth(page), Host=host).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Content_Type": "text/plain", "Content-Type": None},
        {"Cookie": "annotate=guessed"},
    ],
)
def test_a_request_from_another_page_keeps_no_mark(page, headers, sessions):
    page.enter()
    assert page.post(worth(page), **headers).status in (403, 415)
    assert not marks_file(page.desk.library.paths[0], "ada").exists()


def test_it_listens_on_this_machine_alone(page):
    assert page.link.startswith("http://127.0.0.1:")


def test_a_mark_is_kept_undone_and_told(page):
    page.enter()
    answer = json.loads(page.post(worth(page, "wrong")).content)
    assert (answer["marked"], answer["worth"], answer["word"]) == (1, "wrong", "Wrong")
    assert answer["revealed"] == "In the recording it was dismissed."
    path = page.desk.library.paths[0]
    assert read_marks(path, "ada").judged[card(page)].worth == "wrong"
    undone = json.loads(page.post({"session": 0, "type": "undo"}).content)
    assert (undone["marked"], undone["worth"]) == (0, None)
    assert not read_marks(path, "ada").judged


def test_what_others_said_shows_once_one_has_judged(page, sessions):
    page.enter()
    with served(sessions, "ben") as other:
        other.enter()
        other.post(worth(other, "not-now"))
    assert b"ben" not in page.get("/session/0").content
    answer = json.loads(page.post(worth(page)).content)
    assert answer["revealed"].startswith("Marked by ben: not now. In the")


MISSING = {
    "session": 1,
    "type": "missing",
    "t": 1.5,
    "need": "docstring",
    "path": "a.py",
    "within": 5,
    "line": 3,
}


def test_something_missing_is_kept_with_its_place(page):
    page.enter()
    assert json.loads(page.post(MISSING).content)["reload"]
    (miss,) = read_marks(page.desk.library.paths[1], "ada").missing.values()
    assert (miss.need, miss.path, miss.range.start.line) == ("docstring", "a.py", 2)
    assert b"missing: docstring in a.py:3" in page.get("/session/1").content


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        (b"{", "no mark"),
        (b"[" * 30_000, "no mark"),
        ({"session": 0, "type": "worth", "card": "x", "worth": "accept"}, "not in the session"),
        ({"session": 9, "type": "undo"}, "no such session"),
        ({"session": -1, "type": "undo"}, "no mark"),
        ({"session": 0, "type": "undo"}, "nothing to take back"),
        ({"session": 0, "type": "undo", "number": 7}, "nothing to take back"),
        (MISSING | {"need": "<b>"}, "no kind"),
        (MISSING | {"path": "../a.py"}, "leaves the workspace"),
        (MISSING | {"line": 0}, "counted from 1"),
        (MISSING | {"within": 1e9}, "a day"),
        (MISSING | {"t": -1}, "no mark"),
        (MISSING | {"more": 1}, "no mark"),
    ],
)
def test_a_wrong_mark_is_refused_with_the_reason(page, mark, message):
    page.enter()
    answer = page.post(mark)
    assert answer.status == 400
    assert message in json.loads(answer.content)["error"]
    for path in page.desk.library.paths:
        assert not marks_file(path, "ada").exists()


def test_an_endless_mark_is_not_read(page):
    page.enter()
    assert page.post(b" " * 100_000).status == 413
    assert page.post(b"{}", **{"Content-Length": "0" * 9 + "9" * 9}).status == 413
    assert page.ask("POST", "/mark", None, {"Origin": page.origin}).status == 415
    assert page.ask("POST", "/other", b"{}", {"Origin": page.origin}).status == 404


@pytest.mark.parametrize(
    "path",
    ["/session/2", "/session/-1", "/session/%C2%B2", "/page.js/..", "/static/page.js", "/../x"],
)
def test_there_are_no_other_pages(page, path):
    page.enter()
    assert page.get(path).status == 404


def test_marks_of_what_is_no_longer_offered_are_told_and_kept(page):
    page.enter()
    path = page.desk.library.paths[0]
    append_mark(path, "ada", judged("gone.1", "accept"))
    assert b"1 mark of what this version no longer offers" in page.get("/session/0").content
    assert json.loads(page.post(worth(page)).content)["marked"] == 1
    assert "gone.1" in read_marks(path, "ada").judged


def test_hostile_names_are_text(page, sessions):
    name = "<script>alert(1)</script>\u202e\u0007&\"'"
    header = {"proactive_session": [1, 0], "name": name}
    header["workspace"] = {"kind": "files", "files": {}}
    path = '<img src=x onerror="alert(2)">.py'
    lines = (
        header,
        {"t": 1, "type": "open", "path": path, "version": 1, "language": "x", "text": name},
        {
            **{"t": 2, "type": "suggestion", "id": '"><b>', "op": "offered", "need": "<i>"},
            **{"path": path, "range": {"start": {"line": 0, "character": 0}}},
        },
    )
    lines[2]["range"]["end"] = lines[2]["range"]["start"]
    file = sessions / "a.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    with served(sessions) as hostile:
        hostile.enter()
        shown = hostile.get("/session/0").content.decode()
        listed = hostile.get("/").content.decode()
    for text in (shown, listed):
        found = Elements(text)
        assert not {"img", "object", "iframe", "style", "base"} & set(found.names)
        assert found.names.count("script") == 1
        assert not [name for name in found.attributes if name.startswith("on") or name == "style"]
        assert "\u202e" not in text
        assert "\u0007" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e\\x07&amp;" in shown
    assert "told by the recording alone" in shown


def test_a_broken_session_is_said_and_the_others_can_be_read(sessions):
    (sessions / "a.jsonl").write_text("nonsense\n")
    with served(sessions) as page:
        page.enter()
        broken = page.get("/session/0")
        assert (broken.status, b"no session header" in broken.content) == (200, True)
        assert page.get("/session/1").status == 200
        assert b"no session header" in page.get("/").content


def test_marks_that_cannot_be_kept_are_said(page):
    page.enter()
    marks_file(page.desk.library.paths[0], "ada").mkdir()
    answer = page.post(worth(page))
    assert answer.status == 500
    assert "not a regular file" in json.loads(answer.content)["error"]


def test_marks_of_somebody_else_that_are_broken_are_named_before_anything_is_kept(page):
    page.enter()
    path = page.desk.library.paths[0]
    marks_file(path, "ben").write_text("nonsense\n")
    for answer in (page.post(worth(page)), page.get("/session/0")):
        assert b"ben.marks.ndjson:1: not the marks of an annotator" in answer.content
    assert not marks_file(path, "ada").exists()


def test_a_taken_port_is_an_error_of_one_line(page, sessions, capsys):
    assert run_command_line(["annotate", str(sessions), "--port", str(page.port)]) == 2
    error = capsys.readouterr().err
    assert f"--port {page.port}" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("port", ["-1", "70000"])
def test_a_port_that_cannot_be(sessions, port, capsys):
    assert run_command_line(["annotate", str(sessions), "--port", port]) == 2
    assert "--port" in capsys.readouterr().err


def test_labels_leave_out_what_all_sessions_share(sessions):
    library = Library(sessions)
    assert [library.label(index) for index in (0, 1)] == [
        "dismissed-stays-dismissed",
        "local-variable",
    ]
