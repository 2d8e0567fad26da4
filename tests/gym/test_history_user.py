"""A history is played: what is accepted is not typed, and the sessions replay to the same cards."""

import json
from pathlib import Path

import msgspec
import pytest

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.events import Answer, Edit, Git, SuggestionEvent
from proactive_lsp.gym.stage import GymOptions, Lived, live_through
from proactive_lsp.gym.tasks import branch_task, commit_tasks
from proactive_lsp.gym.temperament import TEMPERAMENTS, Temperament
from proactive_lsp.replay.session import read_items
from tests.gym.grounds import RENAMED, Line, branched, shop
from tests.repositories import git, repository, write

pytestmark = pytest.mark.shipped_weights

DEAF = Temperament(0.0, 0.0, 0.0, 0.0, 0.0, (1.0, 1.0))
CROSS = Temperament(1.0, 0.0, 0.0, 0.0, 1.0, (1.0, 1.0))
WILLING = Temperament(1.0, 1.0, 1.0, 0.0, 1.0, (1.0, 1.0))


@pytest.fixture
def root(tmp_path):
    return shop(tmp_path / "shop")


@pytest.fixture
def line(capsys):
    return Line(capsys)


def lived(root: Path, number: int, **more) -> Lived:
    """One commit, counted from the newest."""
    options = GymOptions("history", str(root), "shop", **more)
    return live_through(options, commit_tasks(root, 10).tasks[number])


def events(tmp_path: Path, made: Lived) -> list:
    file = tmp_path / "made.jsonl"
    file.write_bytes(made.session)
    return [item for _, item in read_items(file)]


def test_an_acceptance_shortens_the_plan(root, tmp_path, monkeypatch):
    monkeypatch.setitem(TEMPERAMENTS, "deaf", DEAF)
    monkeypatch.setitem(TEMPERAMENTS, "willing", WILLING)
    deaf = events(tmp_path, unaided := lived(root, 1, temperament="deaf"))
    willing = events(tmp_path, helped := lived(root, 1, temperament="willing"))

    assert unaided.row.plan == helped.row.plan
    assert unaided.row.acceptances == ()
    (accepted, *_) = helped.row.acceptances
    assert accepted.after.todos < accepted.before.todos
    assert accepted.after.characters < accepted.before.characters
    assert helped.row.saved.todos >= 2
    assert helped.row.left.todos == unaided.row.left.todos == 0

    def by_hand(items):
        return {each.path for each in items if isinstance(each, Edit) and each.origin is None}

    assert by_hand(willing) < by_hand(deaf)
    # Both come to what the history came to.
    (told,) = (each for each in willing if isinstance(each, Git) and each.op == "commit")
    assert {file.path: file.after for file in told.files} == {
        path: text for path, text in RENAMED.items() if "with_tax" in text
    }


def test_a_replay_suggests_the_same(root, tmp_path, line):
    out = tmp_path / "out"
    code, _, err = line(
        *("gym", "run", "--user", "history", "--repo", root, "--commits", 3, "--out", out),
        *("--labels", "--json", tmp_path / "run.json"),
    )
    assert code == 0, err
    code, told, err = line("replay", out, "--repo", root, "--json", "-", "--check")
    assert code == 0, err
    replayed = {each["name"]: each["suggestions"] for each in json.loads(told)["sessions"]}
    offered = 0
    for file in sorted(out.glob("*.jsonl")):
        items = [item for _, item in read_items(file)]
        cards = [each for each in items if isinstance(each, SuggestionEvent)]
        answers = {each.id: each.op for each in items if isinstance(each, Answer)}
        name = json.loads(file.open().readline())["name"]
        again = [each for each in replayed[name] if each["offered"]]
        told_then = [(each.id, each.t) for each in cards if each.op == "offered"]
        assert [(each["id"], each["t"]) for each in again] == told_then
        assert {each["id"]: each["answer"] for each in again if each["answer"]} == answers
        offered += len(again)
    assert offered >= 4
    assert "accepted" in {
        op for each in replayed.values() for op in (row["answer"] for row in each)
    }


def test_what_was_wrong_is_dismissed_and_what_was_right_labelled(root, tmp_path, monkeypatch):
    monkeypatch.setitem(TEMPERAMENTS, "cross", CROSS)
    made = lived(root, 1, temperament="cross", labels=True)
    items = events(tmp_path, made)
    # It takes nothing, whatever it was worth, and dismisses only what was wrong.
    assert made.row.worth.get("right", 0) >= 1
    assert made.row.answers.get("accept", 0) == 0
    assert made.row.answers.get("dismiss", 0) == made.row.worth.get("wrong", 0)
    wanted = [each for each in items if type(each).__name__ == "Expect"]
    assert len(wanted) == made.row.worth["right"]


