"""Each kind of task that a model writes: a happy path byte for byte, and what is refused."""

from functools import partial

import pytest
from msgspec import structs

from proactive_lsp.agent.writing.write import WRITERS, writable
from proactive_lsp.events import Command, span
from proactive_lsp.needs import KINDS, changelog, merge_conflict, tests_along
from proactive_lsp.suggestions import Fact, Place, Silence
from proactive_lsp.workspace.changes import LineHunk
from proactive_lsp.workspace.past import Past
from tests.agent.writing.conftest import block, fence, found_task, line_place, task_at
from tests.check import situation_of

SHAPES = "def area(w, h):\n    return w * h\n\n\ndef volume(a):\n    return a**3\n"
TESTS = """\
from shapes import area


def test_area():
    assert area(2, 3) == 6


def test_nothing():
    pass
"""
FILES = {"shapes.py": SHAPES, "tests/test_shapes.py": TESTS}
TEST_FILE = Place("tests/test_shapes.py", span(0, 0, 0, 0), "", whole=True)
VOLUME = "def test_volume():\n    assert volume(2) == 8"


def drafting(row=4):
    return task_at(TEST_FILE, kind="tests-along", path="shapes.py", range=span(row, 0, row, 0))


def test_the_kinds_that_are_written_exist():
    assert WRITERS.keys() <= set(KINDS)


# A test.


async def test_a_test_stands_below_the_last_one_in_its_style(desk):
    found = desk(FILES, drafting())
    wanted = f"{TESTS}\n\n{VOLUME}\n"
    assert await found.text(fence(VOLUME), path="tests/test_shapes.py") == wanted


async def test_a_test_stands_below_the_one_of_its_subject(desk):
    found = desk(FILES, drafting(row=0))
    test = "def test_area_of_nothing():\n    assert area(0, 0) == 0"
    wanted = TESTS.replace("== 6\n", f"== 6\n\n\n{test}\n")
    assert await found.text(fence(test), path="tests/test_shapes.py") == wanted
    prompt = found.model.history[0].messages[1].content
    assert "def area(w, h):" in prompt
    assert "def test_area():" in prompt
    assert "volume" not in prompt


async def test_a_test_in_a_class_is_indented_like_its_neighbour(desk):
    tests = "class TestShapes:\n    def test_area(self):\n        assert area(2, 3) == 6\n"
    found = desk(FILES | {"tests/test_shapes.py": tests}, drafting(0))
    test = "def test_more(self):\n    assert area(1, 1) == 1"
    wanted = f"{tests}\n    def test_more(self):\n        assert area(1, 1) == 1\n"
    assert await found.text(fence(test), path="tests/test_shapes.py") == wanted


async def test_a_test_of_script_stands_at_the_end(desk):
    tests = 'test("area", () => {\n  expect(area(2, 3)).toBe(6);\n});\n'
    files = {
        "shapes.js": "export function area(w, h) {\n  return w * h;\n}\n",
        "shapes.test.js": tests,
    }
    place = Place("shapes.test.js", span(0, 0, 0, 0), "", whole=True)
    found = desk(files, task_at(place, kind="tests-along", path="shapes.js"))
    test = 'test("nothing", () => {\n  expect(area(0, 0)).toBe(0);\n});'
    wanted = f"{tests}\n{test}\n"
    assert await found.text(fence(test, "js"), path="shapes.test.js") == wanted


async def test_blocks_may_bring_an_import_along_but_change_no_test(desk):
    found = desk(FILES, drafting())
    answer = "\n".join(
        (
            block("from shapes import area", "from shapes import area, volume"),
            block("def test_nothing():\n    pass", f"def test_nothing():\n    pass\n\n\n{VOLUME}"),
        )
    )
    wanted = TESTS.replace("import area", "import area, volume") + f"\n\n{VOLUME}\n"
    assert await found.text(answer, path="tests/test_shapes.py") == wanted
    await found.refused(
        block("    assert area(2, 3) == 6", "    assert volume(2) == 8"), says="only add one"
    )


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("", "no fenced block"),
        (fence("\n\n"), "empty"),
        (fence("def test_x():\n    assert True"), "does not mention `volume`"),
        (fence("def test_area():\n    assert volume(1) == 1"), "is there already"),
        (fence("def test_volume(:\n    assert volume(1)"), "no longer parse"),
        (fence(f"{VOLUME}\n    # ... more tests"), "leaves lines out"),
        (fence(f"{VOLUME}\n    key = 'xxxxxxxxxxxxxxxx'"), "a secret"),
    ],
)
async def test_a_test_that_will_not_do_is_refused(desk, answer, says):
    await desk(FILES, drafting()).refused(answer, says=says)


