"""The engine foresees what is still to come, and cannot see any of it."""

import pytest
from msgspec.structs import replace

from proactive_lsp.engine import Engine
from proactive_lsp.evaluation import history as module
from proactive_lsp.evaluation.commits import Commit, FileChange, hunks_of
from proactive_lsp.evaluation.history import HistoryOptions, evaluate
from proactive_lsp.evaluation.labels import Spot
from proactive_lsp.evaluation.metrics import count
from proactive_lsp.evaluation.steps import commit_event
from proactive_lsp.events import span
from proactive_lsp.suggestions import Fact, Need, Place
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
from tests.repositories import commit, git, write


def test_a_card_is_right_when_later_hunks_do_what_it_says(tmp_path):
    """Three equal lines: after the first, the card names the other two."""
    result = lived(history_of(tmp_path / "r", CLONES, FIXED))
    (alarm,) = result.alarms
    assert (alarm.need, alarm.edits) == ("line-clone", 1)
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
    found = newest(history)
    tree = base_of(history, found)
    allowed = set(git(root, "ls-tree", "-r", "--format=%(objectname)", "HEAD~1").split())
    asked: list[str] = []
    read = ObjectReader.read

    def poisoned(self, name):
        assert name in allowed, f"{name} is not of the parent"
        asked.append(name)
        return read(self, name)

    monkeypatch.setattr(ObjectReader, "read", poisoned)
    history._kept.clear()
    result = evaluate(found, tree, Past(), HistoryOptions(order=order, seed=3))
    assert result.alarms
    assert asked
    assert len(result.seconds_after) == 1, "the commit was lived through as well"
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


def test_what_comes_after_the_commit_changes_nothing(tmp_path):
    """Neither the message nor later commits reach the engine, also not with the commit event."""
    planted = "PLANTED_WORD"
    root = history_of(tmp_path / "r", CLONES, {"one.py": FIXED["one.py"], "two.py": "x = 1\n"})
    git(root, "commit", "-q", "--amend", "-m", planted)
    later = history_of(tmp_path / "s", CLONES, {"one.py": FIXED["one.py"], "two.py": "x = 1\n"})
    write(later, {"three.py": f"{planted} = 1\n", "one.py": "later = 1\n"})
    commit(later, "Later")
    git(later, "checkout", "-q", "--detach", "HEAD~1")
    seen = [_all_events(each) for each in (root, later)]
    assert planted not in repr(seen)
    for events in seen:
        *_, last = events
        assert (last.op, last.message) == ("commit", None)
        assert last.paths == ("one.py", "two.py")
    one, other = ([*events[:-1], replace(events[-1], head="")] for events in seen)
    assert one == other


def _all_events(root):
    """Whatever the engine was told of the newest commit."""
    told = []
    original = Engine.record

    def listening(self, event):
        told.append(event)
        original(self, event)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "record", listening)
        lived(root)
    return told


def test_cards_after_the_commit_are_kept_apart(tmp_path, monkeypatch):
    """Nothing is left to come, so they would be wrong by nature."""
    from proactive_lsp.needs import DETECTORS

    class AtTheCommit:
        KIND = "line-clone"

        @staticmethod
        def detect(situation):
            if situation.boundary.kind == "commit":
                yield NEED

    monkeypatch.setattr("proactive_lsp.needs.detecting.DETECTORS", (*DETECTORS, AtTheCommit))
    root = history_of(tmp_path / "r", CLONES, {"one.py": FIXED["one.py"]})
    with_card = lived(root, filter=False, features=True)
    monkeypatch.setattr("proactive_lsp.needs.detecting.DETECTORS", DETECTORS)
    without = lived(root, filter=False, features=True)
    (alarm,) = with_card.after
    assert (alarm.edits, [spot.hunks for spot in alarm.spots]) == (1, [()])
    assert [spot.end for spot in alarm.spots] == [Spot("three.py", (0, 0))]
    assert (with_card.alarms, with_card.candidates) == (without.alarms, without.candidates)
    assert len(with_card.seconds) == 1


NEED = Need(
    kind="line-clone",
    path="one.py",
    range=span(1, 0, 2, 0),
    anchor="commit",
    title="Look at three.py",
    facts=(Fact("it was committed"),),
    places=(Place("three.py", span(0, 0, 1, 0), CLONES["three.py"].splitlines(keepends=True)[0]),),
)


