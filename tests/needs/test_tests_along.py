"""Source changed, its tests did not."""

from msgspec import structs

from proactive_lsp.needs import tests_along
from proactive_lsp.workspace.past import Past
from tests.check import needs_of, situation_of

SHAPES = """\
def area(width, height):
    if width < 0:
        raise ValueError("a width is never negative")
    return width * height
"""
TESTS = """\
from pkg.shapes import area


def test_area():
    assert area(2, 3) == 6


def test_other():
    pass
"""
FILES = {"pkg/shapes.py": SHAPES, "tests/test_shapes.py": TESTS, "tests/test_zoo.py": "x = 1\n"}
WIDER = {"pkg/shapes.py": SHAPES.replace("height):", "height, unit=1):")}


def places(need):
    return [(each.path, each.range.start.line, each.whole) for each in need.places]


def test_points_at_the_tests_named_after_the_file():
    (need,) = needs_of(tests_along, FILES, WIDER)
    assert need.kind == "tests-along"
    assert need.title == "Update test_shapes.py along with shapes.py"
    assert need.facts[0].text == "`area` takes other parameters"
    assert places(need) == [("tests/test_shapes.py", 0, True)]
    assert need.places[0].after is None
    assert (need.features["gate-signature"], need.features["gate-raise"]) == (1, 0)


def test_points_at_the_lines_that_mention_what_went():
    (need,) = needs_of(tests_along, FILES, {"pkg/shapes.py": "volume = 1\n"})
    assert places(need)[1:] == [
        ("tests/test_shapes.py", 0, False),
        ("tests/test_shapes.py", 4, False),
    ]
    assert [place.before for place in need.places[1:]] == ["area", "area"]
    assert [place.features["import-line"] for place in need.places[1:]] == [1, 0]


def test_tells_what_kind_of_change_it_was():
    changes = {
        "raise": SHAPES.replace("    return", "    raise TypeError()\n    return"),
        "added": SHAPES + "\n\ndef volume(shape):\n    return shape\n",
        "message": SHAPES.replace("is never negative", "has to be positive"),
        "option": SHAPES + 'OPTION = "--unit"\n',
        "none": SHAPES.replace("width * height", "height * width"),
    }
    for gate, text in changes.items():
        (need,) = needs_of(tests_along, FILES, {"pkg/shapes.py": text})
        told = {name for name, on in need.features.items() if name.startswith("gate-") and on}
        assert told == {f"gate-{gate}"}


def test_finds_the_line_of_a_message_that_changed():
    tests = TESTS + '\n\ndef test_refuses():\n    message = "a width is never negative"\n'
    (need,) = needs_of(
        tests_along,
        {**FILES, "tests/test_shapes.py": tests},
        {"pkg/shapes.py": SHAPES.replace("is never negative", "has to be positive")},
    )
    (place,) = [each for each in need.places if each.features.get("term-message")]
    assert (place.range.start.line, place.before) == (12, "a width is never negative")


def test_prefers_what_changed_with_it_before():
    situation = situation_of(FILES, WIDER)
    past = Past([("pkg/shapes.py", "tests/test_zoo.py")] * 5 + [("pkg/shapes.py",)])
    (need,) = tests_along.detect(structs.replace(situation, past=past))
    assert need.anchor == "tests/test_zoo.py"
    assert need.features["tests-rate"] == 5 / 6
    assert need.features["mirror-together"] == 5 / 6


def test_knows_the_habits_of_other_languages():
    for test in ("web/shapes.test.ts", "web/__tests__/shapes.ts"):
        files = {"web/shapes.ts": "export const a = 1\n", test: "x\n"}
        (need,) = needs_of(tests_along, files, {"web/shapes.ts": "export const a = 2\n"})
        assert need.anchor == test
    files = {"shapes.go": "package a\n", "shapes_test.go": "package a\n"}
    (need,) = needs_of(tests_along, files, {"shapes.go": "package b\n"})
    assert need.anchor == "shapes_test.go"


def test_stays_quiet_without_tests_that_belong_to_it():
    files = {"pkg/shapes.py": SHAPES, "tests/test_zoo.py": "x = 1\n"}
    assert needs_of(tests_along, files, WIDER) == []


def test_stays_quiet_about_edits_of_tests_docs_and_configuration():
    files = {**FILES, "docs/shapes.md": "a\n", "shapes.toml": "a = 1\n"}
    for path in ("docs/shapes.md", "shapes.toml", "tests/test_shapes.py"):
        assert needs_of(tests_along, files, {path: "b = 2\n"}) == []


def test_does_not_offer_to_open_tests_that_were_touched():
    more = TESTS + "\n\ndef test_more():\n    assert area(1, 1)\n"
    after = {
        "pkg/shapes.py": "volume = 1\n",
        "tests/test_shapes.py": more.replace("area(2, 3)", "volume(2, 3)"),
    }
    (need,) = needs_of(tests_along, {**FILES, "tests/test_shapes.py": more}, after)
    assert places(need) == [("tests/test_shapes.py", n, False) for n in (0, 12)]
    assert need.features["tests-touched"] > 0


def test_copes_with_half_typed_code_and_other_line_ends():
    text = SHAPES.replace("height):", "height, un")
    tests = TESTS.replace("\n", "\r\n").replace("assert area", "'😀'; assert area")
    files = {**FILES, "tests/test_shapes.py": tests}
    (need,) = needs_of(tests_along, files, {"pkg/shapes.py": text})
    assert need.anchor == "tests/test_shapes.py"
    (need,) = needs_of(tests_along, files, {"pkg/shapes.py": "volume = 1\n"})
    (place,) = [each for each in need.places if each.range.start.line == 4]
    assert place.range.start.character == len("    '😀'; assert ") + 1
