"""What a model's yes or no is worth: fitted to what developers did, and asked about real places."""

from random import Random

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.evaluation import opinions
from proactive_lsp.evaluation.asked import Chosen
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.opinions import Said, encode, fitted_to, opinions_of
from proactive_lsp.llm import ModelUnavailable, Reply
from proactive_lsp.reward.opinion import read
from tests.evaluation.histories import history_of


def said(number, *, telling):
    """Places of four repositories, right half of the time; a telling model knows three of four."""
    random = Random(number)
    for at in range(number):
        right = random.random() < 0.5
        knows = random.random() < 0.75
        yes = (right == knows) if telling else random.random() < 0.5
        odds = random.gauss(0.5 if right else -0.5, 1.0)
        yield Said(f"r{at % 4}", f"c{at}", odds, random.gauss(2.0 if yes else -2.0, 0.5), right)


def test_a_telling_model_has_weight_and_raises_the_auc():
    found = fitted_to(list(said(400, telling=True)), {})
    assert found.said > 0.3
    assert found.odds > 0.5
    assert found.auc_both > found.auc_filter + 0.05
    assert found.low < -2 < 2 < found.high


def test_one_that_says_anything_has_hardly_any():
    found = fitted_to(list(said(400, telling=False)), {})
    assert abs(found.said) < 0.1
    assert found.auc_both == pytest.approx(found.auc_filter, abs=0.02)
    assert found.odds > 0.5


def test_one_that_misleads_has_none():
    rows = [
        Said(f"r{n % 4}", f"c{n}", n % 5 / 2.0, (-1.0) ** (n // 4), n % 5 > 2) for n in range(40)
    ]
    found = fitted_to(rows, {})
    assert found.auc_both <= found.auc_filter
    assert (found.bias, found.odds, found.said) == (0.0, 1.0, 0.0)
    assert found.log_odds(0.3, 5.0) == 0.3


# A change whose clones are unlikely enough to be kept back, and likely enough to be asked about.
LINE = "    total = scale(width, unit) + margin\n"
FILES = {f"part_{n}.py": f"def part_{n}(width):\n{LINE}    return total\n" for n in range(6)}
FIXED = {name: text.replace("+ margin", "- margin") for name, text in FILES.items()}


class Yes:
    """A model that says yes, as likely as it was told to."""

    name = "yes:1b"

    def __init__(self, error=None):
        self.asked = []
        self._error = error

    async def complete(self, request, **more):
        self.asked.append(request)
        if self._error is not None:
            raise self._error
        return Reply("yes", logprobs={"yes": -0.5, "no": -1.5})


@pytest.fixture
def root(tmp_path):
    return history_of(tmp_path / "parts", FILES, FIXED)


def measure(root, model, monkeypatch, near=True):
    monkeypatch.setattr(opinions, "host_model", lambda chosen, clock: model)
    monkeypatch.setattr(opinions, "is_near", lambda judged: near and bool(judged.task.places))
    return opinions_of(
        [root], Chosen("yes:1b"), sample=4, commits=5, date="2026-11-28", advance=lambda: None
    )


def test_it_is_asked_as_the_engine_asks(root, monkeypatch):
    model = Yes()
    with pytest.raises(EvaluationError, match=r"gave \d+ answers, too few"):
        measure(root, model, monkeypatch)
    assert model.asked
    assert {(each.purpose, each.choices) for each in model.asked} == {("judge", ("yes", "no"))}
    assert len(model.asked) <= opinions.MOST_OF_A_COMMIT


def test_a_place_that_is_no_question_is_not_asked_about(root, monkeypatch):
    model = Yes()
    with pytest.raises(EvaluationError, match="gave 0 answers"):
        measure(root, model, monkeypatch, near=False)
    assert model.asked == []


def test_a_model_that_cannot_be_reached_says_so_once(root, monkeypatch):
    model = Yes(ModelUnavailable("nobody answers; start it"))
    with pytest.raises(EvaluationError, match="nobody answers; start it"):
        measure(root, model, monkeypatch)
    assert len(model.asked) == 1


def test_enough_answers_make_a_file_that_reads_back(root, monkeypatch, tmp_path):
    heard = tuple(said(40, telling=True))
    measured = opinions.Measured(heard)
    monkeypatch.setattr(opinions, "_measured", lambda *args, **more: measured)
    found = opinions_of(
        [root], Chosen("yes:1b:latest"), sample=40, commits=5, date="2026-11-28", advance=print
    )
    file = tmp_path / "opinion.json"
    file.write_bytes(encode(found))
    assert read(file) == found
    assert found.models["yes:1b"].n == 40


def test_an_oracle_has_no_opinion(root, tmp_path, capsys):
    out = tmp_path / "x.json"
    code = run_command_line(["bench", "opinion", str(root), "--model", "oracle", "--out", str(out)])
    assert code == 2
    assert "no opinion" in capsys.readouterr().err
    assert not out.exists()