def predicted_test(row=4):
    return task_at(line_place(SHAPES, row, "src/till.py"), features={"work-test": 1.0})


PAIRS = {
    "src/shapes.py": SHAPES,
    "tests/test_shapes.py": TESTS,
    "src/till.py": SHAPES.replace("volume", "pay"),
}
PAY = "from till import pay\n\n\ndef test_pay():\n    assert pay(2) == 8"


async def test_a_first_test_makes_a_file_where_the_others_are(desk):
    found = desk(PAIRS, predicted_test())
    written = await found.write(fence(PAY))
    assert written.files == (("tests/test_till.py", f"{PAY}\n"),)
    assert written.places == ()
    assert 'Write the file "tests/test_till.py".' in found.model.history[0].messages[1].content


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (fence(""), "empty"),
        (fence("def test():\n    pass"), "does not mention `pay`"),
        (fence(f"{PAY}\n("), "no longer parse"),
        (fence(f"{PAY}\nkey = 'xxxxxxxxxxxxxxxx'"), "a secret"),
        (fence(f"{PAY}  # \u200b"), "nobody sees"),
        (PAY, "no fenced block"),
    ],
)
async def test_a_test_file_that_will_not_do_is_refused(desk, answer, says):
    await desk(PAIRS, predicted_test()).refused(answer, says=says)


async def test_a_test_file_that_is_there_is_added_to(desk):
    found = desk(PAIRS | {"tests/test_till.py": TESTS}, predicted_test())
    test = "def test_pay():\n    assert pay(2) == 8"
    written = await found.write(fence(test))
    assert written.files == ()
    assert found.applied(written.places, "tests/test_till.py") == f"{TESTS}\n\n{test}\n"


async def test_where_no_test_tells_where_they_are_none_is_made(desk):
    files = {"src/till.py": PAIRS["src/till.py"]}
    silence = await desk(files, predicted_test()).write(fence(PAY))
    assert silence == Silence(
        "not-written", "could not: there is nothing here that a model may write"
    )


# A changelog entry.

LOG = "# Changes\n\n## Unreleased\n\n- Add `area`.\n\n## 1.0 - 2025-01-01\n\n- Begin.\n"


def logging_at(row, path="CHANGELOG.md"):
    place = Place(path, span(row, 0, row, 0), "", certain=False)
    return task_at(place, kind="changelog", path="shapes.py")


async def test_an_entry_stands_among_the_others(desk):
    found = desk({"CHANGELOG.md": LOG, "shapes.py": SHAPES}, logging_at(5))
    wanted = LOG.replace("- Add `area`.\n", "- Add `area`.\n- Round areas.\n")
    path = "CHANGELOG.md"
    for answer in ("Round areas.", "- Round areas.", "```\n* Round\n  areas.\n```"):
        assert await found.text(answer, path=path) == wanted


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("", "empty"),
        ("## 2.0", "no entry of one sentence"),
        ("very long " * 40, "no entry of one sentence"),
        ("Add `area`.", "there already"),
        ("Round\u200b areas", "nobody sees"),
    ],
)
async def test_an_entry_that_will_not_do_is_refused(desk, answer, says):
    found = desk({"CHANGELOG.md": LOG, "shapes.py": SHAPES}, logging_at(5))
    await found.refused(answer, says=says)


def test_a_drafted_entry_is_not_written_again():
    place = Place("CHANGELOG.md", span(5, 0, 5, 0), "", "- Add `volume`.\n")
    assert not writable(task_at(place, kind=changelog.KIND))


# The message of a commit.

CONVENTIONAL = (
    *("fix(shapes): round areas", "feat(shapes): add area", "docs: tell of areas"),
    *("feat(till): pay", "fix(till): pay more", "chore(till): tidy"),
)


