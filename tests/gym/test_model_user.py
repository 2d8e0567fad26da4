"""A model user: its replies become acts, bad ones are counted, and scenes come from seeds."""

import asyncio
import json
import tomllib

import msgspec
import pytest

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.gym import commands
from proactive_lsp.gym import model_user as users
from proactive_lsp.gym.asking import Asker
from proactive_lsp.gym.scene import Scene, read_scene
from proactive_lsp.gym.scenes import propose, toml_of
from proactive_lsp.gym.stage import GymOptions, Task, live_through
from proactive_lsp.llm import ModelTimeout, ModelUnavailable
from proactive_lsp.llm.scripted import ScriptedModel
from tests.gym.grounds import BEGUN, Line

SCENE = Scene(
    name="fewer-arguments",
    background="A shop that sells in one country.",
    persona="A shopkeeper who taught herself to program.",
    goal="Drop the currency of prices.",
    traits=("careful",),
    files=BEGUN,
)


def said(do, path="README.md", line=1, text="", name="") -> str:
    told = {"thought": "On.", "do": do, "path": path, "line": line, "text": text, "name": name}
    return json.dumps(told)


def opinion(answer) -> str:
    return json.dumps({"why": "So.", "answer": answer})


def live(monkeypatch, *replies, acts=20):
    model = ScriptedModel(replies)
    monkeypatch.setattr(users, "asker_of", lambda name, host, seed: Asker(model, seed=seed))
    task = Task(SCENE.name, "x.jsonl", scene=SCENE)
    return live_through(GymOptions("model", model="x", acts=acts), task), model.history


@pytest.mark.shipped_weights
def test_a_model_works_and_judges(monkeypatch):
    made, history = live(
        monkeypatch,
        said("edit", "shop/price.py", 4, "def gross(net, rate):"),
        opinion("accept"),
        said("commit", text="Drop the currency"),
        said("finish"),
    )
    assert made.row.answers == {"accept": 1}
    assert made.row.model.calls == 4
    assert (made.row.model.retried, made.row.model.fallbacks) == (0, 0)
    assert made.row.plan is None
    system, first = history[0].messages
    assert SCENE.persona in system.content
    assert "careful" in system.content
    assert "\n4|def gross(net, rate, currency):" in first.content
    assert "accept the suggestion" in history[2].messages[-1].content
    assert "gross(item.net, 7)" in history[2].messages[-1].content
    assert [request.seed for request in history] == [0, 1, 2, 3]


def test_a_bad_reply_is_asked_for_again_and_then_replaced(monkeypatch):
    made, history = live(
        monkeypatch, "nonsense", said("open", "README.md"), "{}", "[]", said("finish")
    )
    assert (made.row.model.retried, made.row.model.fallbacks) == (2, 1)
    assert "no use" in history[1].messages[-1].content
    assert made.row.impossible == ()
    made, history = live(monkeypatch, *(["?"] * 40))
    assert made.row.model.fallbacks == 4
    made, _ = live(monkeypatch, said("open", "../outside"), said("open"), said("finish"))
    assert made.row.model.retried == 1
    made, _ = live(monkeypatch, ModelTimeout("too slow"), said("open", "README.md"), said("finish"))
    assert made.row.model.retried == 1


def test_nobody_is_done_before_the_first_act(monkeypatch):
    made, history = live(monkeypatch, said("finish"), said("open", "README.md"), said("finish"))
    assert made.row.model.retried == 1
    assert "finish" not in history[0].schema["properties"]["do"]["enum"]
    assert history[0].schema["properties"]["path"] == {"enum": sorted(BEGUN)}
    assert "finish" in history[2].schema["properties"]["do"]["enum"]


def test_what_could_not_be_done_is_told(monkeypatch):
    made, history = live(
        monkeypatch,
        said("edit", line=99),
        said("run", text="rm -rf 'x"),
        said("run", text="rm -rf /"),
        said("create", name=".git/config", text="x"),
        said("create", name="../outside", text="x"),
        said("create", name="I make a file.", text="x"),
        said("finish"),
    )
    assert len(made.row.impossible) == 6
    assert "could not be done" in history[-1].messages[-1].content


def test_without_a_model_there_is_no_user(monkeypatch):
    with pytest.raises(EvaluationError, match="start it"):
        live(monkeypatch, ModelUnavailable("nobody answers; start it"))


def test_a_secret_is_not_shown_to_the_model(monkeypatch):
    secret = "ghp_" + "a1B2" * 9
    files = {"a.py": f'TOKEN = "{secret}"\n'}
    model = ScriptedModel([said("open", "a.py"), said("finish", "a.py")])
    monkeypatch.setattr(users, "asker_of", lambda name, host, seed: Asker(model, seed=seed))
    scene = msgspec.structs.replace(SCENE, files=files)
    live_through(GymOptions("model", model="x"), Task("x", "x.jsonl", scene=scene))
    request, _ = model.history
    assert "TOKEN" in request.messages[-1].content
    assert secret not in request.messages[-1].content


def idea(goal, **more) -> str:
    told = {"background": "B.", "persona": "P.", "traits": "calm, quick", "goal": goal}
    return json.dumps(told | more)


def entity(path="notes.md", text="# Notes\n") -> str:
    return json.dumps({"path": path, "text": text})


def test_scenes_are_counted_and_no_two_are_alike(tmp_path):
    replies = [
        *(idea("Add a total to the bill"), entity("bill.py", "def bill():\n    return 1\n")),
        idea("Add the total to the bill"),
        *(idea("Write a letter"), entity("../x", "x")),
        *(idea("Sort the list of guests"), entity("guests.py", "def guests(:\n")),
        *("?", "?"),
        *(idea("Plan a trip \x7f"), entity(text='quotes " and \\ and \x01 and é\n')),
        *(idea("x", background=""), entity()),
        idea("One concrete change to the files the person wants to have made."),
    ]
    model = ScriptedModel(replies)
    proposed = asyncio.run(propose(["shop"] * 8, Asker(model, seed=0), each=1))
    assert [scene.name for scene in proposed.scenes] == ["add-a-total-to-the-bill", "plan-a-trip"]
    assert proposed.refused == {"bad-file": 2, "bad-reply": 1, "bad-scene": 2, "duplicate": 1}
    assert proposed.model.retried == 1
    for scene in proposed.scenes:
        file = tmp_path / "scene.toml"
        file.write_text(toml_of(scene), encoding="utf-8")
        assert tomllib.loads(file.read_text(encoding="utf-8"))["goal"] == scene.goal
        assert read_scene(file) == scene


def test_the_shipped_scene_is_one():
    assert read_scene(commands._EXAMPLE_SCENE).files


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "--user", "model"), "--model NAME"),
        (("run", "--user", "model", "--model", "x", "--scene", "none.toml"), "cannot read it"),
        (
            ("run", "--user", "model", "--model", "x", "--host", "http://[", "--scene", "x"),
            "http://[",
        ),
        (("run", "--user", "model", "--commits", "3"), "--user history"),
        (("scenes", "@none.txt", "--model", "x", "--out", "out"), "cannot read it"),
        (("scenes", " ", "--model", "x", "--out", "out"), "no seed"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(tmp_path, monkeypatch, capsys, arguments, told):
    monkeypatch.chdir(tmp_path)
    code, out, err = Line(capsys)("gym", *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
