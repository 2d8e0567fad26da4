"""Helix: its configuration is read, and what it can and cannot is played to the real server.

What it says of itself was taken from a running Helix 25.01.1. Where Helix is installed, as on
Debian 13, the real one is driven as well.
"""

import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import termios
import threading
import time
import tomllib
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.protocol import default_converter

from tests.driver import Editor
from tests.editors.conftest import FILES
from tests.editors.desk import DOCS, TIMEOUT, surroundings
from tests.repositories import commit, repository, write

SAID = json.loads(Path(__file__).with_name("helix-25.01.json").read_text())
LANGUAGES = (DOCS / "helix" / "languages.toml").read_text(encoding="utf-8")
HELIX = os.environ.get("PROACTIVE_TEST_HELIX") or shutil.which("hx")


def edited(text):
    """The configuration, with the edits of its comment for a test: no model, no other server."""
    text = text.replace('args = ["serve"]', 'args = ["serve"]\nconfig = {agent={enabled=false}}')
    lines = text.splitlines()
    return "\n".join(
        'language-servers = ["proactive"]' if line.startswith("language-servers") else line
        for line in lines
    )


@pytest.fixture
def files(tmp_path):
    return repository(tmp_path / "workspace", FILES)


@pytest.fixture
def editor(tmp_path, files):
    """An editor that can what Helix can, with the server that the configuration starts."""
    server = tomllib.loads(LANGUAGES)["language-server"]["proactive"]
    program = shutil.which(server["command"], path=surroundings(tmp_path / "home")["PATH"])
    can = default_converter().structure(SAID, types.ClientCapabilities)
    env = {"XDG_STATE_HOME": str(tmp_path / "state")}
    editor = Editor(files, can=can, env=env, command=[program, *server["args"]])
    # Helix answers "method not found", and watches nothing but what it saves itself.
    del editor.client.protocol.fm.features[types.WINDOW_SHOW_MESSAGE_REQUEST]
    return editor


def test_each_language_has_our_server_beside_those_of_helix():
    languages = tomllib.loads(LANGUAGES)["language"]
    assert {each["name"] for each in languages} >= {"python", "typescript", "go", "rust", "java"}
    assert all(each["language-servers"][-1] == "proactive" for each in languages)
    assert all(len(each["language-servers"]) > 1 for each in languages)


async def test_an_action_changes_all_files(editor, files):
    """Helix resolves each action for its edit and its command."""
    shapes, use = files / "shapes.py", files / "use.py"
    async with editor:
        editor.open(use)
        editor.open(shapes)
        editor.replace(shapes, ", unit):", "):")
        editor.save(shapes)
        await editor.wait_for_hint(shapes)
        action, *_ = await editor.actions(shapes, editor.find(shapes, "area"))
        await editor.accept(await editor.resolve(action))
        assert "area(6, 7))" in editor.buffers[use].text
        assert "area(4, 5)\n" in (files / "other.py").read_text()
        await editor.wait_for_no_hint(shapes)


async def test_what_cannot_be_asked_is_among_the_actions(editor, files):
    """Without messages that have buttons, the evidence comes without, and the menu answers."""
    shapes = files / "shapes.py"
    async with editor:
        editor.open(shapes)
        editor.replace(shapes, ", unit):", "):")
        editor.save(shapes)
        await editor.wait_for_hint(shapes)
        _, more = await editor.actions(shapes, editor.find(shapes, "area"))
        await editor.run(await editor.resolve(more))
        await editor.until(lambda: editor.messages, "the evidence")
        assert "area" in editor.messages[0]
        found = await editor.actions(shapes, editor.find(shapes, "area"))
        assert [each.title for each in found[1:]] == [
            *("Proactive…", "Dismiss", "Never this kind here")
        ]
        await editor.run(await editor.resolve(found[2]))
        await editor.wait_for_no_hint(shapes)
        editor.save(shapes)
        await editor.ready()
        assert not editor.hints_of(shapes)


async def test_a_commit_is_noticed_though_no_watcher_tells(editor, files):
    """Helix registers for git's files and never tells of them, so the server looks by itself."""
    year = files / "year.py"
    async with editor:
        editor.open(year)
        await editor.until(
            lambda: any(each.id.startswith("proactive-git") for each in editor.registrations)
        )
        write(files, {"tax.py": "def tax(net, rate):\n    return net * rate\n"})
        commit(files, "Drop the land")
        end = time.monotonic() + TIMEOUT
        while not editor.hints_of(files / "tax.py") and time.monotonic() < end:
            await editor.ready()
        assert editor.hints_of(files / "tax.py")


class Helix:
    """The real one, on a terminal of its own; what it draws is waited for."""

    def __init__(self, program, file, env, log):
        self._terminal, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.drawn = b""
        self._process = subprocess.Popen(
            [program, "-v", "--log", str(log), file.name],
            cwd=file.parent,
            env={**env, "TERM": "xterm-256color"},
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
        )
        os.close(its)
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self):
        try:
            while drawn := os.read(self._terminal, 65536):
                self.drawn += drawn
        except OSError:
            return

    def type(self, keys, until):
        """Press keys until a text is drawn; or again and again until a condition holds."""
        start, end = len(self.drawn), time.monotonic() + TIMEOUT
        os.write(self._terminal, keys.encode())
        while not (until() if callable(until) else until in self._text(start)):
            assert time.monotonic() < end, self._text(start)
            time.sleep(0.1)
            if callable(until):
                os.write(self._terminal, keys.encode())

    def _text(self, start):
        return re.sub(rb"\x1b\[[\d;?]*[A-Za-z]", b"", self.drawn[start:]).decode(errors="replace")

    def close(self):
        self._process.terminate()
        self._process.wait(TIMEOUT)
        os.close(self._terminal)


if HELIX is not None:

    def test_the_real_one(tmp_path, files):
        """Drop a parameter, save, see the hint, take the action, save all."""
        env, log = surroundings(tmp_path / "home"), tmp_path / "helix.log"
        configuration = tmp_path / "home" / ".config" / "helix"
        write(configuration, {"languages.toml": edited(LANGUAGES)})
        write(configuration, {"config.toml": (DOCS / "helix" / "config.toml").read_text()})
        helix = Helix(HELIX, files / "shapes.py", env, log)
        try:
            # What was typed before the server knows the file is no change to it.
            helix.type("", lambda: log.exists() and "textDocument/didOpen" in log.read_text())
            helix.type("/, unit\rd:w\r", "Update 3 calls")
            helix.type("gg/area\r a", "Proactive")
            helix.type("\r", "width")
            helix.type(":wa\r", lambda: "area(6, 7))" in (files / "use.py").read_text())
            assert "area(4, 5)\n" in (files / "other.py").read_text()
        finally:
            helix.close()
