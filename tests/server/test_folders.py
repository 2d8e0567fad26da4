"""Which folder a URI belongs to, and the way back."""

from pathlib import Path

import pytest

from proactive_lsp.server.folders import ROOTLESS, Folder, Folders

OUTER = "file:///home/outer"
INNER = "file:///home/outer/inner"


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("file:///home/outer/a.py", (OUTER, "a.py")),
        ("file:///home/outer/inner/a.py", (INNER, "a.py")),
        ("file:///home/outer/inner%20too/a%C3%A9.py", (OUTER, "inner too/aé.py")),
        ("file:///home/outerspace/a.py", None),
        ("file:///home/outer", None),
        ("file:///home/outer/../a.py", None),
        ("file:///home/outer/.git/HEAD", None),
        ("file:///home/outer/sub/.git/index", None),
        ("file:///home/outer/.GIT/config", None),
        ("file:///home/outer/sub/.Git/hooks/pre-commit", None),
        ("file:///home/outer/.github/x.yml", (OUTER, ".github/x.yml")),
        ("untitled:Untitled-1", None),
        ("vscode-notebook-cell:/home/outer/a.ipynb#1", None),
        ("", None),
    ],
)
def test_a_file_belongs_to_the_deepest_folder(uri, expected):
    """Outside, of git itself, or no file at all: to none."""
    located = Folders([OUTER, INNER]).locate(uri)
    assert (located and (located[0].uri, located[1])) == expected


def test_the_client_spelling_of_a_uri_comes_back():
    """Clients escape differently, and compare URIs as text."""
    folders = Folders([OUTER])
    strange = "file:///home/outer/%61%2Epy"
    located = folders.locate(strange)
    assert located == (Folder(OUTER, Path("/home/outer")), "a.py")
    assert folders.uri(*located) == strange
    assert folders.uri(located[0], "b c.py") == f"{OUTER}/b%20c.py"


def test_loose_files_have_a_name_each():
    """Two files of one name, and back to their URIs; a folder opened later ends that."""
    folders = Folders()
    uris = ["file:///x/a.py", "file:///y/a.py"]
    located = [folders.locate(uri) for uri in uris]
    assert located == [(ROOTLESS, "a.py"), (ROOTLESS, "2/a.py")]
    assert [folders.uri(*found) for found in located] == uris
    folders.add("file:///x")
    assert folders.locate(uris[0])[1] == "a.py"
    assert folders.locate(uris[1]) is None
