"""What `Repository` says of a repository, and what it says when there is none to speak of."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from proactive_lsp.workspace import git_command, git_files, git_objects
from proactive_lsp.workspace.git_objects import CommitTree
from proactive_lsp.workspace.repository import ChangedFile, NoRepository, Repository

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX file names and pipes")


def found(root: Path) -> Repository:
    repository = Repository.find(root)
    assert isinstance(repository, Repository), repository
    return repository


def reason(root: Path) -> str:
    nothing = Repository.find(root)
    assert isinstance(nothing, NoRepository)
    return nothing.reason


@pytest.fixture
def no_more_processes(monkeypatch):
    """Call it to make every further git process an error."""

    def stop():
        def refuse(*_, **__):
            raise AssertionError("a git process was started")

        monkeypatch.setattr(git_command.GitCommand, "run", refuse)
        monkeypatch.setattr(git_command.GitCommand, "start", refuse)

    return stop


# --- where there is none


def test_a_plain_folder_is_no_repository(tmp_path):
    """The reason is git's own."""
    assert "not a git repository" in reason(tmp_path)


def test_a_missing_folder_is_no_repository(tmp_path):
    """Nothing is run in another folder instead."""
    assert "cannot be opened" in reason(tmp_path / "gone")


def test_a_bare_repository_is_refused(tmp_path, new_checkout):
    """It has no working tree to look at."""
    assert "work tree" in reason(new_checkout(tmp_path / "bare", "--bare").root)


def test_the_git_folder_itself_is_refused(checkout):
    """A workspace inside `.git` has no working tree either."""
    assert "work tree" in reason(checkout.root / ".git")


def test_a_broken_head_is_refused(checkout):
    """Git no longer takes it for a repository."""
    (checkout.root / ".git" / "HEAD").write_bytes(b"\xff\x00garbage")
    assert "not a git repository" in reason(checkout.root)


def test_no_git_program(checkout, monkeypatch):
    """The remedy is named."""
    monkeypatch.setenv("PATH", "")
    assert "install git" in reason(checkout.root)


@posix_only
def test_a_git_program_in_a_relative_folder_of_path_is_not_run(checkout, monkeypatch):
    """`PATH=.` in a workspace with a file named git must not run it."""
    program = checkout.write("git", "#!/bin/sh\ntouch ran\n")
    program.chmod(0o755)
    monkeypatch.chdir(checkout.root)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}bin")
    assert "install git" in reason(checkout.root)
    assert not (checkout.root / "ran").exists()


@posix_only
def test_a_git_program_that_hangs_is_killed(checkout, tmp_path, monkeypatch):
    """After a few timeouts it is not started again."""
    calls = tmp_path / "calls"
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho >> {calls}\nexec /bin/sleep 60\n")
    program.chmod(0o755)
    repository = found(checkout.root)
    monkeypatch.setattr(git_command, "TIMEOUT", 0.2)
    monkeypatch.setattr(repository._command, "_command", (str(program),))
    for _ in range(6):
        repository.forget()
        assert repository.tracked() == ()
    assert repository.commit("HEAD") is None
    assert len(calls.read_text().splitlines()) <= 3


def test_dubious_ownership_names_the_remedy(checkout, monkeypatch):
    """Git's own refusal is respected, never worked around."""
    pretend = "GIT_TEST_ASSUME_DIFFERENT_OWNER"
    monkeypatch.setattr(git_command, "KEPT", (*git_command.KEPT, pretend))
    monkeypatch.setenv(pretend, "1")
    assert "safe.directory" in reason(checkout.root)


def test_a_working_tree_elsewhere_is_refused(checkout, tmp_path):
    """`core.worktree` may point at the user's home: nothing outside the folder is listed."""
    (tmp_path / "home").mkdir()
    checkout.git("config", "core.worktree", str(tmp_path / "home"))
    assert "working tree" in reason(checkout.root) or "work tree" in reason(checkout.root)


def test_an_inherited_git_dir_is_ignored(checkout, tmp_path, new_checkout, monkeypatch):
    """A server started from a hook still reads its own workspace."""
    checkout.commit("mine", a_py="")
    other = new_checkout(tmp_path / "other")
    theirs = other.commit("theirs")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git" / "index"))
    repository = found(checkout.root)
    assert repository.tracked() == ("a.py",)
    assert repository.state().head != theirs
    assert os.environ["GIT_DIR"] == str(other.root / ".git")
    repository.close()


# --- state and stamp


