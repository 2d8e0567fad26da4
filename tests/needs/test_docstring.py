"""Docstrings that list the parameters of before."""

import pytest

from proactive_lsp.needs import docstring
from tests.check import check, needs_of

GOOGLE = '''def area(width, height):
    """The area.

    Args:
        width: In metres.
        height (int): In metres,
            or é in feet.

    Returns:
        The area.
    """
    return width * height
'''
NUMPY = '''class Box:
    """A box.

    Parameters
    ----------
    width : int
        In metres.
    height : int
        In metres.

    Notes
    -----
    None.
    """

    def __init__(self, width, height):
        self.size = width * height
'''
SPHINX = '''def area(width, height):
    """The area.

    :param width: In metres.
    :param int height: In metres,
        or in feet.
    :type height: int
    :return: The area.
    """
    return width * height
'''
JSDOC = """/**
 * The area.
 * @param {number} width - In metres.
 * @param {number} height - In metres,
 *   or in feet.
 * @returns the area
 */
function area(width, height) {
  return width * height;
}
"""


def signature(text: str, new: str) -> str:
    """The text with other parameters, in the body too where `height` was renamed."""
    changed = text.replace("width, height)", f"{new})", 1)
    return changed.replace("* height", "* depth") if "depth" in new else changed


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (GOOGLE, [("        height (int)", "        depth (int)")]),
        (NUMPY, [("    height : int", "    depth : int")]),
        (SPHINX, [("param int height", "param int depth"), ("type height", "type depth")]),
    ],
)
def test_renames_an_entry(text: str, fixed: list[tuple[str, str]]):
    after = signature(text, "width, depth")
    result = after
    for old, new in fixed:
        result = result.replace(old, new)
    check(docstring, before={"a.py": text}, after={"a.py": after}, fixed={"a.py": result})


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (GOOGLE, "        height (int): In metres,\n            or é in feet.\n"),
        (NUMPY, "    height : int\n        In metres.\n"),
        (
            SPHINX,
            "    :param int height: In metres,\n        or in feet.\n    :type height: int\n",
        ),
    ],
)
def test_takes_out_the_entry_of_a_parameter_that_went(text: str, entry: str):
    after = signature(text, "width").replace("width * height", "width")
    check(
        docstring,
        before={"a.py": text},
        after={"a.py": after},
        fixed={"a.py": after.replace(entry, "")},
    )


@pytest.mark.parametrize(
    ("text", "behind", "entry"),
    [
        (GOOGLE, "        width: In metres.\n", "        unit:\n"),
        (NUMPY, "    width : int\n        In metres.\n", "    unit : str\n"),
        (SPHINX, "    :param width: In metres.\n", "    :param unit:\n"),
    ],
)
def test_begins_an_entry_in_the_order_of_the_signature(text: str, behind: str, entry: str):
    after = signature(text, "width, unit: str, height")
    check(
        docstring,
        before={"a.py": text},
        after={"a.py": after},
        fixed={"a.py": after.replace(behind, behind + entry)},
    )


def test_keeps_line_ends():
    text = GOOGLE.replace("\n", "\r\n")
    after = text.replace("height)", "height, *rest)")
    behind = "            or é in feet.\r\n"
    check(
        docstring,
        before={"a.py": text},
        after={"a.py": after},
        fixed={"a.py": after.replace(behind, behind + "        *rest:\r\n")},
    )


def test_follows_a_signature_in_jsdoc():
    renamed = signature(JSDOC, "width, depth")
    check(
        docstring,
        before={"a.js": JSDOC},
        after={"a.js": renamed},
        fixed={"a.js": renamed.replace("} height", "} depth")},
    )
    longer = signature(JSDOC, "width, height, unit, scale")
    behind = " *   or in feet.\n"
    check(
        docstring,
        before={"a.js": JSDOC},
        after={"a.js": longer},
        fixed={"a.js": longer.replace(behind, behind + " * @param unit\n * @param scale\n")},
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # No section, no docstring, documentation that follows already, no change of names.
        ('def f(a):\n    """Do."""\n', 'def f(a, b):\n    """Do."""\n'),
        ("def f(a):\n    return a\n", "def f(a, b):\n    return a\n"),
        (GOOGLE, signature(GOOGLE, "width, depth").replace("        height (", "        depth (")),
        (GOOGLE, signature(GOOGLE, "width, height=1")),
    ],
)
def test_stays_quiet(before: str, after: str):
    check(docstring, before={"a.py": before}, after={"a.py": after}, fixed=None)


@pytest.mark.parametrize("cut", [20, 60, 90, 140, 200])
def test_never_fails_on_half_typed_code(cut: int):
    for text in (GOOGLE, NUMPY, SPHINX):
        needs_of(docstring, {"a.py": text}, {"a.py": signature(text, "width")[:-cut]})