def committing(desk, subjects=(), staged=("pkg/shapes.py",)):
    hunk = LineHunk("pkg/shapes.py", 4, (), 4, ("def volume(a):", "    return a**3"))
    task = task_at(kind="commit-message", facts=(Fact("Add volume"),))
    past = Past((), subjects)
    return desk({"pkg/shapes.py": SHAPES}, task, staged=staged, recent=(hunk,), past=past)


async def message(found, *answers):
    written = await found.write(*answers)
    assert written.places == written.files == ()
    return written.text


async def test_a_message_has_a_subject_and_a_wrapped_body(desk):
    found = committing(desk)
    body = "Boxes have one, and people asked for it " * 4
    text = await message(found, f"add volume.\n\n{body}\n- one\n- two")
    subject, blank, *rest = text.split("\n")
    assert (subject, blank) == ("Add volume", "")
    assert max(map(len, rest)) <= 72
    assert rest[-2:] == ["- one", "- two"]
    prompt = found.model.history[0].messages[1].content
    assert '"pkg/shapes.py"' in prompt
    assert "+| def volume(a):" in prompt
    assert 'A first draft:\n"Add volume"' in prompt


async def test_a_message_follows_the_log(desk):
    found = committing(desk, CONVENTIONAL)
    assert await message(found, "feat(shapes): Add volume.") == "feat(shapes): add volume"
    await found.refused("Add volume", says="not written like the earlier ones")
    assert "| fix(shapes): round areas" in found.model.history[0].messages[1].content
    plain = committing(desk, ("Add taxes.", "Drop it.", "Pay more.", "Tidy up.", "Fix that."))
    assert await message(plain, "feat: add volume") == "Add volume."


async def test_a_long_subject_is_asked_for_once_more(desk):
    found = committing(desk)
    long = "Add the volume of a box to the shapes that are known so far"
    assert await message(found, long, "Add the volume of a box") == "Add the volume of a box"
    assert len(found.model.history) == 2
    assert await message(found, long, long) == long
    assert await message(found, long, "") == long
    # The model is gone by then: what it said first is good enough.
    assert await message(found, long) == long
    longer = f"{long} and of all others"
    await found.refused(longer, says="72 are the most")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("", "empty"),
        ("# a comment", "empty"),
        ("Add \u202evolume", "nobody sees"),
        ("Add volume\n\n" + "- more\n" * 30, "more than 20 lines"),
        ("Add xxxxxxxxxxxx", "a secret"),
    ],
)
async def test_a_message_that_will_not_do_is_refused(desk, answer, says):
    await committing(desk).refused(answer, says=says)


async def test_nothing_staged_needs_no_message(desk):
    silence = await committing(desk, staged=()).write("Add volume")
    assert silence.kind == "not-written"


# A conflict.

CONFLICT = """\
def area(w, h):
<<<<<<< HEAD
    check(w)
    return w * h
||||||| base
    return w * h
=======
    return round(w * h)
>>>>>>> side
"""
RESOLVED = "    check(w)\n    return round(w * h)"


def resolving(text=CONFLICT):
    situation = situation_of({"shop.py": "x = 1\n"}, {"shop.py": text})
    return found_task(merge_conflict, situation)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_a_resolution_stands_in_the_place_of_the_whole_conflict(desk, end):
    text = CONFLICT.replace("\n", end)
    found = desk({"shop.py": text}, resolving(text))
    assert await found.text(fence(RESOLVED)) == f"def area(w, h):\n{RESOLVED}\n".replace("\n", end)
    prompt = found.model.history[0].messages[1].content
    assert "What both began with:\n```python\n    return w * h\n```" in prompt
    assert "<<<<<<<" not in prompt


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("", "no fenced block"),
        (fence(""), "empty"),
        (fence(CONFLICT.rstrip()), "conflict markers"),
        (fence(f"{RESOLVED}\n>>>>>>> side"), "conflict markers"),
        (fence(f"{RESOLVED}\n======="), "conflict markers"),
        (block("    return w * h", RESOLVED), "one fenced block"),
        (fence("    return round(w * h"), "would not parse"),
        (fence("    check(w)\n    ..."), "leaves lines out"),
        (fence(f"{RESOLVED}\n    # rest of the code"), "leaves lines out"),
        (fence(f"{RESOLVED}  # \u202e"), "nobody sees"),
    ],
)
async def test_a_resolution_that_will_not_do_is_refused(desk, answer, says):
    await desk({"shop.py": CONFLICT}, resolving()).refused(answer, says=says)


