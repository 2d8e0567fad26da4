"""`proactive-lsp explain` over the memory of a folder, which a server keeps or kept."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import Command, Save
from proactive_lsp.explain.log import KEY
from proactive_lsp.memory import Memory, SqliteStore, store_path
from tests.abilities import capabilities
from tests.driver import Editor
from tests.repositories import repository
from tests.server.conftest import OTHER, SHAPES, USE
from tests.server.opening import offered


@pytest.fixture
def env(tmp_path, monkeypatch):
    """A state folder for the server and for the command."""
    state = {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path / "home")}
    for name, value in state.items():
        monkeypatch.setenv(name, value)
    return state


@pytest.fixture
def root(tmp_path) -> Path:
    """A repository in which `area` is called in two other files."""
    return repository(
        tmp_path / "workspace", {"shapes.py": SHAPES, "use.py": USE, "other.py": OTHER}
    )


@pytest.fixture
def explain(capsys, root):
    """Runs the command on the workspace; gives code, stdout and stderr."""

    def explain(*arguments, workspace=root):
        capsys.readouterr()
        where = () if workspace is None else ("--workspace", str(workspace))
        code = run_command_line(["explain", *arguments, *where])
        return (code, *capsys.readouterr())

    return explain


async def test_a_live_server_is_explained_while_it_runs_and_afterwards(
    root, env, explain, monkeypatch
):
    """The card, its answer, the silences and what was learned; by command and by the server."""
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        action = await offered(editor, root)
        id = action.data["id"]
        card = await editor.run_command("proactive.server.explain", "last")
        assert card == await editor.run_command("proactive.server.explain", id)
        assert card.startswith("### Update 2 calls of `area`")
        assert "Log odds: " in card
        nothing = await editor.run_command("proactive.server.explain", "learned")
        assert nothing.startswith("Nothing was learned")
        # Written down at the next flush, with no command of ours to wait for.
        await editor.until(lambda: explain("--last")[0] == 0, "a memory")
        await editor.until(lambda: id in explain("--last")[1], "the card in memory")
        await editor.run_command("proactive.server.dismiss", id)
        await editor.wait_for_no_hint(root / "shapes.py")
        await editor.until(lambda: "then dismissed" in explain("--last")[1], "the answer")
        _, out, _ = explain("--learned")
        assert "broken-call at save in the workspace's own folder: 1 dismissed" in out
        learned = await editor.run_command("proactive.server.explain", "learned")
        assert learned.startswith("### What your answers changed\n")
        assert "dismissed 1" in learned
        silent = await editor.wait_for_reason("- dismissed: ")
        assert silent == await editor.run_command("proactive.server.explain", "silent")
        await editor.until(lambda: "dismissed" in explain("--silent")[1], "the silences")
        # What was answered is explained as it was offered.
        again = await editor.run_command("proactive.server.explain", id)
        assert again.startswith("### Update 2 calls of `area`")
        assert "then dismissed" in again
    before = {each.name for each in store_path(root, None).parent.iterdir()}
    code, out, err = explain(id[:6])
    assert (code, err) == (0, "")
    assert "(shapes.py:1)" in out
    assert f"{id}, offered at" in out
    monkeypatch.chdir(root)
    assert explain(id[:6], workspace=None)[1] == out
    assert {each.name for each in store_path(root, None).parent.iterdir()} == before


async def test_cards_of_an_earlier_run_are_still_there(root, env, explain):
    async with Editor(root, env=env) as editor:
        id = (await offered(editor, root)).data["id"]
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        editor.open(root / "use.py")
        last = await editor.run_command("proactive.server.explain", "last")
        assert f"{id}, offered in an earlier run" in last
    assert id in explain("--last")[1]


async def test_two_folders_each_have_their_say(tmp_path, env):
    files = {"shapes.py": SHAPES, "use.py": USE}
    one, two = repository(tmp_path / "one", files), repository(tmp_path / "two", files)
    async with Editor(one, two, env=env, can=capabilities(own=True)) as editor:
        said = await editor.run_command("proactive.server.explain", "last")
    nothing = "No card was offered so far."
    assert said == f"## one\n\n{nothing}\n\n## two\n\n{nothing}"


def test_what_is_remembered(explain, env, root):
    """As it is kept, the newest first; there is none in a transcript."""
    memory = Memory(SqliteStore(store_path(root, None)))
    memory.append(Save(1.0, "shapes.py"))
    memory.append(Command(61.0, "export TOKEN=" + "gh" + "p_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4", 2))
    memory.close()
    code, out, err = explain("--memory")
    assert (code, err) == (0, "")
    lines = [line.strip() for line in out.splitlines() if line.strip()]
    assert lines[0] == "What is remembered"
    assert lines[1] == "2 events at hand, 2 on disk, those of the last 30 days."
    assert 'latest: The user ran "export TOKEN=xxx' in out
    assert "A1b2" not in out
    assert out.index("latest: ") < out.index('1 min earlier: The user saved "shapes.py".')
    code, out, err = explain("--memory", "--from", "x", workspace=None)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "a transcript holds no memory" in err


def test_no_memory_is_said(explain, env, tmp_path):
    code, out, err = explain("--last")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "nothing is remembered of this folder" in err
    code, out, err = explain("--last", workspace=tmp_path / "none")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "no such folder" in err
    code, _, err = explain("--last", "--from", "x")
    assert (code, err.count("\n")) == (2, 1)
    assert "not both" in err


async def test_explanations_of_another_version_are_ignored_with_a_line(root, env, explain):
    """By the command and by the server, which then writes its own."""
    async with Editor(root, env=env) as editor:
        editor.open(root / "use.py")
        editor.save(root / "use.py")
        await editor.ready()
    path = store_path(root, None)
    for value in ({"cards": [{"id": 3}]}, ["old"], "no JSON"):
        content = value if value == "no JSON" else json.dumps(value)
        with closing(sqlite3.connect(path)) as db:
            db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (KEY, content.encode()))
            db.commit()
        code, out, err = explain("--last")
        assert (code, out, err.count("\n")) == (0, "  No card was offered.\n", 1)
        assert "another shape" in err
        assert explain("--learned")[0] == 0
    async with Editor(root, env=env) as editor:
        id = (await offered(editor, root)).data["id"]
    code, out, err = explain("--last")
    assert (code, err) == (0, "")
    assert id in out


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_broken_memory_is_one_line(content, explain, env, root):
    path = store_path(root, None)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    code, out, err = explain("--silent")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert str(path) in err
    assert path.read_bytes() == content
