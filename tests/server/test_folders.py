"""Which folder a URI belongs to, and the way back."""

from pathlib import Path

import pytest

from proactive_lsp.server.folders import ROOTLESS, Folder, Folders

OUTER = "file:///work/outer"
INNER = "file:///work/outer/inner"


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("file:///work/outer/a.py", (OUTER, "a.py")),
        ("file:///work/outer/inner/a.py", (INNER, "a.py")),
        ("file:///work/outer/inner%20too/a%C3%A9.py", (OUTER, "inner too/aé.py")),
        ("file:///work/outerspace/a.py", None),
        ("file:///work/outer", None),
        ("file:///work/outer/../a.py", None),
        ("file:///work/outer/.git/HEAD", None),
        ("file:///work/outer/sub/.git/index", None),
        ("file:///work/outer/.GIT/config", None),
        ("file:///work/outer/sub/.Git/hooks/pre-commit", None),
        ("file:///work/outer/.github/x.yml", (OUTER, ".github/x.yml")),
        ("untitled:Untitled-1", None),
        ("vscode-notebook-cell:/work/outer/a.ipynb#1", None),
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
    strange = "file:///work/outer/%61%2Epy"
    located = folders.locate(strange)
    assert located == (Folder(OUTER, Path("/work/outer")), "a.py")
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
