"""The scorecard: its arithmetic, what was not recorded, its page and its tables."""

import asyncio
import io
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from rich.console import Console

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import Answer, Change, Edit, SuggestionEvent, span
from proactive_lsp.llm.cost import CountedModel
from proactive_lsp.llm.model import BadReply, ModelUnavailable, Reply, Request, unheard
from proactive_lsp.memory import Memory, SqliteStore, store_path
from proactive_lsp.memory.days import Day
from proactive_lsp.report.scorecard import scorecard
from proactive_lsp.report.scorecard_page import scorecard_page
from proactive_lsp.report.terminal import show_scorecard
from tests.report.reading import NASTY, read

TODAY = date(2026, 3, 9)
LOOKS = {("", "latency-2"): 15, ("", "latency-50"): 4, ("", "latency-slower"): 1}
FULL = {
    ("", "edits"): 400, ("docstring", "offered"): 6, ("docstring", "accepted"): 3,
    ("docstring", "dismissed"): 1, ("line-clone", "offered"): 4, ("line-clone", "ignored"): 1,
    ("line-clone", "shown"): 4, ("", "moments"): 20, **LOOKS, ("", "model-calls"): 7,
    ("", "prompt-tokens"): 12_345, ("", "answer-tokens"): 678,
}  # fmt: skip
EARLY = {("", "edits"): 100, ("docstring", "offered"): 1, ("docstring", "undone"): 1}


def day(back, sums, *, counted=True):
    return Day(TODAY - timedelta(days=back), sums, counted)


def card_of(*days, number=30):
    return scorecard(days, today=TODAY, number=number)


def test_the_arithmetic():
    total = card_of(day(0, FULL)).total
    assert (total.offered, total.shown, total.accepted, total.unanswered) == (10, 4, 3, 5)
    assert total.false_alarms_per_100_edits == 0.5
    assert total.accepted_share == 0.3
    assert total.quiet_rate == 0.5
    assert (total.percentile(50), total.percentile(95), total.percentile(100)) == (2, 50, None)
    assert (total.calls, total.prompt_tokens, total.answer_tokens) == (7, 12_345, 678)


def test_a_day_whose_sums_were_not_kept_says_so_and_spoils_no_rate():
    card = card_of(day(3, EARLY, counted=False), day(0, FULL))
    early = card.days[0][1]
    assert early is not None
    assert (early.moments, early.quiet_rate, early.calls, early.percentile(50)) == (None,) * 4
    assert card.total.quiet_rate == 0.5
    assert card.total.false_alarms == 3
    assert card.since == TODAY
    page = read(scorecard_page(card, "/home/me/project"))
    assert "not recorded" in page.text
    assert "are not recorded before 2026-03-09" in page.text


def test_days_without_anything_are_gaps_and_others_are_left_out():
    card = card_of(day(40, FULL), day(2, FULL), day(0, EARLY), day(-1, FULL), number=7)
    assert [each is not None for _, each in card.days] == [True, False, True]
    assert card.total.edits == 500


def test_kinds_come_in_the_order_of_how_much_was_offered():
    assert [kind for kind, _ in card_of(day(0, FULL)).kinds] == ["docstring", "line-clone"]


@pytest.mark.parametrize("days", [(), (day(0, {}),), (day(0, EARLY, counted=False),)])
def test_little_is_enough_for_a_page(days):
    page = read(scorecard_page(card_of(*days), "/tmp"))
    assert page.count("svg") == 0


def test_the_page_draws_every_figure_and_escapes_every_name():
    days = [day(back, {**FULL, (NASTY, "offered"): 2}) for back in range(30)]
    page = read(scorecard_page(card_of(*days), NASTY))
    assert page.count("svg") == 5
    assert "12,345" in page.text
    assert "≤ 50 ms" in page.text


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_terminal_tells_the_same(encoding):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="backslashreplace")
    show_scorecard(card_of(day(1, EARLY, counted=False), day(0, FULL)), NASTY, Console(file=stream))
    stream.flush()
    text = raw.getvalue().decode(encoding)
    assert "\x1b" not in text
    for words in ("docstring", "2026-03-08", "not recorded", "12,345", "<script>"):
        assert words in text


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A folder whose memory has two days, yesterday without what no event tells."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "project"
    folder.mkdir()
    now = datetime.now().replace(hour=12).timestamp()
    memory = Memory(SqliteStore(store_path(folder, None), wall=lambda: now), earlier=0)
    ids = count()
    for op in ("accepted", "dismissed", "ignored"):
        id = f"card{next(ids)}"
        memory.append(SuggestionEvent(1.0, id, "offered", "docstring", "a.py", span(0, 0, 0, 1)))
        memory.append(Edit(2.0, "a.py", 1, (Change(span(0, 0, 0, 0), "x"),)))
        memory.append(Answer(3.0, id, op))
    memory.count(3.0, "moments", by=4)
    memory.close()
    return folder


def test_the_command_shows_and_writes_it(workspace, tmp_path, capsys):
    base = ["report", "--memory", "--workspace", str(workspace), "--days", "3"]
    assert run_command_line(base) == 0
    assert "docstring" in capsys.readouterr().out
    file = tmp_path / "card.html"
    assert run_command_line([*base, "--html", str(file)]) == 0
    assert capsys.readouterr().out == f"page: {file}\n"
    page = read(file.read_text(encoding="utf-8"))
    assert str(workspace) in page.text
    assert "25%" in page.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--memory", "--days", "0"], "--days 0: give 1 to 400"),
        (["--memory", "a"], "give sessions, two results of replay --json, or --memory"),
        ([], "give sessions"),
        (["--days", "3", "a"], "--workspace and --days go with --memory"),
        (["--memory", "--workspace", "nowhere"], "--workspace nowhere: no such folder"),
        (["--memory", "--workspace", "."], "nothing is remembered of this folder"),
        (["nowhere"], "nowhere: no such file or folder"),
        (["--compare", "a.json"], "--compare: give two results of replay --json, not 1"),
        (["a.json", "b.json"], "a.json: no such file"),
        (["--jobs", "0", "."], "--jobs 0"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert run_command_line(["report", *arguments]) == 2
    heard = capsys.readouterr()
    assert said in heard.err
    assert heard.err.count("\n") == 1
    assert heard.out == ""


class Says:
    """A model that gives what it was given, or raises it."""

    name = "says"

    def __init__(self, *replies):
        self._replies = list(replies)

    async def complete(self, request, *, heard=unheard):
        reply = self._replies.pop(0)
        if isinstance(reply, BaseException):
            raise reply
        return reply


async def test_what_a_call_costs_is_told():
    told = []
    replies = (
        Reply("a", prompt_tokens=100, answer_tokens=5), Reply("b"), BadReply("odd", tokens=40),
        ModelUnavailable("nobody"), asyncio.CancelledError(),
    )  # fmt: skip
    model = CountedModel(Says(*replies), lambda figure, number: told.append((figure, number)))
    assert model.name == "says"
    request = Request(())
    assert [await model.complete(request) for _ in range(2)] == list(replies[:2])
    for error in replies[2:]:
        with pytest.raises(type(error)):
            await model.complete(request)
    assert [each for each in told if each[1]] == [
        ("model-calls", 1), ("prompt-tokens", 100), ("answer-tokens", 5), ("model-calls", 1),
        ("model-calls", 1), ("prompt-tokens", 40), ("model-failed", 1), ("model-calls", 1),
    ]  # fmt: skip
