"""Files on disk, in memory, in a commit, and open buffers over them; bad files are values."""

import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from proactive_lsp.events import Change, Edit, Open, span
from proactive_lsp.workspace.documents import Documents
from proactive_lsp.workspace.tree import (
    DiskTree,
    FilesTree,
    GitTree,
    OverlayTree,
    Tree,
    language_of,
)

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


def folder(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def unreadable(tree: Tree, path: str) -> bool:
    return tree.read(path) is None and tree.read_bytes(path) is None


class Commit:
    """Blobs that count how often they are fetched."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.fetched: list[str] = []

    def paths(self) -> Sequence[str]:
        return tuple(self.files)

    def read(self, path: str) -> bytes | None:
        self.fetched.append(path)
        return self.files.get(path)


# --- disk


def test_walks_a_folder_in_order_and_past_the_folders_of_tools(tmp_path: Path) -> None:
    names = ("b.py", "a/z.py", "a/b/c.txt", "ä.md")
    tools = (".git/config", "node_modules/x.js", "a/__pycache__/z.pyc", ".venv/lib/x.py")
    tree = DiskTree(folder(tmp_path, dict.fromkeys((*names, *tools), "")))
    assert tree.paths() == ("a/b/c.txt", "a/z.py", "b.py", "ä.md")
    assert not tree.truncated


def test_a_walk_stops_at_its_limit_and_says_so(tmp_path: Path) -> None:
    tree = DiskTree(folder(tmp_path, dict.fromkeys("cab", "")), max_files=2)
    assert tree.paths() == ("a", "b")
    assert tree.truncated


def test_a_limit_just_reached_leaves_nothing_out(tmp_path: Path) -> None:
    tree = DiskTree(folder(tmp_path, dict.fromkeys("ab", "")), max_files=2)
    assert tree.paths() == ("a", "b")
    assert not tree.truncated


def test_a_missing_folder_is_an_empty_tree(tmp_path: Path) -> None:
    tree = DiskTree(tmp_path / "nowhere")
    assert tree.paths() == ()
    assert unreadable(tree, "a.py")


def test_tracked_names_decide_even_when_their_files_are_gone(tmp_path: Path) -> None:
    root = folder(tmp_path, {"a.py": "a", "other.py": "o"})
    tree = DiskTree(root, tracked=lambda: ["gone.py", "a.py"])
    assert tree.paths() == ("a.py", "gone.py")
    assert tree.read("a.py") == "a"
    assert unreadable(tree, "gone.py")
    assert tree.stamp("gone.py") is None


def test_tracked_names_that_no_event_could_carry_are_left_out(tmp_path: Path) -> None:
    names = ["a.py", "../up.py", "/etc/passwd", "", "a//b", "a\\b", "nul\0", "latin\udce9.py"]
    tree = DiskTree(tmp_path, tracked=lambda: names, max_files=1)
    assert tree.paths() == ("a.py",)
    assert not tree.truncated


def test_tracked_names_are_sorted_anew_only_when_they_changed(tmp_path: Path) -> None:
    names = ("b", "a")
    tree = DiskTree(tmp_path, tracked=lambda: names)
    first = tree.paths()
    assert tree.paths() is first
    names = ("c",)
    assert tree.paths() == ("c",)


@pytest.mark.parametrize(
    "path", ["../up.py", "/etc/hostname", "a/../../up.py", "", ".", "a\0", "\ud800"]
)
def test_nothing_outside_the_root_is_read(tmp_path: Path, path: str) -> None:
    folder(tmp_path, {"up.py": "secret", "root/a.py": ""})
    tree = DiskTree(tmp_path / "root")
    assert unreadable(tree, path)
    assert tree.stamp(path) is None


def test_text_comes_without_its_byte_order_mark_and_with_its_line_ends(tmp_path: Path) -> None:
    tree = DiskTree(folder(tmp_path, {"a.py": b"\xef\xbb\xbfa\r\nb\r"}))
    assert tree.read("a.py") == "a\r\nb\r"


def test_bytes_that_are_no_utf_8_are_no_text(tmp_path: Path) -> None:
    tree = DiskTree(folder(tmp_path, {"a.py": b"caf\xe9"}))
    assert tree.read("a.py") is None
    assert tree.read_bytes("a.py") == b"caf\xe9"


def test_binary_files_are_not_read(tmp_path: Path) -> None:
    tree = DiskTree(folder(tmp_path, {"early": b"a\0b", "late": b"a" * 8192 + b"\0"}))
    assert unreadable(tree, "early")
    assert tree.read("late") is not None


def test_files_over_the_limit_are_not_read(tmp_path: Path) -> None:
    tree = DiskTree(folder(tmp_path, {"fits": "abc", "huge": "abcd"}), max_bytes=3)
    assert tree.read("fits") == "abc"
    assert unreadable(tree, "huge")


def test_an_empty_file_is_an_empty_text(tmp_path: Path) -> None:
    assert DiskTree(folder(tmp_path, {"a.py": ""})).read("a.py") == ""


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    tree = DiskTree(folder(tmp_path, {"a/b": ""}))
    assert unreadable(tree, "a")
    assert tree.stamp("a") is None


def test_a_file_deleted_after_listing_is_nothing(tmp_path: Path) -> None:
    tree = DiskTree(folder(tmp_path, {"a.py": "a"}))
    (path,) = tree.paths()
    (tmp_path / path).unlink()
    assert unreadable(tree, path)
    assert tree.stamp(path) is None


@posix
def test_links_are_followed_inside_the_root_only(tmp_path: Path) -> None:
    root = folder(tmp_path / "root", {"src/a.py": "a"})
    folder(tmp_path, {"secret.py": "s", "root2/b.py": "b"})
    (root / "near.py").symlink_to("src/a.py")
    (root / "far.py").symlink_to(tmp_path / "secret.py")
    (root / "near").symlink_to("src")
    (root / "far").symlink_to(tmp_path)
    (root / "sibling").symlink_to(tmp_path / "root2")
    tree = DiskTree(root)
    assert tree.paths() == ("src/a.py",)
    assert tree.read("near.py") == tree.read("near/a.py") == "a"
    assert tree.stamp("near.py") == tree.stamp("near/a.py") == tree.stamp("src/a.py")
    for path in ("far.py", "far/secret.py", "sibling/b.py"):
        assert unreadable(tree, path)
        assert tree.stamp(path) is None
    paths = ["src/a.py", "near.py", "near/a.py", "far.py", "far/secret.py", "sibling/b.py"]
    paths += ["src", "gone.py", "gone/a.py", "src/../src/a.py", "src/a.py/b.py", "", "a\0b", ".."]
    assert tree.stamps(paths) == {path: tree.stamp(path) for path in paths}


@posix
def test_a_root_that_is_a_link_itself_is_fine(tmp_path: Path) -> None:
    folder(tmp_path / "real", {"a.py": "a"})
    (tmp_path / "link").symlink_to("real")
    tree = DiskTree(tmp_path / "link")
    assert tree.paths() == ("a.py",)
    assert tree.read("a.py") == "a"


@posix
def test_links_in_a_circle_are_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "self").symlink_to(".")
    tree = DiskTree(tmp_path)
    assert tree.paths() == ()
    for path in ("a", "b", "a/c", "self", "self/self/a"):
        assert unreadable(tree, path)
        assert tree.stamp(path) is None


@posix
def test_a_link_on_the_way_is_told_wherever_it_leads(tmp_path: Path) -> None:
    root = folder(tmp_path / "root", {"src/a.py": "a"})
    links = {"near.py": "src/a.py", "near": "src", "gone.py": "nowhere", "loop": "loop"}
    links["far"] = str(tmp_path)
    for name, target in links.items():
        (root / name).symlink_to(target)
    tree, _ = overlay(DiskTree(root))
    for path in ("near.py", "near/a.py", "near/new.py", "gone.py", "loop", "far/new.py"):
        assert tree.linked(path)
    for path in ("src/a.py", "src/new.py", "new/new.py"):
        assert not tree.linked(path)


@posix
def test_what_nobody_can_look_at_counts_as_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = DiskTree(folder(tmp_path, {"a.py": "a", "closed/a.py": ""}))
    for path in ("../up.py", "/etc/passwd", "a.py/below", "x" * 300, "nul\0", "\ud800"):
        assert tree.linked(path)

    def refuse(path: str) -> os.stat_result:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "lstat", refuse)
    assert tree.linked("closed/a.py")


@posix
def test_pipes_and_sockets_are_nothing_and_do_not_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        tree = DiskTree(tmp_path, tracked=lambda: ("pipe", "socket"))
        for path in tree.paths():
            assert unreadable(tree, path)
            assert tree.stamp(path) is None


@posix
def test_what_may_not_be_read_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal is made here."""
    real_open, real_scan = os.open, os.scandir

    def refuse(path: str, flags: int) -> int:
        if path.endswith("locked.py"):
            raise PermissionError(13, "Permission denied", path)
        return real_open(path, flags)

    def refuse_scan(path: str) -> object:
        if path.rstrip("/").endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return real_scan(path)

    root = folder(tmp_path, {"locked.py": "", "free.py": "f", "closed/a.py": ""})
    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse_scan)
    tree = DiskTree(root)
    assert tree.paths() == ("free.py", "locked.py")
    assert unreadable(tree, "locked.py")
    assert tree.read("free.py") == "f"


