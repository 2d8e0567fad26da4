"""A key in the shell's own form, typed and pasted in halves, is in nothing that is left behind."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.driver import Editor
from tests.llm.conftest import Exchange, FakeOllama

MODEL = "small"
ENDS = ("-wal", ".sqlite3")
NOTHING = {
    "purpose": "",
    "help_wanted": False,
    "kind": "other",
    "task": "",
    "path": "",
    "quoted_line": "",
    "why": "",
}
# In pieces, so that nobody takes them for real ones.
KEYS = {
    "of a known form": "gh" + "p_" + "A1b2C3d4E5f6G7h8I9j0" + "K1l2M3n4O5p6Q7r8",
    "of no form": "correct" + "horsebattery" + "staple7",
}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below, as it is now."""
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def answer(exchange: Exchange) -> None:
    """As Ollama answers: the models that are there, or nothing to do."""
    if "tags" in exchange.path:
        await exchange.whole(json.dumps({"models": [{"name": MODEL, "model": MODEL}]}))
        return
    await exchange.start()
    await exchange.word(json.dumps(NOTHING))
    await exchange.last()


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
async def test_an_exported_token_is_nowhere(root: Path, env, tmp_path: Path, key: str):
    """Half of it letter by letter, half pasted, with a settling in between: bytes are searched
    in the database and its log while both are in use, the recording, the prompts, and stderr.
    """
    fake = FakeOllama()
    fake.answer = answer
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    host = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    session, path = tmp_path / "session.jsonl", root / "setup.sh"
    path.write_text("#!/bin/sh\n")
    options = {"agent": {"enabled": True, "host": host, "model": MODEL}}
    half = len(key) // 2
    async with Editor(root, env=env, record=session, options=options) as editor:
        stderr = editor.process.stderr
        assert stderr is not None
        logged = asyncio.create_task(stderr.read())
        editor.open(path)
        editor.type_text(path, "sh\n", f"export TOKEN={key[:half]}")
        # The first half is settled by itself and written down before the second one comes.
        await editor.until(
            lambda: session.exists() and b"TOKEN" in session.read_bytes(), "the first half"
        )
        editor.replace(path, key[:half], key)
        editor.save(path)
        await editor.until(
            lambda: any("TOKEN" in json.dumps(one.json) for one in fake.asked), "the prompt"
        )
        await editor.ready()
        live = contents(tmp_path / "state")
        assert all(any(name.endswith(end) for name in live) for end in ENDS)
        await editor.stop()
        live["stderr"] = await logged
    live["recording"] = session.read_bytes()
    live["prompts"] = json.dumps([one.json for one in fake.asked]).encode()
    server.close()
    await fake.stop()
    for name, content in [*live.items(), *contents(tmp_path / "state").items()]:
        assert key.encode() not in content, name
        assert key[half:].encode() not in content, name
