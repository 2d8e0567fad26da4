"""Record the scenarios again: `python scenarios/record.py [NAME…]`, all of them without a name.

Each scenario's `script.py` is played in a temporary git repository made from its `workspace`,
with a real client and a real server process. The recording becomes `session.jsonl` beside it.
Afterwards each session is replayed: it must offer the very cards that the live server offered.
"""

import argparse
import asyncio
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
# Run as a script, this file finds its siblings but not the project around it.
sys.path[:0] = [str(HERE.parent), str(HERE)]

from scribe import Scribe  # noqa: E402 - the path is set above
from stage import Git, Stage  # noqa: E402

from proactive_lsp.replay.run import ReplayOptions, replay_one  # noqa: E402
from proactive_lsp.replay.session import FolderWorkspace, Header  # noqa: E402
from proactive_lsp.replaying import assemble  # noqa: E402
from tests.driver import Editor, capabilities, commit, git  # noqa: E402
from tests.scripted_ollama import Chat, scripted_ollama  # noqa: E402

# A temporary folder behind a link would have two names.
TEMPORARY = Path(tempfile.gettempdir()).resolve()
# The machine waits more than it works, so several are played at a time.
AT_A_TIME = 4
CREATED = "2025-01-01T09:00:00Z"
CLIENT = "scenarios/record.py"
# Equal commits, whoever records them and when.
FIXED = {
    "GIT_AUTHOR_DATE": CREATED,
    "GIT_COMMITTER_DATE": CREATED,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_EDITOR": "true",
}
WRITTEN = "written"
"""The name of a model whose answers somebody wrote; it stands beside each in the recording."""
NOTHING = {
    **{"purpose": "", "help_wanted": False, "kind": "other", "task": "", "path": ""},
    **{"quoted_line": "", "why": ""},
}
OPTIONS = {
    # What was typed is written down soon, so that a story need not wait for it.
    "schedule": {"settleSeconds": 0.15},
    "agent": {"enabled": False},
    "memory": {"durable": False},
}


def main(names: list[str]) -> int:
    """0 when every session was recorded and its replay says the same."""
    os.environ |= FIXED
    known = sorted(path.parent.name for path in HERE.glob("*/script.py"))
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no scenario is called {unknown[0]}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    return asyncio.run(_record_all(names or known))


async def _record_all(names: list[str]) -> int:
    slots = asyncio.Semaphore(AT_A_TIME)

    async def one(name: str) -> bool:
        async with slots:
            return await _record(name)

    return 0 if all(await asyncio.gather(*map(one, names))) else 1


async def _record(name: str) -> bool:
    folder = HERE / name
    script = _load(folder / "script.py")
    with tempfile.TemporaryDirectory(prefix="scenario-", dir=TEMPORARY) as temporary:
        base = Path(temporary)
        root = base / "workspace"
        shutil.copytree(folder / "workspace", root, ignore=shutil.ignore_patterns("__pycache__"))
        git(root, "init", "--quiet", "--initial-branch", "main")
        commit(root, "Start")
        if hasattr(script, "prepare"):
            script.prepare(Git(root))
            _check_same(folder / "workspace", root)
        scribe = Scribe(base / "recording.jsonl")
        with _model(script) as host:
            await _play(script, root, scribe, base, host)
            workspace = FolderWorkspace("workspace", scribe.past())
            header = Header(name=name, created=CREATED, client=CLIENT, workspace=workspace)
            scribe.write(folder / "session.jsonl", header)
            return await asyncio.to_thread(_is_same, name, scribe, host)


@contextmanager
def _model(script: ModuleType) -> Generator[str | None]:
    """Where the answers that a story has written for its model are given; None without any."""
    written = getattr(script, "ANSWERS", None)
    if written is None:
        yield None
        return

    def answer(chat: Chat) -> str:
        # All of it, since an answer that was refused is as stubborn when it is asked for again.
        told = "\n".join(each["content"] for each in chat["messages"] if each["role"] == "user")
        return json.dumps(next((each for text, each in written if text in told), NOTHING))

    # Words are no tokens, so none are counted.
    with scripted_ollama(answer, WRITTEN, counts=False) as server:
        yield server.host


async def _play(
    script: ModuleType, root: Path, scribe: Scribe, base: Path, host: str | None
) -> None:
    model = {"agent": {"enabled": True, "host": host, "model": WRITTEN}} if host else {}
    editor = Editor(
        root,
        can=capabilities(own=True, annotations=True, watchers=True),
        options={**OPTIONS, **model, **getattr(script, "OPTIONS", {})},
        record=base / "recording.jsonl",
        env={**FIXED, "XDG_STATE_HOME": str(base / "state")},
    )
    async with editor:
        await editor.ready()
        await script.play(Stage(editor, root, scribe, by_word=getattr(script, "BY_WORD", False)))


def _is_same(name: str, scribe: Scribe, host: str | None) -> bool:
    """Whether a replay offers what the live server offered; says so where it does not.

    Records what its model answers, where it has one.
    """
    options = ReplayOptions()
    if host is not None:
        options = ReplayOptions(model=WRITTEN, host=host, answers="record")
    result = replay_one(HERE / name / "session.jsonl", options, assemble, lambda entry: None)
    again = [row.id for row in result.row.suggestions if row.offered]
    if again != scribe.offered():
        print(f"differs {name}: live {scribe.offered()}, replay {again}", file=sys.stderr)
        return False
    for miss in result.misses:
        print(f"missed  {name}: {miss.expected}; instead: {miss.happened}", file=sys.stderr)
    if not result.misses:
        print(f"ok      {name}: {result.row.events} events, {scribe.now:.0f} s")
    return not result.misses


def _check_same(workspace: Path, root: Path) -> None:
    """A replay begins with the workspace, so the live session has to as well."""
    for file in workspace.rglob("*"):
        path = file.relative_to(workspace)
        if not file.is_file() or "__pycache__" in path.parts:
            continue
        if file.read_bytes() != (root / path).read_bytes():
            raise RuntimeError(f"prepare must leave {path} as it is in {workspace}")


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"story_{path.parent.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a folder in scenarios/")
    sys.exit(main(parser.parse_args().names))
