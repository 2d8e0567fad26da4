"""Simulated users: what is dismissed falls silent, what is wanted stays, minds may change.

The user of the first half works at a desk with the shipped settings; the second half asks `judge`,
for more users than could type, and for each threshold there is.
"""

import random

import pytest
from msgspec.structs import replace

from proactive_lsp.events import span
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.reward import Pace, RewardSettings, judge
from proactive_lsp.reward.learning import held_back, learned
from proactive_lsp.reward.model import logit, sigmoid
from proactive_lsp.situation import Boundary
from proactive_lsp.suggestions import Fact, Need, Place, Task
from tests.check import situation_of
from tests.desk import Desk

OFFERS, ANSWERS = 12, 20

# At the desk.

CONF = "def read_config(path):\n    return path\n"
READS = "from conf import read_config\n\nread_config(1)\n"


class Developer:
    """Breaks a call in a file of its own again and again, hours apart, and answers the card."""

    def __init__(self):
        self.desk = Desk({"other.py": "x = 1\n", "conf.py": CONF, "reads.py": READS})
        self.number = 0

    def change(self):
        """One more change that owes something; whether a card says so."""
        desk, self.number = self.desk, self.number + 1
        desk.wait(3 * 3600)
        self.path, name = f"lib/f{self.number}.py", f"f{self.number}"
        desk.open(self.path, f"def {name}(x, y):\n    return x, y\n\n\n{name}(1, 2)\n")
        desk.work(self.path, "x, y):\n    return x, y", "x):\n    return x")
        return bool(desk.cards)

    def by_hand(self):
        """What was not said is done all the same."""
        self.desk.work(self.path, "(1, 2)", "(1)")

    def leave(self):
        """The file is gone, and what it owed."""
        self.desk.close(self.path)
        self.desk.delete(self.path)
        self.desk.work("other.py", "x = ", "x = 1")

    def dismiss_until_silent(self, most, accepts=lambda: False):
        """How many cards there were until none came any more."""
        for offers in range(most + 1):
            if not self.change():
                self.leave()
                return offers
            if accepts():
                self.desk.accept()
            else:
                self.desk.answer("dismissed")
            self.leave()
        return most + 1


@pytest.mark.parametrize("seed", range(4))
def test_a_kind_that_is_dismissed_nine_times_of_ten_falls_silent_and_the_others_do_not(seed):
    developer, chance = Developer(), random.Random(seed)
    offers = developer.dismiss_until_silent(OFFERS, lambda: chance.random() < 0.1)
    assert offers <= OFFERS
    outcome = developer.desk.work("conf.py", "read_config", "load_settings")
    other = Developer().desk.work("conf.py", "read_config", "load_settings")
    assert outcome.offered is not None
    assert outcome.offered.need == "renamed-mention"
    assert abs(outcome.offered.p - other.offered.p) < 0.01


def test_one_who_accepts_sees_no_loss():
    developer = Developer()
    odds = []
    for _ in range(15):
        assert developer.change()
        odds.append(developer.desk.card.p)
        developer.desk.accept()
        developer.leave()
    assert odds == sorted(odds)


def test_who_comes_to_like_it_again_is_followed_though_nothing_is_asked():
    """The kind is silent, so there is nothing to answer: what is done by hand brings it back."""
    developer = Developer()
    assert developer.dismiss_until_silent(OFFERS) <= OFFERS
    for _ in range(ANSWERS):
        if developer.change():
            break
        developer.by_hand()
        developer.leave()
    assert developer.desk.cards
    for _ in range(5):
        developer.desk.accept()
        developer.leave()
        assert developer.change()


def test_who_grew_tired_of_it_is_followed():
    developer = Developer()
    for _ in range(30):
        assert developer.change()
        developer.desk.accept()
        developer.leave()
    assert developer.dismiss_until_silent(ANSWERS) <= ANSWERS


def test_what_is_silent_is_tried_again_when_much_has_passed_in_silence():
    """Slowly, and one no is then enough for a while."""
    developer = Developer()
    developer.dismiss_until_silent(OFFERS)

    def silent_changes():
        for passed in range(300):
            if developer.change():
                return passed
            developer.leave()
        return 300

    first = silent_changes()
    assert 10 < first < 150
    developer.desk.answer("dismissed")
    developer.leave()
    assert 10 < silent_changes() < 150


# Before the judge.

# At .98, at .86 and just above the threshold of .60.
KINDS = ("broken-call", "deleted-mention", "option-docs")
MOMENTS = ("save", "commit", "test")
FOLDERS = ("", "lib", "lib/deep", "tests")


@pytest.fixture(scope="module")
def situation():
    return situation_of({"lib/a.py": "a = 1\n"}, {"lib/a.py": "a = 2\n"})


