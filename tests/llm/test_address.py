"""Where the server is: by the setting, by OLLAMA_HOST as Ollama reads it, or here."""

import pytest

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.assembly import model_problem, ollama_model
from proactive_lsp.clock import VirtualClock
from proactive_lsp.llm import ModelUnavailable
from proactive_lsp.llm.address import check_host, find_address, is_this_machine
from proactive_lsp.llm.reach import line_to
from proactive_lsp.settings import Settings


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("localhost:1234", "http://localhost:1234"),
        ("http://127.0.0.1", "http://127.0.0.1:80"),
        ("https://[::1]/ollama/", "https://[::1]:443/ollama"),
        ("http://127.8.9.1:5", "http://127.8.9.1:5"),
        ("", "http://127.0.0.1:11434"),
    ],
)
def test_a_local_host_is_an_address(host, address):
    assert check_host(host, allow_remote=False) == address


@pytest.mark.parametrize(
    "host",
    [
        *("example.com", "http://10.0.0.1:11434", "0.0.0.0", "localhost.example.com", "2130706433"),
        *("http://example.com#@127.0.0.1", "http://127.0.0.1.example.com", "::ffff:10.0.0.1"),
        *("file://localhost/x", "http://127.0.0.1:99999", "http://[bad", "127.0.0.1@example.com"),
        *("http://localhost@example.com", "http://example.com\\@127.0.0.1"),
    ],
)
def test_anything_else_is_refused(host):
    with pytest.raises(ModelUnavailable):
        check_host(host, allow_remote=False)


@pytest.mark.parametrize(
    "host", ["http://me:hunter2@127.0.0.1:1", "me:hunter2@shop", "http://me:hunter2@[::x]:1"]
)
def test_a_password_in_a_host_is_never_shown(host):
    """Neither in the reason nor in the status, whoever named the host."""
    settings = AgentSettings(host=host)
    problem = model_problem(Settings(agent=settings), {})
    assert "hunter2" not in problem
    assert "headers" in problem
    assert "hunter2" not in (model_problem(Settings(), {"OLLAMA_HOST": host}) or "")
    model = ollama_model(settings, VirtualClock())
    assert "hunter2" not in model.status.host


def test_a_remote_host_needs_the_users_own_word():
    assert check_host("example.com", allow_remote=True) == "http://example.com:11434"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        # The cases of Ollama's own envconfig/config_test.go, read as a client.
        ("", "http://127.0.0.1:11434"),
        ("1.2.3.4", "http://1.2.3.4:11434"),
        (":1234", "http://127.0.0.1:1234"),
        ("1.2.3.4:1234", "http://1.2.3.4:1234"),
        ("example.com", "http://example.com:11434"),
        ("example.com:1234", "http://example.com:1234"),
        (":0", "http://127.0.0.1:0"),
        (":66000", "http://127.0.0.1:11434"),
        (":-1", "http://127.0.0.1:11434"),
        ("[::1]", "http://[::1]:11434"),
        ("[::]", "http://[::1]:11434"),
        ("::1", "http://[::1]:11434"),
        ("[::1]:1337", "http://[::1]:1337"),
        ("1.2.3.4 ", "http://1.2.3.4:11434"),
        ('"1.2.3.4"', "http://1.2.3.4:11434"),
        ('" 1.2.3.4 "', "http://1.2.3.4:11434"),
        ("'1.2.3.4'", "http://1.2.3.4:11434"),
        ("https://1.2.3.4", "https://1.2.3.4:443"),
        ("http://1.2.3.4", "http://1.2.3.4:80"),
        ("https://1.2.3.4:1234", "https://1.2.3.4:1234"),
        ("https://1.2.3.4:66000", "https://1.2.3.4:443"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:11434"),
        ("http://0.0.0.0:11434/", "http://127.0.0.1:11434"),
        ("example.com/ollama", "http://example.com:11434/ollama"),
        ("ollama.com", "https://ollama.com:443"),
        ("localhost", "http://localhost:11434"),
    ],
)
def test_the_variable_as_ollama_reads_it(value, url):
    found = find_address(None, {"OLLAMA_HOST": value}, remote=True)
    assert found.url == url
    assert found.source == ("OLLAMA_HOST" if value else "default")


@pytest.mark.parametrize(
    "value", ["ssh://127.0.0.1", "http://user@127.0.0.1", "http://a b", "a b:c@d"]
)
def test_a_variable_that_is_no_address_says_which_it_was(value):
    with pytest.raises(ModelUnavailable, match="OLLAMA_HOST: host"):
        find_address(None, {"OLLAMA_HOST": value}, remote=False)


def test_the_variable_names_a_host_and_allows_none():
    """It is the user's word for where, not for letting files leave this machine."""
    with pytest.raises(ModelUnavailable, match="allow a remote host"):
        find_address(None, {"OLLAMA_HOST": "10.0.0.1"}, remote=False)
    assert find_address(None, {"OLLAMA_HOST": "10.0.0.1"}, remote=True).remote


def test_the_setting_goes_before_the_variable():
    found = find_address("127.0.0.1:5", {"OLLAMA_HOST": "127.0.0.1:6"}, remote=False)
    assert (found.url, found.source, found.remote) == ("http://127.0.0.1:5", "setting", False)


def test_to_serve_on_every_address_is_no_host_to_name_in_a_setting():
    with pytest.raises(ModelUnavailable):
        find_address("0.0.0.0", {}, remote=False)


def test_a_proxy_is_for_another_machine_alone():
    here = find_address(None, {}, remote=True)
    there = find_address("example.com", {}, remote=True)
    assert line_to(here, {}, "http://proxy:3128").proxy is None
    assert line_to(there, {}, "http://proxy:3128").proxy == "http://proxy:3128"
    assert is_this_machine(here.url)
    assert not is_this_machine(there.url)


@pytest.mark.parametrize(
    "proxy", ["me:hunter2@x", "socks5://me:hunter2@x", "http://", "http://me:hunter2@[x", ""]
)
def test_a_proxy_that_is_none_is_named_without_its_password(proxy):
    there = find_address("example.com", {}, remote=True)
    with pytest.raises(ModelUnavailable, match="the proxy of your settings") as raised:
        line_to(there, {}, proxy)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("a b", "hunter2"), ("", "hunter2"), ("a", "hunter2\r\nb: y"), ("a", "hunter2ä"), ("ä", "x")],
)
def test_a_header_that_cannot_be_sent_is_named_without_its_value(name, value):
    here = find_address(None, {}, remote=False)
    with pytest.raises(ModelUnavailable, match="cannot be sent") as raised:
        line_to(here, {name: value}, None)
    assert "hunter2" not in str(raised.value)


def test_what_is_wrong_with_the_way_is_said_before_anything_is_asked():
    """At the start of the editor, without a connection."""

    def problem(environment=None, **agent):
        return model_problem(Settings(agent=AgentSettings(**agent)), environment or {})

    assert problem() is None
    assert problem({"OLLAMA_HOST": "0.0.0.0:1"}) is None
    assert "OLLAMA_HOST: host" in problem({"OLLAMA_HOST": "10.0.0.1"})
    assert problem({"OLLAMA_HOST": "10.0.0.1"}, enabled=False) is None
    assert "header 'a b'" in problem(headers={"a b": "c"})
    assert "the proxy" in problem(host="x", allow_remote=True, proxy="y")
