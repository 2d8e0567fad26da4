"""The VS Code client and the server agree: settings, commands, messages and what is in them.

Read from the sources on both sides, so it needs no Node.
"""

import ast
import importlib.util
import inspect
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from proactive_lsp import __version__
from proactive_lsp.events import Answer, Command, Diagnostics, Focus, Git, TestResult, decode_event
from proactive_lsp.needs import KINDS
from proactive_lsp.reporting import report
from proactive_lsp.server import actions, client_events, commands, publish, status
from proactive_lsp.server.server import FEATURES
from proactive_lsp.settings import WORKSPACE_KEYS, from_user

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients" / "vscode"
SOURCES = {
    path.relative_to(CLIENT / "src").as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((CLIENT / "src").rglob("*.ts"))
}
PACKAGE = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
CONTRIBUTES = PACKAGE["contributes"]
COMMANDS = {each["command"]: each for each in CONTRIBUTES["commands"]}
PROPERTIES = {
    name: value
    for group in CONTRIBUTES["configuration"]
    for name, value in group["properties"].items()
}


@pytest.fixture(scope="module")
def generator():
    """The script that writes the settings of package.json."""
    path = CLIENT / "scripts" / "settings.py"
    spec = importlib.util.spec_from_file_location("vscode_settings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def constants(pattern: str) -> list[str]:
    return re.findall(pattern, SOURCES["protocol.ts"])


def block(name: str) -> dict[str, str]:
    """An object of names in protocol.ts."""
    body = re.search(rf"export const {name} = {{(.*?)}}", SOURCES["protocol.ts"], re.DOTALL)
    assert body is not None
    return dict(re.findall(r'(\w+): "([^"]+)"', body[1]))


# Settings.


def test_the_settings_are_those_that_the_server_has(generator):
    for path, text in generator.written().items():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name}: run `python clients/vscode/scripts/settings.py`"
        )


def test_every_setting_of_the_server_has_its_words(generator):
    assert all(docstring for _, _, docstring in generator.fields())


def test_the_server_takes_each_setting_with_its_default_as_the_client_sends_it(generator):
    told: dict = {}
    for name in generator.names():
        group, _, rest = name.rpartition(".")
        home = told.setdefault(group, {}) if group else told
        home[rest] = PROPERTIES[f"proactive.{name}"]["default"]
    settings, messages = from_user(told)
    assert messages == ()
    assert settings == from_user({})[0]


def test_only_what_makes_quieter_may_come_from_a_workspace():
    asked = {name for name, value in PROPERTIES.items() if value["scope"] != "machine"}
    asked -= {"proactive.trace.server"}
    assert asked == {"proactive.enabled", "proactive.needs.off", "proactive.reward.eagerness"}
    assert {name.rpartition(".")[2] for name in asked} == set(WORKSPACE_KEYS)
    # Each folder may ask for itself, and the server asks each.
    assert {PROPERTIES[name]["scope"] for name in asked} == {"resource"}


def test_each_setting_that_the_client_reads_is_declared():
    read = re.findall(r'userValue\("([\w.]+)"\)', "".join(SOURCES.values()))
    assert read
    assert {f"proactive.{name}" for name in read} <= PROPERTIES.keys()
    kinds = re.search(r"export type Kind = ([^;]+);", SOURCES["outbox.ts"])
    assert kinds is not None
    switches = {*re.findall(r'"(\w+)"', kinds[1]), "terminalOutput"}
    declared = {name for name in PROPERTIES if name.startswith("proactive.events.")}
    assert {f"proactive.events.{name}" for name in switches} == declared


# Commands.


def test_the_client_knows_the_commands_of_the_server():
    assert commands.COMMANDS.keys() == set(block("SERVER").values())


def test_the_commands_of_the_client_are_registered_declared_and_its_own():
    registered = set(re.findall(r'^    "(proactive\.\w+)":', SOURCES["editor/commands.ts"], re.M))
    registered |= set(re.findall(r'^  "(proactive\.\w+)": ', SOURCES["status.ts"], re.M))
    assert registered == set(COMMANDS)
    assert not any(name.startswith("proactive.server.") for name in COMMANDS)


