"""What changed since work on a file began."""

from proactive_lsp.workspace.stretch import MOST_CHANGES, Stretch

A = "def f(x, y):\n    return x, y\n"
B = A.replace("x, y", "x")


def stretch_of(*texts, path="a.py"):
    """A file that had these texts at one boundary after the other."""
    made = Stretch()
    made.begin(path, "python", texts[0])
    for text in texts[1:]:
        made.settle(path, text)
    return made


def seen(stretch):
    return [(change.kind, change.name) for change in stretch.changes()]


def test_a_file_that_did_not_change_has_nothing():
    made = stretch_of(A, A)
    assert (made.changes(), made.hunks(), made.edited()) == ((), (), ())
    assert made.text("a.py") == A
    assert made.text("a.py") is not None


def test_changes_are_counted_from_the_start():
    assert seen(stretch_of(A, A + "\n", B)) == [("signature", "f")]


def test_what_was_taken_back_is_no_change():
    made = stretch_of(A, B, A)
    assert (made.changes(), made.hunks(), made.edited()) == ((), (), ())


def test_a_rename_in_steps_is_one():
    made = stretch_of(A, A.replace("def f", "def fo"), A.replace("def f", "def form"))
    assert [(c.kind, c.before.name, c.name) for c in made.changes()] == [("renamed", "f", "form")]


def test_half_typed_code_changes_lines_but_no_definition():
    made = stretch_of(A, "def f(x,")
    assert made.changes() == ()
    assert made.hunks()
    made.settle("a.py", B)
    assert seen(made) == [("signature", "f")]


def test_a_file_without_a_grammar_has_hunks_alone():
    made = Stretch()
    made.begin("a.md", "markdown", "one\n")
    made.settle("a.md", "two\n")
    assert made.changes() == ()
    assert [(hunk.before, hunk.after) for hunk in made.hunks()] == [(("one",), ("two",))]


def test_opening_again_keeps_the_older_start():
    made = stretch_of(A)
    made.begin("a.py", "python", B)
    assert seen(made) == [("signature", "f")]


def test_an_unknown_file_is_no_trouble():
    made = Stretch()
    made.settle("a.py", A)
    made.rebase("a.py", A)
    made.forget("a.py")
    made.rename("a.py", "b.py")
    assert made.text("a.py") is None
    assert made.text("b.py") is None


def test_work_begun_after_a_commit_has_its_own_two():
    made = stretch_of(A, B)
    made.begin("b.py", "python", A)
    made.committed()
    made.settle("b.py", B)
    made.committed()
    assert [change.path for change in made.changes()] == ["b.py"]
    made.committed()
    assert made.changes() == ()


def test_after_a_rebase_what_stands_is_the_start():
    made = stretch_of(A, B)
    made.rebase("a.py", B)
    assert made.changes() == ()
    made.settle("a.py", A)
    assert seen(made) == [("signature", "f")]


def test_a_renamed_file_keeps_its_changes():
    made = stretch_of(A, B)
    made.rename("a.py", "b.py")
    assert [(change.kind, change.path) for change in made.changes()] == [("signature", "b.py")]
    assert made.text("a.py") is None


def test_a_folder_moves_and_goes_with_its_files_and_no_others():
    made = stretch_of(A, B, path="lib/a.py")
    made.begin("library.py", "python", A)
    made.rename("lib", "src")
    assert [change.path for change in made.changes()] == ["src/a.py"]
    made.forget("src")
    assert made.changes() == ()
    assert made.text("library.py") is not None


def test_only_the_latest_changes_are_looked_at():
    count = MOST_CHANGES + 5
    functions = [f"def f{number}(x, y):\n    return x, y, {number}\n" for number in range(count)]
    made = stretch_of("".join(functions))
    for number in range(count):
        functions[number] = functions[number].replace("x, y)", "x)")
        made.settle("a.py", "".join(functions))
    assert seen(made) == [("signature", f"f{number}") for number in range(5, count)]
