"""What is learned at the desk: from answers, from what was seen, from what is done by hand."""

import pytest
from msgspec.structs import replace

from proactive_lsp.agent.write import result
from proactive_lsp.events import Answer, Change, Edit, SuggestionEvent
from proactive_lsp.memory import Counts, Tally
from proactive_lsp.needs import broken_call
from proactive_lsp.reward import RewardSettings
from proactive_lsp.reward.judge import MOST_TASKS
from proactive_lsp.settings import Settings
from tests.desk import Desk
from tests.reward.cards import need as need_of
from tests.reward.cards import place

LINE = "    timeout = settings.get('timeout', 30)\n"
# A change in the source seldom goes on in a test, so at low eagerness nothing is said.
LOW = Settings(reward=RewardSettings(eagerness="low"))
FILES = {"lib/a.py": f"a = 1\n{LINE}", "lib/test_b.py": f"b = 1\n{LINE}", "other.py": "x = 1\n"}
AREA = "def area(width, height, unit):\n    return width * height, unit\n"
FEWER = AREA.replace(", unit", "")
USE = "from shapes import area\n\narea(2, 3, 'cm')\n"
SHAPES = {"shapes.py": AREA, "use.py": USE, "other.py": "x = 1\n"}


def silent_desk(files=FILES):
    """The line changed in lib/a.py, and its clone in lib/test_b.py is silent."""
    desk = Desk(files, settings=LOW)
    outcome = desk.work("lib/a.py", "30", "60")
    assert desk.silences(outcome) == ["below-threshold"]
    return desk


def by_hand(desk, kind="line-clone"):
    """How much was learned of a kind by hand, whenever and wherever."""
    return sum(weights.by_hand for weights in desk.engine.memory.weights(kind).values())


def card_desk(**more):
    """A card about the call in use.py stands."""
    desk = Desk(SHAPES, **more)
    desk.work("shapes.py", AREA, FEWER)
    assert desk.card.need == "broken-call"
    return desk


def elsewhere(desk):
    return desk.work("other.py", "x = ", "x = 1")


def shown(desk, card, t=None):
    """The client says that the card is on screen."""
    at = desk.now if t is None else t
    desk.do(SuggestionEvent(at, card.id, "shown", card.need, card.path, card.range))


# What is done by hand.


def test_a_silent_suggestion_that_is_carried_out_by_hand_is_a_yes():
    desk = silent_desk()
    desk.work("lib/test_b.py", "30", "60")
    (where,) = desk.engine.memory.weights("line-clone")
    assert where == ("save", "lib")
    assert 0 < by_hand(desk) < 1
    assert desk.engine.memory.counts("line-clone", "save", "lib") == Counts()


def test_it_counts_once_however_often_it_is_looked_at_or_done_again():
    desk = silent_desk()
    desk.work("lib/test_b.py", "30", "60")
    once = by_hand(desk)
    for _ in range(3):
        elsewhere(desk)
    desk.work("lib/test_b.py", "60", "30")
    desk.work("lib/test_b.py", "30", "60")
    assert by_hand(desk) == once


def test_other_lines_may_come_and_go_above_meanwhile():
    desk = silent_desk()
    desk.replace("lib/test_b.py", "b = 1\n", "b = 1\nc = 2\nd = 3\n")
    desk.wait(2)
    desk.work("lib/test_b.py", "30", "60")
    assert by_hand(desk) > 0


def test_it_may_be_typed_in_several_goes():
    desk = silent_desk()
    desk.replace("lib/test_b.py", "30", "6")
    desk.wait(0.2)
    desk.engine.settle()
    desk.replace("lib/test_b.py", "6)", "60)")
    desk.save("lib/test_b.py")
    assert by_hand(desk) > 0


def test_the_line_may_be_rewritten_with_those_around_it():
    desk = silent_desk()
    desk.edit("lib/test_b.py", f"b = 2\n{LINE.replace('30', '60')}c = 3\n")
    desk.save("lib/test_b.py")
    assert by_hand(desk) > 0


