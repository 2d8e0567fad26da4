"""Which files contain a text, and where in a file it stands."""

import time
from pathlib import Path

import pytest

from proactive_lsp.events import Open, Range, span
from proactive_lsp.workspace.documents import Documents, split_lines, text_in
from proactive_lsp.workspace.search import Hit, Index, files_with, line_hits, word_hits
from proactive_lsp.workspace.tree import DiskTree, FilesTree, OverlayTree


def ranges(hits: list[Hit]) -> list[Range]:
    return [hit.range for hit in hits]


# --- files


def test_one_pass_answers_for_every_needle() -> None:
    tree = FilesTree({"b.py": "größe = width", "a.py": "width", "c.py": ""})
    assert files_with(tree, {"width", "größe", "absent"}) == {
        "width": ("a.py", "b.py"),
        "größe": ("b.py",),
        "absent": (),
    }


@pytest.mark.parametrize("needle", ["", "\ud800", "b\nc"])
def test_odd_needles_are_answered_too(needle: str) -> None:
    assert files_with(FilesTree({"a.py": "abc"}), [needle]) == {needle: ()}


def test_no_needle_needs_no_pass() -> None:
    assert files_with(FilesTree({"a.py": "abc"}), ()) == {}


def test_open_documents_are_searched_as_they_stand() -> None:
    documents = Documents()
    documents.open(Open(0.0, "a.py", 1, "python", "fresh"))
    tree = OverlayTree(FilesTree({"a.py": "stale", "b.py": "stale"}), documents)
    assert files_with(tree, ["fresh", "stale"]) == {"fresh": ("a.py",), "stale": ("b.py",)}


def test_files_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"word\0")
    (tmp_path / "latin").write_bytes(b"caf\xe9 word")
    tree = DiskTree(tmp_path, tracked=lambda: ("binary", "gone", "latin"))
    assert files_with(tree, ["word"]) == {"word": ("latin",)}


def test_a_cancelled_search_stops_before_the_next_file() -> None:
    asked = iter((False, True))
    tree = FilesTree(dict.fromkeys("abc", "word"))
    assert files_with(tree, ["word"], cancelled=lambda: next(asked)) == {"word": ("a",)}


def test_a_thousand_files_are_searched_fast(tmp_path: Path) -> None:
    """1 000 files of 5 KB, with room for a slow machine: 40 ms is what is wanted."""
    for n in range(1000):
        path = tmp_path / f"package{n % 20}" / f"module{n}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"    return value + 1  # {n}\n" * 180)
    tree = DiskTree(tmp_path)

    def search() -> float:
        start = time.perf_counter()
        assert len(files_with(tree, ["# 77\n", "absent"])["# 77\n"]) == 1
        return time.perf_counter() - start

    assert min(search() for _ in range(4)) < 0.2


# --- words


def test_a_word_is_found_by_itself_only() -> None:
    text = "size = resize(size_x, Size)\nbox.size += size"
    assert ranges(word_hits("a.py", text, "size")) == [
        *(span(0, 0, 0, 4), span(1, 4, 1, 8), span(1, 12, 1, 16)),
    ]


def test_a_hit_shows_its_line_and_counts_in_utf_16() -> None:
    text = "x\r\ns = '😀' + größe\r\n"
    assert word_hits("a.py", text, "größe") == [
        Hit("a.py", span(1, 11, 1, 16), "s = '😀' + größe"),
    ]


def test_letters_of_any_language_bound_a_word() -> None:
    assert word_hits("a.py", "éta taé ta2 _ta", "ta") == []
    assert len(word_hits("a.py", "-ta.ta 'ta'", "ta")) == 3


@pytest.mark.parametrize("word", ["a.b", "f(", "x+", "^"])
def test_a_word_means_itself_and_no_pattern(word: str) -> None:
    text = f"axb {word} f)"
    (hit,) = word_hits("a.py", text, word)
    assert text_in(split_lines(text), hit.range) == word


@pytest.mark.parametrize("word", ["", "absent", "b\nc"])
def test_no_hit_for_what_is_no_word_of_the_text(word: str) -> None:
    assert word_hits("a.py", "ab\ncd b\nc", word) == []


def test_only_lsp_line_ends_count_lines() -> None:
    assert ranges(word_hits("a.py", "a\x0cb\u2028word\nword", "word")) == [
        *(span(0, 4, 0, 8), span(1, 0, 1, 4)),
    ]


# --- lines


def test_whole_lines_are_found_whatever_ends_them() -> None:
    text = "  go()\n  go()  \ngo()\r\n  go()\r\n\n  go()"
    hits = line_hits("a.py", text, "  go()\n")
    assert ranges(hits) == [span(0, 0, 0, 6), span(3, 0, 3, 6), span(5, 0, 5, 6)]
    assert {hit.line_text for hit in hits} == {"  go()"}


def test_a_line_hit_covers_the_line_in_utf_16() -> None:
    assert line_hits("a.py", "😀é\n", "😀é") == [Hit("a.py", span(0, 0, 0, 3), "😀é")]


def test_an_empty_line_is_no_hit() -> None:
    assert line_hits("a.py", "\n\n", "") == line_hits("a.py", "\n", "\n") == []


class Reading(FilesTree):
    """Counts which files are read."""

    def __init__(self, files):
        super().__init__(files)
        self.read_paths = []

    def read_bytes(self, path):
        self.read_paths.append(path)
        return super().read_bytes(path)


def test_an_index_reads_only_files_that_may_have_the_words():
    tree = Reading({f"m{n}.py": f"x = name_{n}(other_{n}, 1)\n" for n in range(50)})
    index = Index(tree)
    assert index.look(())
    tree.read_paths.clear()
    assert index.look(("x = name_7(other_7", "name_8", "missing"))
    assert index.files("x = name_7(other_7") == ("m7.py",)
    assert index.files("name_8") == ("m8.py",)
    assert index.files("missing") == ()
    assert len(tree.read_paths) < 10


def test_an_index_follows_what_changes():
    documents = Documents()
    tree = OverlayTree(FilesTree({"a.py": "x = area\n", "b.py": "y = 1\n"}), documents)
    index = Index(tree)
    assert index.look(("area",))
    assert index.files("area") == ("a.py",)
    documents.open(Open(0.0, "b.py", 1, "python", "y = area\n"))
    documents.open(Open(0.0, "a.py", 1, "python", "x = 2\n"))
    assert index.look(("area",))
    assert index.files("area") == ("b.py",)


def test_a_cancelled_look_is_made_up_for():
    tree = FilesTree({"a.py": "x = area\n", "b.py": "y = area\n"})
    index = Index(tree)
    assert not index.look(("area",), cancelled=lambda: True)
    assert index.look(("area",))
    assert index.files("area") == ("a.py", "b.py")