def test_a_stamp_changes_with_the_text_and_only_then(tmp_path: Path) -> None:
    tree = DiskTree(folder(tmp_path, {"a.py": "a"}))
    before = tree.stamp("a.py")
    assert before == tree.stamp("a.py")
    (tmp_path / "a.py").write_text("ab")
    assert tree.stamp("a.py") != before


# --- memory and commits


def test_files_given_as_texts() -> None:
    tree = FilesTree({"b.py": "é", "a.py": "a"})
    assert tree.paths() == ("a.py", "b.py")
    assert tree.read_bytes("b.py") == "é".encode()
    assert unreadable(tree, "c.py")
    assert tree.stamp("a.py") != tree.stamp("b.py")
    assert tree.stamp("c.py") is None


def test_the_files_of_a_commit_are_fetched_once() -> None:
    commit = Commit({"b.py": b"\xef\xbb\xbfb", "a.py": b"a", "bin": b"\0", "x": b"caf\xe9"})
    tree = GitTree(commit)
    assert tree.paths() == ("a.py", "b.py", "bin", "x")
    assert [tree.read(path) for path in ("b.py", "b.py", "bin", "bin", "x")] == [
        *("b", "b"),
        *(None, None, None),
    ]
    assert commit.fetched == ["b.py", "bin", "x"]
    assert unreadable(tree, "gone.py")
    assert tree.stamp("a.py") == tree.stamp("a.py") != tree.stamp("b.py")
    assert tree.stamp("gone.py") is None


