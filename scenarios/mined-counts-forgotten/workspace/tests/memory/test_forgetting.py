"""What happened can be forgotten, down to the bytes; every no and every lesson stays."""

from pathlib import Path

from proactive_lsp.events import Change, Command, Edit, Save, span
from proactive_lsp.explain.remembered import remembered_page
from proactive_lsp.memory import Memory, NoStore, ReadStore, SqliteStore, forget_events

TEXT = "a line that only this test has"


def lived(path: Path) -> Memory:
    """A memory in which something happened and something was answered."""
    memory = Memory(SqliteStore(path))
    memory.append(Save(1.0, "a.py"))
    memory.append(Edit(2.0, "a.py", 2, (Change(span(0, 0, 0, 0), f"{TEXT}\n"),)))
    memory.append(Command(200.0, "make", 2))
    memory.set_value("note", TEXT)
    memory.dismiss(["one"])
    memory.learn("broken-call", "save", "lib", "accepted")
    memory.flush()
    return memory


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_nothing_of_it_is_left_on_disk(tmp_path: Path) -> None:
    """Not in SQLite's log either, while another process still works on the same file."""
    path = tmp_path / "m.sqlite3"
    other = lived(path)
    assert TEXT.encode() in bytes_of(tmp_path)
    assert forget_events(path) == (3, "")
    assert TEXT.encode() not in bytes_of(tmp_path)
    other.close()
    again = Memory(SqliteStore(path))
    assert (again.number, again.stored(), again.value("note")) == (0, 0, None)
    assert again.dismissed() == {"one"}
    assert again.learned_kinds() == ("broken-call",)
    again.close()
    assert forget_events(path) == (0, "")


def test_in_ram_and_for_what_comes_after(tmp_path: Path) -> None:
    """Numbers rise on; what happens afterwards is remembered and written as ever."""
    memory = lived(tmp_path / "m.sqlite3")
    memory.append(Save(201.0, "b.py"))
    assert memory.forget_events() == 4
    assert (memory.number, memory.size, memory.recent()) == (0, 0, ())
    assert memory.append(Save(202.0, "c.py")) == 5
    memory.close()
    again = Memory(SqliteStore(tmp_path / "m.sqlite3"))
    assert [each.event.path for each in again.recent() if isinstance(each.event, Save)] == ["c.py"]
    again.close()


def test_no_store_is_made_to_forget_it(tmp_path: Path) -> None:
    assert forget_events(tmp_path / "m.sqlite3") == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_the_page_has_the_newest_first_and_says_where_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite3"
    lived(path).close()
    title, note, _, points = remembered_page(Memory(ReadStore(path, 200), earlier=200))
    assert title.text == "What is remembered"
    assert note.text == "3 events at hand, 3 on disk, those of the last 30 days."
    assert points.items == (
        'latest: The user ran "make"; it failed with exit code 2.',
        f'3 min earlier: The user edited "a.py". added at line 1: | {TEXT}',
        '3 min earlier: The user saved "a.py".',
    )
    assert ReadStore(path, 1).earlier(200) == [Command(0.0, "make", 2)]


def test_the_page_of_nothing_and_of_ram() -> None:
    memory = Memory(NoStore())
    assert [block.text for block in remembered_page(memory)][1:] == ["No event is remembered."]
    memory.append(Save(1.0, "a.py"))
    assert remembered_page(memory)[1].text == "1 event, in memory alone until the server ends."
