"""Opening a repository that wants to run programs runs none and writes nothing.

Every program that a configuration can name leaves a marker file here. The controls show that
git itself would have run them.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from proactive_lsp.workspace import git_command
from proactive_lsp.workspace.git_history import History
from proactive_lsp.workspace.git_moments import moments
from proactive_lsp.workspace.repository import Repository, RepositoryState

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the traps are shell scripts")

HOOKS = (
    *("post-index-change", "reference-transaction", "pre-commit", "post-checkout", "post-merge"),
    *("fsmonitor-watchman", "pre-auto-gc", "post-rewrite", "sendemail-validate", "update"),
)
COMMANDS = (
    *("rev-parse", "ls-files", "ls-tree", "cat-file", "diff-tree", "diff-index"),
    *("check-ignore", "version", "fetch", "status"),
)


class Traps:
    """Programs that leave a marker named after themselves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def program(self, name: str) -> str:
        script = self.folder / f"{name}.sh"
        script.write_text(f"#!/bin/sh\n: > '{self.folder}/{name}'\n")
        script.chmod(0o755)
        return str(script)

    def sprung(self) -> set[str]:
        return {path.name for path in self.folder.iterdir() if path.suffix != ".sh"}

    def reset(self) -> None:
        for name in self.sprung():
            (self.folder / name).unlink()


@pytest.fixture
def traps(tmp_path):
    return Traps(tmp_path / "traps")


@pytest.fixture
def hostile(checkout, traps):
    """Two commits and a change, then every way to name a program that git has."""
    attributes = "* filter=trap diff=trap merge=trap text eol=crlf\nb.py filter=long\n"
    checkout.write(".gitattributes", attributes)
    checkout.commit("one", a_py="one\n", b_py="b\n")
    sign(checkout, checkout.commit("two", a_py="two\n", gone_py="gone\n"))
    settings = {
        "core.fsmonitor": traps.program("fsmonitor"),
        "core.hooksPath": str(checkout.root / "hooks"),
        "core.sshCommand": traps.program("ssh"),
        "core.gitProxy": traps.program("proxy"),
        "core.askPass": traps.program("askpass"),
        "core.editor": traps.program("editor"),
        "core.pager": traps.program("pager"),
        "core.alternateRefsCommand": traps.program("alternates"),
        "core.untrackedCache": "true",
        "credential.helper": "!" + traps.program("credential"),
        "diff.external": traps.program("external-diff"),
        "diff.trap.command": traps.program("diff-command"),
        "diff.trap.textconv": traps.program("textconv"),
        "filter.trap.clean": traps.program("clean"),
        "filter.trap.smudge": traps.program("smudge"),
        "filter.long.process": traps.program("process"),
        "filter.long.required": "true",
        "merge.trap.driver": traps.program("merge-driver"),
        "gpg.program": traps.program("gpg"),
        "gpg.ssh.program": traps.program("gpg-ssh"),
        "log.showSignature": "true",
        "interactive.diffFilter": traps.program("diff-filter"),
        "sequence.editor": traps.program("sequence-editor"),
        "uploadpack.packObjectsHook": traps.program("pack-objects"),
        "trace2.eventTarget": str(traps.folder / "trace2"),
        "trace2.normalTarget": str(traps.folder / "trace2"),
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "remote.origin.url": f"ext::{traps.program('transport')}",
        "remote.origin.uploadpack": traps.program("upload-pack"),
        "remote.origin.promisor": "true",
        "remote.origin.partialCloneFilter": "blob:none",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
    }
    for command in COMMANDS:
        settings[f"alias.{command}"] = "!" + traps.program(f"alias-{command}")
        settings[f"pager.{command}"] = traps.program(f"pager-{command}")
    for folder in (checkout.root / "hooks", checkout.root / ".git" / "hooks"):
        folder.mkdir(exist_ok=True)
        for name in HOOKS:
            (folder / name).write_text(Path(traps.program(f"hook-{name}")).read_text())
            (folder / name).chmod(0o755)
    # By hand, since `git config` would step into its own traps; included, to cover that too.
    lines = []
    for key, value in settings.items():
        section, _, name = key.rpartition(".")
        group, _, sub = section.partition(".")
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        title = f'[{group} "{sub}"]' if sub else f"[{group}]"
        lines.append(f'{title}\n\t{name} = "{quoted}"\n')
    (checkout.root / ".git" / "traps").write_text("".join(lines))
    with (checkout.root / ".git" / "config").open("a") as config:
        config.write('[include]\n\tpath = traps\n[includeIf "gitdir:/"]\n\tpath = traps\n')
        config.write("".join(lines))
    checkout.write("a.py", "three\n")
    os.utime(checkout.root / "b.py", (1, 1))
    checkout.write("new.py", "new\n")
    traps.reset()
    return checkout


