"""Who may set what, and what becomes of a wrong value."""

import math

import msgspec
import pytest

from proactive_lsp.needs import NeedsSettings
from proactive_lsp.reward import RewardSettings
from proactive_lsp.settings import (
    Settings,
    WorkspaceSettings,
    from_user,
    from_workspace,
    quieter,
    workspace_asks,
)

DEFAULTS = Settings()


def test_nothing_set_is_the_defaults():
    assert from_user(None) == from_user({}) == (DEFAULTS, ())


def test_both_spellings_are_understood():
    camel, _ = from_user({"maxFileBytes": 5, "reward": {"cardsPerHour": 3}})
    snake, messages = from_user({"max_file_bytes": 5, "reward": {"cards_per_hour": 3}})
    assert camel == snake
    assert (camel.max_file_bytes, camel.reward.cards_per_hour, messages) == (5, 3, ())


@pytest.mark.parametrize(
    ("group", "key", "value"),
    [
        ("", "enabled", "yes"),
        ("", "enabled", 1),
        ("", "max_file_bytes", -1),
        ("", "max_file_bytes", 1.5),
        ("schedule", "quiet_seconds", -1.0),
        ("schedule", "quiet_seconds", 0),
        ("schedule", "quiet_seconds", math.nan),
        ("schedule", "settle_seconds", "2"),
        ("needs", "off", "broken-call"),
        ("needs", "off", [1]),
        ("reward", "eagerness", "wild"),
        ("reward", "eagerness", None),
        ("reward", "cards_per_hour", -1),
        ("reward", "cards_per_hour", True),
        ("reward", "cooldown_seconds", -0.1),
        ("agent", "host", 11434),
        ("agent", "model", 7),
        ("agent", "num_ctx", 0),
        ("agent", "timeout", 0),
        ("agent", "calls_per_hour", -1),
        ("agent", "allow_remote", "true"),
        ("memory", "durable", "no"),
    ],
)
def test_a_wrong_value_is_named_once_and_its_default_kept(group, key, value):
    wrong = {group: {key: value}} if group else {key: value}
    settings, messages = from_user(wrong | {"maxFileBytes": 77} if group else wrong)
    (message,) = messages
    assert message.startswith(f"setting {group}{'.' if group else ''}{key} is wrong (")
    assert len(message.splitlines()) == 1
    assert settings == msgspec.structs.replace(DEFAULTS, max_file_bytes=77 if group else 1_000_000)


@pytest.mark.parametrize("options", [[], "medium", 3, {1: 2}])
def test_what_is_no_object_is_one_message(options):
    assert from_user(options) == (DEFAULTS, ("settings are not an object; using the defaults",))


def test_unknown_settings_are_named():
    _, messages = from_user({"eagernes": "low", "reward": {"speed": 1}, "needs": 3})
    assert messages == (
        "no setting is called eagernes; ignored",
        "no setting is called reward.speed; ignored",
        "setting needs is a group of settings; ignored",
    )


def test_an_unknown_kind_is_named():
    settings, messages = from_user({"needs": {"off": ["broken-call", "brokencall"]}})
    assert "broken-call" in settings.needs.off
    assert messages == (
        "setting needs.off: no kind is called brokencall; did you mean broken-call?",
    )


# What a workspace may say.


@pytest.fixture
def workspace(tmp_path):
    """A workspace with these files, and what it asks for."""

    def asks(**files):
        for name, text in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            (tmp_path / {"own": ".proactive.toml", "project": "pyproject.toml"}[name]).write_bytes(
                content
            )
        return from_workspace(tmp_path)

    return asks


def test_a_workspace_without_files_asks_for_nothing(workspace):
    assert workspace() == (WorkspaceSettings(), ())
    assert workspace(project="[tool.other]\nx = 1\n") == (WorkspaceSettings(), ())


def test_its_own_file_comes_before_the_project(workspace):
    project = "[tool.proactive]\neagerness = 'low'\n"
    assert workspace(project=project)[0].eagerness == "low"
    asked, messages = workspace(own="off = ['line-clone']\n", project=project)
    assert (asked, messages) == (WorkspaceSettings(off=("line-clone",)), ())


@pytest.mark.parametrize("key", ["agent", "host", "model", "reward", "memory", "record"])
def test_what_is_the_users_alone_is_refused(workspace, key):
    asked, (message,) = workspace(own=f"{key} = 'x'\nenabled = false\n")
    assert asked == WorkspaceSettings(enabled=False)
    assert message == f".proactive.toml: a workspace may not set {key}; ignored"


@pytest.mark.parametrize("line", ["enabled = 'no'", "off = 'all'", "eagerness = 'wild'", "off = 1"])
def test_a_wrong_value_of_a_workspace_is_named_once(workspace, line):
    asked, (message,) = workspace(own=line)
    assert asked == WorkspaceSettings()
    assert message.startswith(f".proactive.toml: {line.split()[0]} is wrong (")


def test_an_unknown_kind_of_a_workspace_is_named(workspace):
    asked, (message,) = workspace(own="off = ['typo', 'line-clone']")
    assert "line-clone" in asked.off
    assert message.startswith(".proactive.toml: no kind is called typo; README lists")


@pytest.mark.parametrize(
    "content",
    [
        *("off = [", "x = 1\nx = 2", b"\xff", "x = " + "[" * 100_000, "x = " + "1" * 5_000),
        "\0",
    ],
    ids=["cut", "twice", "not-utf8", "nested", "long-number", "nul"],
)
def test_an_unreadable_file_is_one_message(workspace, content):
    asked, (message,) = workspace(own=content)
    assert asked == WorkspaceSettings()
    assert message.startswith(".proactive.toml cannot be read (")
    assert len(message.splitlines()) == 1
    assert len(message) < 300


def test_a_project_that_is_being_typed_is_left_to_its_other_readers(workspace):
    assert workspace(project="[tool.proact") == (WorkspaceSettings(), ())
    assert workspace(project="tool = 3") == (WorkspaceSettings(), ())


def test_a_table_that_is_none_is_one_message(workspace):
    assert workspace(project="tool.proactive = 3")[1] == ("pyproject.toml is not a table; ignored",)
    assert workspace_asks(["off"])[1] == ("workspace settings is not a table; ignored",)
    assert workspace_asks(None) == (WorkspaceSettings(), ())


def test_a_folder_of_that_name_is_one_message(tmp_path):
    (tmp_path / ".proactive.toml").mkdir()
    assert len(from_workspace(tmp_path)[1]) == 1


@pytest.mark.parametrize("user", ["low", "medium", "high"])
@pytest.mark.parametrize("asked", ["low", "medium", "high", None])
def test_a_workspace_only_makes_it_quieter(user, asked):
    order = ("low", "medium", "high")
    settings = Settings(reward=RewardSettings(eagerness=user))
    got = quieter(settings, WorkspaceSettings(eagerness=asked)).reward.eagerness
    assert got == min(user, asked or user, key=order.index)


@pytest.mark.parametrize("user", [True, False])
def test_a_workspace_turns_off_and_never_on(user):
    settings = Settings(enabled=user, needs=NeedsSettings(off=("line-clone",)))
    for enabled in (True, False):
        got = quieter(settings, WorkspaceSettings(enabled=enabled, off=("broken-call",)))
        assert got.enabled is (user and enabled)
        assert got.needs.off == ("broken-call", "line-clone")
