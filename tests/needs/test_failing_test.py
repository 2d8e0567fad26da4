"""A test that failed, and the line of the work that its output leads to."""

import time

import pytest
from msgspec import structs

from proactive_lsp.events import Change, Command, Edit, Git, TestResult, span
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.needs import failing_test, needs_model, traces
from proactive_lsp.needs.traces import frames
from tests.check import situation_of

SHAPES = "def area(w, h):\n    return w / h\n\n\ndef volume(a):\n    return a**3\n"
TESTS = "from shapes import area\n\n\ndef test_area():\n    assert area(2, 3) == 6\n"
FILES = {"src/shapes.py": SHAPES, "tests/test_shapes.py": TESTS, "src/other.py": "x = 1\ny = 2\n"}
OUTPUT = """\
____ test_area ____
tests/test_shapes.py:5:
    def test_area():
>       assert area(2, 3) == 6
src/shapes.py:2: ZeroDivisionError
FAILED tests/test_shapes.py::test_area - ZeroDivisionError
"""
FAILS = Command(5.0, "pytest -x", 1, tail=OUTPUT)


def needs(*events, files=FILES, before=None):
    """What is noticed after these events; `before` are texts that were edited into `files`."""
    memory = Memory(NoStore())
    for event in events:
        memory.append(event)
    situation = situation_of(files | (before or {}), files)
    return list(failing_test.detect(structs.replace(situation, memory=memory)))


def place(*events, **more):
    (need,) = needs(*events, **more)
    (found,) = need.places
    return found.path, found.range.start.line


def test_points_at_the_line_of_the_product_that_the_output_names():
    (need,) = needs(FAILS)
    assert need.title == "Fix what makes `test_area` fail"
    assert [fact.cited() for fact in need.facts] == [
        "`test_area` failed (event 1)",
        "its output names this line (src/shapes.py:2)",
        "the test failed here (tests/test_shapes.py:5)",
    ]
    (found,) = need.places
    assert (found.path, found.range, found.before) == (
        "src/shapes.py",
        span(1, 4, 1, 16),
        "return w / h",
    )
    assert found.after is None
    assert needs_model(failing_test)


@pytest.mark.parametrize(
    ("line", "tail", "where"),
    [
        (
            "python -m unittest",
            'FAIL: test_area (x)\n  File "/home/me/src/shapes.py", line 2, in area',
            1,
        ),
        (
            "python t.py",
            'Traceback (most recent call last):\n  File "src/shapes.py", line 6, in v',
            5,
        ),
        ("tox", 'File "C:\\\\work\\\\src\\\\shapes.py", line 2'.replace("\\\\", "\\"), 1),
    ],
)
def test_reads_what_python_prints(line, tail, where):
    assert place(Command(5.0, line, 1, tail=tail)) == ("src/shapes.py", where)


@pytest.mark.parametrize(
    ("path", "line", "tail"),
    [
        ("src/shapes.ts", "npx vitest", " \u276f src/shapes.ts:2:5"),
        ("src/shapes.js", "npm test", "  at area (/home/me/shop/src/shapes.js:2:5)"),
        ("src/shapes.js", "node --test", "at file:///home/me/src/shapes.js:2:5"),
        (
            "pkg/shapes.go",
            "go test ./...",
            "--- FAIL: TestArea\n\tpanic: x\n\t/go/pkg/shapes.go:2 +0x1d",
        ),
        ("src/lib.rs", "cargo test", "thread 'tests::area' panicked at src/lib.rs:2:5:\nboom"),
        ("src/com/Shapes.java", "mvn test", "\tat com.Shapes.area(Shapes.java:2)"),
    ],
)
def test_reads_what_other_runners_print(path, line, tail):
    files = {path: "first\nsecond\n"}
    assert place(Command(5.0, line, 1, tail=tail), files=files) == (path, 1)


@pytest.mark.parametrize(
    ("tail", "name"),
    [
        ("FAILED tests/a.py::TestA::test_area[1] - x", "test_area"),
        ("___ TestA.test_area ___", "test_area"),
        ("FAIL: test_area (a.TestA)", "test_area"),
        ("--- FAIL: TestArea (0.00s)", "TestArea"),
        ("thread 'tests::area' panicked at src/lib.rs:2:5:", "area"),
        ("  \u25cf shapes \u203a computes areas", "computes areas"),
        ("not ok 3 - computes areas", "computes areas"),
        ("[ERROR]   ShapesTest.area:12 expected", "area"),
        ("nothing of the kind", ""),
    ],
)
def test_reads_the_name_of_the_test(tail, name):
    assert traces.test_name(tail) == name


