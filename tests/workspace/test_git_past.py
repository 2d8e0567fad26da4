"""What a repository's commits touched and how they are called, and what a recording keeps of it."""

import msgspec

from proactive_lsp.replay.session import FilesWorkspace
from proactive_lsp.server.recorded import recorded_workspace
from proactive_lsp.workspace.past import Past
from proactive_lsp.workspace.repository import Repository

KEY = "ghp_1234567890abcdefghijABCDEFGHIJ123456"


def found(made):
    repository = Repository.find(made.root)
    assert isinstance(repository, Repository)
    return repository


def test_a_key_at_the_end_of_what_is_told_is_masked():
    for length in range(150, 200):
        (subject,) = Past(subjects=[f"{'word ' * 40}"[:length] + f" {KEY}"]).subjects
        assert "ghp_" not in subject
        assert len(subject) <= 200


def test_subjects_go_with_their_commits_whatever_they_say(checkout):
    odd = "commit 0123456789012345678901234567890123456789"
    checkout.commit("Begin\n\nwith a body", a_py="1")
    checkout.commit(odd, b_py="1")
    checkout.commit("Grüße  an\n alle", c_py="1")
    past = found(checkout).past()
    assert past.subjects == ("Grüße  an  alle", odd, "Begin")
    assert past.commits == (("c.py",), ("b.py",), ())


def test_an_empty_subject_is_one_too(checkout):
    checkout.commit("Begin", a_py="1")
    checkout.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", "")
    checkout.commit("End", b_py="1")
    past = found(checkout).past()
    assert past.subjects == ("End", "", "Begin")
    assert past.commits[0] == ("b.py",)


def test_a_recording_reads_a_configuration_as_one(checkout):
    checkout.commit("Begin", settings_conf="password = correct horse\n")
    workspace = recorded_workspace(checkout.root, found(checkout))
    assert isinstance(workspace, FilesWorkspace)
    assert workspace.files == {"settings.conf": "password = xxxxxxxxxxxxx\n"}


def test_a_recording_keeps_them_redacted(checkout):
    checkout.commit(f"Add {KEY}", a_py="1")
    recorded = recorded_workspace(checkout.root, found(checkout))
    assert isinstance(recorded, FilesWorkspace)
    assert recorded.subjects == ("Add " + "x" * 40,)
    assert msgspec.json.decode(msgspec.json.encode(recorded), type=FilesWorkspace) == recorded
