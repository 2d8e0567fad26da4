"""Settings of one folder hold there alone, and only ever make it quieter."""

from lsprotocol import types

from tests.abilities import capabilities
from tests.driver import Editor
from tests.repositories import repository
from tests.server.conftest import SHAPES, USE


async def drop(editor, root):
    """Drop a parameter and save, which owes a change of the call."""
    shapes = root / "shapes.py"
    if shapes not in editor.buffers:
        editor.open(shapes)
    editor.replace(shapes, ", unit):", "):")
    editor.save(shapes)
    await editor.ready()


def projects(folder):
    return [repository(folder / name, {"shapes.py": SHAPES, "use.py": USE}) for name in "ab"]


async def told(editor):
    """The editor says that some setting changed, and is asked for all of them."""
    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(settings=None)
    )
    await editor.ready()


async def test_one_folder_is_off_and_the_other_is_not(tmp_path, env):
    """Until the editor says otherwise; a folder that says nothing has what holds for all."""
    one, other = projects(tmp_path)
    async with Editor(one, other, env=env, can=capabilities(configuration=True)) as editor:
        editor.settings = {"enabled": True}
        editor.settings_of = {one.as_uri(): {"enabled": False}}
        await told(editor)
        await drop(editor, one)
        await drop(editor, other)
        await editor.wait_for_hint(other / "shapes.py", "broken-call")
        assert not editor.hints_of(one / "shapes.py")
        # What was typed while it was off is nobody's change, so it is taken back.
        editor.replace(one / "shapes.py", "height):", "height, unit):")
        editor.settings_of = {other.as_uri(): {"needs": {"off": ["broken-call"]}}}
        await told(editor)
        await drop(editor, one)
        await editor.wait_for_hint(one / "shapes.py", "broken-call")
        editor.save(other / "shapes.py")
        await editor.until(
            lambda: (
                "broken-call" not in {hint.code for hint in editor.hints_of(other / "shapes.py")}
            )
        )
        assert not editor.messages


async def test_a_folder_opened_later_is_asked_about(tmp_path, env):
    """And begins with what holds for none in particular, here with nothing at all."""
    one, other = projects(tmp_path)
    async with Editor(one, env=env, can=capabilities(configuration=True)) as editor:
        editor.settings = {"enabled": False}
        editor.settings_of = {other.as_uri(): {"enabled": True}}
        await told(editor)
        added = types.WorkspaceFolder(other.as_uri(), other.name)
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([added], []))
        )
        await editor.ready()
        await drop(editor, other)
        editor.save(other / "shapes.py")
        await editor.wait_for_hint(other / "shapes.py")
        await drop(editor, one)
        assert not editor.hints_of(one / "shapes.py")
