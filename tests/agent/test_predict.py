"""What of a model's answer is believed: a line that stands in the workspace, and few words."""

import json

import msgspec
import pytest

from proactive_lsp.agent.predict import SCHEMA, read, task_of
from proactive_lsp.events import span
from proactive_lsp.suggestions import Silence, Task
from proactive_lsp.workspace.changes import LineHunk

FILES = {
    "shop.py": "def area(r):\n    return 3 * r\n\n\ndef twice(r):\n\treturn 2 * r\n    # 🙂 why\n",
    "docs/read me.md": "# Shop\r\n\r\nAreas.",
}
GOOD = {
    "purpose": "compute areas",
    "help_wanted": True,
    "kind": "fix",
    "task": "Use pi in area",
    "path": "shop.py",
    "quoted_line": "    return 3 * r",
    "why": "3 is not pi",
}


def made(answer, seen):
    """What becomes of this answer: a task, a silence, or nothing where it has another form."""
    found = read(answer)
    return task_of(found, seen, "scripted") if found is not None else None


def ask(situation, answer=None, **changes):
    """What becomes of a good answer with these changes."""
    return made(json.dumps(GOOD | changes) if answer is None else answer, situation(files=FILES))


def refused(situation, kind, *, says="", **changes):
    silence = ask(situation, **changes)
    assert isinstance(silence, Silence)
    assert silence.kind == kind
    assert says in silence.text


def test_a_good_answer_becomes_a_task_that_points_at_its_line(situation):
    task = ask(situation)
    assert isinstance(task, Task)
    assert (task.title, task.why, task.by_model) == ("Use pi in area", "3 is not pi", True)
    (place,) = task.places
    assert (place.path, place.range, place.before) == (
        "shop.py",
        span(1, 0, 1, 16),
        "    return 3 * r",
    )
    assert place.after is None
    need = task.need
    assert (need.kind, need.path, need.anchor) == ("predicted", "shop.py", "return 3 * r")
    assert need.facts[0].cited() == "a local model points at this line (shop.py:2)"
    assert need.features == {"work-fix": 1.0}


@pytest.mark.parametrize(
    ("quoted", "line"),
    [("return 3 * r", 1), ("\treturn 2 * r", 5), ("return 2 * r", 5), ("# 🙂 why", 6)],
)
def test_indentation_may_be_missing(situation, quoted, line):
    task = ask(situation, quoted_line=quoted)
    assert task.need.range.start.line == line


def test_columns_count_utf16(situation):
    task = ask(situation, quoted_line="    # 🙂 why")
    assert task.need.range == span(6, 0, 6, 12)


def test_a_file_with_spaces_and_windows_lines(situation):
    task = ask(situation, path="docs/read me.md", quoted_line="# Shop")
    assert (task.places[0].before, task.need.range) == ("# Shop", span(0, 0, 0, 6))


@pytest.mark.parametrize(
    "quoted",
    ["return 3.14 * r", "return 3", "", "   ", "def area(r):\n    return 3 * r", "| return 3 * r"],
)
def test_a_line_that_is_not_there_is_refused(situation, quoted):
    refused(situation, "refused-place", quoted_line=quoted, says="does not stand there")


def test_a_line_that_stands_twice_is_refused(situation):
    twice = situation(files={"shop.py": "if a:\n    return 1\nreturn 1\n  return 1\n"})
    silence = made(json.dumps(GOOD | {"quoted_line": "    return 1 "}), twice)
    assert silence == Silence(
        "refused-place", "the model quoted a line of shop.py that stands there 3 times"
    )


def test_of_equal_lines_the_one_that_was_told_is_meant(situation):
    """Only one of them stands in the difference of a recent edit."""
    text = "".join(f"def f{n}():\n    return 1\n\n\n" for n in range(9))
    hunk = LineHunk("shop.py", 16, (), 16, ("def f4():",))
    seen = situation(files={"shop.py": text}, recent=(hunk,))
    task = made(json.dumps(GOOD | {"quoted_line": "return 1"}), seen)
    assert task.need.range.start.line == 17
    both = situation(
        files={"shop.py": text}, recent=(hunk, LineHunk("shop.py", 0, (), 0, ("def f0():",)))
    )
    assert made(json.dumps(GOOD | {"quoted_line": "return 1"}), both).kind == "refused-place"


