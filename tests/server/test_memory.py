"""What the server remembers can be looked at and forgotten, with every no kept."""

from tests.abilities import capabilities
from tests.driver import Editor
from tests.server.opening import offered
from tests.server.test_secrets import contents

EXPLAIN, FORGET = "proactive.server.explain", "proactive.server.forgetEvents"
SECRET = "gh" + "p_" + "A1b2C3d4E5f6G7h8I9j0" + "K1l2M3n4O5p6Q7r8"


async def test_memory_is_shown_redacted_and_forgotten(root, env, tmp_path):
    """A card that stands goes with it; what was dismissed stays away, and work goes on."""
    shapes, note = root / "shapes.py", "a note that stands nowhere else"
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        command = {"type": "command", "line": f"export TOKEN={SECRET}", "exit": 1}
        editor.tell("proactive/event", command)
        action = await offered(editor, root)
        editor.replace(shapes, "):", f"):  # {note}")
        editor.save(shapes)
        await editor.ready()
        page = await editor.run_command(EXPLAIN, "memory", root.as_uri())
        assert "export TOKEN" in page
        assert SECRET not in page
        assert note in page
        assert page.index(note) < page.index("export TOKEN")
        text = await editor.run_command(FORGET, root.as_uri())
        assert text.startswith("Forgot ")
        assert note not in await editor.run_command(EXPLAIN, "memory")
        await editor.wait_for_no_hint(shapes)
        await editor.until(lambda: editor.suggestions == [])
        assert not [
            name for name, each in contents(tmp_path / "state").items() if b"note that" in each
        ]
        # Its own text is what there is; from here on everything is as ever.
        editor.replace(shapes, "def area(", "def surface(")
        editor.save(shapes)
        await editor.wait_for_hint(shapes)
        assert action.data["id"] not in [card["id"] for card in editor.suggestions]
        assert not editor.messages


async def test_a_client_that_is_not_ours_hears_what_was_forgotten(root, env):
    async with Editor(root, env=env) as editor:
        await editor.ready()
        assert await editor.run_command(FORGET) == "No event was remembered."
        await editor.until(lambda: editor.messages)
        assert editor.messages == ["No event was remembered."]


async def test_forgetting_does_not_end_a_snooze(root, env):
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        await editor.run_command("proactive.server.snooze", 60)
        await editor.run_command(FORGET)
        shapes = root / "shapes.py"
        editor.open(shapes)
        editor.replace(shapes, ", unit):", "):")
        editor.save(shapes)
        await editor.ready()
        assert "snoozed" in await editor.run_command(EXPLAIN, None)
        assert not editor.hints_of(shapes)
