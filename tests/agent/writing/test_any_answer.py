"""Whatever a model answers: it is refused, or it changes the lines in reach and the file parses."""

import asyncio

from hypothesis import example, given, settings
from hypothesis import strategies as st

from proactive_lsp.agent.write import result
from proactive_lsp.agent.writing.around import LINES_AFTER, LINES_BEFORE
from proactive_lsp.agent.writing.checks import edits_of
from proactive_lsp.agent.writing.write import Written, write
from proactive_lsp.llm.scripted import ScriptedModel
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.situation import Boundary, Finder, Situation
from proactive_lsp.workspace.documents import bare, split_lines
from proactive_lsp.workspace.search import Index
from proactive_lsp.workspace.syntax import parses
from proactive_lsp.workspace.tree import FilesTree
from tests.agent.writing.conftest import DIVIDER, REPLACE, SEARCH, block, fence, line_place, task_at

ABOVE = "".join(f"a{n} = {n}\n" for n in range(60))
SECRET = "ghp_1234567890abcdefghijABCDEFGHIJ123456"
MIDDLE = f"""\
def area(r):
    # 🙂 why
    if r:
        return 3 * r

    return 0


KEY = "{SECRET}"
"""
BELOW = "".join(f"z{n} = {n}\n" for n in range(120))
TEXTS = (
    ABOVE + MIDDLE + BELOW,
    (ABOVE + MIDDLE + BELOW).replace("\n", "\r\n"),
    (ABOVE + MIDDLE + BELOW).replace("    ", "\t").rstrip("\n"),
)
ROW = 63
PIECES = st.sampled_from(
    [
        *(SEARCH, DIVIDER, REPLACE, "```", "```python", "````", "<<<<<<< HEAD", ">>>>>>> side"),
        *(
            "a58 = 58",
            "a2 = 2",
            "z3 = 3",
            "z110 = 110",
            "def area(r):",
            "    # 🙂 why",
            "    if r:",
        ),
        *(
            "        return 3 * r",
            "        return 4 * r",
            "return 3 * r",
            "\treturn 3 * r",
            "",
            "  ",
        ),
        *(
            "    return 0",
            "    return 1  ",
            'KEY = "x"',
            'KEY = "ghp_' + "x" * 36 + '"',
            "(",
            '"""',
        ),
        *("# ... rest of the code", "...", "x = 1\u2028y = 2", "x\ry", "\x00", "\ud800", "pass"),
    ]
)
BLOCKS = st.builds(
    lambda old, new: block("\n".join(old), "\n".join(new)),
    st.lists(PIECES, min_size=1, max_size=4),
    st.lists(PIECES, max_size=4),
)
FENCES = st.builds(lambda lines: fence("\n".join(lines)), st.lists(PIECES, max_size=8))
ANSWERS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=14).map("\n".join),
    st.lists(st.one_of(BLOCKS, FENCES), max_size=3).map("\n".join),
)


def situation_with(text: str) -> Situation:
    tree = FilesTree({"shop.py": text, "other.py": "y = 1\n"})
    return Situation(
        Boundary("save", 1.0, "shop.py"),
        tree,
        changes=(),
        committed=(),
        hunks=(),
        memory=Memory(NoStore()),
        finder=Finder(Index(tree), ()),
    )


@settings(max_examples=400)
@given(st.sampled_from(TEXTS), ANSWERS, ANSWERS)
@example(TEXTS[0], block("        return 3 * r", "        return 4 * r"), "")
@example(TEXTS[1], block("return 3 * r", "return 4 * r"), "")
@example(TEXTS[2], fence("def area(r):\n    if r:\n        return 4 * r\n    return 0"), "")
def test_any_answer_is_refused_or_stays_in_its_place(text, first, second):
    situation = situation_with(text)
    task = task_at(line_place(text, ROW))
    written = asyncio.run(write([task], situation, ScriptedModel([first, second])))
    if not isinstance(written, Written):
        assert written.kind == "not-written"
        assert written.text.startswith("could not: ")
        return
    assert written.places
    assert written.files == ()
    assert written.text == ""
    assert {place.path for place in written.places} == {"shop.py"}
    assert not any(place.certain for place in written.places)
    after = result(text, edits_of(written.places))
    assert after != text
    assert parses("python", after)
    old, new = split_lines(text), split_lines(after)
    # Byte for byte what it was above and below the lines in reach, and the secret.
    assert new[: ROW - LINES_BEFORE] == old[: ROW - LINES_BEFORE]
    last = len(old) - (ROW + 1 + LINES_AFTER)
    assert last > 0
    assert new[-last:] == old[-last:]
    secrets = [line for line in old if SECRET in line]
    assert [line for line in new if SECRET in line] == secrets
    # Line ends are those of the file.
    ends = {line[len(bare(line)) :] for line in old}
    assert {line[len(bare(line)) :] for line in new} <= ends


@settings(max_examples=150)
@given(ANSWERS)
def test_any_answer_about_a_secret_keeps_it(answer):
    """The place itself is a line that the model never saw as it is."""
    row = next(row for row, line in enumerate(split_lines(TEXTS[0])) if line.startswith("KEY"))
    task = task_at(line_place(TEXTS[0], row))
    written = asyncio.run(write([task], situation_with(TEXTS[0]), ScriptedModel([answer] * 2)))
    if isinstance(written, Written):
        after = result(TEXTS[0], edits_of(written.places))
        assert SECRET in after