@pytest.mark.parametrize("instead", ["90", "60, None", ""])
def test_something_else_there_is_no_yes(instead):
    desk = silent_desk()
    desk.work("lib/test_b.py", "30", instead)
    elsewhere(desk)
    assert by_hand(desk) == 0


def test_taking_the_trigger_back_is_no_yes():
    desk = silent_desk()
    desk.work("lib/a.py", "60", "30")
    elsewhere(desk)
    assert by_hand(desk) == 0


def test_done_and_taken_back_between_two_looks_is_no_yes():
    desk = silent_desk()
    desk.replace("lib/test_b.py", "30", "60")
    desk.engine.settle()
    desk.replace("lib/test_b.py", "60", "30")
    desk.save("lib/test_b.py")
    assert by_hand(desk) == 0


def test_our_own_edit_is_no_yes_by_hand():
    """A card carried out as offered is an acceptance, and nothing besides."""
    desk = silent_desk()
    text = desk.text("lib/test_b.py")
    desk.open("lib/test_b.py")
    edit = Edit(desk.now + 1, "lib/test_b.py", 2, (Change(None, text.replace("30", "60")),), "abc")
    desk.do(edit)
    desk.save("lib/test_b.py")
    assert by_hand(desk) == 0


def test_what_another_program_wrote_is_no_yes():
    desk = silent_desk()
    desk.commit({"lib/test_b.py": FILES["lib/test_b.py"].replace("30", "60")})
    elsewhere(desk)
    assert by_hand(desk) == 0


def test_what_a_checkout_brought_is_no_yes():
    desk = silent_desk()
    desk.open("lib/test_b.py")
    desk.replace("lib/test_b.py", "30", "60")
    desk.git("checkout", branch="other", paths=("lib/test_b.py",))
    elsewhere(desk)
    assert by_hand(desk) == 0


def test_a_file_may_be_renamed_before_it_is_done():
    desk = silent_desk()
    desk.rename("lib/test_b.py", "lib/test_c.py")
    desk.work("lib/test_c.py", "30", "60")
    assert by_hand(desk) > 0


def test_a_card_that_stands_is_not_silent():
    desk = card_desk()
    desk.work("use.py", ", 'cm'", "")
    assert desk.engine.memory.weights("broken-call") == {}


@pytest.mark.parametrize("reason", ["snoozed", "too-soon", "budget-spent", "operation-in-progress"])
def test_silent_for_whatever_reason_of_the_moment(reason):
    settings = RewardSettings(cards_per_hour=0 if reason == "budget-spent" else 12)
    desk = Desk(SHAPES, settings=Settings(reward=settings))
    if reason == "snoozed":
        desk.engine.snooze(1e9)
    elif reason == "operation-in-progress":
        desk.start("merge")
    elif reason == "too-soon":
        desk.engine._pace = desk.engine._pace.after_dismissal(desk.now)
    assert desk.silences(desk.work("shapes.py", AREA, FEWER)) == [reason]
    desk.work("use.py", ", 'cm'", "")
    assert by_hand(desk, "broken-call") > 0


@pytest.mark.parametrize("no", ["dismissed", "muted"])
def test_what_the_user_said_no_to_is_not_silent_for_the_moment(no):
    desk = card_desk()
    desk.answer(no)
    before = dict(desk.engine.memory.weights("broken-call"))
    desk.wait(7200)
    elsewhere(desk)
    desk.work("use.py", ", 'cm'", "")
    assert dict(desk.engine.memory.weights("broken-call")) == before


def test_a_line_that_was_only_pointed_at_is_a_weaker_sign():
    """A parameter came; what each call must pass for it only the user knows."""
    desk = Desk(SHAPES)
    desk.engine.snooze(1e9)
    outcome = desk.work("shapes.py", "unit)", "unit, depth)")
    assert desk.silences(outcome) == ["snoozed"]
    assert all(place.after is None for need in outcome.needs for place in need.places)
    desk.work("use.py", "'cm')", "'cm', 9)")
    known = silent_desk()
    known.work("lib/test_b.py", "30", "60")
    assert 0 < by_hand(desk, "broken-call") < by_hand(known)