class User:
    """Asks `judge` about one kind, and answers what may be shown."""

    def __init__(self, situation, kind, *, spread=False):
        self.situation = replace(situation, memory=Memory(NoStore()))
        self.kind = kind
        self.wheres = [(m, f) for m in MOMENTS for f in FOLDERS] if spread else [("save", "lib")]

    def verdict(self, where, kind=None):
        moment, folder = where
        path = f"{folder}/a.py" if folder else "a.py"
        at = span(0, 0, 0, 1)
        places = (Place(path, at, "a", "b"),)
        need = Need(kind or self.kind, path, at, "a", "Do it", (Fact("it is owed"),), places)
        now = replace(self.situation, boundary=Boundary(moment, 10.0))
        task = Task(need, need.title, "why")
        return judge(task, now, pace=Pace(), operation=None, settings=RewardSettings())

    def learn(self, where, lesson):
        self.situation.memory.learn(self.kind, *where, lesson)

    def offers_until_silent(self, chance, most):
        """How many were shown until none may be, wherever."""
        for offers in range(most + 1):
            shown = [where for where in self.wheres if self.verdict(where).accepted]
            if not shown:
                return offers
            where = chance.choice(shown)
            self.learn(where, "accepted" if chance.random() < 0.1 else "dismissed")
        return most + 1


@pytest.mark.parametrize("spread", [False, True], ids=["one folder", "many folders and moments"])
@pytest.mark.parametrize("kind", KINDS)
def test_whoever_dismisses_nine_of_ten_is_left_alone(situation, kind, spread):
    """One of 60 may accept so often in the beginning that it takes some more."""
    offers = [
        User(situation, kind, spread=spread).offers_until_silent(random.Random(seed), 40)
        for seed in range(60)
    ]
    assert sum(each > OFFERS for each in offers) <= 1
    assert max(offers) <= 16


@pytest.mark.parametrize("kind", KINDS)
def test_the_others_are_unharmed(situation, kind):
    user = User(situation, kind, spread=True)
    others = [each for each in KINDS if each != kind]
    before = [user.verdict(where, other).p for where in user.wheres for other in others]
    user.offers_until_silent(random.Random(1), 40)
    assert [user.verdict(where, other).p for where in user.wheres for other in others] == before


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_accepts_loses_nothing(situation, kind):
    """Also where they never answered."""
    user, chance = User(situation, kind, spread=True), random.Random(2)
    before = {where: user.verdict(where).p for where in user.wheres}
    for _ in range(60):
        user.learn(chance.choice(user.wheres[:6]), "accepted")
        for where in user.wheres:
            assert user.verdict(where).p >= before[where] - 1e-9
            assert user.verdict(where).accepted


@pytest.mark.parametrize("kind", KINDS)
def test_nine_yeses_of_ten_are_enough(situation, kind):
    """A no now and then costs a card or two of those just above the threshold."""
    user, chance = User(situation, kind), random.Random(3)
    silent = 0
    for number in range(200):
        (where,) = user.wheres
        if user.verdict(where).accepted:
            user.learn(where, "dismissed" if chance.random() < 0.1 else "accepted")
        else:
            silent += 1
            user.learn(where, "by_hand" if number % 2 else "muted")
    assert silent <= 10


@pytest.mark.parametrize("many", [12, 200])
@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_mind_is_followed_both_ways(situation, kind, many):
    user = User(situation, kind)
    (where,) = user.wheres
    for first, then, shown in (
        ("accepted", "dismissed", False),
        ("dismissed", "accepted", True),
        ("accepted", "dismissed", False),
        ("dismissed", "by_hand", True),
    ):
        for _ in range(many):
            user.learn(where, first)
        assert user.verdict(where).accepted is (first == "accepted")
        for _ in range(ANSWERS):
            if then == "by_hand" and held_back(user.verdict(where)):
                user.situation.memory.forget_noes(kind)
            user.learn(where, then)
        assert user.verdict(where).accepted is shown


@pytest.mark.parametrize("above", [0.005, 0.08, 0.1])
@pytest.mark.parametrize("threshold", [0.85, 0.89])
def test_it_is_so_for_the_kinds_that_are_fitted_too(threshold, above):
    """Their thresholds are higher; `above` is how far the shipped probability lies over them."""
    memory, chance, p = Memory(NoStore()), random.Random(4), threshold + above

    def shows():
        shift = learned(memory, "line-clone", "save", "lib/a.py", p).shift
        return sigmoid(logit(p) + shift) >= threshold

    def answers_until(shown, answer):
        for number in range(100):
            if shows() is shown:
                return number
            if not shows():
                memory.forget_noes("line-clone")
            memory.learn("line-clone", "save", "lib", answer())
        return 100

    def mostly_no():
        return "accepted" if chance.random() < 0.1 else "dismissed"

    assert answers_until(False, mostly_no) <= OFFERS
    for _ in range(40):
        memory.learn("line-clone", "save", "lib", "dismissed")
    assert answers_until(True, lambda: "by_hand") <= ANSWERS
    for _ in range(40):
        memory.learn("line-clone", "save", "lib", "accepted")
    assert answers_until(False, mostly_no) <= ANSWERS