def test_before_the_first_commit(checkout):
    """There is a branch, but no head."""
    checkout.write("a.py")
    repository = found(checkout.root)
    state = repository.state()
    assert (state.head, state.branch, state.busy) == (None, "main", False)
    assert repository.tracked() == ("a.py",)
    assert repository.commit("HEAD") is None
    checkout.git("add", ".")
    assert repository.staged() == ("a.py",)
    repository.close()


def test_state_follows_a_commit(checkout):
    """Head and stamp move together."""
    checkout.commit("one", a_py="1")
    repository = found(checkout.root)
    before, stamp = repository.state(), repository.stamp()
    head = checkout.commit("two", a_py="2")
    assert repository.stamp() != stamp
    assert repository.state().head == head != before.head


def test_state_starts_no_process_while_the_index_stands_still(checkout, no_more_processes):
    """It is polled, so it reads files alone."""
    checkout.commit("one", a_py="1")
    repository = found(checkout.root)
    state = repository.state()
    no_more_processes()
    assert repository.state() == state
    checkout.git("update-ref", "HEAD", checkout.git("commit-tree", "HEAD^{tree}", "-m", "x"))
    assert repository.state().head != state.head


def test_stamp_is_three_stat_calls(checkout, monkeypatch):
    """As the polling budget says."""
    repository = found(checkout.root)
    calls: list[Path] = []
    real = Path.stat

    def stat(path: Path, **options):
        calls.append(path)
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", stat)
    repository.stamp()
    assert len(calls) == 3


def test_detached_head(checkout):
    """A head without a branch."""
    head = checkout.commit("one")
    checkout.git("checkout", "-q", "--detach")
    state = found(checkout.root).state()
    assert (state.head, state.branch) == (head, None)


def test_packed_refs(checkout):
    """Refs are read from the packed file when they are not loose."""
    head = checkout.commit("one")
    checkout.git("branch", "topic/new")
    checkout.git("pack-refs", "--all")
    repository = found(checkout.root)
    assert not (checkout.root / ".git" / "refs" / "heads" / "main").exists()
    assert repository.state().head == head
    assert repository.has_branch("topic/new")
    assert not repository.has_branch("topic")


def test_refreshing_the_index_is_not_staging(checkout):
    """`git status` rewrites the index file, and the state stays equal."""
    file = checkout.root / "a.py"
    checkout.commit("one", a_py="1")
    repository = found(checkout.root)
    state, index = repository.state(), (checkout.root / ".git" / "index").read_bytes()
    os.utime(file, (1, 1))
    checkout.git("status")
    assert (checkout.root / ".git" / "index").read_bytes() != index
    assert repository.state() == state


def test_a_conflict_shows_as_merging_with_unmerged_paths(checkout):
    """And merging ends with the merge."""
    checkout.commit("base", a_py="base\n")
    checkout.git("checkout", "-q", "-b", "side")
    checkout.commit("side", a_py="side\n")
    checkout.git("checkout", "-q", "main")
    checkout.commit("main", a_py="main\n")
    checkout.git("merge", "side", check=False)
    repository = found(checkout.root)
    state = repository.state()
    assert (state.merging, state.unmerged) == (True, ("a.py",))
    checkout.git("merge", "--abort")
    assert repository.state().unmerged == ()


def test_a_worktree_has_its_own_state(checkout, tmp_path):
    """Its `.git` is a file, its branches are the main repository's."""
    checkout.commit("one", a_py="")
    checkout.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    repository = found(tmp_path / "side")
    state = repository.state()
    assert (state.branch, state.head) == ("side", checkout.git("rev-parse", "HEAD"))
    assert repository.tracked() == ("a.py",)
    assert repository.has_branch("main")


def test_a_submodule_has_its_own_state(checkout, tmp_path, new_checkout):
    """And its superproject does not list its files."""
    new_checkout(tmp_path / "library").commit("library", lib_py="")
    checkout.git(
        *("-c", "protocol.file.allow=always", "submodule", "add", "-q"),
        *(str(tmp_path / "library"), "vendored"),
    )
    checkout.commit("one", a_py="")
    outer, inner = found(checkout.root), found(checkout.root / "vendored")
    assert inner.tracked() == ("lib.py",)
    assert inner.state().branch == "main"
    assert outer.tracked() == (".gitmodules", "a.py")


def test_a_folder_name_with_spaces_and_dollars(tmp_path, new_checkout):
    """Nothing in the path is expanded."""
    odd = new_checkout(tmp_path / "a $HOME ~ 'b'")
    odd.commit("one", a_py="1")
    repository = found(odd.root)
    assert repository.read("HEAD", "a.py") == b"1"
    repository.close()


