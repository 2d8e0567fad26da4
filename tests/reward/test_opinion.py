"""A model's yes or no, weighed by what it was worth where it was measured."""

import msgspec
import pytest

from proactive_lsp.reward import opinion
from proactive_lsp.reward.opinion import Opinion, Opinions, combined, read

KNOWN = Opinion(
    bias=0.1,
    odds=0.9,
    said=0.5,
    low=-2.0,
    high=4.0,
    n=200,
    right=0.4,
    auc_filter=0.6,
    auc_both=0.7,
    provenance={"date": "2026-11-28"},
)


@pytest.fixture
def one_model(monkeypatch):
    monkeypatch.setattr(opinion, "shipped", lambda: Opinions(models={"tiny:1b": KNOWN}))


def test_both_numbers_count_as_measured(one_model):
    assert combined("tiny:1b", 1.0, 2.0) == pytest.approx(0.1 + 0.9 + 1.0)
    assert combined("tiny:1b:latest", 1.0, 2.0) == combined("tiny:1b", 1.0, 2.0)


def test_beyond_what_was_measured_more_says_no_more(one_model):
    assert combined("tiny:1b", 0.0, 30.0) == combined("tiny:1b", 0.0, 4.0)
    assert combined("tiny:1b", 0.0, -30.0) == combined("tiny:1b", 0.0, -2.0)


def test_of_a_model_that_nobody_measured_nothing_is_known(one_model):
    assert combined("huge:70b", 1.0, 2.0) is None


def test_what_ships_can_be_read():
    for name, known in read(opinion.SHIPPED).models.items():
        assert name == name.strip()
        assert known.low < known.high
        assert known.n > 0
        assert {"date", "repositories", "command"} <= known.provenance.keys()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "No such file"),
        (b"{", "truncated"),
        (b'{"format": 9}', "format 9, not 1"),
        (b'{"models": {"x": {}}}', "missing required field"),
    ],
)
def test_a_broken_file_is_one_line_and_no_models(tmp_path, monkeypatch, caplog, text, said):
    file = tmp_path / "opinion.json"
    if text is not None:
        file.write_bytes(text)
    with pytest.raises(ValueError, match=said):
        read(file)
    monkeypatch.setattr(opinion, "SHIPPED", file)
    opinion.shipped.cache_clear()
    try:
        assert combined("tiny:1b", 1.0, 2.0) is None
        assert combined("tiny:1b", 1.0, 2.0) is None
        assert len(caplog.messages) == 1
    finally:
        opinion.shipped.cache_clear()


def test_a_file_reads_back(tmp_path):
    file = tmp_path / "opinion.json"
    file.write_bytes(msgspec.json.encode(Opinions(models={"tiny:1b": KNOWN})))
    assert read(file).models == {"tiny:1b": KNOWN}
