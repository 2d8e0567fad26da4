"""`bench agent` on the sample: answers against labels, failed requests, another wording."""

import json

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.evaluation import agent_bench
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.proactivebench import read_rewards, read_sessions, read_traces
from tests.evaluation.proactive_sample import write_sample


@pytest.fixture
def folder(tmp_path):
    return write_sample(tmp_path / "data")


def measured(folder):
    sessions = read_sessions(folder)
    return agent_bench.measure(
        read_rewards(folder), sessions, read_traces(folder, sessions), folder
    )


def rewrite(folder, models, change):
    """Change the steps of the boat in the traces of these models."""
    for model in models:
        file = folder / "traces" / model / "boat.json"
        file.write_text(json.dumps(change(json.loads(file.read_text()))))


def test_figures_by_hand(folder):
    """Help was needed at the last two of three events, in both sessions."""
    found = measured(folder).agents["chatty"].plain["help_needed"]
    everything = found["all"]
    assert (everything.events, everything.wanted, everything.proposals) == (6, 4, 6)
    assert (everything.precision, everything.recall, everything.f1) == (0.6667, 1.0, 0.8)
    assert (everything.false_alarm, everything.quiet_rate) == (0.3333, 0.0)
    assert everything.accuracy == 0.6667
    assert (found["coding"].events, found["writing"].events) == (3, 3)
    status = measured(folder).agents["chatty"].plain["task_status"]["all"]
    assert (status.wanted, status.precision) == (2, 0.3333)


def test_failed_requests_are_left_out_and_said(folder, capsys):
    calm = measured(folder).agents["calm"]
    assert calm.left_out == 1
    found = calm.plain["help_needed"]["all"]
    assert (found.events, found.proposals, found.precision, found.recall) == (5, 2, 1.0, 0.5)
    assert run_command_line(["bench", "agent", "--data", str(folder)]) == 0
    assert "calm: 1 requests failed" in capsys.readouterr().out


def test_the_filter_drops_what_is_about_something_else(folder):
    """The spreadsheets, twice, and a guide to the mouse that is but clicked."""
    chatty = measured(folder).agents["chatty"]
    plain, filtered = (table["help_needed"]["all"] for table in (chatty.plain, chatty.filtered))
    assert filtered.proposals == plain.proposals - 3


def test_the_filter_never_saw_the_session(folder, monkeypatch):
    fitted = []

    def watched(given):
        fitted.append({each.session.time for each in given})
        return real(given)

    real = agent_bench.fit_relevance
    monkeypatch.setattr(agent_bench, "fit_relevance", watched)
    measured(folder)
    assert ["boat 0" in times for times in fitted] == [False, True]
    assert ["letter 0" in times for times in fitted] == [True, False]


def test_baselines_always_and_never(folder):
    report = measured(folder)
    always, never = (report.baselines[name]["help_needed"]["all"] for name in ("always", "never"))
    assert (always.precision, always.recall, always.quiet_rate) == (0.6667, 1.0, 0.0)
    assert (never.precision, never.recall, never.f1, never.quiet_rate) == (None, 0.0, 0.0, 1.0)


def test_another_wording_is_found_by_its_time(folder):
    def reword(steps):
        steps[1]["observation"]["event"] = "Ein Mensch schreibt."
        return steps[1:]

    rewrite(folder, ("calm", "chatty"), reword)
    cover = measured(folder).coverage
    assert (cover.events, cover.answered, cover.same_wording) == (6, 5, 3)
    assert (cover.help_needed, cover.task_status, cover.agree) == (5, 5, 3)


def test_traces_that_do_not_fit(folder):
    def later(steps):
        steps[0]["observation"]["time"] = "never"
        return steps

    rewrite(folder, ("calm",), later)
    with pytest.raises(EvaluationError, match=r"chatty/boat.json: other events than in calm's"):
        measured(folder)
    rewrite(folder, ("chatty",), later)
    with pytest.raises(EvaluationError, match="event 1 of boat is at never"):
        measured(folder)


def test_the_json_alone_on_stdout(folder, capsys):
    assert run_command_line(["bench", "agent", "--data", str(folder), "--json", "-"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert report["agents"].keys() == {"calm", "chatty"}
    assert report["coverage"]["sessions"] == 2
    assert "is not compared" in err
