"""What the configurations and their pages name is what the server has."""

import re

import pytest
from lsprotocol import types

from proactive_lsp.server.client import client_of
from proactive_lsp.server.commands import COMMANDS
from proactive_lsp.server.server import FEATURES
from tests.abilities import capabilities
from tests.editors.desk import DOCS

FILES = sorted(path for path in DOCS.rglob("*") if path.is_file())
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in FILES}
TOLD = {"proactive/suggestions", "proactive/status", "proactive/written"}


def test_commands_are_those_of_the_server():
    named = {
        f"proactive.server.{name}"
        for pattern, file in (
            (r'(?:M\.run|answer)\("(\w+)"|request\(\w+, "(\w+)"', "proactive.lua"),
            (r'\(proactive-run "(\w+)"', "proactive.el"),
        )
        for found in re.finditer(pattern, TEXTS[file])
        for name in found.groups()
        if name
    }
    assert {"proactive.server.dismiss", "proactive.server.snooze"} <= named
    named |= set(re.findall(r"proactive\.server\.\w+", "".join(TEXTS.values())))
    assert named == COMMANDS.keys()


def test_messages_are_those_of_the_server():
    heard = {name for name, _, _ in FEATURES if name.startswith("proactive/")}
    assert set(re.findall(r"`(proactive/\w+)`", TEXTS["README.md"])) == heard | TOLD
    assert set(re.findall(r'"(proactive/\w+)"', TEXTS["proactive.lua"])) <= TOLD
    assert set(re.findall(r"\(eql (proactive/\w+)\)", TEXTS["proactive.el"])) == TOLD


def test_links_lead_to_files():
    links = [
        (path, link)
        for path in FILES
        for link in re.findall(r"\]\(([^)#:]+)[)#]", TEXTS[path.name])
    ]
    assert links
    assert [(path, link) for path, link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize(("name", "resolves"), [("Eglot", False), ("emacs", False), ("x", True)])
def test_who_takes_a_command_for_all_of_an_action(name, resolves):
    """Eglot of Emacs 30 and lsp-mode say that they resolve; they are given the edit at once."""
    info = types.ClientInfo(name, "1")
    params = types.InitializeParams(capabilities=capabilities(), client_info=info)
    assert client_of(params).resolves_edits is resolves
