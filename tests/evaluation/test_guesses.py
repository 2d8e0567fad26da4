"""What a model might name at a boundary: the true next place, and places named without knowing."""

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.evaluation.guesses import WRONG, guesses
from proactive_lsp.evaluation.labels import Pending
from proactive_lsp.evaluation.oracle import quotable
from tests.check import situation_of
from tests.evaluation.histories import history_of, lived
from tests.evaluation.test_oracle import CALM, NEXT, STEPS, to_come


@pytest.fixture
def situation():
    first = STEPS.replace("flow * 1\n", "flow + one\n")
    return situation_of({"pump.py": STEPS, **CALM}, {"pump.py": first})


@pytest.fixture
def later(situation) -> list[Pending]:
    return to_come(NEXT, situation.tree.read("pump.py"), "pump.py")


def test_the_true_place_comes_first(situation, later):
    first, *others = guesses(situation, later, "seed")
    lines = situation.lines("pump.py")
    assert first.places[0].before == quotable(later[0], lines) == "    return flow * 3"
    assert len(others) <= WRONG


def test_once_all_is_done_every_place_is_wrong(situation):
    """Fewer of them where no file is known to go along."""
    numbers = [len(list(guesses(situation, (), str(seed)))) for seed in range(20)]
    assert max(numbers) == WRONG
    assert sum(numbers) > WRONG * 10


def test_the_same_seed_gives_the_same_places(situation, later):
    one, two = (list(guesses(situation, later, "seed")) for _ in range(2))
    assert one == two
    assert one != list(guesses(situation, later, "another"))


def test_every_place_is_a_line_that_stands_once(situation, later):
    for number in range(40):
        for task in guesses(situation, later, str(number)):
            (place,) = task.places
            assert task.by_model
            assert list(situation.lines(place.path)).count(place.before) == 1


def test_some_are_where_an_untouched_file_says_a_word_of_the_edit():
    """What a model names that reads the edit and nothing else."""
    files = {"pump.py": STEPS, **{f"f{n}.py": f"a = {n}\nb = {n}\n" for n in range(20)}}
    files["far.py"] = "x = 1\nflow_rate = 2\ny = 3\n"
    after = {"pump.py": STEPS.replace("flow * 1\n", "flow_rate * 1\n")}
    situation = situation_of(files, after)
    named = [
        place.before
        for seed in range(60)
        for task in guesses(situation, (), str(seed))
        for place in task.places
        if place.path == "far.py"
    ]
    assert named.count("flow_rate = 2") > len(named) / 2
    assert len(named) > 5


def test_they_become_candidates_with_their_labels(tmp_path):
    root = history_of(tmp_path / "r", {"pump.py": STEPS, **CALM}, {"pump.py": NEXT})
    found = lived(root, guesses=True).candidates
    assert {each.kind for each in found} == {"predicted"}
    assert [each.edits for each in found if each.right][:1] == [1]
    last = [each for each in found if each.edits == 3]
    assert len(last) <= WRONG
    assert not any(each.right for each in last)
    assert all("nearest-edit" in each.features for each in found if each.path == "other.py")


def test_training_on_too_little_is_one_line(tmp_path, capsys):
    roots = [
        str(history_of(tmp_path / name, {"pump.py": STEPS, **CALM}, {"pump.py": NEXT}))
        for name in ("one", "two")
    ]
    out = tmp_path / "predicted.json"
    code = run_command_line(["bench", "reward", "--train-predicted", *roots, "--out", str(out)])
    assert code == 2
    assert "no kind of need is in 100 commits" in capsys.readouterr().err
    assert not out.exists()


def test_one_file_at_a_time(tmp_path, capsys):
    arguments = ["--train", "--train-predicted", str(tmp_path), "--out", str(tmp_path / "x")]
    assert run_command_line(["bench", "reward", *arguments]) == 2
    assert "give one of them" in capsys.readouterr().err
