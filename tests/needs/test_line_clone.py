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
    many = {f"m{n}.py": function("f") for n in range(62)}
    check(line_clone, before=many, after={"m0.py": function("f", NEW)}, fixed=None)


def test_lists_no_more_places_than_a_person_looks_through_and_says_how_many_there_are():
    many = {f"m{n}.py": function("f") for n in range(41)}
    (need,) = needs_of(line_clone, before=many, after={"m0.py": function("f", NEW)})
    assert len(need.places) == 20
    assert 0.8 < need.features["occurrences"] < 1


def test_indents_the_new_line_as_the_old_one_is_there():
    deeper = "class A:\n" + "".join(f"    {line}\n" for line in function("a").splitlines())
    check(
        line_clone,
        before={"a.py": function("a"), "b.py": deeper},
        after={"a.py": function("a", NEW)},
        fixed={"b.py": deeper.replace("30", "60")},
    )


def test_offers_to_delete_the_line_with_its_end():
    check(
        line_clone,
        before={"a.py": function("a"), "b.py": function("b").replace("\n", "\r\n")},
        after={"a.py": function("a", "")},
        fixed={"b.py": "def b(settings):\r\n    return timeout\r\n"},
    )


def test_deletes_no_line_that_only_moved():
    check(
        line_clone,
        before={"a.py": function("a"), "b.py": function("b"), "c.py": ""},
        after=[{"a.py": function("a", "")}, {"c.py": LINE.strip() + "\n"}],
        fixed=None,
    )


def test_finds_what_became_of_a_line_among_others():
    """Hunks whose sides differ in size: lines are paired by what they have in common."""
    before = function("a", LINE + "    log(timeout)\n")
    after = function("a", "    # In seconds.\n    unit = 1\n" + NEW)
    check(
        line_clone,
        before={"a.py": before, "b.py": function("b")},
        after={"a.py": after},
        fixed={"b.py": function("b", NEW)},
    )


def test_offers_all_lines_that_one_became():
    new = '    timeout = settings.get(\n        "timeout", 30, unit="s"\n    )\n'
    check(
        line_clone,
        before={"a.py": function("a"), "b.py": function("b").replace("\n", "\r\n")},
        after={"a.py": function("a", new)},
        fixed={"b.py": function("b", new).replace("\n", "\r\n")},
    )


def test_says_how_often_the_same_was_done():
    files = {name: function("f") for name in ("a.py", "b.py", "c.py")}
    (once,) = needs_of(line_clone, files, {"a.py": function("f", NEW)})
    (twice,) = needs_of(line_clone, files, [{n: function("f", NEW)} for n in ("a.py", "b.py")])
    assert (once.features["done"], twice.features["done"]) == (0, 1 / 3)
    assert [place.path for place in twice.places] == ["c.py"]


def test_is_silent_about_changes_of_indentation():
    check(
        line_clone,
        before={"a.py": function("a"), "b.py": function("b")},
        after={"a.py": function("a").replace("    timeout", "        timeout")},
        fixed=None,
    )


def test_only_points_where_another_line_took_its_place():
    (need,) = needs_of(
        line_clone,
        before={"a.py": function("a"), "b.py": function("b")},
        after={"a.py": function("a", "    # nobody waits that long\n")},
    )
    assert need.title == "Look at the equal line in b.py"
    assert [place.after for place in need.places] == [None]


def test_only_points_where_the_edit_goes_on_in_other_lines():
    """The bracket that was opened here is closed below, which the clone has not."""
    new = LINE.replace('settings.get("timeout", 30)', "(\n        settings.timeout") + "    )\n"
    other = LINE.replace("30)", "30, (")
    for lines in (new, other):
        (need,) = needs_of(
            line_clone,
            before={"a.py": function("a", LINE + "    x = 1\n"), "b.py": function("b")},
            after={"a.py": function("a", lines + "    y = 2 + 3\n" * 9)},
        )
        assert [place.after for place in need.places] == [None]


def test_copes_with_half_typed_code():
    (need,) = needs_of(
        line_clone,
        before={"a.py": function("a"), "b.py": function("b")},
        after={"a.py": function("a").replace('"timeout", 30)', '"timeout", 6')},
    )
    assert need.places[0].path == "b.py"


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
