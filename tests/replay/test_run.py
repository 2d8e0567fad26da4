"""A whole replay of one file, with a scheduler that says what it is told to."""

import json

import pytest

from proactive_lsp.replay.run import Assembled, ReplayOptions, replay_all, replay_one, transcript
from proactive_lsp.replay.session import SessionError
from proactive_lsp.replay.transcript import encode
from proactive_lsp.suggestions import Stale

TEXT = "x = 1\n"
HEADER = {
    "proactive_session": [1, 1],
    "name": "one",
    "workspace": {"kind": "files", "files": {"a.py": TEXT}},
}
LINES = (
    {"t": 0, "type": "edit", "path": "a.py", "version": 1, "changes": []},
    {"t": 1, "type": "save", "path": "a.py"},
    {
        "t": 1,
        "type": "expect",
        "need": "broken-call",
        "path": "a.py",
        "within": 1,
        "after": "y = 1",
    },
    {"t": 2, "type": "dream"},
    {"t": 3, "type": "save", "path": "a.py"},
    {"t": 3, "type": "quiet", "until": 9},
)


def write(tmp_path, *lines, name="one"):
    """A session file."""
    path = tmp_path / f"{name}.jsonl"
    header = {**HEADER, "name": name}
    path.write_text("".join(json.dumps(line) + "\n" for line in (header, *lines)))
    return path


@pytest.fixture
def assemble(made, fake_scheduler):
    """An engine that offers a card at the first boundary and is silent at the second."""
    from proactive_lsp.events import span

    schedulers = []

    def assemble(base, past, clock, options, answers):
        offer = made.offers(1)
        scheduler = fake_scheduler(clock, [offer, made.silences(3, line=2)])
        schedulers.append(scheduler)
        plan = made.plan(offer.offered, (span(0, 0, 0, 1), "y"))
        return Assembled(
            scheduler,
            lambda id: plan if id == plan.id else Stale(id, "gone"),
            base.read,
            lambda: (),
        )

    assemble.schedulers = schedulers
    return assemble


def test_one_session_in_all_its_forms(tmp_path, assemble):
    """Timeline, transcript, misses and warnings agree."""
    told = []
    result = replay_one(write(tmp_path, *LINES), ReplayOptions(), assemble, told.append)
    assert [entry.kind for entry in told] == [
        *("session", "happened", "happened", "offered", "happened", "silent"),
    ]
    assert (result.row.name, result.row.events, result.misses) == ("one", 3, ())
    assert [row.offered for row in result.row.suggestions] == [True, False]
    assert result.row.metrics.precision == result.row.metrics.recall == 1
    assert result.row.metrics.suggestions_per_100_edits == 100
    assert "dream" in result.warnings[0]
    assert assemble.schedulers[0].closed


def test_latencies_are_there_only_when_asked_for(tmp_path, assemble):
    """They are the one thing that differs."""
    paths = [write(tmp_path, *LINES)]

    def run(options):
        results = list(replay_all(paths, options, assemble, lambda entry: None))
        return encode(transcript(results, timings=options.timings))

    plain = run(ReplayOptions())
    assert b"latencies" not in plain
    assert plain == run(ReplayOptions())
    timed = json.loads(run(ReplayOptions(timings=True)))
    assert timed["totals"]["latencies"]["boundaries"] == 2
    assert list(timed["sessions"][0]["latencies"]) == ["boundaries", "p50", "p95"]


def test_a_broken_session_is_refused_before_it_is_told(tmp_path, assemble):
    """Half a timeline helps nobody."""
    told = []
    with pytest.raises(SessionError, match=r"one\.jsonl:8: time goes backwards"):
        replay_one(write(tmp_path, *LINES, LINES[0]), ReplayOptions(), assemble, told.append)
    assert told == []


def test_totals_add_up_before_they_divide(tmp_path, assemble):
    """An unlabelled session adds cards, but neither right nor wrong ones."""
    paths = [write(tmp_path, *LINES, name="a"), write(tmp_path, *LINES[:2], name="b")]
    results = list(replay_all(paths, ReplayOptions(), assemble, lambda entry: None))
    totals = transcript(results, timings=False).totals
    assert (totals.sessions, totals.events, totals.offered, totals.silent) == (2, 5, 2, 1)
    assert totals.metrics.precision == 1
    assert results[1].row.metrics.precision is None
    assert totals.metrics.suggestions_per_100_edits == 100


def test_real_time_tells_before_it_waits(tmp_path, assemble, monkeypatch):
    """Nobody should wait for the next event to read of this one; the text stays the same."""
    opened = {"t": 0, "type": "open", "path": "b", "version": 1, "language": "", "text": ""}
    path = write(tmp_path, opened, {"t": 5, "type": "save", "path": "a.py"})
    log = []

    async def sleep(seconds):
        log.append(seconds > 1)

    monkeypatch.setattr("proactive_lsp.replay.run.asyncio.sleep", sleep)
    replay_one(path, ReplayOptions(real_time=True), assemble, lambda entry: log.append(entry.text))
    played = log.copy()
    log.clear()
    replay_one(path, ReplayOptions(), assemble, lambda entry: log.append(entry.text))
    assert played.index("opened b (1 line)") < played.index(True) < played.index("saved a.py")
    assert [text for text in played if isinstance(text, str)] == log


def test_real_time_takes_as_long_as_it_took(tmp_path, assemble):
    """Waits until each event's time."""
    import time

    path = write(tmp_path, {"t": 0.2, "type": "save", "path": "a.py"})
    start = time.monotonic()
    replay_one(path, ReplayOptions(real_time=True), assemble, lambda entry: None)
    assert time.monotonic() - start >= 0.19
