"""The same line elsewhere."""

from proactive_lsp.needs import line_clone
from tests.check import check, needs_of

LINE = '    timeout = settings.get("timeout", 30)\n'
NEW = LINE.replace("30", "60")


def function(name: str, line: str = LINE) -> str:
    return f"def {name}(settings):\n{line}    return timeout\n"


def test_offers_the_same_change_at_equal_lines():
    a, b = function("a") + "\n\n" + function("b"), function("c")
    check(
        line_clone,
        before={"one.py": a, "two.py": b},
        after={"one.py": a.replace("30", "60", 1)},
        fixed={"one.py": a.replace("30", "60"), "two.py": b.replace("30", "60")},
    )


def test_works_in_any_text_file():
    text = "image: registry/base-image:1.2.3-slim\n"
    check(
        line_clone,
        before={"a.yml": text, "b.yml": text},
        after={"a.yml": text.replace("1.2.3", "1.2.4")},
        fixed={"b.yml": text.replace("1.2.3", "1.2.4")},
    )


def test_leaves_short_and_very_common_lines_alone():
    check(
        line_clone,
        before={"a.py": "x = 1\n", "b.py": "x = 1\n"},
        after={"a.py": "x = 2\n"},
        fixed=None,
    )
    many = {f"m{n}.py": function("f") for n in range(8)}
    check(line_clone, before=many, after={"m0.py": function("f", NEW)}, fixed=None)


def test_is_silent_about_changes_of_indentation():
    check(
        line_clone,
        before={"a.py": function("a"), "b.py": function("b")},
        after={"a.py": function("a").replace("    timeout", "        timeout")},
        fixed=None,
    )


def test_takes_an_unrelated_line_for_no_edit():
    check(
        line_clone,
        before={"a.py": function("a"), "b.py": function("b")},
        after={"a.py": function("a", "    # nobody waits that long\n")},
        fixed=None,
    )


def test_copes_with_half_typed_code():
    (need,) = needs_of(
        line_clone,
        before={"a.py": function("a"), "b.py": function("b")},
        after={"a.py": function("a").replace('"timeout", 30)', '"timeout", 6')},
    )
    assert need.places[0].path == "b.py"


def test_says_how_alike_the_surroundings_are():
    (alike,) = needs_of(
        line_clone,
        before={"a.py": function("a"), "b.py": function("a")},
        after={"a.py": function("a", NEW)},
    )
    (unlike,) = needs_of(
        line_clone,
        before={"a.py": function("a"), "docs.md": "text\n" + LINE + "text\n"},
        after={"a.py": function("a", NEW)},
    )
    assert alike.features["twin-neighbours"] > unlike.features["twin-neighbours"]
    assert (alike.features["other-class"], unlike.features["other-class"]) == (0, 1)


def test_quotes_the_part_that_differs():
    long = "    connection.configure(retries=3, backoff=2, keepalive=True, timeout=30)\n"
    (need,) = needs_of(
        line_clone,
        before={"a.py": function("a", long), "b.py": function("b", long)},
        after={"a.py": function("a", long.replace("30", "60"))},
    )
    assert need.facts[0].text == "`…ue, timeout=30)` became `…ue, timeout=60)`"


def test_takes_no_time_over_a_very_long_line():
    """Whether the one was made from the other costs the product of their lengths."""
    long = "x = '" + "a" * 100_000 + "'\n"
    check(line_clone, before={"a.py": long, "b.py": long}, after={"a.py": "y" + long}, fixed=None)