def test_whatever_runs_a_command_names_one_that_is_there():
    text = json.dumps(CONTRIBUTES)
    named = {each["command"] for menu in CONTRIBUTES["menus"].values() for each in menu}
    named |= {each["command"] for each in CONTRIBUTES["keybindings"]}
    named |= set(re.findall(r"(?:command:|onCommand:)([\w.]+)", text))
    named |= set(re.findall(r'command: "(proactive\.\w+)"', "".join(SOURCES.values())))
    views = {f"{view['id']}.focus" for views in CONTRIBUTES["views"].values() for view in views}
    # VS Code makes a command that shows a view.
    sources = "".join(SOURCES.values())
    focus = set(re.findall(r'command:? ?"?(proactive\.\w+\.focus)', text + sources))
    assert focus
    assert focus <= views
    assert named - views <= COMMANDS.keys() | {"proactive.suggestions"}


@pytest.mark.parametrize(
    "wish",
    ["next", "previous", "accept", "preview", "why", "whyNothing", "snooze15", "snooze60",
     "snoozeUntilRestart", "toggle", "muteKind", "chooseModel", "showMemory", "forgetMemory",
     "restart", "doctor", "report", "scorecard", "showLog"],
)  # fmt: skip
def test_each_command_that_was_promised_is_there(wish):
    assert f"proactive.{wish}" in COMMANDS


def test_the_reports_are_asked_for_with_options_that_there_are():
    asked = set(re.findall(r'"--(\w+)"', SOURCES["reports.ts"]))
    assert asked == {"html", "memory", "repo", "workspace"}
    assert asked <= inspect.signature(report).parameters.keys()


def test_no_key_of_anybody_is_taken():
    keys = [each["key"] for each in CONTRIBUTES["keybindings"]]
    assert keys
    assert all(key.startswith("ctrl+k shift+") for key in keys)
    assert not any("tab" in key or "escape" in key for key in keys)


# Messages.


def test_both_sides_know_the_same_messages():
    heard = {name for name, _, _ in FEATURES if name.startswith("proactive/")}
    files = sorted((ROOT / "proactive_lsp" / "server").glob("*.py"))
    server = "".join(path.read_text(encoding="utf-8") for path in files)
    told = set(re.findall(r'notify\(\s*"(proactive/\w+)"', server))
    known = dict(re.findall(r'export const (\w+) = "(proactive/\w+)"', SOURCES["protocol.ts"]))
    assert set(known.values()) == heard | told


def test_names_within_messages_are_the_same():
    assert constants(r'ACTION_KIND = "([^"]+)"') == [actions.KIND]
    assert constants(r'SOURCE = "([^"]+)"') == [publish.SOURCE]
    assert block("SERVER")["accepted"] == actions.ACCEPTED
    assert block("SERVER")["explain"] == actions.EXPLAIN
    assert block("SERVER")["show"] == actions.SHOW
    assert "data: { id, folder }" in SOURCES["editor/server.ts"]
    assert set(actions.Offer.__struct_fields__) == {"id", "folder", "place"}


@pytest.mark.parametrize(("function", "reader"), [("_card", "cardOf"), ("_place", "placeOf")])
def test_what_the_server_tells_of_a_card_is_what_the_client_reads(function, reader):
    tree = ast.parse(inspect.getsource(getattr(publish, function)))
    (made,) = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    told = {key.value for key in made.keys if isinstance(key, ast.Constant)}
    body = SOURCES["protocol.ts"].split(f"function {reader}(")[1].split("\n}\n")[0]
    read = set(re.findall(r'fields\["(\w+)"\]', body))
    assert told == read


