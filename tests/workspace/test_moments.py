"""Two looks at a repository tell what was done in between."""

import pytest
from msgspec import structs

from proactive_lsp.events import CommittedFile, Git, encode_event
from proactive_lsp.workspace import git_moments
from proactive_lsp.workspace.git_moments import moments
from proactive_lsp.workspace.repository import Repository


@pytest.fixture
def watched(checkout):
    """A repository with one commit; `look()` tells what happened since the last look."""
    checkout.commit("one", a_py="1\n", b_md="text\n")
    return Watch(checkout)


class Watch:
    def __init__(self, checkout, folder=""):
        repository = Repository.find(checkout.root / folder)
        assert isinstance(repository, Repository)
        self.repository = repository
        self.checkout = checkout
        self.git = checkout.git
        self.state = repository.state()

    def look(self, **options) -> tuple[Git, ...]:
        before, self.state = self.state, self.repository.state()
        return moments(before, self.state, self.repository, 7.0, **options)

    def ops(self) -> list[str]:
        return [f"{event.op} {event.phase or ''}".strip() for event in self.look()]


def test_nothing_happened(watched):
    """No event, not even for a refreshed index."""
    watched.git("status")
    assert watched.look() == ()


def test_a_commit(watched):
    """Message, head, branch, paths, and the texts."""
    head = watched.checkout.commit("Change a\n\nBecause.", a_py="2\n", b_md="more\n", c_bin="\0")
    (event,) = watched.look()
    assert event == Git(
        t=7.0,
        op="commit",
        head=head,
        branch="main",
        paths=("a.py", "b.md", "c.bin"),
        message="Change a\n\nBecause.",
        files=(CommittedFile("a.py", "1\n", "2\n"), CommittedFile("b.md", "text\n", "more\n")),
    )
    assert encode_event(event)
    assert watched.look() == ()


def test_the_first_commit(checkout):
    """Its files were not there before."""
    watch = Watch(checkout)
    checkout.commit("one", a_py="1\n")
    (event,) = watch.look()
    assert (event.op, event.files) == ("commit", (CommittedFile("a.py", None, "1\n"),))


def test_deleted_and_renamed_files(watched):
    """A rename is a file that went and one that came."""
    watched.git("mv", "a.py", "z.py")
    watched.git("rm", "-q", "b.md")
    watched.git("commit", "-q", "-m", "move")
    (event,) = watched.look()
    assert event.paths == ("b.md", "a.py", "z.py")
    assert event.files == (
        CommittedFile("b.md", "text\n", None),
        CommittedFile("a.py", "1\n", None),
        CommittedFile("z.py", None, "1\n"),
    )


def test_several_commits_between_two_looks(watched):
    """One event each, oldest first."""
    watched.checkout.commit("two", a_py="2\n")
    watched.checkout.commit("three", a_py="3\n")
    events = watched.look()
    assert [event.message for event in events] == ["two", "three"]
    assert [event.files[0].before for event in events] == ["1\n", "2\n"]


def test_an_amended_commit(watched):
    """It is told whole, since what it owes did not begin with the amendment."""
    watched.checkout.commit("two", a_py="2\n", n_py="n\n")
    watched.look()
    watched.checkout.write("a.py", "3\n")
    watched.git("commit", "-q", "-a", "--amend", "-m", "better")
    (event,) = watched.look()
    assert (event.op, event.message) == ("commit", "better")
    assert event.files == (CommittedFile("a.py", "1\n", "3\n"), CommittedFile("n.py", None, "n\n"))


def test_cherry_pick_and_revert_are_commits(watched):
    """They are new commits on the branch."""
    watched.git("checkout", "-q", "-b", "side")
    watched.checkout.commit("side", n_py="n\n")
    watched.git("checkout", "-q", "main")
    watched.look()
    watched.git("cherry-pick", "side")
    assert watched.ops() == ["commit"]
    watched.git("revert", "--no-edit", "HEAD")
    assert watched.ops() == ["commit"]


def test_a_checkout(watched):
    """To another branch, to a new one, to a commit; each names what changed."""
    watched.git("checkout", "-q", "-b", "side")
    (event,) = watched.look()
    assert (event.op, event.branch, event.paths) == ("checkout", "side", ())
    head = watched.checkout.commit("side", a_py="2\n")
    watched.look()
    watched.git("checkout", "-q", "main")
    (event,) = watched.look()
    assert (event.op, event.branch, event.paths) == ("checkout", "main", ("a.py",))
    assert event.files == (CommittedFile("a.py", "2\n", "1\n"),)
    watched.git("checkout", "-q", head)
    (event,) = watched.look()
    assert (event.op, event.branch, event.head) == ("checkout", None, head)


