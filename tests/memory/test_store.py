"""The store: durable, shared, private, and never in the way."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from proactive_lsp.events import Command, Save
from proactive_lsp.memory import Counts, Memory, SqliteStore, store_path

CHILD = """
import sys, time
from pathlib import Path
from proactive_lsp.events import Save
from proactive_lsp.memory import Memory, SqliteStore
# drop rights
memory = Memory(SqliteStore(Path(sys.argv[1])))
for number in range(int(sys.argv[3])):
    memory.append(Save(number, f"{sys.argv[2]}{number}.py"))
    memory.flush()
print(memory.status, flush=True)
if sys.argv[4] == "wait":
    time.sleep(60)
memory.close()
"""
LOCKER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
db.execute("ROLLBACK")
print("free", flush=True)
"""


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process; its first line says that it is ready."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that the process prints."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def paths(path: Path) -> list[str]:
    """The files of all stored events."""
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT json_extract(line, '$.path') FROM events")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be made; its folder does not exist yet."""
    return tmp_path / "state" / "memory.sqlite3"


def test_a_killed_process_loses_nothing_that_was_flushed(path: Path) -> None:
    """Every event that was flushed before kill -9 is there afterwards."""
    process = child(CHILD, path, "a", 50, "wait")
    assert line_of(process) == "ok"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.communicate()
    memory = Memory(SqliteStore(path))
    assert len(memory.recent(100)) == 50
    assert memory.status == "ok"
    assert paths(path) == [f"a{number}.py" for number in range(50)]
    memory.close()


def test_two_processes_share_one_store(path: Path) -> None:
    """Both write at the same time, and all of it is there."""
    processes = [child(CHILD, path, name, 100, "end") for name in "ab"]
    assert [line_of(process) for process in processes] == ["ok", "ok"]
    for process in processes:
        process.communicate()
    assert sorted(paths(path)) == sorted(
        f"{name}{number}.py" for name in "ab" for number in range(100)
    )


def test_sees_what_another_process_learned(path: Path) -> None:
    """After a flush; counts add up instead of overwriting each other."""
    one, two = Memory(SqliteStore(path)), Memory(SqliteStore(path))
    for memory in (one, two, one):
        memory.learn("k", "save", "src", "accepted")
        memory.mute("clone", f"{len(memory.muted())}")
        memory.flush()
    two.flush()
    two.learn("k", "save", "src", "accepted")
    two.flush()
    assert two.counts("k", "save", "src") == Counts(accepted=4)
    assert one.muted() <= two.muted()
    one.close()
    two.close()


def test_a_locked_store_waits_in_ram_and_is_complete_afterwards(path: Path) -> None:
    """Locked while running: nothing is lost, nothing renamed, one message, no long wait."""
    memory = Memory(SqliteStore(path))
    memory.append(Save(0, "a.py"))
    memory.flush()
    process = child(LOCKER, path)
    assert line_of(process) == "locked"
    for number in range(3):
        memory.append(Save(1, f"b{number}.py"))
        began = time.perf_counter()
        memory.flush()
        assert time.perf_counter() - began < 1.0
    assert memory.status.startswith("ram-only: ")
    assert len(memory.messages) == 1
    assert len(memory.recent()) == 4
    process.communicate("\n")
    memory.flush()
    assert memory.status == "ok"
    assert paths(path) == ["a.py", "b0.py", "b1.py", "b2.py"]
    memory.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_store_locked_from_the_start_is_read_later(path: Path) -> None:
    """What was dismissed in former runs is known as soon as the lock is gone."""
    former = Memory(SqliteStore(path))
    former.mute("clone", "src")
    former.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    process = child(LOCKER, path)
    assert line_of(process) == "locked"
    memory = Memory(SqliteStore(path))
    memory.append(Save(0, "a.py"))
    memory.flush()
    assert memory.status.startswith("ram-only: ")
    process.communicate("\n")
    memory.flush()
    assert memory.status == "ok"
    assert memory.muted() == {("clone", "src")}
    assert paths(path) == ["a.py"]
    memory.close()