def test_of_several_lines_the_one_nearest_to_the_last_edit():
    output = OUTPUT + "src/shapes.py:6: in volume\nsrc/other.py:2: in other\n"
    edited = {"src/shapes.py": SHAPES.replace("w / h", "w * h")}
    assert place(Command(5.0, "pytest", 1, tail=output), before=edited) == ("src/shapes.py", 1)
    # Nothing edited: the innermost call.
    assert place(Command(5.0, "pytest", 1, tail=output)) == ("src/other.py", 1)


def test_an_assertion_leads_to_what_the_test_calls_and_was_edited():
    output = "tests/test_shapes.py:5: AssertionError\nFAILED tests/test_shapes.py::test_area\n"
    fails = Command(5.0, "pytest", 1, tail=output)
    edited = {"src/shapes.py": SHAPES.replace("w / h", "w * h")}
    (need,) = needs(fails, before=edited)
    assert need.places[0].path == "src/shapes.py"
    assert need.facts[1].text == "`test_area` calls `area`, which was edited"
    assert place(fails) == ("tests/test_shapes.py", 4)


def test_a_result_of_its_own_tells_as_well():
    failed = TestResult(5.0, "tests/test_shapes.py::test_area", "failed", message=OUTPUT)
    assert place(failed) == ("src/shapes.py", 1)
    bare = TestResult(5.0, "test_area", "failed", "tests/test_shapes.py", "assert 5 == 6")
    assert place(bare) == ("tests/test_shapes.py", 3)


def test_one_place_is_one_need():
    one = TestResult(5.0, "test_area", "failed", message=OUTPUT)
    other = TestResult(6.0, "test_size", "failed", message=OUTPUT)
    (need,) = needs(one, other)
    assert need.facts[0].text == "`test_size` failed"


PASSES = Command(6.0, "pytest", 0, tail="1 passed")


@pytest.mark.parametrize(
    "events",
    [
        (),
        (PASSES,),
        (FAILS, PASSES),
        (FAILS, Git(6.0, "checkout")),
        (TestResult(5.0, "t", "failed", message=OUTPUT), TestResult(6.0, "t", "passed")),
        (TestResult(5.0, "t", "failed"),),
        (TestResult(5.0, "t", "skipped", message=OUTPUT),),
        (Command(5.0, "pytest", 1),),
        (Command(5.0, "pytest", 1, tail="gone.py:3: AssertionError"),),
        (Command(5.0, "pytest", 1, tail="src/shapes.py:900: AssertionError"),),
        (Command(5.0, "pytest", 1, tail="src/shapes.py:3: AssertionError"),),
        (Command(5.0, "gcc x.c", 1, tail="src/shapes.py:2:5: error: no"),),
    ],
)
def test_stays_quiet(events):
    assert needs(*events) == []


def test_stays_quiet_once_the_line_was_edited_and_moves_with_it_until_then():
    changed = Edit(6.0, "src/shapes.py", 2, (Change(span(1, 0, 2, 0), "    return w / h\n"),))
    output = "src/shapes.py:2: ZeroDivisionError"
    fails = Command(5.0, "pytest", 1, tail=output)
    assert needs(fails, changed) == []
    above = Edit(6.0, "src/shapes.py", 2, (Change(span(0, 0, 0, 0), "import os\n"),))
    moved = FILES | {"src/shapes.py": f"import os\n{SHAPES}"}
    assert place(fails, above, files=moved) == ("src/shapes.py", 2)


def test_another_program_that_passes_says_nothing_of_the_test():
    assert place(FAILS, Command(6.0, "ls", 0), Command(7.0, "npm test", 0)) == ("src/shapes.py", 1)


def test_a_program_that_is_debugged_has_not_passed():
    started = Command(6.0, "debug pytest", 0, phase="started")
    stopped = Command(7.0, "debug pytest", 0, phase="stopped")
    assert place(FAILS, started, stopped) == ("src/shapes.py", 1)


def test_half_typed_code_is_pointed_at_all_the_same():
    half = FILES | {
        "src/shapes.py": "def area(w, h:\n    return w / h\n",
        "tests/test_shapes.py": "def t(",
    }
    assert place(FAILS, files=half) == ("src/shapes.py", 1)


@pytest.mark.parametrize("piece", ["a", "a.", "a/", "_", "a.b"])
def test_long_words_cost_no_more_than_others(piece):
    """As of a bundle without line breaks; read at each boundary after a failure."""
    output = "\n".join([(piece * 500)[:500]] * 200)
    began = time.process_time()
    assert frames(output, ["a.py"]) == ()
    assert time.process_time() - began < 0.5


def test_odd_output_is_survived():
    for tail in (
        "x.py:" + "9" * 5_000,
        "\0" * 100,
        ":" * 10_000,
        "a/b.py:1 " * 5_000,
        'File "", line 1',
    ):
        assert needs(Command(5.0, "pytest", 1, tail=tail)) == []
