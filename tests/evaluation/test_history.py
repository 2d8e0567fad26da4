"""The engine foresees what is still to come, and cannot see any of it."""

import pytest

from proactive_lsp.evaluation.history import HistoryOptions, evaluate
from proactive_lsp.evaluation.metrics import count
from proactive_lsp.workspace.git_objects import ObjectReader
from proactive_lsp.workspace.past import Past
from tests.evaluation.histories import (
    CLONES,
    FIXED,
    NEW,
    base_of,
    history_of,
    lived,
    newest,
    opened,
)
from tests.repositories import git


def test_a_card_is_right_when_later_hunks_do_what_it_says(tmp_path):
    """Three equal lines: after the first, the card names the other two."""
    result = lived(history_of(tmp_path / "r", CLONES, FIXED))
    (alarm,) = result.alarms
    assert (alarm.need, alarm.edits, alarm.coarse) == ("line-clone", 1, False)
    assert sorted(spot.hunks for spot in alarm.spots) == [(1,), (2,)]
    assert [spot.exact for spot in alarm.spots] == [True, True]
    assert result.edits == 3
    assert len(result.seconds) == 3


def test_a_card_is_wrong_when_nothing_follows(tmp_path):
    result = lived(history_of(tmp_path / "r", CLONES, {"one.py": FIXED["one.py"]}))
    (alarm,) = result.alarms
    assert [spot.hunks for spot in alarm.spots] == [(), ()]
    counts = count(result.edits, result.alarms)
    assert (counts.right, counts.calm, counts.calm_silent) == (0, 1, 0)


def test_an_edit_that_the_developer_made_otherwise_is_not_exact(tmp_path):
    other = {name: text.replace(" - margin", " * margin") for name, text in FIXED.items()}
    result = lived(history_of(tmp_path / "r", CLONES, {**other, "one.py": FIXED["one.py"]}))
    assert [spot.exact for alarm in result.alarms for spot in alarm.spots][:2] == [False, False]


@pytest.mark.parametrize("order", ["canonical", "random"])
def test_the_child_is_never_read(tmp_path, monkeypatch, order):
    """With the labels known, whatever the parent's tree does not name is poison."""
    root = history_of(tmp_path / "r", CLONES, FIXED, {"one.py": "later = 1\n"})
    git(root, "checkout", "-q", "--detach", "HEAD~1")
    history = opened(root)
    commit = newest(history)
    tree = base_of(history, commit)
    allowed = set(git(root, "ls-tree", "-r", "--format=%(objectname)", "HEAD~1").split())
    asked: list[str] = []
    read = ObjectReader.read

    def poisoned(self, name):
        assert name in allowed, f"{name} is not of the parent"
        asked.append(name)
        return read(self, name)

    monkeypatch.setattr(ObjectReader, "read", poisoned)
    history._kept.clear()
    result = evaluate(commit, tree, Past(), HistoryOptions(order=order, seed=3))
    assert result.alarms
    assert asked
    history.close()


def test_what_comes_later_changes_nothing_before(tmp_path):
    """Other final files, another message, other later commits: the same first boundary."""
    planted = "PLANTED_WORD"
    one = history_of(tmp_path / "one", CLONES, FIXED)
    two_states = (
        {**FIXED, "two.py": f"{planted} = 1\n", "three.py": CLONES["three.py"], "zoo.py": NEW},
        {"one.py": f"{planted} = 2\n", "later.py": CLONES["one.py"]},
    )
    two = history_of(tmp_path / "two", CLONES, *two_states)
    git(two, "checkout", "-q", "--detach", "HEAD~1")
    git(two, "commit", "-q", "--amend", "-m", f"{planted}: two.py and three.py are next")
    seen = [_shown_first(root) for root in (one, two)]
    assert seen[0] == seen[1]
    assert seen[0][0]
    assert planted not in repr(seen)


def _shown_first(root):
    """What was noticed, judged and offered at the first boundary, with the whole memory."""
    from proactive_lsp.evaluation import history as module

    noticed = []
    original = module._Judge.decided

    def listening(self, outcomes, seconds):
        noticed.append(outcomes)
        original(self, outcomes, seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module._Judge, "decided", listening)
        lived(root)
    (outcome,) = noticed[0]
    return outcome.needs, outcome.judgements, outcome.offered


def test_no_filter_shows_more_or_the_same(tmp_path):
    root = history_of(tmp_path / "r", CLONES, FIXED)
    assert len(lived(root, filter=False).alarms) >= len(lived(root).alarms)


def test_candidates_carry_features_and_labels(tmp_path):
    result = lived(history_of(tmp_path / "r", CLONES, FIXED), features=True)
    first, second, *_ = [each for each in result.candidates if each.kind == "line-clone"]
    for each in (first, second):
        assert (each.edits, each.shown, each.right, each.exact) == (1, True, True, True)
        assert {"same-file", "edit-same-size", "forward"} <= each.features.keys()


def test_baselines(tmp_path):
    """`nothing` is silent; tests are named once; a vanished word is found where it is left."""
    before = {
        "area.py": "def surface(a):\n    return a\n\n\ndef other(a):\n    return a\n",
        "tests/test_area.py": "from area import surface\n\nassert surface(1) == 1\n",
    }
    after = {path: text.replace("surface", "area_of") for path, text in before.items()}
    result = lived(history_of(tmp_path / "r", before, after))
    assert result.baselines["nothing"] == ()
    (tests,) = result.baselines["always-tests"]
    assert (tests.coarse, tests.edits, tests.spots[0].hunks) == (True, 1, (1, 2))
    first, *_ = result.baselines["vanished-identifiers"]
    # One line apart, so that either place touches either hunk.
    assert [spot.hunks for spot in first.spots] == [(1,), (2,)]