def test_a_commit_keeps_no_more_bytes_than_allowed() -> None:
    commit = Commit({"a": b"four", "b": b"five!", "huge": b"much too long"})
    tree = GitTree(commit, max_bytes=10, max_kept=6)
    for path in ("a", "b", "b", "a"):
        assert tree.read(path) == commit.files[path].decode()
    assert unreadable(tree, "huge")
    assert commit.fetched == ["a", "b", "b", "huge"]


# --- open documents over a tree


def overlay(base: Tree, *, live: bool = True) -> tuple[OverlayTree, Documents]:
    documents = Documents()
    return OverlayTree(base, documents, live=live), documents


def show(documents: Documents, path: str, text: str) -> None:
    documents.open(Open(0.0, path, 1, "python", text))


@pytest.mark.parametrize("live", [True, False])
def test_an_open_document_wins_until_it_is_closed(live: bool) -> None:
    tree, documents = overlay(FilesTree({"a.py": "disk", "b.py": ""}), live=live)
    disk = tree.stamp("a.py")
    show(documents, "a.py", "open")
    opened = tree.stamp("a.py")
    show(documents, "c.py", "new")
    paths = ["a.py", "b.py", "c.py", "d.py"]
    assert list(tree.stamps(paths).items()) == [(path, tree.stamp(path)) for path in paths]
    documents.edit(Edit(1.0, "a.py", 2, (Change(span(0, 4, 0, 4), "é"),)))
    assert tree.read("a.py") == "opené"
    assert tree.read_bytes("a.py") == "opené".encode()
    assert len({disk, opened, tree.stamp("a.py")}) == 3
    documents.close("a.py")
    assert tree.read("a.py") == "disk"
    assert tree.read_bytes("a.py") == b"disk"
    assert tree.stamp("a.py") == disk