async def test_a_conflict_with_a_secret_in_it_is_left_to_its_owner(desk):
    text = CONFLICT.replace("check(w)", 'key = "ghp_1234567890abcdefghijABCDEFGHIJ123456"')
    found = desk({"shop.py": text}, resolving(text))
    silence = await found.write(fence(RESOLVED))
    assert silence.kind == "not-written"
    assert found.model.history == []


async def test_each_conflict_is_asked_for_by_itself(desk):
    text = CONFLICT + CONFLICT.replace("area", "size")
    found = desk({"shop.py": text}, resolving(text))
    wanted = f"def area(w, h):\n{RESOLVED}\ndef size(w, h):\n{RESOLVED}\n"
    assert await found.text(fence(RESOLVED), fence(RESOLVED)) == wanted
    # One that failed leaves the other, and a place of its own is all that is asked for.
    half = CONFLICT.replace("area", "size")
    assert await found.text(fence(RESOLVED), "", "") == f"def area(w, h):\n{RESOLVED}\n{half}"
    alone = await found.write(fence(RESOLVED), place=found.task.places[1])
    assert [place.range.start.line for place in alone.places] == [10]


# A failing test, and places that only point.


async def test_a_fix_is_shown_the_output_and_the_test(desk):
    output = "E   assert 5 == 6\nkey = ghp_1234567890abcdefghijABCDEFGHIJ123456\n"
    task = task_at(
        line_place(SHAPES, 1, "shapes.py"),
        kind="failing-test",
        facts=(Fact("`test_area` failed", event=1), Fact("here", "tests/test_shapes.py", 4)),
    )
    found = desk(FILES, task, events=(Command(1.0, "pytest", 1, tail=output),))
    text = await found.text(block("    return w * h", "    return h * w"), path="shapes.py")
    assert text == SHAPES.replace("w * h", "h * w")
    prompt = found.model.history[0].messages[1].content
    assert "What failed:\n| E   assert 5 == 6" in prompt
    assert "The test:\n```python\ndef test_area():" in prompt
    assert "1234567890abcdef" not in prompt


@pytest.mark.parametrize("kind", ["block-clone", "shape-clone", "twin-body", "twin-signature"])
async def test_a_like_that_only_points_is_changed_around_its_place(desk, kind):
    found = desk({"shapes.py": SHAPES}, task_at(line_place(SHAPES, 1, "shapes.py"), kind=kind))
    text = await found.text(block("    return w * h", "    return h * w"), path="shapes.py")
    assert text == SHAPES.replace("w * h", "h * w")


def test_only_what_no_rule_wrote_is_writable():
    pointing = line_place(SHAPES, 1, "shapes.py")
    ready = structs.replace(pointing, after="x = 1")
    whole = Place("shapes.py", span(0, 0, 0, 0), "", whole=True)
    for kind in ("predicted", "failing-test", "block-clone"):
        at = partial(task_at, kind=kind)
        assert [writable(at(each)) for each in (pointing, ready, whole)] == [True, False, False]
    assert not writable(task_at(pointing, kind="renamed-mention"))
    guarded = line_place(SHAPES, 1, ".github/x.py")
    assert not writable(task_at(guarded, kind="block-clone", path="shapes.py"))
    assert writable(task_at(kind="commit-message"))
    assert writable(drafting())
    assert tests_along.KIND in WRITERS


async def test_tests_of_rust_stand_in_the_source(desk):
    text = "fn area() -> u32 {\n    6\n}\n"
    task = task_at(line_place(text, 2, "src/lib.rs"), features={"work-test": 1.0})
    test = "}\n\n#[test]\nfn six() {\n    assert_eq!(area(), 6);\n}"
    made = await desk({"src/lib.rs": text}, task).text(block("}", test), path="src/lib.rs")
    assert made == text.replace("}", test)
