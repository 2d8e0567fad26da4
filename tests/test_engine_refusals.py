"""A dismissed suggestion never returns, whatever happens to its lines; a new one is offered."""

import pytest

from proactive_lsp.clock import VirtualClock
from proactive_lsp.engine import Engine
from proactive_lsp.events import Answer, SuggestionEvent, span
from proactive_lsp.memory import Memory, NoStore, SqliteStore
from proactive_lsp.reward.refusals import MOST_LINES, Refusals
from proactive_lsp.reward.refused import refusal
from proactive_lsp.scheduling import Scheduler
from proactive_lsp.settings import Settings
from proactive_lsp.suggestions import Place
from proactive_lsp.workspace.tree import FilesTree
from tests.desk import OTHERS_OFF, Desk
from tests.reward.cards import card, need

AREA = "def area(width, height, unit):\n    return width * height, unit\n"
FEWER = AREA.replace(", unit", "")
USE = "from shapes import area\n\narea(2, 3, 'cm')\n"
FILES = {"shapes.py": AREA, "use.py": USE, "other.py": "x = 1\n"}


def refused_desk(files=FILES, **more):
    """A card about the call in use.py was dismissed, and the rest after it is over."""
    desk = Desk(files, **more)
    desk.work("shapes.py", AREA, FEWER)
    assert desk.card.need == "broken-call"
    desk.answer("dismissed")
    desk.wait(7200)
    return desk


def elsewhere(desk):
    return desk.work("other.py", "x = ", "x = 1")


def stays_silent(desk):
    """No card at this boundary, at the next commits and after a while."""
    elsewhere(desk)
    desk.commit(head="one")
    desk.wait(7200)
    elsewhere(desk)
    desk.commit(head="two")
    return len(desk.offered) == 1