# --- files


def test_a_subfolder_sees_only_its_own_files(checkout):
    """Paths are relative to the workspace folder, and what is outside is not there."""
    checkout.write("outside.py", "x")
    checkout.write("app/inside.py", "1")
    first = checkout.commit("one")
    checkout.write("outside.py", "y")
    checkout.write("app/inside.py", "2")
    second = checkout.commit("two")
    checkout.write(".gitignore", "*.log\n")
    checkout.write("app/new.py")
    checkout.write("app/x.log")
    repository = found(checkout.root / "app")
    tree = repository.tree(first)
    assert isinstance(tree, CommitTree)
    assert repository.tracked() == ("inside.py", "new.py")
    assert repository.ignored(["x.log", "new.py"]) == {"x.log"}
    assert [change.path for change in repository.changed(first, second)] == ["inside.py"]
    assert repository.read(first, "inside.py") == b"1"
    assert repository.read(first, "../outside.py") is None
    assert (tree.paths(), tree.read("inside.py")) == (("inside.py",), b"1")
    checkout.git("add", "--all")
    assert repository.staged() == ("new.py",)
    repository.close()


def test_tracked_is_cached_until_forgotten(checkout, no_more_processes):
    """A new untracked file moves no index, so the caller says when to look again."""
    checkout.commit("one", a_py="")
    checkout.write(".gitignore", "*.log\n")
    repository = found(checkout.root)
    assert repository.tracked() == (".gitignore", "a.py")
    checkout.write("b.py")
    checkout.write("c.log")
    repository.forget()
    assert repository.tracked() == (".gitignore", "a.py", "b.py")
    no_more_processes()
    assert repository.tracked() == (".gitignore", "a.py", "b.py")


def test_a_nested_repository_is_not_listed(checkout, new_checkout):
    """Git names it as a folder, which is no file."""
    new_checkout(checkout.root / "nested").commit("inner", x_py="")
    checkout.write("a.py")
    assert found(checkout.root).tracked() == ("a.py",)


@posix_only
def test_odd_names(checkout):
    """Spaces, quotes, a newline and a leading dash live; what no event can carry is skipped."""
    names = ["sp ace.py", "quo\"te's.py", "new\nline.py", "-dash.py", "ünï.py", ":(top)x.py"]
    for name in [*names, "back\\slash.py", "C:.py"]:
        checkout.write(name, name)
    with suppress(OSError):  # a file system may take UTF-8 only
        Path(os.fsdecode(os.fsencode(checkout.root) + b"/bytes\xff.py")).write_bytes(b"")
    first = checkout.commit("odd")
    repository = found(checkout.root)
    tree = repository.tree("HEAD")
    assert tree is not None
    assert repository.tracked() == tree.paths() == tuple(sorted(names))
    assert {change.path for change in repository.changed(None, first)} == set(names)
    assert [tree.read(name) for name in names] == [name.encode() for name in names]
    assert repository.read("HEAD", "new\nline.py") is None
    assert repository.read("HEAD", "-dash.py") == b"-dash.py"
    checkout.write(".gitignore", "quo*\n:*\n*line.py\n")
    checkout.git("rm", "-q", "--cached", "-r", ".")
    assert repository.ignored(names) == {names[1], names[2], names[5]}
    repository.close()


def test_ignored_goes_on_after_a_path_git_refuses(checkout):
    """A path behind a symbolic link is not judged, the others are."""
    checkout.write(".gitignore", "*.log\n!keep.log\n")
    checkout.write("real/x.py")
    (checkout.root / "link").symlink_to("real")
    repository = found(checkout.root)
    asked = ["a.log", "link/x.log", "b.log", "keep.log", "c.py", "/etc/x.log", "../x.log"]
    assert repository.ignored(asked) == {"a.log", "b.log"}


def test_ignored_without_paths_asks_nobody(checkout, no_more_processes):
    """Nothing in, nothing out."""
    repository = found(checkout.root)
    no_more_processes()
    assert repository.ignored([]) == frozenset()


def test_read_gives_the_committed_bytes(checkout):
    """Neither line endings nor decoding are touched."""
    (checkout.root / "a.bin").write_bytes(b"a\r\n\0\xff\n")
    first = checkout.commit("one")
    repository = found(checkout.root)
    assert repository.read(first, "a.bin") == b"a\r\n\0\xff\n"
    assert repository.read(first, "missing") is None
    assert repository.read("nonsense", "a.bin") is None
    assert repository.read(first, "a.bin") == b"a\r\n\0\xff\n"
    repository.close()


