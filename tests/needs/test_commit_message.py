"""The draft of a commit's subject."""

from msgspec import structs

from proactive_lsp.events import FileOperation
from proactive_lsp.needs import commit_message
from tests.check import situation_of

A = "def area(w, h):\n    return w * h\n"
FILES = {"pkg/a.py": A, "docs/a.md": "text\n", "docs/b.md": "text\n", "docs/c.md": "text\n"}


def situation(after, staged=None, **fields):
    found = situation_of(FILES, after)
    return structs.replace(found, staged=tuple(after) if staged is None else staged, **fields)


def draft(after, **fields):
    (need,) = commit_message.detect(situation(after, **fields))
    assert need.places == ()
    assert need.title == f"Commit message: {need.facts[0].text}"
    return need.facts[0].text


def test_names_the_definitions_that_changed():
    cases = {
        A + "\n\ndef volume(a):\n    return a\n": "Add `volume`",
        A.replace("w, h):", "w, h, unit):"): "Let `area` take `unit`",
        A.replace("def area", "def surface"): "Rename `area` to `surface`",
        A.replace("w, h):", "w):"): "Drop `h` from `area`",
        "x = 1\n": "Remove `area`",
    }
    for text, wanted in cases.items():
        assert draft({"pkg/a.py": text}) == wanted.replace("`", "")


def test_names_two_things_where_they_fit():
    text = A.replace("w, h):", "w, h, unit):") + "\n\ndef volume(a):\n    return a\n"
    assert draft({"pkg/a.py": text}) == "Add volume and let area take unit"


def test_is_never_longer_than_a_subject_may_be():
    text = A + "\n\ndef " + "very_long_name_" * 8 + "(a):\n    return a\n"
    assert len(draft({"pkg/a.py": text})) == 72


def test_names_files_where_no_definition_changed():
    assert draft({"docs/a.md": "more\n"}) == "Update a.md"
    assert draft({"docs/a.md": "more\n", "docs/b.md": "more\n"}) == "Update a.md and b.md"
    three = {f"docs/{name}.md": "more\n" for name in "abc"}
    assert draft(three) == "Update 3 files in docs"


def test_knows_files_that_came_went_and_moved():
    moved = (FileOperation(1.0, "renamed", "docs/a.md", "docs/z.md"),)
    assert draft({"docs/b.md": "x\n"}, staged=("docs/z.md",), moved=moved) == "Rename a.md to z.md"
    new = (FileOperation(1.0, "created", "docs/b.md"),)
    assert draft({"docs/b.md": "x\n"}, moved=new) == "Add b.md"
    gone = (FileOperation(1.0, "deleted", "docs/b.md"),)
    assert draft({"docs/b.md": "x\n"}, moved=gone) == "Remove b.md"


def test_follows_a_convention_where_there_is_one():
    added = situation({"pkg/a.py": A + "\n\ndef volume(a):\n    return a\n"})
    assert commit_message.subject(added, "conventional") == "feat: add volume"
    docs = situation({"docs/a.md": "more\n"})
    assert commit_message.subject(docs, "conventional") == "docs: update a.md"


def test_stays_quiet_while_nothing_is_staged():
    assert list(commit_message.detect(situation({"pkg/a.py": "x = 1\n"}, staged=()))) == []


def test_tells_only_of_what_is_staged():
    assert draft({"pkg/a.py": "x = 1\n"}, staged=("docs/a.md",)) == "Update a.md"


def test_says_where_it_is_shown():
    (need,) = commit_message.detect(situation({"docs/a.md": "more\n"}))
    assert (need.path, need.range.start.line, need.range.end.line) == ("docs/a.md", 0, 0)


def test_half_typed_code_is_told_as_a_file():
    assert draft({"pkg/a.py": "def area(w, h"}) == "Update a.py"
