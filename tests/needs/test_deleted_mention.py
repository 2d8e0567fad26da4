"""Mentions of definitions that were deleted."""

from proactive_lsp.needs import deleted_mention
from tests.check import check, needs_of

CONF = "def keep(path):\n    return path\n\n\ndef read_config(path):\n    return open(path)\n"
CUT = "def keep(path):\n    return path\n"


def test_takes_the_name_out_of_imports_and_points_at_calls():
    use = "from conf import keep, read_config\n\nx = read_config(1)\n"
    (need,) = check(
        deleted_mention,
        before={"conf.py": CONF, "use.py": use},
        after={"conf.py": CUT},
        fixed={"use.py": use.replace(", read_config", "")},
    )
    assert [(place.range.start.line, place.after) for place in need.places] == [(0, ""), (2, None)]
    # The name was imported from there, so the call is broken for sure.
    assert all(place.certain for place in need.places)
    assert need.title == "Remove 1 import of the deleted `read_config`, look at 1 mention"


def test_removes_an_import_of_nothing_else():
    check(
        deleted_mention,
        before={"conf.py": CONF, "use.py": "from conf import read_config\nx = 1\n"},
        after={"conf.py": CUT},
        fixed={"use.py": "x = 1\n"},
    )


def test_points_at_prose_where_the_name_reads_like_code():
    (need,) = needs_of(
        deleted_mention, {"conf.py": CONF, "docs.md": "Call `read_config`.\n"}, {"conf.py": CUT}
    )
    (place,) = need.places
    assert (place.path, place.certain, place.after) == ("docs.md", False, None)


def test_is_quiet_while_another_file_defines_it():
    check(
        deleted_mention,
        before={"conf.py": CONF, "other.py": CONF, "use.py": "from other import read_config\n"},
        after={"conf.py": CUT},
        fixed=None,
    )


def test_is_quiet_about_words_of_prose():
    check(
        deleted_mention,
        before={
            "conf.py": CONF.replace("read_config", "settle"),
            "README.md": "To settle it\n",
            "use.py": "# settle it\nsettle = 3\n",
        },
        after={"conf.py": CUT},
        fixed=None,
    )


def test_is_quiet_about_the_changelog():
    check(
        deleted_mention,
        before={"conf.py": CONF, "CHANGES.md": "Added `read_config`.\n"},
        after={"conf.py": CUT},
        fixed=None,
    )


def test_waits_while_the_file_does_not_parse():
    check(
        deleted_mention,
        before={"conf.py": CONF, "use.py": "from conf import read_config\n"},
        after={"conf.py": CUT + "\n\ndef read_config(path\n    return open(path)\n"},
        fixed=None,
    )


def test_measures_columns_as_editors_do():
    use = "from conf import keep, read_config\r\n\r\nx = '🙂', read_config(1)\r\n"
    (need,) = check(
        deleted_mention,
        before={"conf.py": CONF, "use.py": use},
        after={"conf.py": CUT},
        fixed={"use.py": use.replace(", read_config", "", 1)},
    )
    assert need.places[1].range.start.character == 10