def test_commits_are_told_with_the_branch_they_were_made_on(watched):
    """Even when another one is checked out by the time of the look."""
    watched.git("checkout", "-q", "-b", "side")
    watched.checkout.commit("side", a_py="2\n")
    watched.git("checkout", "-q", "main")
    assert [(event.op, event.branch) for event in watched.look()] == [
        ("checkout", "side"),
        ("commit", "side"),
        ("checkout", "main"),
    ]


def test_a_reset_is_a_checkout(watched):
    """HEAD moved without a new commit; one that moves nothing is silent."""
    watched.checkout.commit("two", a_py="2\n")
    watched.look()
    watched.git("reset", "-q", "--hard", "HEAD~1")
    assert watched.ops() == ["checkout"]
    watched.git("reset", "-q", "--hard", "HEAD")
    assert watched.ops() == []


def test_a_renamed_branch_is_a_checkout(watched):
    """Nothing changed but the name."""
    watched.git("branch", "-m", "trunk")
    (event,) = watched.look()
    assert (event.op, event.branch, event.paths) == ("checkout", "trunk", ())


def test_staging(watched):
    """The paths are those that differ from HEAD; unstaging empties them."""
    watched.checkout.write("a.py", "2\n")
    watched.git("add", "a.py")
    (event,) = watched.look()
    assert (event.op, event.paths, event.head) == ("stage", ("a.py",), watched.state.head)
    watched.git("reset", "-q")
    (event,) = watched.look()
    assert (event.op, event.paths) == ("stage", ())


def test_a_merge(watched):
    """With a merge commit, and by fast-forward."""
    watched.git("checkout", "-q", "-b", "side")
    watched.checkout.commit("side", n_py="n\n")
    watched.git("checkout", "-q", "main")
    watched.look()
    watched.git("merge", "-q", "--no-ff", "-m", "join", "side")
    (event,) = watched.look()
    assert (event.op, event.message, event.paths) == ("merge", "join", ("n.py",))
    assert event.files == (CommittedFile("n.py", None, "n\n"),)
    watched.git("reset", "-q", "--hard", "HEAD~1")
    watched.look()
    watched.git("merge", "-q", "side")
    assert watched.ops() == ["merge"]


def diverge(watched):
    watched.git("checkout", "-q", "-b", "side")
    watched.checkout.commit("side", a_py="side\n")
    watched.git("checkout", "-q", "main")
    watched.checkout.commit("main", a_py="main\n")
    watched.look()


def test_a_merge_with_conflicts(watched):
    """It starts, conflicts, is resolved step by step, and ends with its commit."""
    diverge(watched)
    watched.git("merge", "side", check=False)
    events = watched.look()
    assert [(event.op, event.phase) for event in events] == [
        ("merge", "started"),
        ("conflict", None),
    ]
    assert events[1].paths == ("a.py",)
    (file,) = events[1].files
    assert (file.before, file.after.splitlines()[0]) == ("main\n", "<<<<<<< HEAD")
    watched.checkout.write("a.py", "both\n")
    watched.git("add", "a.py")
    resolved, staged = watched.look()
    assert (resolved.op, resolved.paths) == ("conflict", ())
    assert (staged.op, staged.paths) == ("stage", ("a.py",))
    watched.git("commit", "-q", "-m", "joined")
    assert watched.ops() == ["merge"]


def test_an_aborted_merge(watched):
    """The end is told although HEAD never moved."""
    diverge(watched)
    watched.git("merge", "side", check=False)
    watched.look()
    watched.git("merge", "--abort")
    assert watched.ops() == ["merge finished"]


def test_a_rebase(watched):
    """One event for all its steps, with what it changed."""
    watched.git("checkout", "-q", "-b", "side")
    watched.checkout.commit("s1", s_py="1\n")
    watched.checkout.commit("s2", s_py="2\n")
    watched.git("checkout", "-q", "main")
    watched.checkout.commit("m", m_py="m\n")
    watched.git("checkout", "-q", "side")
    watched.look()
    watched.git("rebase", "-q", "main")
    (event,) = watched.look()
    assert (event.op, event.phase, event.branch, event.paths) == ("rebase", None, "side", ("m.py",))