def test_a_too_large_file_reads_as_nothing(checkout, monkeypatch):
    """And the next read works."""
    first = checkout.commit("one", large_py="x" * 2_000, small_py="y")
    monkeypatch.setattr(git_objects, "MAX_BLOB", 1_000)
    repository = found(checkout.root)
    assert repository.read(first, "large.py") is None
    assert repository.read(first, "small.py") == b"y"
    repository.close()


def test_a_tree_is_pinned_to_its_commit(checkout):
    """Later commits do not show; symbolic links and submodules are no files of it."""
    (checkout.root / "link").symlink_to("a.py")
    checkout.commit("one", a_py="1", b_py="")
    repository = found(checkout.root)
    tree = repository.tree("HEAD")
    assert tree is not None
    checkout.commit("two", a_py="2", c_py="")
    assert tree.paths() == ("a.py", "b.py")
    assert (tree.read("a.py"), tree.read("link"), tree.read("c.py")) == (b"1", None, None)
    assert repository.tree("nonsense") is None
    repository.close()


def test_no_helper_process_is_left(checkout):
    """`close` ends it and may be called twice; a later read starts a new one."""
    checkout.commit("one", a_py="1")
    repository = found(checkout.root)
    assert repository.read("HEAD", "a.py") == b"1"
    process = repository._objects._process
    assert process is not None
    repository.close()
    repository.close()
    assert process.returncode is not None
    assert repository.read("HEAD", "a.py") == b"1"
    repository.close()


# --- commits


def test_changed_tells_the_kinds_apart(checkout):
    """Added, deleted, modified, renamed; blobs only where there is a regular file."""
    body = "".join(f"line {n}\n" for n in range(20))
    first = checkout.commit("one", gone_py="g", same_py="s", old_py=body, edit_py="1")
    checkout.git("mv", "old.py", "new.py")
    checkout.git("rm", "-q", "gone.py")
    (checkout.root / "link").symlink_to("same.py")
    second = checkout.commit("two", new_py=body + "more\n", edit_py="2", fresh_py="f")
    repository = found(checkout.root)
    changes = {change.path: change for change in repository.changed(first, second)}
    assert {path: change.status for path, change in changes.items()} == {
        "edit.py": "modified",
        "fresh.py": "added",
        "gone.py": "deleted",
        "link": "added",
        "new.py": "renamed",
    }
    assert changes["new.py"].old_path == "old.py"
    assert changes["link"] == ChangedFile("added", "link")
    assert (changes["gone.py"].new_blob, changes["fresh.py"].old_blob) == (None, None)
    blob = changes["edit.py"].old_blob
    assert blob is not None
    assert repository.blob(blob) == b"1"
    repository.close()


def test_changed_with_unknown_commits_is_empty(checkout):
    """Options in the place of a revision are no revision either."""
    head = checkout.commit("one", a_py="")
    repository = found(checkout.root)
    assert repository.changed("0" * 40, head) == ()
    assert repository.changed(None, "--output=/tmp/x") == ()
    assert repository.changed(None, "HEAD\nHEAD") == ()
    assert [change.path for change in repository.changed(None, "HEAD")] == ["a.py"]
    repository.close()


def test_commit_facts(checkout):
    """Parents, first line, whole message, time; from a branch, a tag or an abbreviation."""
    first = checkout.commit("one")
    second = checkout.commit("Say more\n\nBecause.")
    checkout.git("tag", "-a", "v1", "-m", "release")
    repository = found(checkout.root)
    facts = repository.commit("v1")
    assert facts is not None
    assert (facts.id, facts.parents) == (second, (first,))
    assert (facts.subject, facts.message) == ("Say more", "Say more\n\nBecause.")
    assert facts.time == 1_700_000_000
    assert repository.resolve(first[:10]) == first
    assert repository.resolve("HEAD:") is None
    repository.close()


def test_a_message_that_is_not_utf8(checkout):
    """It is decoded with replacements."""
    checkout.write("message").write_bytes("caf\xe9".encode("latin-1"))
    latin = ("-c", "i18n.commitEncoding=latin-1")
    checkout.git(*latin, "commit", "-q", "--allow-empty", "-F", str(checkout.root / "message"))
    repository = found(checkout.root)
    facts = repository.commit("HEAD")
    assert facts is not None
    assert facts.subject == "caf\ufffd"
    repository.close()


