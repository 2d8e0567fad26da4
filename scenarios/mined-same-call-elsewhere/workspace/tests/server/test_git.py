"""What the server makes of a repository that moves, with watchers and without."""

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.abilities import capabilities
from tests.driver import Editor
from tests.repositories import commit, git, write

CHANGED = types.FileChangeType.Changed


def git_events(session: Path) -> list[dict[str, Any]]:
    """The git events of a recording."""
    lines = session.read_text(encoding="utf-8").splitlines()[1:]
    return [event for event in map(json.loads, lines) if event["type"] == "git"]


async def test_a_commit_seen_by_a_watcher(root, env, tmp_path):
    """The client says that git's files changed; what the commit still owes is then offered."""
    session = tmp_path / "session.jsonl"
    can = capabilities(watchers=True, own=True)
    async with Editor(root, env=env, can=can, record=session) as editor:
        await editor.until(
            lambda: any(one.id.startswith("proactive-git") for one in editor.registrations)
        )
        text = (root / "shapes.py").read_text()
        write(root, {"shapes.py": text.replace(", unit", "")})
        commit(root, "Drop the unit")
        editor.watched((root / ".git" / "HEAD", CHANGED), (root / ".git" / "index", CHANGED))
        await editor.until(lambda: editor.suggestions, "what the commit owes")
        (card,) = editor.suggestions
        assert card["trigger"] == "commit"
        assert {place["uri"] for place in card["places"]} == {
            (root / name).as_uri() for name in ("use.py", "other.py")
        }
    (event,) = git_events(session)
    assert event["op"] == "commit"
    assert event["message"].strip() == "Drop the unit"
    assert [file["path"] for file in event["files"]] == ["shapes.py"]


async def test_a_commit_seen_on_save(root, env, tmp_path):
    """Without watchers the next save is a reason to look."""
    session = tmp_path / "session.jsonl"
    async with Editor(root, env=env, record=session) as editor:
        editor.open(root / "use.py")
        await editor.ready()
        write(root, {"notes.txt": "nothing\n"})
        commit(root, "Add notes")
        editor.save(root / "use.py")
        await editor.until(lambda: session.exists() and git_events(session))
    assert git_events(session)[0]["op"] == "commit"


async def test_watchers_are_registered_where_the_repository_is(tmp_path, root, env):
    """A linked worktree keeps its HEAD apart from the refs it shares."""
    tree = tmp_path / "worktree"
    git(root, "worktree", "add", "-q", str(tree))
    async with Editor(tree, env=env, can=capabilities(watchers=True)) as editor:
        await editor.until(
            lambda: any(one.id.startswith("proactive-git") for one in editor.registrations)
        )
        (registered,) = [one for one in editor.registrations if one.id.startswith("proactive-git")]
    watchers = registered.register_options["watchers"]
    patterns = {(one["globPattern"]["baseUri"], one["globPattern"]["pattern"]) for one in watchers}
    own, shared = root / ".git" / "worktrees" / "worktree", root / ".git"
    assert (own.as_uri(), "HEAD") in patterns
    assert (shared.as_uri(), "refs/**") in patterns


async def test_a_merge_in_progress_keeps_quiet(root, env):
    """Conflicts from before the server started: nothing else is said until it is over."""
    git(root, "checkout", "-q", "-b", "side")
    write(root, {"notes.txt": "side\n"})
    commit(root, "Side")
    git(root, "checkout", "-q", "main")
    write(root, {"notes.txt": "main\n"})
    commit(root, "Main")
    with pytest.raises(Exception, match="merge"):
        git(root, "merge", "side")
    async with Editor(root, env=env) as editor:
        shapes = root / "shapes.py"
        editor.open(shapes)
        editor.replace(shapes, ", unit):", "):")
        editor.save(shapes)
        await editor.wait_for_reason("merge")
        assert not editor.hints_of(shapes)


async def test_a_conflict_is_the_one_thing_to_speak_of_during_a_merge(root, env):
    """It stands in a file that nobody opened; a trivial one comes with its solution."""
    git(root, "checkout", "-q", "-b", "side")
    write(root, {"notes.txt": "one  line\n"})
    commit(root, "Side")
    git(root, "checkout", "-q", "main")
    write(root, {"notes.txt": "one line\n"})
    commit(root, "Main")
    can = capabilities(watchers=True, own=True)
    async with Editor(root, env=env, can=can) as editor:
        await editor.until(
            lambda: any(one.id.startswith("proactive-git") for one in editor.registrations)
        )
        with pytest.raises(Exception, match="merge"):
            git(root, "merge", "side")
        editor.watched((root / ".git" / "MERGE_HEAD", CHANGED))
        await editor.until(lambda: editor.suggestions, "the conflict")
        (card,) = editor.suggestions
        assert (card["need"], card["trigger"]) == ("merge-conflict", "conflict")
        git(root, "merge", "--abort")
        editor.watched((root / ".git" / "HEAD", CHANGED))
        await editor.until(lambda: not editor.suggestions, "nothing left to settle")


async def test_a_push_seen_by_a_watcher(root, env, tmp_path):
    """The remote's branch moved, and nothing else."""
    session = tmp_path / "session.jsonl"
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    can = capabilities(watchers=True, own=True)
    async with Editor(root, env=env, can=can, record=session) as editor:
        await editor.until(
            lambda: any(one.id.startswith("proactive-git") for one in editor.registrations)
        )
        git(root, "push", "-q", "-u", "origin", "main")
        editor.watched((root / ".git" / "refs" / "remotes" / "origin" / "main", CHANGED))
        await editor.until(lambda: session.exists() and git_events(session))
    (event,) = git_events(session)
    assert (event["op"], event["branch"]) == ("push", "main")


async def test_an_untrusted_workspace_runs_no_git(root, env, tmp_path):
    """Neither git nor the settings of the workspace; the rest works."""
    marker = tmp_path / "ran"
    fake = write(tmp_path / "bin", {"git": f"#!/bin/sh\ntouch {marker}\nexit 1\n"}) / "git"
    fake.chmod(0o755)
    write(root, {".proactive.toml": "enabled = false\n"})
    env = {**env, "PATH": str(fake.parent)}
    async with Editor(root, env=env, options={"trusted": False}) as editor:
        shapes = root / "shapes.py"
        editor.open(shapes)
        editor.replace(shapes, ", unit):", "):")
        editor.save(shapes)
        await editor.wait_for_hint(shapes)
        assert not editor.messages
    assert not marker.exists()


async def test_ignored_files_yield_no_events(root, env, tmp_path):
    """What git ignores is opened, edited and saved without leaving a trace."""
    session = tmp_path / "session.jsonl"
    write(root, {".gitignore": "*.local.py\n", "mine.local.py": "value = 1\n"})
    async with Editor(root, env=env, record=session) as editor:
        path = root / "mine.local.py"
        editor.open(path)
        editor.type_text(path, "value = ", "12345")
        editor.save(path)
        editor.open(root / "use.py")
        editor.close(path)
        await editor.ready()
    assert b"mine.local" not in session.read_bytes()
    assert b"use.py" in session.read_bytes()