def test_the_commit_event_tells_what_a_server_would(tmp_path):
    """The texts before and after, a renamed file as two; not what does not count."""
    body = "".join(f"line_{number} = {number}\n" for number in range(20))
    before = {"old.py": body, "gone.py": "x = 1\n", "a.py": "a\nb\n", "README.md": "Hi.\n"}
    changed = body.replace("= 7", "= 8")
    after = {"old.py": None, "new.py": changed, "gone.py": None, "a.py": "a\nc", "b.py": "b\n"}
    root = history_of(tmp_path / "r", before, {**after, "README.md": "Ho.\n", "uv.lock": "x\n"})
    history = opened(root)
    event = commit_event(newest(history), 5.0)
    history.close()
    assert {file.path: (file.before, file.after) for file in event.files} == {
        "README.md": ("Hi.\n", "Ho.\n"),
        "a.py": ("a\nb\n", "a\nc"),
        "b.py": (None, "b\n"),
        "gone.py": ("x = 1\n", None),
        "old.py": (body, None),
        "new.py": (None, changed),
    }
    assert set(event.paths or ()) == {*before, "new.py", "b.py"}
    assert (event.message, event.branch) == (None, None)


def test_the_commit_event_is_bounded():
    """As in a live server: few files, and of large ones those that fit."""
    many = [("modified", f"f{number:02}.py", "x\n") for number in range(25)]
    large = [("modified", "large.py", "x = 1\n" * 40_000)]
    files = tuple(
        FileChange(op, path, text, hunks_of(path, text, f"{text}y\n"))
        for op, path, text in (*large, *many)
    )
    event = commit_event(Commit("c", "p", files), 5.0)
    assert [file.path for file in event.files] == [f"f{number:02}.py" for number in range(20)]
    assert len(event.paths or ()) == 26


def test_no_filter_shows_more_or_the_same(tmp_path):
    root = history_of(tmp_path / "r", CLONES, FIXED)
    assert len(lived(root, filter=False).alarms) >= len(lived(root).alarms)


def test_candidates_carry_features_and_labels(tmp_path):
    result = lived(history_of(tmp_path / "r", CLONES, FIXED), features=True)
    first, second, *_ = [each for each in result.candidates if each.kind == "line-clone"]
    for each in (first, second):
        assert (each.edits, each.look, each.shown, each.right) == (1, 1, True, True)
        assert each.spot.exact
        assert {"edit-same-size", "length"} <= each.features.keys()
        assert all(each.features.values()), "what is 0 is left out"


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
    assert (tests.edits, tests.spots[0].coarse, tests.spots[0].hunks) == (1, True, (1, 2))
    first, *_ = result.baselines["vanished-identifiers"]
    # One line apart, so that either place touches either hunk.
    assert [spot.hunks for spot in first.spots] == [(1,), (2,)]


def test_a_commit_that_renames_first_is_lived_through(tmp_path):
    """The rename is looked at before the first hunk, and no baseline has anything to go by."""
    root = history_of(tmp_path / "r", {"a.py": CLONES["one.py"], "use.py": "import a\n"})
    git(root, "mv", "a.py", "b.py")
    write(root, {"b.py": FIXED["one.py"], "use.py": "import b\n"})
    commit(root, "Rename")
    result = lived(root)
    assert result.edits == 2
    assert set(result.baselines) >= {"always-tests"}


def cards_of(root):
    """The cards that are shown of the newest commit, counted or not."""
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_counted", lambda card: shown.append(card) if card else None)
        lived(root, filter=False, disable=())
    return shown


def test_a_place_in_a_file_that_is_left_out_is_not_counted(tmp_path):
    """What a commit did to a lock file nobody knows."""
    wanted = '[project]\ndependencies = [\n    "a>=1",\n]\n'
    files = {"pyproject.toml": wanted, "uv.lock": "x = 1\n", "requirements.txt": "x\n"}
    after = {"pyproject.toml": wanted.replace(">=1", ">=2")}
    root = history_of(tmp_path / "r", files, after)
    ((card,), result) = cards_of(root), lived(root, filter=False, disable=())
    assert [place.path for place in card.places] == ["uv.lock"]
    assert (result.edits, result.alarms) == (1, ())