def sign(checkout, commit: str) -> None:
    """Give the newest commit a signature, which a GPG program would be asked about."""
    head, _, body = checkout.git("cat-file", "commit", commit).partition("\n\n")
    armor = "-----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    signed = checkout.write("signed", f"{head}\ngpgsig {armor}\n\n{body}\n")
    made = checkout.git("hash-object", "-t", "commit", "-w", str(signed))
    signed.unlink()
    checkout.git("update-ref", "HEAD", made)


def use_everything(root: Path) -> None:
    """Every method of a repository, and every kind of moment."""
    repository = Repository.find(root)
    assert isinstance(repository, Repository)
    now = repository.state()
    assert now.head is not None
    facts = repository.commit("HEAD")
    assert facts is not None
    first = facts.parents[0]
    assert repository.tracked() == (".gitattributes", "a.py", "b.py", "gone.py", *hooks(), "new.py")
    assert repository.ignored(["a.py", "new.py"]) == frozenset()
    assert repository.read("HEAD", "a.py") == b"two\n"
    assert [change.path for change in repository.changed(first, now.head)] == ["a.py", "gone.py"]
    assert repository.changed(None, first)
    assert repository.staged() == ()
    tree = repository.tree("HEAD")
    assert tree is not None
    assert [tree.read(path) for path in tree.paths()]
    before = RepositoryState(head=first, branch="main")
    assert moments(before, now, repository, 1.0)
    assert moments(RepositoryState(head=now.head, branch="main"), now, repository, 1.0)
    assert moments(RepositoryState(head=None, branch="side"), now, repository, 1.0)
    repository.close()


def hooks() -> list[str]:
    return sorted(f"hooks/{name}" for name in HOOKS)


def remove_object(root: Path, name: str) -> str:
    found = subprocess.run(
        ["git", "-C", str(root), "rev-parse", name], check=True, capture_output=True, text=True
    ).stdout.strip()
    (root / ".git" / "objects" / found[:2] / found[2:]).unlink()
    return found


def test_nothing_is_executed(hostile, traps):
    """Not one marker, whatever is asked."""
    use_everything(hostile.root)
    assert traps.sprung() == set()


@pytest.mark.parametrize("folder", [".", ".git"])
def test_reading_the_history_executes_nothing(hostile, traps, folder):
    """With the working tree in sight, and from the git folder alone."""
    history = History.open(hostile.root / folder)
    assert isinstance(history, History)
    head = history.commit("HEAD")
    assert head is not None
    pairs = list(history.pairs(head.id))
    assert [change.path for change in history.changes(pairs)[head.id]] == ["a.py", "gone.py"]
    tree = history.tree(head.id)
    assert tree is not None
    assert [tree.read(path) for path in tree.paths()]
    history.close()
    assert traps.sprung() == set()


# One trap may hide another, so each has its own command.
ALL_FILES = ("-c", "core.fsmonitor=false")


@pytest.mark.parametrize(
    ("command", "trap"),
    [
        (("status",), "fsmonitor"),
        ((*ALL_FILES, "status"), "process"),
        ((*ALL_FILES, "diff"), "clean"),
        (("diff", "HEAD~1", "HEAD"), "diff-command"),
        (("diff", "--no-ext-diff", "HEAD~1", "HEAD"), "textconv"),
        ((*ALL_FILES, "add", "new.py"), "hook-post-index-change"),
        ((*ALL_FILES, "checkout", "--", "a.py"), "smudge"),
        (("log", "-1"), "gpg"),
    ],
)
def test_control_git_itself_steps_into_the_traps(hostile, traps, command, trap):
    """Else the test above would prove nothing."""
    hostile.git(*command, check=False)
    assert trap in traps.sprung()


@pytest.mark.parametrize("knows_lazy_fetch", [True, False], ids=["new git", "old git"])
def test_a_promised_object_is_not_fetched(hostile, traps, monkeypatch, knows_lazy_fetch):
    """A partial clone names a transport, which is a program; older gits lack one of the locks."""
    if not knows_lazy_fetch:
        monkeypatch.delitem(git_command._VARIABLES, "GIT_NO_LAZY_FETCH")
    blob = remove_object(hostile.root, "HEAD:gone.py")
    repository = Repository.find(hostile.root)
    assert isinstance(repository, Repository)
    assert repository.read("HEAD", "gone.py") is None
    assert repository.blob(blob) is None
    assert repository.read("HEAD", "a.py") == b"two\n"
    now = repository.state()
    before = RepositoryState(head=None, branch="main", index=now.index, reflog=now.reflog)
    (event,) = moments(before, now, repository, 1.0)
    assert "gone.py" in event.paths
    assert [file.path for file in event.files] == ["a.py", "b.py"]
    assert repository.commit("f" * 40) is None
    repository.close()
    assert traps.sprung() == set()


def test_control_git_itself_fetches(hostile, traps):
    """The transport would have been started."""
    blob = remove_object(hostile.root, "HEAD:gone.py")
    hostile.git("cat-file", "-p", blob, check=False)
    assert "transport" in traps.sprung()