@pytest.mark.parametrize(
    "content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_corrupt_store_is_set_aside(path: Path, content: bytes) -> None:
    """Said once, kept under another name, started afresh."""
    path.parent.mkdir()
    path.write_bytes(content)
    path.with_name(path.name + ".corrupt-1").write_bytes(b"an older one")
    memory = Memory(SqliteStore(path))
    memory.append(Save(0, "a.py"))
    memory.flush()
    assert memory.status == "ok"
    assert len(memory.messages) == 1
    assert path.with_name(path.name + ".corrupt-2").read_bytes() == content
    assert paths(path) == ["a.py"]
    memory.close()


def test_a_newer_store_is_left_alone(path: Path) -> None:
    """RAM only, with a message, and not a byte changed."""
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
        db.execute("CREATE TABLE other (x)")
    before = path.read_bytes()
    memory = Memory(SqliteStore(path))
    memory.append(Save(0, "a.py"))
    memory.close()
    assert "newer version" in memory.status
    assert len(memory.messages) == 1
    assert len(memory.recent()) == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize("how", ["a file is in the way", "a folder is there", "dead link"])
def test_a_place_that_cannot_be_written_means_ram_only(tmp_path: Path, how: str) -> None:
    """Works whoever runs it: the superuser may write into read-only folders."""
    path = tmp_path / "in" / "memory.sqlite3"
    if how == "a file is in the way":
        path.parent.write_text("")
    elif how == "a folder is there":
        path.mkdir(parents=True)
    else:
        path.parent.mkdir()
        path.symlink_to(tmp_path / "missing" / "file")
    memory = Memory(SqliteStore(path))
    memory.append(Save(0, "a.py"))
    memory.close()
    assert memory.status.startswith("ram-only: ")
    assert len(memory.messages) == 1
    assert len(memory.recent()) == 1


def test_a_read_only_folder_means_ram_only() -> None:
    """As a user without rights, also when the tests run as the superuser."""
    drop = "import os\nif os.geteuid() == 0: os.setuid(65534)"
    with tempfile.TemporaryDirectory() as top:
        Path(top).chmod(0o755)
        folder = Path(top) / "state"
        folder.mkdir(mode=0o555)
        code = CHILD.replace("# drop rights", drop)
        process = child(code, folder / "memory.sqlite3", "a", 1, "end")
        assert line_of(process).startswith("ram-only: ")
        process.communicate()
        assert list(folder.iterdir()) == []


def test_files_are_private(path: Path) -> None:
    """0600 for the database and its logs, 0700 for the folder, also when it was wider before."""
    mask = os.umask(0)
    try:
        path.parent.mkdir(mode=0o700)
        path.touch(mode=0o644)
        memory = Memory(SqliteStore(path))
        memory.append(Save(0, "a.py"))
        memory.flush()
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert modes == dict.fromkeys((path.name, path.name + "-wal", path.name + "-shm"), 0o600)
        memory.close()
    finally:
        os.umask(mask)


def test_makes_a_private_folder(path: Path) -> None:
    """A folder that had to be made is 0700."""
    SqliteStore(path).close()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_no_byte_of_a_secret_reaches_the_disk(path: Path) -> None:
    """Searched in the database and its logs, before and after they are folded."""
    key = ("gh" + "p_" + "Zx9Kq2Lm7Vw4" * 3).encode()
    memory = Memory(SqliteStore(path))
    memory.append(Command(0, f"export TOKEN={key.decode()}", 0, tail=f"used {key.decode()}"))
    memory.append(Save(0, f"{key.decode()}.py"))
    memory.set_value("note", {"token": key.decode()})
    memory.mute("clone", f"src/{key.decode()}")
    memory.learn("clone", "save", f"src/{key.decode()}", "accepted")
    memory.flush()
    assert all(key[4:] not in file.read_bytes() for file in path.parent.iterdir())
    assert memory.counts("clone", "save", f"src/{key.decode()}").accepted == 1
    memory.close()
    assert all(key[4:] not in file.read_bytes() for file in path.parent.iterdir())


def test_prunes_by_rows_and_by_age(path: Path) -> None:
    """Old runs give way; what is young and within the number stays."""
    old = Memory(SqliteStore(path, wall=lambda: 1_000.0))
    old.append(Save(0, "old.py"))
    old.close()
    for number in range(3):
        memory = Memory(SqliteStore(path, max_rows=5, max_days=1, wall=lambda: 100_000.0))
        for part in range(4):
            memory.append(Save(part, f"{number}-{part}.py"))
        memory.close()
    assert paths(path) == ["1-3.py", "2-0.py", "2-1.py", "2-2.py", "2-3.py"]


def test_events_of_former_runs_lie_before_this_one(path: Path) -> None:
    """Their times are negative, in seconds of real time."""
    former = Memory(SqliteStore(path, wall=lambda: 1_000.0))
    former.append(Save(5, "a.py"))
    former.close()
    memory = Memory(SqliteStore(path, wall=lambda: 1_100.0))
    assert [item.event for item in memory.recent()] == [Save(-95, "a.py")]
    assert memory.append(Save(0, "b.py")) == 2
    memory.close()


def test_unreadable_rows_are_left_out(path: Path) -> None:
    """One bad row does not cost the others."""
    memory = Memory(SqliteStore(path))
    memory.append(Save(0, "a.py"))
    memory.close()
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO events (at, line) VALUES (1, 'nonsense')")
    memory = Memory(SqliteStore(path))
    assert [item.event.path for item in memory.recent() if isinstance(item.event, Save)] == ["a.py"]
    memory.close()


def test_each_folder_has_its_store(tmp_path: Path) -> None:
    """The same for every way to name it, another one for another folder."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    (tmp_path / "link").symlink_to(one)
    assert store_path(one, tmp_path) == store_path(tmp_path / "link", tmp_path)
    assert store_path(one, tmp_path) != store_path(two, tmp_path)
    assert store_path(one, tmp_path).is_relative_to(tmp_path)
    assert "proactive-lsp" in str(store_path(one, None))


def test_a_flush_is_fast(path: Path) -> None:
    """A thousand events; 10 ms on a quiet machine, so this passes on a busy one."""
    memory = Memory(SqliteStore(path))
    memory.flush()
    for number in range(1_000):
        memory.append(Save(number, "a.py"))
    began = time.perf_counter()
    memory.flush()
    assert time.perf_counter() - began < 0.5
    memory.close()


@pytest.mark.parametrize("log", ["", "-wal", "-shm"])
def test_a_link_in_its_place_is_refused(path: Path, tmp_path: Path, log: str) -> None:
    """It would have us write into a file of somebody's choice."""
    other = tmp_path / "other"
    other.write_bytes(b"")
    other.chmod(0o644)
    path.parent.mkdir(exist_ok=True)
    path.with_name(path.name + log).symlink_to(other)
    memory = Memory(SqliteStore(path))
    memory.append(Save(1.0, "a.py"))
    memory.close()
    assert memory.status.startswith("ram-only")
    assert len(memory.take_messages()) == 1
    assert other.read_bytes() == b""
    assert stat.S_IMODE(other.stat().st_mode) == 0o644


def test_a_folder_of_ours_that_others_can_write_is_tightened(tmp_path: Path) -> None:
    """Or anybody could put a file of theirs in the place of ours."""
    path = store_path(tmp_path, tmp_path / "state")
    path.parent.mkdir(parents=True)
    path.parent.chmod(0o777)
    SqliteStore(path).close()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_is_not_ours_alone_keeps_its_mode(tmp_path: Path) -> None:
    """Only the folder that is called as we call it is ours."""
    tmp_path.chmod(0o770)
    SqliteStore(tmp_path / "a.sqlite3").close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o770
