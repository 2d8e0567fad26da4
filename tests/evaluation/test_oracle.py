"""Models whose worth is known, on small histories: what the oracle sees, and what is made of it."""

import json

import pytest

from proactive_lsp.agent.predict import SCHEMA, Prediction
from proactive_lsp.evaluation.commits import hunks_of
from proactive_lsp.evaluation.labels import Pending
from proactive_lsp.evaluation.oracle import Guesser, Oracle, quotable, search_and_replace
from proactive_lsp.llm import Message, ModelRefused, Request
from proactive_lsp.workspace.tree import FilesTree

TEXT = "import os\n\ndef area(r):\n    return 3 * r\n\ndef half(r):\n    return r / 2\n"
FILES = {"a.py": TEXT, "b.py": "import a\n\na.area(1)\n"}


def to_come(after, before=TEXT, path="a.py"):
    """The hunks that make `after` of `before`, as a judge sees them."""
    return [
        Pending(number, path, path, hunk.start, hunk.start + max(len(hunk.before) - 1, 0), hunk)
        for number, hunk in enumerate(hunks_of(path, before, after), 1)
    ]


async def said(model, purpose="predict"):
    request = Request((Message("user", "What is next?"),), SCHEMA, purpose=purpose)
    return (await model.complete(request)).text


async def place_of(model):
    found = json.loads(await said(model))
    return found["help_wanted"], found["path"], found["quoted_line"]


async def test_the_oracle_names_the_next_hunk():
    hunks = to_come(TEXT.replace("3 * r", "PI * r").replace("r / 2", "r * 0.5"))
    oracle = Oracle(lambda: hunks, FilesTree(FILES))
    assert await place_of(oracle) == (True, "a.py", "    return 3 * r")
    del hunks[0]
    assert await place_of(oracle) == (True, "a.py", "    return r / 2")
    del hunks[0]
    assert await place_of(oracle) == (False, "", "")


async def test_it_knows_what_it_is_given_and_nothing_else():
    """The same files without the argument tell it nothing."""
    assert await place_of(Oracle(lambda: (), FilesTree(FILES))) == (False, "", "")


async def test_it_passes_over_what_nobody_can_point_at():
    hunks = [*to_come("new = 1\n", "", "new.py"), *to_come(TEXT.replace("3 * r", "PI * r"))]
    assert await place_of(Oracle(lambda: hunks, FilesTree(FILES))) == (
        True,
        "a.py",
        "    return 3 * r",
    )


@pytest.mark.parametrize(
    ("before", "after", "quoted"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", "b"),
        ("a\nb\nc\n", "a\nb\nnew\nc\n", "b"),
        ("a\n\n\nc\n", "a\n\nnew\n\nc\n", ""),
        ("x\nx\nc\n", "x\ny\nc\n", "c"),
        ("a\n", "new\na\n", "a"),
    ],
)
def test_what_is_quoted_stands_once_and_touches_the_hunk(before, after, quoted):
    (hunk,) = to_come(after, before)
    assert quotable(hunk, before.splitlines()) == quoted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("x\nx\nx\nx\n", "x\nx\ny\nx\n"),
        ("a\nb\n", "a\nb\nc\n"),
        ("a\nb\n", "c\na\nb\n"),
        ("a\nb\nc\n", "a\nc\n"),
        ("a\n", "b\n"),
    ],
)
def test_what_it_writes_makes_the_true_text(before, after):
    (hunk,) = to_come(after, before)
    block = search_and_replace(hunk, before.splitlines())
    old, new = block.removeprefix("<<<<<<< SEARCH\n").split("=======\n")
    lines, searched = before.splitlines(keepends=True), old.splitlines(keepends=True)
    size = len(searched)
    (at,) = (at for at in range(len(lines)) if lines[at : at + size] == searched)
    made = [*lines[:at], new.removesuffix(">>>>>>> REPLACE\n"), *lines[at + size :]]
    assert "".join(made) == after


async def test_it_writes_only_what_it_named():
    oracle = Oracle(lambda: to_come(TEXT.replace("3 * r", "PI * r")), FilesTree(FILES))
    with pytest.raises(ModelRefused, match="named nothing"):
        await said(oracle, "write")
    await said(oracle)
    assert "    return PI * r" in await said(oracle, "write")


async def test_a_guess_is_a_line_that_stands_once_and_the_same_again():
    def guesser():
        return Guesser("random", "0 c0ffee", FilesTree(FILES), lambda: sorted(FILES))

    one, two = guesser(), guesser()
    guesses = [await place_of(one) for _ in range(12)]
    assert guesses == [await place_of(two) for _ in range(12)]
    assert len(set(guesses)) > 3
    for wanted, path, line in guesses:
        assert wanted
        assert FILES[path].splitlines().count(line) == 1


async def test_oracle_and_guesser_say_the_same_words():
    """Else a filter could tell them by their words."""
    hunks = to_come(TEXT.replace("3 * r", "PI * r"))
    oracle = json.loads(await said(Oracle(lambda: hunks, FilesTree(FILES))))
    guess = json.loads(await said(Guesser("random", "1", FilesTree(FILES), lambda: ["a.py"])))
    places = {"path", "quoted_line"}
    assert set(oracle) == set(Prediction.__struct_fields__)
    assert {k: v for k, v in oracle.items() if k not in places} == {
        k: v for k, v in guess.items() if k not in places
    }