def test_importing_gitpython_inside_the_repository_executes_nothing(hostile, traps):
    """Its import runs `git version` in the current folder, which is the workspace."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from pathlib import Path;"
        "from proactive_lsp.workspace.repository import Repository;"
        "r = Repository.find(Path.cwd()); assert r.state().head; r.close();"
        "assert 'git' in sys.modules"
    )
    project = str(Path(__file__).parents[2])
    subprocess.run([sys.executable, "-c", code, project], check=True, cwd=hostile.root)
    assert traps.sprung() == set()


def test_a_thousand_rounds_never_touch_the_index(hostile, traps):
    """Its bytes and time stand still, even where `git status` would refresh it."""
    index = hostile.root / ".git" / "index"
    before = (index.read_bytes(), index.stat().st_mtime_ns, index.stat().st_ino)
    files = {path: path.stat().st_mtime_ns for path in (hostile.root / ".git").rglob("*")}
    repository = Repository.find(hostile.root)
    assert isinstance(repository, Repository)
    state = repository.state()
    for round_ in range(1_000):
        if round_ % 50 == 0:  # as if something had moved, so that git is really asked
            repository.forget()
            repository.tracked()
            repository.staged()
            repository._staged = (None, None, ())
            assert moments(RepositoryState(head=None, branch="main"), state, repository, 1.0)
        repository.stamp()
        now = repository.state()
        assert moments(state, now, repository, 1.0) == ()
        state = now
    assert (index.read_bytes(), index.stat().st_mtime_ns, index.stat().st_ino) == before
    assert {path: path.stat().st_mtime_ns for path in (hostile.root / ".git").rglob("*")} == files
    assert traps.sprung() == set()


def test_control_status_rewrites_the_index(checkout):
    """With the same stale time of a file."""
    checkout.commit("one", a_py="1")
    index = checkout.root / ".git" / "index"
    before = index.read_bytes()
    os.utime(checkout.root / "a.py", (1, 1))
    repository = Repository.find(checkout.root)
    assert isinstance(repository, Repository)
    assert repository.tracked() == ("a.py",)
    assert repository.staged() == ()
    assert index.read_bytes() == before
    checkout.git("status")
    assert index.read_bytes() != before


def test_every_process_gets_the_flags_and_the_environment(checkout, tmp_path, monkeypatch):
    """Also those against what no command of today would do."""
    said = tmp_path / "said"
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {said}\n/usr/bin/env >> {said}\n')
    program.chmod(0o755)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "evil")
    monkeypatch.setattr(git_command, "git_program", lambda: str(program))
    command = git_command.GitCommand(checkout.root)
    command.run("ls-files")
    process = command.start("cat-file", "--batch")
    process.communicate()
    text = said.read_text()
    for wanted in (
        *("--no-pager", "--no-optional-locks", "core.fsmonitor=false"),
        *(f"core.hooksPath={os.devnull}", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0"),
        *("GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none"),
    ):
        assert text.count(wanted) == 2, wanted
    assert "GIT_EXTERNAL_DIFF" not in text


def test_an_object_that_never_ends_is_given_up(checkout, monkeypatch):
    """A named pipe in the place of an object; after a few git is not asked again."""
    first = checkout.commit("one", a_py="1", b_py="2")
    blob = remove_object(checkout.root, "HEAD:a.py")
    os.mkfifo(checkout.root / ".git" / "objects" / blob[:2] / blob[2:])
    repository = Repository.find(checkout.root)
    assert isinstance(repository, Repository)
    with monkeypatch.context() as hurry:
        hurry.setattr(git_command, "TIMEOUT", 0.1)
        assert repository.read(first, "a.py") is None
    assert repository.read(first, "b.py") == b"2"
    monkeypatch.setattr(git_command, "TIMEOUT", 0.1)
    for _ in range(3):
        assert repository.blob(blob) is None
    assert repository.read(first, "b.py") is None
    repository.close()


def test_a_replaced_commit_is_read_as_it_was_made(checkout):
    """`refs/replace` cannot put other text under a commit's id."""
    first = checkout.commit("one", a_py="1")
    second = checkout.commit("two", a_py="2")
    checkout.git("replace", second, first)
    repository = Repository.find(checkout.root)
    assert isinstance(repository, Repository)
    assert repository.read(second, "a.py") == b"2"
    repository.close()


def test_an_fsmonitor_daemon_is_not_started(checkout):
    """`core.fsmonitor=true` asks git for a process that stays."""
    checkout.commit("one", a_py="1")
    checkout.git("config", "core.fsmonitor", "true")
    repository = Repository.find(checkout.root)
    assert isinstance(repository, Repository)
    assert repository.tracked() == ("a.py",)
    assert repository.state().head is not None
    assert not (checkout.root / ".git" / "fsmonitor--daemon").exists()
    assert not (checkout.root / ".git" / "fsmonitor--daemon.ipc").exists()