@pytest.mark.parametrize("path", [".github/workflows/ci.yml", "hooks/pre-commit", ".envrc"])
def test_what_tools_run_is_a_place_only_where_the_user_works(situation, path):
    """Whatever text the model has read, it leads nobody there."""
    answer = json.dumps(GOOD | {"path": path, "quoted_line": "run: make"})
    files = {path: "run: make\n"}
    assert made(answer, situation(files=files)).kind == "refused-place"
    assert isinstance(made(answer, situation(files=files, touched=(path,))), Task)


@pytest.mark.parametrize(
    "path",
    [
        *("../secret.py", "/etc/passwd", "a/../shop.py", "./shop.py", "C:/shop.py", "docs\\x", ""),
        *("missing.py", "SHOP.PY", "docs", "shop.py/", "shop.py\0"),
    ],
)
def test_a_path_that_is_no_file_of_the_workspace_is_refused(situation, path):
    refused(situation, "refused-place", path=path, says="model named")


def test_a_path_without_an_end_is_refused_in_few_words(situation):
    """As from a model that says the same again and again; the reason is shown and kept."""
    silence = made(json.dumps(GOOD | {"path": "a/" * 30_000}), situation())
    assert silence.kind == "refused-place"
    assert len(silence.text) < 100


def test_an_ignored_file_is_refused_though_it_could_be_read(situation):
    """The tree reads what it is asked for, but lists only what git does not ignore."""
    seen = situation(files=FILES)

    class Ignoring:
        def paths(self):
            return ("other.py",)

        def read(self, path):
            return FILES.get(path)

    seen = msgspec.structs.replace(seen, tree=Ignoring())
    silence = made(json.dumps(GOOD), seen)
    assert isinstance(silence, Silence)
    assert silence.kind == "refused-place"


def test_no_help_wanted_is_nothing_left(situation):
    refused(situation, "nothing-left", help_wanted=False)


@pytest.mark.parametrize("task", ["", "  \n", "\x00\u202e\u200b"])
def test_an_empty_task_is_nothing_left(situation, task):
    refused(situation, "nothing-left", task=task)


@pytest.mark.parametrize(
    "answer",
    [
        *("", "I think you should test it.", "[]", "null", "{}", "[" * 60_000, "\ud800"),
        *("```json\n{}\n```", json.dumps(GOOD) + " and more", json.dumps(GOOD)[:-5]),
        *(json.dumps(GOOD | wrong) for wrong in ({"help_wanted": "yes"}, {"task": None})),
        *(json.dumps(GOOD | wrong) for wrong in ({"kind": "sing"}, {"path": 7}, {"edit": "rm"})),
    ],
)
def test_an_answer_of_another_shape_is_no_answer(answer):
    assert read(answer) is None


def test_the_schema_is_what_small_converters_follow():
    assert "$ref" not in json.dumps(SCHEMA)
    assert list(SCHEMA["properties"]) == list(GOOD)


def test_words_are_plain_short_and_on_one_line(situation):
    task = ask(
        situation,
        task="Click\n\x1b[31m [here](http://x) \u202eevil\u200b " + "a" * 200,
        why="![x](http://evil/y.png)" + "b" * 900,
    )
    assert task.title.startswith("Click [31m [here] (http://x) evil aaa")
    assert (len(task.title), task.title[-1]) == (80, "…")
    assert task.why.startswith("![x] (http")
    assert len(task.why) == 300


def test_another_wording_of_the_same_task_has_the_same_id(situation):
    """What was dismissed must not return with other words."""
    one = ask(situation)
    two = ask(situation, task="Pi, please", why="maths", purpose="", kind="update")
    other = ask(situation, quoted_line="def area(r):")
    assert one.need.id == two.need.id != other.need.id


def test_without_a_why_the_purpose_stands_in(situation):
    assert (ask(situation, why=" ")).why == "compute areas"
    assert (ask(situation, why="", purpose="")).why == "Use pi in area"