def test_sha256(tmp_path, new_checkout):
    """Object ids of 64 digits, from the first commit on."""
    checkout = new_checkout(tmp_path / "modern", "--object-format=sha256")
    checkout.write("a.py", "1")
    checkout.git("add", ".")
    repository = found(checkout.root)
    assert repository.staged() == ("a.py",)
    head = checkout.commit("one")
    assert (len(head), repository.state().head) == (64, head)
    assert repository.read(head, "a.py") == b"1"
    assert [change.status for change in repository.changed(None, head)] == ["added"]
    repository.close()


def test_missing_objects_and_a_broken_index_are_empty_answers(checkout):
    """What is left still answers."""
    first = checkout.commit("one", a_py="1", b_py="2")
    blob = checkout.git("rev-parse", f"{first}:a.py")
    repository = found(checkout.root)
    (checkout.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert repository.read(first, "a.py") is None
    assert repository.read(first, "b.py") == b"2"
    (checkout.root / ".git" / "index").write_bytes(b"DIRCgarbage")
    repository.forget()
    assert repository.tracked() == repository.staged() == ()
    assert repository.ignored(["a.py"]) == frozenset()
    assert repository.state().unmerged == ()
    commit = checkout.root / ".git" / "objects" / first[:2] / first[2:]
    commit.chmod(0o644)
    commit.write_bytes(b"garbage")
    assert repository.commit(first) is None
    assert repository.tree(first) is None
    repository.close()


def test_a_repository_that_vanishes(checkout, tmp_path):
    """Everything is empty, nothing is answered for another folder."""
    checkout.commit("one", a_py="")
    repository = found(checkout.root)
    checkout.root.rename(tmp_path / "elsewhere")
    assert repository.state().head is None
    assert repository.tracked() == ()
    assert repository.read("HEAD", "a.py") is None
    repository.close()


@pytest.mark.parametrize(
    "content",
    [b"", b"ref: ", b"ref: refs/../../secret", b"ref: /etc/passwd", b"\xff" * 99, b"g" * 40],
)
def test_a_head_that_turns_to_garbage(checkout, content):
    """Its commit is unknown, and only files below refs/ are read."""
    (checkout.root / "secret").write_text("a" * 40)
    repository = found(checkout.root)
    (checkout.root / ".git" / "HEAD").write_bytes(content)
    assert repository.state().head is None


def test_symbolic_refs_in_a_circle(checkout):
    """Following them ends."""
    checkout.git("symbolic-ref", "refs/heads/main", "refs/heads/main")
    assert found(checkout.root).state().head is None


@posix_only
def test_named_pipes_do_not_make_us_wait(checkout, monkeypatch):
    """Neither git before, nor our own reading after the repository was found."""
    checkout.commit("one")
    repository = found(checkout.root)
    for name in ("HEAD", "logs/HEAD", "packed-refs"):
        (checkout.root / ".git" / name).unlink(missing_ok=True)
        os.mkfifo(checkout.root / ".git" / name)
    monkeypatch.setattr(git_command, "TIMEOUT", 0.05)
    assert repository.state().head is None
    assert repository.stamp() == repository.stamp()
    assert "Timeout" in reason(checkout.root)


def test_an_unreadable_reflog_is_empty(tmp_path):
    """Garbage lines are passed over."""
    files = git_files.GitFiles(tmp_path, tmp_path)
    (tmp_path / "logs").mkdir()
    assert files.reflog_entries(0, 100) == ()
    line = f"{'0' * 40} {'a' * 40} Ada <a> 1 +0000\tcommit: caf".encode() + b"\xe9\n"
    (tmp_path / "logs" / "HEAD").write_bytes(b"garbage\n\xff\xff\n" + line)
    entry = git_files.ReflogEntry(None, "a" * 40, "commit: caf\ufffd")
    assert files.reflog_entries(0, files.reflog_size()) == (entry,)
    assert files.reflog_entries(500, 100) == ()


def test_without_the_users_configuration(checkout, tmp_path, monkeypatch):
    """A replay does not depend on the user's own ignore file."""
    (tmp_path / "home" / "git").mkdir(parents=True)
    (tmp_path / "home" / "git" / "ignore").write_text("*.py\n")
    checkout.write("a.py")
    assert found(checkout.root).tracked() == ()
    replayed = Repository.find(checkout.root, user_config=False)
    assert isinstance(replayed, Repository)
    assert replayed.tracked() == ("a.py",)


def test_importing_the_module_does_not_import_gitpython():
    """Only the first repository pays for it."""
    code = "import sys, proactive_lsp.workspace.repository; sys.exit('git' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