# What happens to the trigger alone, then to the place alone, then to both.
TRIGGERS = {
    "as it was": (),
    "white space": (("width, height)", "width,  height)"),),
    "another word": (("def area(width, height)", "def area(wide, height)"),),
    "one parameter less": (("width, height)", "width)"),),
    "lines above": (("def area", "import os\n\n\ndef area"),),
}
PLACES = {
    "as it was": (),
    "white space": (("area(2, 3, 'cm')", "area(2,  3,  'cm')"),),
    "another word": (("area(2, 3, 'cm')", "size = area(2, 3, 'cm')"),),
    "another argument": (("'cm'", "'mm'"),),
    "several small edits": (
        ("area(2, 3, 'cm')", "size = area(2, 3, 'cm')"),
        ("size = ", "the_size = "),
        ("'cm'", "'metres'"),
        ("area(2", "area(22"),
    ),
    "lines above": (("\narea", "\n\n\n# more\narea"),),
    "lines above, then another word": (
        ("\narea", "\n\n\n# more\narea"),
        ("area(2, 3, 'cm')", "size = area(2, 3, 'cm')"),
    ),
    "lines above in the same go": (("\narea(2, 3, 'cm')", "\n# more\n\nsize = area(2, 3, 'cm')"),),
    "indented": (("area(2, 3, 'cm')", "if True:\n    area(2, 3, 'cm')"),),
    "commented": (("area(2, 3, 'cm')", "area(2, 3, 'cm')  # for now"),),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_never_again_after_small_edits(trigger, place):
    desk = refused_desk()
    for old, new in TRIGGERS[trigger]:
        desk.work("shapes.py", old, new)
    for old, new in PLACES[place]:
        desk.work("use.py", old, new)
    assert stays_silent(desk)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_never_again_when_the_place_is_edited_first(trigger):
    desk = refused_desk()
    for old, new in PLACES["several small edits"]:
        desk.replace("use.py", old, new)
        desk.wait(3)
    for old, new in TRIGGERS[trigger]:
        desk.work("shapes.py", old, new)
    assert stays_silent(desk)


def test_never_again_in_a_renamed_file():
    desk = refused_desk()
    desk.rename("use.py", "uses.py")
    desk.wait(10)
    assert stays_silent(desk)


def test_never_again_in_a_renamed_file_that_is_edited_there():
    desk = refused_desk()
    desk.open("use.py")
    desk.close("use.py")
    desk.rename("use.py", "uses.py")
    desk.work("uses.py", "area(2, 3, 'cm')", "size = area(2, 3, 'cm')")
    desk.work("shapes.py", "width, height)", "width,  height)")
    assert stays_silent(desk)


def test_never_again_in_a_renamed_folder_or_of_a_renamed_trigger():
    desk = Desk({"lib/shapes.py": AREA, "lib/use.py": USE, "other.py": "x = 1\n"})
    desk.work("lib/shapes.py", AREA, FEWER)
    desk.answer("dismissed")
    desk.wait(7200)
    desk.rename("lib", "src")
    desk.wait(10)
    desk.work("src/shapes.py", "width, height)", "width,  height)")
    assert stays_silent(desk)


def test_never_again_as_another_kind():
    """The same line, edited since, as the clone of a line that was changed much later."""
    line = "size = area(2, 3, 'cm')  # of the whole box"
    desk = refused_desk()
    desk.work("use.py", "area(2, 3, 'cm')", line)
    for number in range(3):
        desk.commit(head=str(number))
    control = Desk({**FILES, "use.py": USE.replace("area(2, 3, 'cm')", line)})
    outcomes = []
    for each in (desk, control):
        each.open("third.py", f"{line}\n")
        outcomes.append(each.work("third.py", "'cm'", "'mm'"))
    assert [[need.kind for need in outcome.needs] for outcome in outcomes] == [["line-clone"]] * 2
    assert [desk.silences(outcome) for outcome in outcomes] == [["dismissed"], []]


def engine_on(path, files):
    """A desk whose memory lives in a file, as after the server was started again."""
    desk = Desk(files)
    settings = Settings(needs=OTHERS_OFF)
    desk.clock = VirtualClock()
    desk.engine = Engine(settings, base=FilesTree(files), memory=Memory(SqliteStore(path)))
    desk.scheduler = Scheduler(desk.engine, desk.clock, settings.schedule)
    return desk


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("place", ["as it was", "another word", "several small edits"])
def test_never_again_after_the_server_was_started_again(tmp_path, trigger, place):
    store = tmp_path / "m.sqlite3"
    first = engine_on(store, FILES)
    first.work("shapes.py", AREA, FEWER)
    first.answer("dismissed")
    first.wait(7200)
    first.engine.close()
    again = engine_on(store, FILES)
    for old, new in PLACES[place]:
        again.work("use.py", old, new)
    again.work("shapes.py", AREA, FEWER)
    for old, new in TRIGGERS[trigger]:
        again.work("shapes.py", old, new)
    elsewhere(again)
    again.commit()
    assert again.offered == []
    again.engine.close()


def test_what_was_edited_before_the_server_ended_stays_refused(tmp_path):
    store = tmp_path / "m.sqlite3"
    first = engine_on(store, FILES)
    first.work("shapes.py", AREA, FEWER)
    first.answer("dismissed")
    first.work("use.py", "area(2, 3, 'cm')", "size = area(2, 3, 'cm')")
    now = first.text("use.py")
    first.engine.close()
    again = engine_on(store, {**FILES, "use.py": now})
    again.work("shapes.py", AREA, FEWER.replace("width, height)", "width,  height)"))
    again.commit()
    assert again.offered == []
    again.engine.close()


# What is new is offered.


def test_another_place_is_offered():
    desk = refused_desk()
    desk.work("use.py", "area(2, 3, 'cm')", "size = area(2, 3, 'cm')")
    desk.open("new.py", "from shapes import area\n\narea(7, 8, 'km')\n")
    desk.work("shapes.py", "def area(width, height)", "def area(wide, height)")
    assert [place.path for place in desk.card.places] == ["new.py"]


def test_a_new_name_is_offered_but_not_for_the_refused_line():
    """It concerns the import, which nobody said no to."""
    desk = refused_desk()
    desk.work("shapes.py", "def area", "def surface")
    assert (desk.card.need, [place.range.start.line for place in desk.card.places]) == (
        "renamed-mention",
        [0],
    )


def test_another_call_in_the_same_file_is_offered():
    desk = refused_desk()
    desk.work("use.py", "area(2, 3, 'cm')", "area(2, 3, 'cm')\nprint(area(40, 50, 'light years'))")
    desk.work("shapes.py", "def area(width, height)", "def area(wide, height)")
    (place,) = desk.card.places
    assert "light years" in desk.text("use.py").split("\n")[place.range.start.line]


def test_a_line_that_was_rewritten_is_another_one():
    desk = refused_desk()
    desk.work("use.py", "area(2, 3, 'cm')", "print('something entirely else')")
    desk.work(
        "use.py", "print('something entirely else')", "outcome = list(map(area, [7], [8], [9]))"
    )
    desk.work("use.py", "outcome = list(map(area, [7], [8], [9]))", "outcome = [area(70, 80, 90)]")
    desk.work("shapes.py", "def area(width, height)", "def area(wide, height)")
    assert len(desk.offered) == 2


def test_an_empty_line_is_refused_where_it_is_and_nowhere_else():
    """Where something is to be inserted there may be no text; there are many such lines."""
    memory, text = Memory(NoStore()), ["a = 1", "", "b = 2", "", "c = 3"]
    first = Place("a.py", span(1, 0, 1, 0), "", "new = 1\n")
    other = Place("a.py", span(3, 0, 3, 0), "", "new = 1\n")
    refusals = Refusals(memory)
    refusals.refuse(card(need("one", first, path="a.py")), lambda path: text)
    assert refusal(first, lambda path: text) in memory.dismissed()
    assert refusal(other, lambda path: text) not in memory.dismissed()


def test_what_lies_inside_a_refused_block_is_refused_too():
    memory, text = Memory(NoStore()), ["def f():", "    first = compute(1)", "    x", "    }", ""]
    block = Place("a.py", span(0, 0, 3, 0), "\n".join(text[:3]), "new")
    inside = Place("a.py", span(1, 4, 1, 9), "first", "second")
    short = Place("a.py", span(2, 4, 2, 5), "x", "y")
    refusals = Refusals(memory)
    refusals.refuse(card(need("one", block, path="a.py")), lambda path: text)
    assert refusal(inside, lambda path: text) in memory.dismissed()
    assert refusal(short, lambda path: text) not in memory.dismissed()


# Bounds, and the same twice.


def test_what_is_followed_is_bounded():
    lines = [f"call_number_{n}(1, 2)" for n in range(1_000)]
    memory, refusals = Memory(NoStore()), None
    refusals = Refusals(memory)
    for number in range(1_000):
        place = Place("a.py", span(number, 0, number, 4), "call", "done")
        refusals.refuse(card(need(str(number), place, path="a.py")), lambda path: lines)
    assert len(refusals._lines) == MOST_LINES
    refusals.opened("a.py", lines)
    assert len(refusals._lines) == MOST_LINES


def test_the_same_twice():
    """What was refused, followed and renamed comes of the events alone."""
    desk = refused_desk()
    desk.work("use.py", "area(2, 3, 'cm')", "size = area(2, 3, 'cm')")
    desk.rename("use.py", "uses.py")
    desk.work("uses.py", "size =", "the_size =")
    again = Desk(FILES)
    for event in desk.events:
        if not isinstance(event, SuggestionEvent):
            again.do(event)
    again.wait(60)
    assert again.engine.memory.dismissed() == desk.engine.memory.dismissed()
    assert [e for e in again.events if isinstance(e, Answer)]
    assert again.offered == desk.offered