def test_a_rebase_with_conflicts(watched):
    """While it is in progress its commits are no commits; its branch stays named."""
    diverge(watched)
    watched.git("rebase", "side", check=False)
    events = watched.look()
    assert [(event.op, event.phase, event.branch) for event in events] == [
        ("rebase", "started", "main"),
        ("conflict", None, "main"),
    ]
    watched.checkout.write("a.py", "both\n")
    watched.git("add", "a.py")
    watched.git("-c", "core.editor=true", "rebase", "--continue")
    (event,) = watched.look()
    assert (event.op, event.phase, event.branch) == ("rebase", None, "main")


def test_an_aborted_rebase(watched):
    """It ends where it began."""
    diverge(watched)
    watched.git("rebase", "side", check=False)
    watched.look()
    watched.git("rebase", "--abort")
    (event,) = watched.look()
    assert (event.op, event.phase, event.branch) == ("rebase", None, "main")


def test_conflicts_are_resolved_one_by_one(watched):
    """Each time those that are left are told."""
    watched.git("checkout", "-q", "-b", "side")
    watched.checkout.commit("side", a_py="side\n", b_md="side\n")
    watched.git("checkout", "-q", "main")
    watched.checkout.commit("main", a_py="main\n", b_md="main\n")
    watched.look()
    watched.git("merge", "side", check=False)
    assert watched.look()[-1].paths == ("a.py", "b.md")
    watched.git("checkout", "--ours", "a.py")
    watched.git("add", "a.py")
    resolved = watched.look()[0]
    assert (resolved.op, resolved.paths) == ("conflict", ("b.md",))


def test_a_rebase_that_meets_the_same_conflict_twice(watched):
    """The second step's conflicts are told, though the paths are the same."""
    watched.git("checkout", "-q", "-b", "side")
    watched.checkout.commit("side", a_py="side\n")
    watched.git("checkout", "-q", "main")
    watched.checkout.commit("m1", a_py="m1\n")
    watched.checkout.commit("m2", a_py="m2\n")
    watched.look()
    watched.git("rebase", "side", check=False)
    assert watched.ops() == ["rebase started", "conflict"]
    watched.checkout.write("a.py", "both\n")
    watched.git("add", "a.py")
    watched.git("-c", "core.editor=true", "rebase", "--continue", check=False)
    (event,) = watched.look()
    assert (event.op, event.paths) == ("conflict", ("a.py",))
    watched.git("rebase", "--abort")
    assert watched.ops() == ["rebase"]


def test_a_rebase_that_stops_for_an_edit(watched):
    """It is in progress until it goes on, whatever is committed meanwhile."""
    watched.checkout.commit("two", a_py="2\n")
    watched.checkout.commit("three", a_py="3\n")
    watched.look()
    editor = "sequence.editor=sed -i.bak 1s/pick/edit/"
    watched.git("-c", editor, "rebase", "-q", "-i", "HEAD~2")
    assert watched.ops() == ["rebase started"]
    watched.git("commit", "-q", "--amend", "-m", "deux")
    assert watched.ops() == ["commit"]
    watched.git("-c", "core.editor=true", "rebase", "--continue")
    (event,) = watched.look()
    assert (event.op, event.phase, event.branch) == ("rebase", None, "main")


def test_what_stays_staged_after_a_move_is_told_again(watched):
    """A commit of one file leaves the other one staged."""
    watched.checkout.write("a.py", "2\n")
    watched.checkout.write("b.md", "more\n")
    watched.git("add", ".")
    watched.look()
    watched.git("commit", "-q", "-m", "one", "a.py")
    commit, staged = watched.look()
    assert (commit.op, commit.paths) == ("commit", ("a.py",))
    assert (staged.op, staged.paths) == ("stage", ("b.md",))


@pytest.fixture
def remote(watched, tmp_path, new_checkout):
    """A repository to push to, as `origin`."""
    new_checkout(tmp_path / "remote.git", "--bare")
    watched.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    return tmp_path / "remote.git"


def test_a_push(watched, remote):
    """The first one, which makes the remote's branch, and the next."""
    watched.git("push", "-q", "-u", "origin", "main")
    (event,) = watched.look()
    assert (event.op, event.head, event.branch) == ("push", watched.state.head, "main")
    head = watched.checkout.commit("two", a_py="2\n")
    watched.look()
    stamp = watched.repository.stamp()
    watched.git("push", "-q")
    assert watched.repository.stamp() != stamp
    (event,) = watched.look()
    assert (event.op, event.head) == ("push", head)
    watched.git("pack-refs", "--all")
    assert watched.ops() == []


def test_a_commit_that_is_pushed_at_once_is_two_moments(watched, remote):
    """First what was committed, then that it was pushed."""
    watched.git("push", "-q", "origin", "main")
    watched.look()
    watched.checkout.commit("two", a_py="2\n")
    watched.git("push", "-q", "origin", "main")
    assert watched.ops() == ["commit", "push"]