def test_a_pointed_line_says_nothing_when_the_trigger_was_worked_on_too():
    desk = Desk(SHAPES)
    desk.engine.snooze(1e9)
    desk.work("shapes.py", "unit)", "unit, depth)")
    desk.replace("shapes.py", "unit, depth)", "unit)")
    desk.work("use.py", "'cm')", "'mm')")
    assert by_hand(desk, "broken-call") == 0


def test_a_pointed_line_that_is_again_what_it_was_says_nothing():
    """The call was a comment before, and is one again."""
    commented = USE.replace("area(2", "# area(2")
    desk = Desk({**SHAPES, "use.py": commented})
    desk.engine.snooze(1e9)
    desk.work("use.py", "# area(2", "area(2")
    outcome = desk.work("shapes.py", "unit)", "unit, depth)")
    assert desk.silences(outcome) == ["snoozed"]
    assert desk.work("use.py", "area(2", "# area(2").needs == ()
    assert by_hand(desk, "broken-call") == 0


def test_a_card_that_stands_while_a_no_to_another_makes_all_rest_is_not_silent():
    desk = card_desk()
    poke(desk)
    desk.answer("dismissed", desk.cards[1])
    before = by_hand(desk, "broken-call")
    assert "too-soon" in desk.silences(elsewhere(desk))
    assert desk.card.path == "shapes.py"
    desk.work("use.py", ", 'cm'", "")
    assert by_hand(desk, "broken-call") == before == 0


def test_what_is_watched_is_bounded():
    files = {f"m{n}.py": f"def f{n}(x, y):\n    return x, y\n\n\nf{n}(1, 2)\n" for n in range(250)}
    desk = Desk(files)
    desk.engine.snooze(1e9)
    outcome = desk.commit({path: text.replace("x, y", "x") for path, text in files.items()})
    assert len(outcome.needs) == 250
    watched = desk.engine._lessons._by_hand._watched
    assert sum(len(each.spots) for each in watched) == 200


# What was seen.


def test_ignoring_teaches_what_was_on_screen_for_a_second():
    desk = card_desk()
    shown(desk, desk.card)
    desk.wait(1)
    desk.answer("ignored")
    assert desk.engine.memory.counts("broken-call", "save", "").ignored == 1


@pytest.mark.parametrize("seen", ["never", "just now", "later", "another card"])
def test_what_nobody_saw_nobody_ignored(seen):
    """The card is gone all the same."""
    desk = card_desk()
    card = desk.card
    if seen == "just now":
        shown(desk, card, desk.now + 0.5)
    elif seen == "later":
        shown(desk, card, desk.now + 50)
    elif seen == "another card":
        desk.do(SuggestionEvent(desk.now, "feedbeef", "shown", "k", card.path, card.range))
        desk.wait(60)
    desk.do(Answer(desk.now + (0 if seen == "later" else 0.1), card.id, "ignored"))
    desk.wait(1)
    assert desk.cards == ()
    assert desk.engine.memory.weights("broken-call") == {}


def test_a_mute_is_a_mute_and_nothing_else():
    desk = card_desk()
    desk.answer("muted")
    assert desk.engine.memory.weights("broken-call") == {}


# What contradicts itself.


def test_an_answer_counts_once_per_offer_whatever_follows():
    desk = card_desk()
    card = desk.card
    for _ in range(5_000):
        for op in ("accepted", "dismissed"):
            desk.engine.record(Answer(desk.now, card.id, op))
    assert desk.engine.memory.counts("broken-call", "save", "") == Counts(accepted=1, dismissed=1)
    desk.wait(7200)
    assert elsewhere(desk).offered is None


