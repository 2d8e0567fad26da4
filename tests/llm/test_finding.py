"""First use: what a server says of itself and its models, and whether that is enough."""

import asyncio

import pytest

from proactive_lsp.llm import ModelMissing, ModelRefused, ModelTimeout, ModelUnavailable
from proactive_lsp.llm.address import find_address
from proactive_lsp.llm.facts import Shown, Version
from proactive_lsp.llm.ollama import find, probe
from proactive_lsp.llm.reach import Line, line_to
from tests.llm.conftest import installed, listening


async def test_probe_names_what_is_installed(ollama):
    fake, host = ollama

    async def answer(exchange):
        await exchange.whole('{"models": [{"model": "b:1"}, {"model": "a:1", "size": 5}]}')

    fake.answer = answer
    assert await probe(host) == ("a:1", "b:1")
    assert fake.asked[-1].path == "/api/tags"


async def test_probe_where_nobody_listens(free_host):
    with pytest.raises(ModelUnavailable, match="ollama serve"):
        await probe(free_host)


@pytest.mark.parametrize(
    ("status", "body"), [("200 OK", "<html>"), ("404 Not Found", ""), ("200 OK", '{"models": 1}')]
)
async def test_probe_where_someone_else_listens(ollama, status, body):
    fake, host = ollama

    async def answer(exchange):
        await exchange.whole(body, status)

    fake.answer = answer
    with pytest.raises(ModelUnavailable, match="no working Ollama"):
        await probe(host)


async def test_probe_gives_up_soon(ollama):
    fake, host = ollama

    async def answer(exchange):
        await asyncio.Event().wait()

    fake.answer = answer
    with pytest.raises(ModelUnavailable):
        await probe(host, timeout=0.2)


async def test_version_models_and_capabilities_are_asked_once_each(ollama):
    fake, host = ollama
    fake.install(installed("llama3.2:3b"), version="0.12.6-rc1")
    found = await find(Line(host), None)
    assert fake.paths() == ["version", "tags", "show"]
    assert fake.asked[2].json == {"model": "llama3.2:3b"}
    assert (found.choice.model.title, found.trained_context) == ("llama3.2:3b", 32768)
    assert (found.version.numbers, found.thinks) == ((0, 12, 6), False)


async def test_every_loopback_address_is_this_machine():
    """Those that it has: a container often has no IPv6, and then OLLAMA_HOST cannot name it."""
    reached = []
    for host in ("127.0.0.1", "::1"):
        try:
            async with listening(host=host) as (fake, url):
                fake.install(installed("llama3.2:3b"))
                address = find_address(None, {"OLLAMA_HOST": url}, remote=False)
                await find(line_to(address, {}, None), None)
                reached.append(host)
        except OSError:
            continue
    assert "127.0.0.1" in reached


async def test_a_model_that_can_think_is_known(ollama):
    fake, host = ollama
    fake.install(installed("qwen3:4b"), capabilities=["completion", "tools", "thinking"])
    assert (await find(Line(host), None)).thinks


@pytest.mark.parametrize("version", ["0.4.7", "0.1.14", "0.0.9"])
async def test_a_server_that_is_too_old_is_named(ollama, version):
    fake, host = ollama
    fake.install(installed("llama3.2:3b"), version=version)
    with pytest.raises(ModelRefused, match=rf"Ollama {version} at .* is too old; 0\.5\.0 or newer"):
        await find(Line(host), None)
    assert fake.paths() == ["version"]


@pytest.mark.parametrize("version", ["0.5.0", "v0.5.0", "1.0.0", "0.0.0", "main", "", "1.2"])
async def test_a_version_that_says_nothing_is_no_reason_to_stop(ollama, version):
    """0.0.0 is what a build from source calls itself."""
    fake, host = ollama
    fake.install(installed("llama3.2:3b"), version=version)
    await find(Line(host), None)


