"""Mentions left after a rename."""

import time

import pytest

from proactive_lsp.needs import renamed_mention
from proactive_lsp.needs.resolution import RULES
from tests.check import check, needs_of

CONF = "def read_config(path):\n    return open(path).read()\n"
RENAMED = CONF.replace("read_config", "load_settings")


def test_renames_imports_calls_and_attributes():
    use = "from conf import read_config\nimport conf\n\nread_config(1)\nconf.read_config(2)\n"
    check(
        renamed_mention,
        before={"conf.py": CONF, "use.py": use},
        after={"conf.py": RENAMED},
        fixed={"use.py": use.replace("read_config", "load_settings")},
    )


def test_offers_strings_comments_and_prose_unticked():
    use = "# read_config is slow\nfrom conf import read_config\n\nnames = ['read_config']\n"
    needs = check(
        renamed_mention,
        before={"conf.py": CONF, "use.py": use, "README.md": "Call `read_config` first.\n"},
        after={"conf.py": RENAMED},
        fixed={
            "use.py": use.replace("read_config", "load_settings"),
            "README.md": "Call `load_settings` first.\n",
        },
    )
    certain = [(place.path, place.certain, place.note) for place in needs[0].places]
    assert certain == [
        ("use.py", True, ""),
        ("use.py", False, "in a comment"),
        ("use.py", False, "in a string"),
        ("README.md", False, "in prose"),
    ]


def test_leaves_common_words_of_prose_alone():
    check(
        renamed_mention,
        before={
            "conf.py": "def load(path):\n    return path\n",
            "README.md": "Load the file. The load is high.\n",
            "use.py": "# load it\nload = 3\n",
        },
        after={"conf.py": "def fetch(path):\n    return path\n"},
        fixed=None,
    )


def test_leaves_the_changelog_as_it_was_written():
    check(
        renamed_mention,
        before={"conf.py": CONF, "CHANGES.md": "Added `read_config`.\n"},
        after={"conf.py": RENAMED},
        fixed=None,
    )


def test_renames_methods_that_nothing_else_is_called():
    box = (
        "class Box:\n    def grow_by(self, n):\n        return n\n\n"
        "    def two(self):\n        return self.grow_by(2)\n"
    )
    check(
        renamed_mention,
        before={"box.py": box, "use.py": "def f(box):\n    return box.grow_by(1)\n"},
        after={"box.py": box.replace("def grow_by", "def widen")},
        fixed={
            "box.py": box.replace("grow_by", "widen"),
            "use.py": "def f(box):\n    return box.widen(1)\n",
        },
    )


def test_leaves_methods_of_other_classes_alone():
    box = "class Box:\n    def grow(self, n):\n        return n + 1\n"
    other = (
        "class Tree:\n    def grow(self, n):\n        return -n\n\n\n"
        "def f(tree):\n    tree.grow(1)\n"
    )
    check(
        renamed_mention,
        before={"box.py": box, "tree.py": other},
        after={"box.py": box.replace("grow", "widen")},
        fixed=None,
    )


@pytest.mark.parametrize(
    "use",
    ["read_config = 1\n", "f(read_config=2)\n", "from other import read_config\nread_config()\n"],
    ids=["variable", "keyword", "other-module"],
)
def test_leaves_namesakes_alone(use):
    check(
        renamed_mention,
        before={"conf.py": CONF, "use.py": use},
        after={"conf.py": RENAMED},
        fixed=None,
    )


def test_follows_a_rename_typed_in_steps():
    use = "from conf import read_config\n"
    check(
        renamed_mention,
        before={"conf.py": CONF, "use.py": use},
        after=[{"conf.py": CONF.replace("read_config", "load")}, {"conf.py": RENAMED}],
        fixed={"use.py": "from conf import load_settings\n"},
    )


def test_forgets_a_rename_that_was_taken_back():
    use = "from conf import read_config\n"
    check(
        renamed_mention,
        before={"conf.py": CONF, "use.py": use},
        after=[{"conf.py": RENAMED}, {"conf.py": CONF}],
        fixed=None,
    )


def test_waits_while_the_file_does_not_parse():
    use = "from conf import read_config\n"
    check(
        renamed_mention,
        before={"conf.py": CONF, "use.py": use},
        after={"conf.py": "def load_settings(path\n    return open(path).read()\n"},
        fixed=None,
    )


def test_is_silent_where_the_old_name_was_defined_anew():
    use = "from conf import read_config\n"
    both = RENAMED + "\n\ndef read_config(path):\n    return load_settings(path)\n"
    assert (
        needs_of(
            renamed_mention,
            before={"conf.py": CONF, "use.py": use},
            after=[{"conf.py": RENAMED}, {"conf.py": both}],
        )
        == []
    )


def test_no_text_is_slow():
    """Neither a long literal before a mention nor many empty lines."""
    began = time.process_time()
    for rules in RULES.values():
        rules.receiver.search('x = "' + "a" * 100_000 + '" + ')
        rules.receiver.search("a" + "." * 100_000 + " x")
        rules.receiver.search("a" + ":" * 100_000 + " x")
    use = "from conf import read_config\n" + "\n" * 100_000 + "read_config(1)\n"
    needs_of(renamed_mention, {"conf.py": CONF, "use.py": use}, {"conf.py": RENAMED})
    assert time.process_time() - began < 5
