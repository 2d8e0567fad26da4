"""What of a model's answer is believed: a line that stands in the workspace, and few words."""

import asyncio
import json

import msgspec
import pytest

from proactive_lsp.agent.predict import SCHEMA, predict
from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.events import span
from proactive_lsp.llm import BadReply, ModelMissing, ModelTimeout, ModelUnavailable
from proactive_lsp.llm.scripted import ScriptedModel
from proactive_lsp.suggestions import Silence, Task

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


async def ask(situation, answer=None, **changes):
    """What becomes of this answer; a dict is sent as JSON, on top of a good one."""
    text = answer if answer is not None else json.dumps(GOOD | changes)
    return await predict(situation(files=FILES), ScriptedModel([text]))


async def refused(situation, kind, answer=None, *, says="", **changes):
    silence = await ask(situation, answer, **changes)
    assert isinstance(silence, Silence)
    assert silence.kind == kind
    assert says in silence.text


async def test_a_good_answer_becomes_a_task_that_points_at_its_line(situation):
    task = await ask(situation)
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


async def test_the_request_carries_the_schema_and_a_bound(situation):
    model = ScriptedModel(["{}"])
    await predict(situation(files=FILES), model)
    (request,) = model.history
    assert request.schema == SCHEMA
    assert "$ref" not in json.dumps(SCHEMA)
    assert list(SCHEMA["properties"]) == list(GOOD)
    assert (request.max_tokens, request.temperature, request.seed) == (400, 0.0, 0)


@pytest.mark.parametrize(
    ("quoted", "line"),
    [("return 3 * r", 1), ("\treturn 2 * r", 5), ("return 2 * r", 5), ("# 🙂 why", 6)],
)
async def test_indentation_may_be_missing(situation, quoted, line):
    task = await ask(situation, quoted_line=quoted)
    assert task.need.range.start.line == line


async def test_columns_count_utf16(situation):
    task = await ask(situation, quoted_line="    # 🙂 why")
    assert task.need.range == span(6, 0, 6, 12)


async def test_a_file_with_spaces_and_windows_lines(situation):
    task = await ask(situation, path="docs/read me.md", quoted_line="# Shop")
    assert (task.places[0].before, task.need.range) == ("# Shop", span(0, 0, 0, 6))


@pytest.mark.parametrize(
    "quoted",
    ["return 3.14 * r", "return 3", "", "   ", "def area(r):\n    return 3 * r", "| return 3 * r"],
)
async def test_a_line_that_is_not_there_is_refused(situation, quoted):
    await refused(situation, "refused-place", quoted_line=quoted, says="does not stand there")


async def test_a_line_that_stands_twice_is_refused(situation):
    twice = situation(files={"shop.py": "if a:\n    return 1\nreturn 1\n  return 1\n"})
    model = ScriptedModel([json.dumps(GOOD | {"quoted_line": "    return 1 "})])
    silence = await predict(twice, model)
    assert silence == Silence(
        "refused-place", "the model quoted a line of shop.py that stands there 3 times"
    )


@pytest.mark.parametrize(
    "path",
    [
        *("../secret.py", "/etc/passwd", "a/../shop.py", "./shop.py", "C:/shop.py", "docs\\x", ""),
        *("missing.py", "SHOP.PY", "docs", "shop.py/", "shop.py\0"),
    ],
)
async def test_a_path_that_is_no_file_of_the_workspace_is_refused(situation, path):
    await refused(situation, "refused-place", path=path, says="model named")


async def test_an_ignored_file_is_refused_though_it_could_be_read(situation):
    """The tree reads what it is asked for, but lists only what git does not ignore."""
    seen = situation(files=FILES)

    class Ignoring:
        def paths(self):
            return ("other.py",)

        def read(self, path):
            return FILES.get(path)

    seen = msgspec.structs.replace(seen, tree=Ignoring())
    silence = await predict(seen, ScriptedModel([json.dumps(GOOD)]))
    assert isinstance(silence, Silence)
    assert silence.kind == "refused-place"


async def test_no_help_wanted_is_nothing_left(situation):
    await refused(situation, "nothing-left", help_wanted=False)


@pytest.mark.parametrize("task", ["", "  \n", "\x00\u202e\u200b"])
async def test_an_empty_task_is_nothing_left(situation, task):
    await refused(situation, "nothing-left", task=task)


@pytest.mark.parametrize(
    "answer",
    [
        *("", "I think you should test it.", "[]", "null", "{}", "[" * 60_000, "\ud800"),
        *("```json\n{}\n```", json.dumps(GOOD) + " and more", json.dumps(GOOD)[:-5]),
        *(json.dumps(GOOD | wrong) for wrong in ({"help_wanted": "yes"}, {"task": None})),
        *(json.dumps(GOOD | wrong) for wrong in ({"kind": "sing"}, {"path": 7}, {"edit": "rm"})),
    ],
)
async def test_an_answer_of_another_shape_is_no_answer(situation, answer):
    await refused(
        situation, "model-unavailable", answer, says="scripted did not answer in the form"
    )


@pytest.mark.parametrize("error", [ModelUnavailable, ModelMissing, ModelTimeout, BadReply])
async def test_an_error_of_the_model_is_a_silence_with_its_words(situation, error):
    await refused(situation, "model-unavailable", error("start it"), says="start it")


async def test_cancellation_passes_through(situation):
    class Slow:
        name = "slow"

        async def complete(self, request):
            await asyncio.Event().wait()

    task = asyncio.create_task(predict(situation(files=FILES), Slow()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_words_are_plain_short_and_on_one_line(situation):
    task = await ask(
        situation,
        task="Click\n\x1b[31m [here](http://x) \u202eevil\u200b " + "a" * 200,
        why="![x](http://evil/y.png)" + "b" * 900,
    )
    assert task.title.startswith("Click [31m [here] (http://x) evil aaa")
    assert (len(task.title), task.title[-1]) == (80, "…")
    assert task.why.startswith("![x] (http")
    assert len(task.why) == 300


async def test_another_wording_of_the_same_task_has_the_same_id(situation):
    """What was dismissed must not return with other words."""
    one = await ask(situation)
    two = await ask(situation, task="Pi, please", why="maths", purpose="", kind="update")
    other = await ask(situation, quoted_line="def area(r):")
    assert one.need.id == two.need.id != other.need.id


async def test_without_a_why_the_purpose_stands_in(situation):
    assert (await ask(situation, why=" ")).why == "compute areas"
    assert (await ask(situation, why="", purpose="")).why == "Use pi in area"


def test_the_settings_stay_on_this_machine_by_default():
    settings = AgentSettings()
    assert settings.host is None
    assert not settings.allow_remote
