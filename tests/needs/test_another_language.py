"""A language that this project does not know, added from outside by queries and a `Grammar`."""

from pathlib import Path

import pytest

from proactive_lsp.needs import broken_call, renamed_mention
from proactive_lsp.workspace.grammars import GRAMMARS, Grammar
from proactive_lsp.workspace.syntax import parse
from tests.check import check

pytest.importorskip("tree_sitter_ruby")

CONF = "def read_config(path, mode = 'r', *rest)\n  File.open(path, mode).read\nend\n"
USE = 'require_relative "lib/conf"\n\n# read_config is slow\nputs read_config("a", "rb")\n'


@pytest.fixture(autouse=True)
def ruby(monkeypatch):
    """Ruby, which has no rules of its own either: those that fit most languages do."""
    queries = str(Path(__file__).parent / "ruby")
    grammar = Grammar(package="tree_sitter_ruby", queries=(queries,), constructor="initialize")
    monkeypatch.setitem(GRAMMARS, "ruby", grammar)


def test_its_definitions_are_read():
    module = parse("ruby", f"{CONF}class Box\n  def initialize(w)\n    @w = w\n  end\nend\n")
    assert module is not None
    assert [(d.kind, d.qualname, [p.name for p in d.parameters]) for d in module.definitions] == [
        ("function", "read_config", ["path", "mode", "rest"]),
        ("class", "Box", ["w"]),
        ("method", "Box.initialize", ["w"]),
    ]


def test_its_renames_are_noticed():
    check(
        renamed_mention,
        before={"lib/conf.rb": CONF, "use.rb": USE, "other.rb": "read_config(1)\n"},
        after={"lib/conf.rb": CONF.replace("read_config", "load_settings")},
        fixed={
            "use.rb": USE.replace("read_config", "load_settings"),
            "other.rb": "read_config(1)\n",
        },
    )


def test_its_broken_calls_are_noticed():
    check(
        broken_call,
        before={"lib/conf.rb": CONF, "use.rb": USE},
        after={"lib/conf.rb": "def read_config(path)\n  File.open(path).read\nend\n"},
        fixed={"use.rb": USE.replace(', "rb"', "")},
    )