def test_each_event_that_the_client_tells_is_one_that_the_server_hears():
    range = {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 4}}
    finding = {"range": range, "severity": 1, "message": "bad", "code": "E1"}
    events = [
        ({"type": "focus", "path": "a.py", "range": range}, Focus),
        ({"type": "focus", "path": "a.py"}, Focus),
        ({"type": "focus", "path": "a.py", "window": "left"}, Focus),
        ({"type": "focus", "path": "a.py", "range": range, "window": "back"}, Focus),
        ({"type": "command", "line": "debug x", "exit": 0, "phase": "started"}, Command),
        ({"type": "command", "line": "debug x", "exit": 0, "phase": "stopped"}, Command),
        ({"type": "command", "line": "make", "exit": 2, "seconds": 1.5, "tail": "boom"}, Command),
        ({"type": "test", "name": "unit", "outcome": "failed"}, TestResult),
        ({"type": "diagnostics", "path": "a.py", "source": "x", "items": [finding]}, Diagnostics),
        ({"type": "git", "op": "stage"}, Git),
        ({"type": "answer", "id": "1", "op": "ignored"}, Answer),
    ]
    for event, kind in events:
        assert type(decode_event(json.dumps({"t": 0.0, **event}))) is kind
    union = re.search(r"export type Event =\n(.*?);\n\n", SOURCES["outbox.ts"], re.DOTALL)
    assert union is not None
    assert set(re.findall(r'type: "(\w+)"', union[1])) == {event["type"] for event, _ in events}
    assert set(re.findall(r'op: "(\w+)"', union[1])) == {"stage", "ignored"}
    assert "stage" in get_args(Git.__annotations__["op"])
    for key, struct in (("window", Focus), ("phase", Command)):
        told = re.search(rf"{key}\?: ((?:\"\w+\"(?: \| )?)+)", union[1])
        assert told is not None
        of_server = {
            each for one in get_args(struct.__annotations__[key]) for each in get_args(one)
        }
        assert set(re.findall(r'"(\w+)"', told[1])) == of_server


def test_the_folder_and_the_list_of_models_are_asked_for_as_the_server_reads_them():
    server, model = SOURCES["editor/server.ts"], SOURCES["editor/model.ts"]
    assert "folder ? { id, folder } : { id }" in server
    assert 'fields.get("folder")' in inspect.getsource(client_events.did_show)
    assert "execute(SERVER.status, [true])" in model
    assert "arguments[0] is True" in inspect.getsource(commands.status)
    listed = re.findall(r'"(\w+)": ', inspect.getsource(status.listed))
    assert "({ name, size, parameters })" in SOURCES["models.ts"]
    assert listed == ["name", "size", "parameters"]


# The rest of package.json, and how the client is built.


def test_the_client_has_the_version_of_the_server():
    assert PACKAGE["version"] == __version__
    lock = json.loads((CLIENT / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["version"] == lock["packages"][""]["version"] == __version__


def test_versions_of_what_the_client_is_built_with_are_pinned():
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", each) for each in PACKAGE["devDependencies"].values())
    assert "dependencies" not in PACKAGE


def test_decisions_know_nothing_of_the_editor():
    for name, text in SOURCES.items():
        imported = re.findall(r'from "([^"]+)"', text)
        if name != "extension.ts" and not name.startswith("editor/"):
            assert not [each for each in imported if each.startswith("vscode")], name
            assert not [each for each in imported if "editor/" in each], name


def test_what_is_chosen_by_name_has_a_name(generator):
    assert json.loads((CLIENT / "src" / "kinds.json").read_text(encoding="utf-8")) == list(KINDS)
    assert all(value.get("markdownDescription") for value in PROPERTIES.values())
    assert all(each["title"] and each["category"] == "Proactive" for each in COMMANDS.values())


def test_what_package_json_points_at_is_there():
    walkthrough = CONTRIBUTES["walkthroughs"][0]
    files = [PACKAGE["icon"], *(view["icon"] for view in CONTRIBUTES["views"]["explorer"])]
    files += [step["media"]["markdown"] for step in walkthrough["steps"]]
    assert [file for file in files if not (CLIENT / file).is_file()] == []