def test_open_documents_belong_to_the_workspace() -> None:
    base = FilesTree({"b.py": "", "d.py": ""})
    tree, documents = overlay(base)
    show(documents, "b.py", "")
    assert tree.paths() is base.paths()
    for path in ("e.py", "a.py", "c.py"):
        show(documents, path, "")
    assert list(tree.paths()) == ["a.py", "b.py", "c.py", "d.py", "e.py"]


def test_an_open_document_hides_a_bad_file(tmp_path: Path) -> None:
    tree, documents = overlay(DiskTree(folder(tmp_path, {"a.py": b"\0"})))
    assert unreadable(tree, "a.py")
    show(documents, "a.py", "text")
    assert tree.read("a.py") == "text"


def test_live_the_disk_is_the_truth() -> None:
    tree, _ = overlay(FilesTree({"a.py": "disk", "b.py": ""}))
    tree.wrote("a.py", "new")
    tree.removed("a.py")
    tree.renamed("a.py", "z.py")
    assert list(tree.paths()) == ["a.py", "b.py"]
    assert tree.read("a.py") == "disk"


def test_in_a_replay_a_saved_text_stays_after_closing() -> None:
    tree, documents = overlay(FilesTree({"a.py": "old"}), live=False)
    show(documents, "a.py", "saved")
    tree.wrote("a.py", "saved")
    documents.edit(Edit(1.0, "a.py", 2, (Change(None, "unsaved"),)))
    assert tree.read("a.py") == "unsaved"
    documents.close("a.py")
    assert tree.read("a.py") == "saved"
    assert tree.read_bytes("a.py") == b"saved"
    assert tree.stamp("a.py") == "saved"


def test_in_a_replay_files_come_and_go() -> None:
    tree, documents = overlay(FilesTree({"a.py": "a", "b.py": "b"}), live=False)
    tree.wrote("c.py", "c")
    tree.removed("a.py")
    assert list(tree.paths()) == ["b.py", "c.py"]
    assert unreadable(tree, "a.py")
    assert tree.stamp("a.py") is None
    show(documents, "a.py", "still open")
    assert list(tree.paths()) == ["a.py", "b.py", "c.py"]
    documents.close("a.py")
    tree.wrote("a.py", "again")
    assert tree.read("a.py") == "again"


def test_in_a_replay_a_renamed_file_keeps_its_saved_text() -> None:
    tree, documents = overlay(FilesTree({"a.py": "a"}), live=False)
    tree.wrote("a.py", "saved")
    show(documents, "a.py", "unsaved")
    documents.close("a.py")
    tree.renamed("a.py", "b.py")
    assert list(tree.paths()) == ["b.py"]
    assert tree.read("b.py") == "saved"


def test_in_a_replay_a_folder_moves_and_goes_with_its_files() -> None:
    tree, _ = overlay(FilesTree({"p/a.py": "a", "p/q/b.py": "b", "px.py": "x"}), live=False)
    tree.wrote("p/c.py", "c")
    tree.renamed("p", "p/new")
    assert list(tree.paths()) == ["p/new/a.py", "p/new/c.py", "p/new/q/b.py", "px.py"]
    assert tree.read("p/new/q/b.py") == "b"
    tree.removed("p/new/q")
    tree.removed("nowhere.py")
    assert list(tree.paths()) == ["p/new/a.py", "p/new/c.py", "px.py"]


def test_the_tree_below_says_whether_it_is_all() -> None:
    tree, _ = overlay(DiskTree(Path("nowhere"), tracked=lambda: ("a", "b"), max_files=1))
    assert list(tree.paths()) == ["a"]
    assert tree.truncated


def test_languages_by_extension() -> None:
    assert language_of("src/a.py") == language_of("a.PYI") == "python"
    assert language_of("README.md") == "markdown"
    assert language_of("deploy/.env") == language_of("local.env") == "dotenv"
    assert language_of("Makefile") == "makefile"
    assert [language_of(path) for path in ("a.unknown", ".gitignore", "")] == [None] * 3
