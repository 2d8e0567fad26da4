"""A gym with a small model that really answers: it plays a user, and invents scenes."""

import json
import tomllib

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.gym.asking import Asker
from proactive_lsp.gym.scene import read_scene
from proactive_lsp.gym.scenes import Entity, Idea
from proactive_lsp.replay.session import read_items

MODEL = "smollm2"
SCENE = """
name = "the-greeting"
background = "A small program that greets people."
persona = "A careful beginner."
goal = "Make the greeting friendlier."
traits = ["patient"]

[files]
"hello.py" = "def hello(name):\\n    return name\\n"
"""


@pytest.fixture
def brief(monkeypatch):
    """Answers of the gym are short here, so that few tokens make many questions."""
    made = Asker.__init__

    def briefly(self, model, *, seed, max_tokens=0):
        made(self, model, seed=seed, max_tokens=120)

    monkeypatch.setattr(Asker, "__init__", briefly)


def test_a_model_plays_a_user(served, tmp_path, capsys, brief):
    scene = tmp_path / "scene.toml"
    scene.write_text(SCENE)
    before = len(served.chats)
    out = tmp_path / "out"
    code = run_command_line(
        [
            *("gym", "run", "--user", "model", "--model", MODEL, "--host", served.host),
            *("--scene", str(scene), "--acts", "2", "--out", str(out), "--json", "-"),
        ]
    )
    said = capsys.readouterr()
    assert code == 0, said.err
    (row,) = json.loads(said.out)["sessions"]
    chats = served.chats[before:]
    # It was the model that was asked, as often as is said, and each answer came to something.
    assert row["model"]["calls"] == len(chats) > 0
    assert row["model"]["fallbacks"] <= row["model"]["retried"] <= row["model"]["calls"]
    assert all(chat.answer for chat in chats)
    events = [item for _, item in read_items(out / "the-greeting.jsonl")]
    assert row["events"] == len(events)
    assert run_command_line(["replay", str(out / "the-greeting.jsonl")]) == 0


def test_a_model_invents_scenes(served, tmp_path, capsys, brief):
    before = len(served.chats)
    out = tmp_path / "scenes"
    code = run_command_line(
        [
            *("gym", "scenes", "a baker who keeps a list of recipes", "--model", MODEL),
            *("--host", served.host, "--out", str(out)),
        ]
    )
    said = capsys.readouterr()
    assert code == 0, said.err
    asked = len(served.chats) - before
    assert f"{asked} questions" in said.out
    files = list(out.glob("*.toml"))
    assert f"{len(files)} of 1 scenes" in said.out
    for file in files:
        assert read_scene(file).files
        assert tomllib.loads(file.read_text(encoding="utf-8"))["goal"]
    # What is no scene is counted with its reason.
    assert files or any(why in said.out for why in ("bad-reply", "bad-file", "bad-scene"))
    assert {*Idea.__struct_fields__} & {*Entity.__struct_fields__} == set()
