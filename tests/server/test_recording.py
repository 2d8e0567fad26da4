"""Recording: what is asked for is written down, nothing else, and a kill costs two seconds."""

import asyncio
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from proactive_lsp.cli import run_command_line
from proactive_lsp.events import Edit, Open, Save
from proactive_lsp.replay.session import FilesWorkspace, read_header, read_items, scan
from proactive_lsp.sessions.moment import Moment
from proactive_lsp.workspace.tree import FilesTree
from tests.driver import SERVE, Editor, capabilities
from tests.repositories import commit, git, write
from tests.server.opening import recorded

KILLS = 50
AT_ONCE = 25
SAVES = 50
# Every event acknowledged so long before a kill is in the file.
SECONDS = 2.0


def recordings(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def recording(folder: Path, **more) -> dict:
    return {"recording": {"mode": "full", "folder": str(folder), **more}}


def change_settings(editor: Editor) -> None:
    params = types.DidChangeConfigurationParams(settings=None)
    editor.client.workspace_did_change_configuration(params)


# Off, on, in which file.


async def test_nothing_is_recorded_unless_asked_for(root, env, tmp_path):
    """And the state folder has no place for recordings either."""
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        editor.open(root / "shapes.py")
        await editor.ready()
        assert (await editor.run_command("proactive.server.status"))["recording"] == ""
    assert not list(tmp_path.rglob("*.jsonl"))


async def test_each_folder_has_a_file_of_its_own(root, env, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.md").write_text("# Notes\n")
    options = recording(tmp_path / "kept")
    async with Editor(root, other, env=env, options=options) as editor:
        editor.open(root / "shapes.py")
        editor.open(other / "notes.md")
        await editor.ready()
        assert (await editor.run_command("proactive.server.status"))["recording"] == "full"
    one, two = recordings(tmp_path / "kept")
    assert one.name.endswith("-other.jsonl")
    assert two.name.endswith("-workspace.jsonl")
    assert [event["path"] for event in recorded(one)] == ["notes.md"]
    assert [event["path"] for event in recorded(two)] == ["shapes.py"]
    assert "shapes.py" in read_header(two).workspace.files


async def test_a_named_file_is_the_first_folders_and_gives_the_others_their_names(
    root, env, tmp_path
):
    other = tmp_path / "other"
    other.mkdir()
    async with Editor(root, other, env=env, record=tmp_path / "run.jsonl") as editor:
        editor.open(root / "shapes.py")
        editor.open(other / "notes.md", "# Notes\n")
        await editor.ready()
    assert [event["path"] for event in recorded(tmp_path / "run.jsonl")] == ["shapes.py"]
    assert [event["path"] for event in recorded(tmp_path / "run-other.jsonl")] == ["notes.md"]


async def test_nothing_is_recorded_of_an_untrusted_workspace(root, env, tmp_path):
    options = {**recording(tmp_path / "kept"), "trusted": False}
    async with Editor(root, env=env, options=options) as editor:
        editor.open(root / "shapes.py")
        await editor.ready()
        assert (await editor.run_command("proactive.server.status"))["recording"] == ""
    assert not (tmp_path / "kept").exists()


async def test_off_ends_the_recording(root, env, tmp_path):
    """What is typed while suggestions are off is nobody's business; on begins a new file."""
    can = capabilities(configuration=True, own=True)
    async with Editor(root, env=env, can=can, options=recording(tmp_path / "kept")) as editor:
        editor.open(root / "shapes.py")
        await editor.ready()
        editor.settings = {"enabled": False}
        change_settings(editor)
        await editor.until(lambda: editor.statuses and editor.statuses[-1]["state"] == "off")
        assert editor.statuses[-1]["recording"] == ""
        editor.replace(root / "shapes.py", "def area", "# unseen\ndef area")
        await editor.ready()
        editor.settings = {}
        change_settings(editor)
        await editor.until(lambda: editor.statuses[-1]["recording"] == "full")
    one, two = recordings(tmp_path / "kept")
    one, two = sorted((one, two), key=lambda file: file.stat().st_mtime)
    assert "unseen" not in one.read_text()
    assert [type(item) for _, item in read_items(two)] == [Open]


async def test_a_command_begins_and_ends_it(root, env, tmp_path):
    """From the middle of a session the file begins with what is open, as it reads by then."""
    shapes = root / "shapes.py"
    options = {"recording": {"folder": str(tmp_path / "kept")}}
    async with Editor(root, env=env, options=options, can=capabilities(own=True)) as editor:
        editor.open(shapes)
        editor.replace(shapes, "width * height", "width * height * 2")
        began = await editor.run_command("proactive.server.record", True)
        editor.save(shapes)
        await editor.until(lambda: editor.statuses[-1]["recording"] == "full")
        ended = await editor.run_command("proactive.server.record", None)
        editor.save(shapes)
        await editor.ready()
    (file,) = recordings(tmp_path / "kept")
    assert began == {"recording": "full", "files": [str(file)]}
    assert ended == {"recording": "", "files": [str(file)]}
    opened, saved = [item for _, item in read_items(file)]
    assert isinstance(opened, Open)
    assert "width * height * 2" in opened.text
    assert isinstance(saved, Save)
    assert file.stat().st_mode & 0o777 == 0o600


async def test_one_that_begins_within_a_merge_says_so(root, env, tmp_path):
    """Or its replay would speak where nothing was said."""
    git(root, "checkout", "-q", "-b", "side")
    write(root, {"notes.txt": "one  line\n"})
    commit(root, "Side")
    git(root, "checkout", "-q", "main")
    write(root, {"notes.txt": "one line\n"})
    commit(root, "Main")
    with pytest.raises(Exception, match="merge"):
        git(root, "merge", "side")
    options = {"recording": {"folder": str(tmp_path / "kept")}}
    async with Editor(root, env=env, options=options) as editor:
        await editor.ready()
        await editor.run_command("proactive.server.record", True)
        await editor.ready()
    (file,) = recordings(tmp_path / "kept")
    merge, conflict = (event for event in recorded(file) if event["type"] == "git")
    assert (merge["op"], merge["phase"]) == ("merge", "started")
    assert (conflict["op"], conflict["paths"]) == ("conflict", ["notes.txt"])


async def test_a_recording_that_is_full_goes_on_in_a_new_file(root, env, tmp_path):
    """Which begins with the open documents; the user is told once."""
    path = root / "long.txt"
    options = recording(tmp_path / "kept", maxSessionMegabytes=1)
    async with Editor(root, env=env, options=options) as editor:
        editor.open(path, "begin\n")
        for number in range(4):
            editor.replace(path, "begin\n", f"begin\n{number} {'word ' * 60_000}\n")
            editor.save(path)
            await editor.ready()
    first, second = recordings(tmp_path / "kept")
    first, second = sorted((first, second), key=lambda file: file.stat().st_mtime)
    assert scan(first).events
    opened = next(item for _, item in read_items(second))
    assert isinstance(opened, Open)
    assert opened.text.startswith("begin\n")
    said = [text for text in editor.messages if "goes on in a new file" in text]
    assert len(said) == 1


async def test_structure_holds_no_word_of_the_user(root, env, tmp_path):
    """And replays: the same edits at the same times, the same lines, and code that parses."""
    shapes = root / "shapes.py"
    options = recording(tmp_path / "kept", mode="structure")
    async with Editor(root, env=env, options=options) as editor:
        editor.open(shapes)
        editor.replace(shapes, "width * height", "width * height * secretfactor")
        editor.save(shapes)
        await editor.ready()
    (file,) = recordings(tmp_path / "kept")
    content = file.read_text().casefold()
    for word in (
        "shapes",
        "width",
        "height",
        "area",
        "unit",
        "secretfactor",
        "workspace.py",
        "driver",
    ):
        assert word not in content, word
    header = read_header(file)
    assert isinstance(header.workspace, FilesWorkspace)
    assert len(header.workspace.files) == 3
    moment = Moment(FilesTree(header.workspace.files))
    for _, item in read_items(file):
        if isinstance(item, (Open, Edit, Save)):
            moment.apply(item)
    (path,) = moment.open.paths()
    text = moment.saved.read(path) or ""
    assert text.count("\n") == shapes.read_text().count("\n")
    assert len(text) == len(shapes.read_text())
    compile(text, path, "exec")


# The last minutes.


async def test_the_last_minutes_become_a_scenario_though_nothing_is_recorded(root, env, tmp_path):
    """Redacted; over the files as they were before."""
    shapes, out = root / "shapes.py", tmp_path / "out"
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    before = shapes.read_text()
    async with Editor(root, env=env) as editor:
        editor.open(shapes)
        editor.replace(shapes, "width * height", f'width * height  # "{key}"')
        editor.save(shapes)
        wish = {"what": "recent", "output": str(out)}
        answer = await editor.run_command("proactive.server.capture", wish)
    assert (answer["folder"], answer["fails"]) == (str(out), False)
    session = out / "session.jsonl"
    assert [type(item) for _, item in read_items(session)] == [Open, Edit, Save]
    assert key not in session.read_text()
    assert (out / "workspace" / "shapes.py").read_text() == before
    assert await replay(out) == 0


async def test_a_card_that_should_not_have_been_is_a_scenario_that_fails(root, env, tmp_path):
    shapes, out = root / "shapes.py", tmp_path / "unwanted"
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        card = await offered_card(editor, shapes)
        wish = {"what": "unwanted", "id": card["id"], "output": str(out)}
        answer = await editor.run_command("proactive.server.capture", wish)
    assert answer["fails"] is True
    assert "fails as it should" in answer["text"]
    assert await replay(out, "--check") == 1


async def test_a_card_that_is_missing_is_a_scenario_that_fails(root, env, tmp_path):
    shapes, out = root / "shapes.py", tmp_path / "missing"
    async with Editor(root, env=env) as editor:
        editor.open(shapes)
        editor.replace(shapes, "width * height", "height * width")
        editor.save(shapes)
        await editor.ready()
        wish = {"what": "missing", "need": "docstring", "uri": shapes.as_uri(), "line": 0}
        answer = await editor.run_command("proactive.server.capture", {**wish, "output": str(out)})
    assert answer["fails"] is True
    assert "wanted a docstring card at shapes.py:1" in answer["text"]
    assert await replay(out, "--check") == 1


@pytest.mark.parametrize("options", [{"trusted": False}, {"recording": {"lastMinutes": 0}}])
async def test_where_nothing_is_kept_nothing_can_be_captured(root, env, tmp_path, options):
    async with Editor(root, env=env, options=options) as editor:
        editor.open(root / "shapes.py")
        await editor.ready()
        with pytest.raises(JsonRpcException, match="nothing is kept"):
            await editor.run_command(
                "proactive.server.capture", {"what": "recent", "output": str(tmp_path / "out")}
            )
    assert not (tmp_path / "out").exists()


WRONG = [
    ({"what": "recent"}, "output"),
    ({"what": "recent", "output": "here"}, "absolute"),
    ({"what": "all", "output": "/tmp/x"}, "argument 1 must be"),
    ({"what": "missing", "output": "/tmp/x"}, "wants its need"),
    ({"what": "unwanted", "output": "/tmp/x", "id": "none"}, "no longer offered"),
    ({"what": "recent", "output": "{root}"}, "there already"),
]


async def test_a_wrong_wish_is_an_error_that_says_what_was_expected(root, env):
    async with Editor(root, env=env) as editor:
        editor.open(root / "shapes.py")
        for wish, told in WRONG:
            wish = {name: value.format(root=root) for name, value in wish.items()}
            with pytest.raises(JsonRpcException, match=told):
                await editor.run_command("proactive.server.capture", wish)


async def replay(folder: Path, *options: str) -> int:
    """Its exit code; on a thread, as it has an event loop of its own."""
    return await asyncio.to_thread(run_command_line, ["replay", str(folder), *options])


async def offered_card(editor: Editor, shapes: Path) -> dict:
    editor.open(shapes)
    editor.replace(shapes, ", unit", "")
    editor.save(shapes)
    await editor.until(lambda: editor.suggestions)
    return editor.suggestions[0]


# A kill.

# Forks servers off a process that has everything imported: the command `serve` with its own
# process, pipes and threads, without the second that fifty starts would take each.
NURSERY = """
import os, sys
import proactive_lsp.__main__, proactive_lsp.cli
import proactive_lsp.server.engines, proactive_lsp.server.main
for line in sys.stdin:
    given, taken = map(int, line.split())
    child = os.fork()
    if not child:
        os.dup2(given, 0)
        os.dup2(taken, 1)
        os.closerange(3, 1_024)
        sys.stdin, sys.stdout = open(0), open(1, "w")
        sys.argv = ["proactive-lsp", "serve"]
        os._exit(proactive_lsp.__main__.main())
    print(child, flush=True)
"""


class Nursery:
    """Where servers come from: most by a fork, each tenth by its command."""

    async def __aenter__(self) -> "Nursery":
        pairs = [(os.pipe(), os.pipe()) for _ in range(KILLS)]
        self.ours = [(taken[0], given[1]) for given, taken in pairs]
        self.theirs = [(given[0], taken[1]) for given, taken in pairs]
        self.asked = asyncio.Lock()
        self.parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", NURSERY,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=[end for pair in self.theirs for end in pair],
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.parent.stdin is not None
        self.parent.stdin.close()
        await self.parent.wait()
        for end in {end for pair in (*self.ours, *self.theirs) for end in pair}:
            os.close(end)

    async def start(self, number: int) -> tuple[int, int, int]:
        """A server: its process, where it can be read and where written."""
        reading, writing = self.ours[number]
        given, taken = self.theirs[number]
        if number % 10 == 0:
            process = await asyncio.create_subprocess_exec(*SERVE, stdin=given, stdout=taken)
            return process.pid, reading, writing
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        async with self.asked:
            self.parent.stdin.write(b"%d %d\n" % (given, taken))
            return int(await self.parent.stdout.readline()), reading, writing


class Killed:
    """A server that is spoken to without ceremony, and killed in the middle of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.kept = folder / "kept"
        self.random = random.Random(seed)
        self.acknowledged: list[tuple[float, str]] = []
        self.killed = 0.0
        self._id = 0
        self._line = 0

    async def run(self, nursery: Nursery, number: int) -> None:
        workspace = self.folder / "workspace"
        workspace.mkdir(parents=True)
        self.uri = (workspace / "notes.txt").as_uri()
        process, reading, self.writing = await nursery.start(number)
        self.answers = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        protocol = asyncio.StreamReaderProtocol(self.answers)
        pipe = os.fdopen(os.dup(reading), "rb")
        transport, _ = await loop.connect_read_pipe(lambda: protocol, pipe)
        options = {
            **recording(self.kept),
            "agent": {"enabled": False},
            "memory": {"durable": False},
        }
        folders = [{"uri": workspace.as_uri(), "name": "workspace"}]
        await self.ask(
            "initialize",
            {"capabilities": {}, "workspaceFolders": folders, "initializationOptions": options},
        )
        self.tell("initialized", {})
        document = {"uri": self.uri, "languageId": "plaintext", "version": 0, "text": ""}
        self.tell("textDocument/didOpen", {"textDocument": document})
        for number in range(SAVES):
            self.write()
            self.tell("textDocument/didSave", {"textDocument": {"uri": self.uri}})
            if number % 10 == 9:
                await self.acknowledge()
        kill_at = time.monotonic() + SECONDS + self.random.uniform(0.05, 0.6)
        while time.monotonic() < kill_at:
            # Typing that nothing saves: only time settles it.
            self.write()
            await self.acknowledge()
            left = kill_at - time.monotonic()
            await asyncio.sleep(max(0.0, min(left, self.random.uniform(0.02, 0.3))))
        self.killed = time.monotonic()
        os.kill(process, signal.SIGKILL)
        transport.close()

    def write(self) -> None:
        self._line += 1
        at = {"line": self._line - 1, "character": 0}
        change = {"range": {"start": at, "end": at}, "text": f"line {self._line}\n"}
        document = {"uri": self.uri, "version": self._line}
        params = {"textDocument": document, "contentChanges": [change]}
        self.tell("textDocument/didChange", params)

    async def acknowledge(self) -> None:
        """What was sent so far has been taken in once this is answered."""
        line = f"line {self._line}\n"
        await self.ask("workspace/executeCommand", {"command": "proactive.server.status"})
        self.acknowledged.append((time.monotonic(), line))

    async def ask(self, method: str, params: dict) -> None:
        self._id += 1
        self.send({"id": self._id, "method": method, "params": params})
        while True:
            head = await self.answers.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            answer = json.loads(await self.answers.readexactly(length))
            if answer.get("id") == self._id and "method" not in answer:
                assert "result" in answer
                return

    def tell(self, method: str, params: dict) -> None:
        self.send({"method": method, "params": params})

    def send(self, message: dict) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        os.write(self.writing, b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal")
async def test_a_kill_costs_at_most_two_seconds(tmp_path):
    """Fifty servers are killed while they record. What they wrote reads to its end, and holds
    everything that was acknowledged two seconds before.
    """
    running = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Killed:
        async with running:
            server = Killed(tmp_path / str(number), number)
            await server.run(nursery, number)
            return server

    async with Nursery() as nursery:
        servers = await asyncio.gather(*(one(number) for number in range(KILLS)))
    for server in servers:
        (file,) = recordings(server.kept)
        session = scan(file)
        assert session.events >= 100
        assert session.events >= 2 * SAVES + 1
        moment = Moment(FilesTree({}))
        for _, item in read_items(file):
            if isinstance(item, (Open, Edit, Save)):
                moment.apply(item)
        document = moment.open.get("notes.txt")
        assert document is not None
        due = [line for at, line in server.acknowledged if at <= server.killed - SECONDS]
        assert due
        lines = document.text.splitlines(keepends=True)
        # In order and without a gap, up to the newest line that had to be there.
        assert lines == [f"line {number + 1}\n" for number in range(len(lines))]
        assert due[-1] in lines
