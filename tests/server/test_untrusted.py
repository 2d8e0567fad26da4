"""An untrusted workspace: rules only. No git and no model are tested beside their own stories."""

from tests.abilities import capabilities
from tests.driver import Editor
from tests.repositories import git
from tests.server.opening import offered


async def test_nothing_is_recorded_written_down_or_told(root, env, tmp_path):
    """Whatever a client asks for; an answer is heard all the same."""
    session, can = tmp_path / "session.jsonl", capabilities(own=True, watchers=True)
    options = {"trusted": False, "memory": {"durable": True}}
    async with Editor(root, env=env, can=can, options=options, record=session) as editor:
        for event in (
            {"type": "command", "line": "make tea", "exit": 1, "tail": "no water"},
            {"type": "focus", "path": "use.py"},
            {"type": "test", "name": "t", "outcome": "failed"},
            {"type": "git", "op": "stage"},
        ):
            editor.tell("proactive/event", event)
        git(root, "commit", "-q", "--allow-empty", "-m", "Secretly")
        action = await offered(editor, root)
        page = await editor.run_command("proactive.server.explain", "memory")
        assert "in memory alone until the server ends" in page
        for word in ("make tea", "no water", "looks at", "The test", "Git"):
            assert word not in page
        assert not [each for each in editor.registrations if each.id.startswith("proactive-git")]
        await editor.run_command("proactive.server.dismiss", action.data["id"])
        await editor.wait_for_no_hint(root / "shapes.py")
        assert not editor.messages
    assert not session.exists()
    assert not (tmp_path / "state").exists()


async def test_a_trusted_one_hears_the_same_events(root, env):
    """As a check of the test above."""
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        command = {"type": "command", "line": "make tea", "exit": 1, "tail": "no water"}
        editor.tell("proactive/event", command)
        page = await editor.run_command("proactive.server.explain", "memory")
        assert "make tea" in page
        assert "no water" in page