def test_a_push_to_a_branch_of_another_name(watched, remote):
    """As the branch's own configuration says."""
    watched.git("push", "-q", "-u", "origin", "main:trunk")
    assert watched.ops() == ["push"]


@pytest.mark.parametrize("reflog", [True, False])
def test_a_fetch_and_a_pull_are_no_push(watched, remote, tmp_path, new_checkout, reflog):
    """They move the remote's branch, too."""
    watched.git("push", "-q", "-u", "origin", "main")
    other = new_checkout(tmp_path / "other")
    other.git("pull", "-q", str(remote), "main")
    if not reflog:
        watched.git("config", "core.logAllRefUpdates", "false")
        for log in (watched.checkout.root / ".git" / "logs" / "refs").rglob("main"):
            log.unlink()
    for number, command in enumerate((("fetch", "-q"), ("pull", "-q", "--ff-only"))):
        watched.look()
        other.commit(f"other {number}", a_py=f"other {number}\n")
        other.git("push", "-q", str(remote), "HEAD:main")
        watched.git(*command)
        assert "push" not in watched.ops()


def test_a_stash(watched):
    """Put away and taken back, with what that did to the files."""
    watched.checkout.write("a.py", "2\n")
    watched.git("stash")
    (event,) = watched.look()
    assert (event.op, event.phase, event.paths) == ("stash", "started", ("a.py",))
    assert event.files == (CommittedFile("a.py", "2\n", "1\n"),)
    watched.git("stash", "pop")
    (event,) = watched.look()
    assert (event.op, event.phase, event.paths) == ("stash", "finished", ("a.py",))
    assert event.files == (CommittedFile("a.py", "1\n", "2\n"),)


def test_stashes_on_top_of_each_other(watched):
    """Each is told by itself, untracked files with it."""
    watched.checkout.write("a.py", "2\n")
    watched.git("stash")
    watched.look()
    watched.checkout.write("n.py", "n\n")
    watched.git("stash", "-u")
    (event,) = watched.look()
    assert (event.phase, event.files) == ("started", (CommittedFile("n.py", "n\n", None),))
    watched.git("stash", "pop")
    (event,) = watched.look()
    assert (event.phase, event.files) == ("finished", (CommittedFile("n.py", None, "n\n"),))
    watched.git("stash", "pop")
    assert watched.ops() == ["stash finished"]


def test_a_stash_that_was_merged_brings_no_texts(watched):
    """What is in the file now is neither the one nor the other."""
    many = "".join(f"{n}\n" for n in range(20))
    watched.checkout.commit("many", a_py=many)
    watched.checkout.write("a.py", "top\n" + many)
    watched.git("stash")
    watched.checkout.commit("below", a_py=many + "end\n")
    watched.look()
    watched.git("stash", "pop")
    (event,) = watched.look()
    assert (event.phase, event.paths, event.files) == ("finished", ("a.py",), ())


def test_a_dropped_stash_is_no_event(watched):
    """It leaves the files alone."""
    watched.checkout.write("a.py", "2\n")
    watched.git("stash")
    watched.look()
    watched.git("stash", "drop")
    assert watched.ops() == []


def test_a_stash_with_conflicts_keeps_the_stash(watched):
    """Its files have conflicts, though nothing is being merged."""
    watched.checkout.write("a.py", "2\n")
    watched.git("stash")
    watched.checkout.commit("other", a_py="3\n")
    watched.look()
    watched.git("stash", "pop", check=False)
    assert watched.ops() == ["merge started", "conflict"]
    watched.checkout.write("a.py", "4\n")
    watched.git("add", "a.py")
    assert "merge finished" in watched.ops()


@pytest.mark.parametrize("keeps", ["no reflog", "a reflog that was cleared"])
def test_without_a_reflog_the_commits_tell(checkout, keeps):
    """Commit, amend, merge, checkout, as far as the commits show them."""
    if keeps == "no reflog":
        checkout.git("config", "core.logAllRefUpdates", "false")

    def clear():
        if keeps != "no reflog":
            (checkout.root / ".git" / "logs" / "HEAD").write_bytes(b"")

    checkout.commit("zero", z_py="0\n")
    watch = Watch(checkout)
    clear()
    checkout.commit("one", a_py="1\n")
    clear()
    assert watch.ops() == ["commit"]
    checkout.git("commit", "-q", "--amend", "-m", "uno")
    clear()
    assert watch.ops() == ["commit"]
    checkout.git("checkout", "-q", "-b", "side", "HEAD~1")
    checkout.commit("side", b_py="b\n")
    checkout.git("checkout", "-q", "main")
    clear()
    watch.look()
    checkout.git("merge", "-q", "-m", "join", "side")
    clear()
    assert watch.ops() == ["merge"]
    checkout.git("checkout", "-q", "side")
    clear()
    assert watch.ops() == ["checkout"]