def test_a_seed_is_a_session(root):
    first, again = lived(root, 1, seed=1), lived(root, 1, seed=1)
    assert first == again
    assert first.session != lived(root, 1, seed=2).session


def test_a_branch_is_played_from_where_it_left(tmp_path):
    root = branched(tmp_path / "shop")
    planned = branch_task(root, "work")
    (task,) = planned.tasks
    assert len(task.commits) == 3
    made = live_through(GymOptions("history", str(root), "shop"), task)
    told = [each for each in events(tmp_path, made) if isinstance(each, Git)]
    assert [each.op for each in told].count("commit") == 3
    assert made.row.left.todos == 0
    with pytest.raises(EvaluationError, match="nothing to play"):
        branch_task(root, "main")


def test_a_branch_ends_before_its_first_merge(tmp_path):
    root = branched(tmp_path / "shop")
    git(root, "checkout", "-q", "-b", "side", "work~1")
    write(root, {"NOTES.md": "Notes.\n"})
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Take notes")
    git(root, "merge", "-q", "--no-edit", "work")
    git(root, "checkout", "-q", "main")
    planned = branch_task(root, "side")
    assert len(planned.tasks[0].commits) == 3
    assert [each for each in planned.left_out if "after a merge" in each]


def odd(root: Path) -> Path:
    """Binary files, odd line ends, a link, a file that comes, goes and moves, in one commit."""
    repository(root, {"a.py": "one = 1\ntwo = 2\n", "old.py": "x = 1\n" * 9, "gone.py": "y = 2\n"})
    (root / "crlf.py").write_bytes(b"a = 1\r\nb = 2\r\n")
    (root / "blob.bin").write_bytes(b"\0\1\2")
    (root / "marked.py").write_bytes(b"\xef\xbb\xbfm = 1\n")
    (root / "link").symlink_to("/etc/passwd")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Odd")
    (root / "crlf.py").write_bytes(b"a = 1\r\nbb = 3\r\nc = 4")
    (root / "blob.bin").write_bytes(b"\0\3\4")
    (root / "marked.py").write_bytes(b"\xef\xbb\xbfm = 2\n")
    (root / "a.py").write_text("one = 1\nž = '\N{GRINNING FACE}'\ntwo = 3", encoding="utf-8")
    (root / "old.py").rename(root / "new.py")
    (root / "gone.py").unlink()
    write(root, {"deep/down/fresh.py": "def fresh():\n    return 1\n"})
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Odder")
    return root


def test_odd_files_come_to_what_the_commit_made_of_them(tmp_path):
    root = odd(tmp_path / "odd")
    made = lived(root, 0)
    assert made.row.left.todos == 0
    assert made.row.impossible == ()
    (told,) = (each for each in events(tmp_path, made) if isinstance(each, Git) and each.files)
    after = {file.path: file.after for file in told.files}
    for path in ("a.py", "crlf.py", "new.py", "deep/down/fresh.py"):
        assert after[path] == (root / path).read_bytes().decode(), path
    assert after["marked.py"] == "m = 2\n"
    assert after["gone.py"] is None
    assert after["old.py"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--repo", "nowhere"), "nowhere"),
        (("--repo", "plain"), "plain"),
        (("--repo", "empty"), "no commits yet"),
        (("--repo", "shop", "--branch", "none"), "knows no commit 'none'"),
        (("--repo", "shop", "--branch", "main", "--commits", "3"), "not both"),
        ((), "give --repo"),
        (("--repo", "shop", "--script", "x"), "--script is for"),
        (("--repo", "shop", "--model", "x"), "--model"),
        (("--repo", "shop", "--json", "no/such/x.json"), "no folder"),
        (("--repo", "once"), "no commit counts"),
    ],
)
def test_what_cannot_be_played_is_said_in_a_line(tmp_path, monkeypatch, line, arguments, said):
    monkeypatch.chdir(tmp_path)
    shop(tmp_path / "shop")
    repository(tmp_path / "once", {"a.py": "a = 1\n"})
    (tmp_path / "plain").mkdir()
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q")
    code, out, err = line("gym", "run", "--user", "history", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_shallow_clone_plays_what_it_has(root, tmp_path, line):
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{root}", str(shallow))
    arguments = ("gym", "run", "--user", "history", "--repo", shallow, "--commits", 9)
    code, out, err = line(*arguments, "--json", "-")
    assert code == 0, err
    assert json.loads(out)["totals"]["sessions"] == 1


def test_rows_survive_json(root):
    row = lived(root, 1).row
    assert msgspec.json.decode(msgspec.json.encode(row), type=type(row)) == row