@pytest.mark.parametrize("page", [{"version": 1}, [], {}, "x"])
async def test_odd_words_about_version_and_capabilities_count_as_none(ollama, page):
    fake, host = ollama
    fake.install(installed("llama3.2:3b"))
    fake.pages |= {"/api/version": page, "/api/show": page}
    found = await find(Line(host), "llama3.2:3b")
    assert (found.version, found.thinks, found.trained_context) == (None, False, None)


@pytest.mark.parametrize("page", [{"models": None}, {"models": []}])
async def test_a_server_without_models_says_what_to_pull(ollama, page):
    fake, host = ollama
    fake.install()
    fake.pages["/api/tags"] = page
    with pytest.raises(ModelMissing, match=r"ollama pull qwen2\.5-coder:3b") as missing:
        await find(Line(host), None)
    assert missing.value.wanted == "qwen2.5-coder:3b"


async def test_a_wish_that_cannot_chat_is_refused(ollama):
    fake, host = ollama
    fake.install(installed("embedder"), capabilities=["embedding"])
    with pytest.raises(ModelMissing, match="embedder cannot chat") as missing:
        await find(Line(host), "embedder")
    assert missing.value.wanted is None


@pytest.mark.parametrize("wanted", ["mine:3b", None])
async def test_a_model_that_only_says_when_asked_that_it_runs_elsewhere(ollama, wanted):
    fake, host = ollama
    fake.install(installed("mine:3b"), remote_host="https://ollama.com:443")
    with pytest.raises(ModelMissing, match="runs on another machine"):
        await find(Line(host), wanted)
    found = await find(Line(host), wanted, remote=True)
    assert found.choice.model.title == "mine:3b"


async def test_a_login_in_the_way_is_no_stranger(ollama):
    fake, host = ollama

    async def answer(exchange):
        await exchange.whole("who are you?", "401 Unauthorized")

    fake.answer = answer
    with pytest.raises(ModelRefused, match="headers it expects"):
        await find(Line(host), None)


async def test_headers_go_along_with_every_question(ollama):
    fake, host = ollama
    fake.install(installed("llama3.2:3b"))
    await find(Line(host, {"Authorization": "Bearer mine", "X-Team": "a"}), None)
    for exchange in fake.asked:
        assert "authorization: bearer mine" in exchange.head
        assert "x-team: a" in exchange.head


async def test_a_proxy_of_the_settings_carries_the_questions_to_a_remote_host(ollama):
    """What listens here is the proxy: it is asked for the whole address."""
    fake, proxy = ollama
    fake.install(installed("llama3.2:3b"))
    address = "http://model.invalid:11434"
    fake.pages = {address + path: page for path, page in fake.pages.items()}
    found = await find(Line(address, {}, proxy), None)
    assert found.choice.model.title == "llama3.2:3b"
    assert fake.asked[0].path == f"{address}/api/version"


async def test_a_proxy_that_is_away_is_named(free_host):
    from proactive_lsp.llm import wire

    assert wire
    with pytest.raises(ModelUnavailable):
        await find(Line("http://model.invalid:11434", {}, free_host), None)


async def test_a_server_that_hangs_while_it_is_asked_what_it_has(ollama):
    """One bound for all questions, however each of them is answered."""
    fake, host = ollama
    fake.install(installed("llama3.2:3b"))
    del fake.pages["/api/show"]

    async def answer(exchange):
        await asyncio.Event().wait()

    fake.answer = answer
    with pytest.raises(ModelTimeout, match="did not say in time what it has"):
        await asyncio.wait_for(find(Line(host), None, within=0.3), 5)


@pytest.mark.parametrize(
    ("info", "tokens"),
    [
        ({"llama.context_length": 8192}, 8192),
        ({"clip.vision.context_length": 77, "gemma3.context_length": 131072}, 131072),
        ({"llama.context_length": "8192"}, None),
        ({"llama.context_length": True}, None),
        ({"llama.context_length": 0}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_trained_context_is_that_of_the_architecture(info, tokens):
    assert Shown(model_info=info).trained_context == tokens


def test_versions_of_any_form():
    assert Version("0.5.1-rc2").numbers == (0, 5, 1)
    assert Version("9" * 20 + ".0.0").numbers is None