def test_an_action_that_git_does_not_know(watched, monkeypatch):
    """Tools name their own in the reflog; then the commits tell."""
    monkeypatch.setenv("GIT_REFLOG_ACTION", "magic")
    head = watched.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "made by a tool")
    watched.git("update-ref", "-m", "magic: done", "HEAD", head)
    (event,) = watched.look()
    assert (event.op, event.message) == ("commit", "made by a tool")


def test_a_look_between_the_reflog_and_head(watched):
    """Git writes the one before the other; the commit is told once, by the next look."""
    before = watched.state
    watched.checkout.commit("two", a_py="2\n")
    after = watched.repository.state()
    between = structs.replace(before, reflog=after.reflog)
    assert moments(before, between, watched.repository, 1.0) == ()
    (event,) = moments(between, after, watched.repository, 1.0)
    assert (event.op, event.message) == ("commit", "two")


def test_files_are_bounded(watched):
    """In number and in bytes; a file is whole or left out."""
    watched.checkout.commit("many", c_py="c" * 50, d_py="d" * 5_000, e_py="e" * 50, f_py="f" * 50)
    (event,) = watched.look(max_files=2, max_bytes=1_000)
    assert [file.path for file in event.files] == ["c.py", "e.py"]
    assert len(event.paths) == 4
    watched.checkout.commit("more", c_py="cc")
    (event,) = watched.look(max_files=0)
    assert event.files == ()


def test_moments_are_bounded(watched, monkeypatch):
    """Of very many commits only the newest are told."""
    monkeypatch.setattr(git_moments, "MAX_MOMENTS", 2)
    for number in range(4):
        watched.checkout.commit(f"c{number}")
    assert [event.message for event in watched.look()] == ["c2", "c3"]


def test_files_that_are_no_text_are_left_out(watched):
    """Binary or not UTF-8, on either side; a byte order mark is no part of the text."""
    (watched.checkout.root / "a.py").write_bytes(b"caf\xe9\n")
    (watched.checkout.root / "n.py").write_bytes(b"a\0b")
    (watched.checkout.root / "m.py").write_bytes(b"\xef\xbb\xbfx = 1\n")
    watched.checkout.commit("odd")
    (event,) = watched.look()
    assert event.paths == ("a.py", "m.py", "n.py")
    assert event.files == (CommittedFile("m.py", None, "x = 1\n"),)


def test_a_mode_change_brings_no_text(watched):
    """The text is the same."""
    watched.git("update-index", "--chmod=+x", "a.py")
    watched.git("commit", "-q", "-m", "mode")
    (event,) = watched.look()
    assert (event.paths, event.files) == (("a.py",), ())


def test_a_subfolder_hears_of_commits_outside_without_their_paths(checkout):
    """The commit happened, but none of its files is in the workspace."""
    checkout.write("app/x.py", "x\n")
    checkout.commit("one", a_py="1\n")
    watch = Watch(checkout, "app")
    checkout.commit("outside", a_py="2\n")
    (event,) = watch.look()
    assert (event.op, event.message, event.paths) == ("commit", "outside", ())
    checkout.write("app/x.py", "y\n")
    checkout.commit("inside")
    (event,) = watch.look()
    assert event.files == (CommittedFile("x.py", "x\n", "y\n"),)


def test_a_worktree_tells_only_its_own_moments(checkout, tmp_path, new_checkout):
    """A commit in the main working tree is not one of its."""
    checkout.commit("one", a_py="1\n")
    checkout.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    repository = Repository.find(tmp_path / "side")
    assert isinstance(repository, Repository)
    before = repository.state()
    checkout.commit("two", a_py="2\n")
    assert moments(before, repository.state(), repository, 1.0) == ()
    (tmp_path / "side" / "a.py").write_text("3\n")
    checkout.git("-C", str(tmp_path / "side"), "commit", "-q", "-a", "-m", "side")
    (event,) = moments(before, repository.state(), repository, 1.0)
    assert (event.branch, event.message) == ("side", "side")


def test_no_helper_process_is_left(watched):
    """Looking ends what it started."""
    watched.checkout.commit("two", a_py="2\n")
    watched.look()
    assert watched.repository._objects._process is None