def test_undone_within_a_minute_weighs_more_than_a_dismissal():
    undone, dismissed = card_desk(), card_desk()
    undone.accept()
    undone.work("use.py", USE.replace(", 'cm'", ""), USE)
    dismissed.answer("dismissed")
    (one,) = undone.engine.memory.weights("broken-call").values()
    (other,) = dismissed.engine.memory.weights("broken-call").values()
    assert one == Tally(undone=1.5)
    assert other == Tally(dismissed=1.0)


def test_undone_later_is_no_verdict():
    desk = card_desk()
    desk.accept()
    desk.wait(61)
    desk.work("use.py", USE.replace(", 'cm'", ""), USE)
    (weights,) = desk.engine.memory.weights("broken-call").values()
    assert weights == Tally(accepted=1.0)


# The clock.


def test_a_clock_that_is_set_back_does_not_silence_for_longer():
    desk = card_desk()
    desk.answer("dismissed")
    desk.engine._pace = desk.engine._pace.after_dismissal(1e9)
    poked = poke(desk)
    assert "too-soon" in desk.silences(poked)
    desk.wait(61)
    assert elsewhere(desk).offered is not None


def poke(desk):
    """A call that no longer fits, in a file of its own."""
    path = f"poke{len(desk.events)}.py"
    desk.open(path, "def g(x, y):\n    return x, y\n\n\ng(1, 2)\n")
    return desk.work(path, "x, y):\n    return x, y", "x):\n    return x")


# The same twice.


def test_what_was_learned_replays_to_the_same():
    """By hand, ignored on screen, dismissed, undone: all from the events, to the last digit."""
    desk = Desk({**FILES, **SHAPES}, settings=LOW)
    desk.work("lib/a.py", "30", "60")
    desk.work("lib/test_b.py", "30", "60")
    desk.work("shapes.py", AREA, FEWER)
    shown(desk, desk.card)
    desk.wait(2)
    desk.answer("ignored")
    poke(desk)
    desk.answer("dismissed")
    desk.wait(90)
    poke(desk)
    plan = desk.plan()
    (file,) = plan.files
    before = desk.text(file.path)
    desk.accept()
    desk.work(file.path, result(before, file.edits), before)
    again = Desk({**FILES, **SHAPES}, settings=LOW)
    for event in desk.events:
        if not isinstance(event, SuggestionEvent) or event.op == "shown":
            again.do(event)
    again.wait(60)
    for kind in ("line-clone", "broken-call"):
        weights = again.engine.memory.weights(kind)
        assert weights == desk.engine.memory.weights(kind)
        assert weights
    assert by_hand(again) > 0
    assert any(each.ignored for each in again.engine.memory.weights("broken-call").values())
    assert any(each.undone for each in again.engine.memory.weights("broken-call").values())


# What was left alone, and a flood.


def test_a_group_left_alone_comes_back_when_one_of_its_places_is_done_by_hand():
    desk = Desk({**SHAPES, "use.py": f"{USE}area(4, 5, 'm')\n"})
    desk.work("shapes.py", AREA, FEWER)
    card = desk.card
    assert len(card.places) == 2
    desk.answer("ignored")
    elsewhere(desk)
    assert desk.cards == ()
    desk.work("use.py", "area(2, 3, 'cm')", "area(2, 3)")
    assert desk.card.id == card.id
    assert [place.range.start.line for place in desk.card.places] == [3]


def test_a_flood_is_judged_as_far_as_the_bound_and_the_rest_is_silent_with_a_reason(monkeypatch):
    desk = Desk(SHAPES)
    need = need_of("one", place(1, path="use.py"))
    flood = [replace(need, anchor=str(number)) for number in range(MOST_TASKS + 7)]
    monkeypatch.setattr(broken_call, "detect", lambda situation: iter(flood))
    outcome = desk.work("shapes.py", AREA, FEWER)
    assert len(outcome.judgements) == len(flood)
    unread = [each for each in outcome.judgements if each.threshold == 1.0]
    assert [each.silence.text for each in unread] == ["more than 200 needs came up at once"] * 7
