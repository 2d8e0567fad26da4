"""The Ollama adapter against a real socket: what it sends, and every way an answer goes wrong."""

import asyncio
import subprocess
import sys

import pytest

from proactive_lsp.llm import (
    BadReply,
    Message,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
    Request,
)
from proactive_lsp.llm.ollama import PREFERRED, OllamaModel, check_host, choose, probe

SCHEMA = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
REQUEST = Request((Message("system", "be brief"), Message("user", "hi")), SCHEMA, max_tokens=50)


def model(host, timeout=5.0):
    return OllamaModel(host=host, name="m:1b", num_ctx=2048, keep_alive="5m", timeout=timeout)


async def check(ollama, answer, error, *, says="", within=5.0):
    """One request to a server that answers so ends in exactly this error of ours, in time."""
    fake, host = ollama
    fake.answer = answer
    async with asyncio.timeout(8):
        with pytest.raises(ModelError) as raised:
            await model(host, within).complete(REQUEST)
    assert type(raised.value) is error
    assert says in str(raised.value)
    await asyncio.wait_for(fake.hung_up.wait(), 2)


async def test_a_streamed_answer_arrives_whole(ollama):
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word('{"ok"')
        await exchange.word(": true}")
        await exchange.last()

    fake.answer = answer
    reply = await model(host).complete(REQUEST)
    assert reply.text == '{"ok": true}'
    assert (reply.prompt_tokens, reply.answer_tokens) == (12, 3)
    assert 0 < reply.seconds < 5


async def test_the_request_fixes_context_seed_and_schema(ollama):
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.last()

    fake.answer = answer
    await model(host).complete(REQUEST)
    (asked,) = fake.asked
    assert (asked.method, asked.path) == ("POST", "/api/chat")
    assert asked.json == {
        "model": "m:1b",
        "messages": [
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": "hi"},
        ],
        "tools": [],
        "stream": True,
        "think": False,
        "format": SCHEMA,
        "options": {"num_ctx": 2048, "num_predict": 50, "temperature": 0.0, "seed": 0},
        "keep_alive": "5m",
    }
    assert "accept-encoding: identity" in asked.head


async def test_without_a_schema_any_text_may_come(ollama):
    """The adapter neither asks for a form nor checks one; the stage that asks does."""
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word("Sure! Here is what I think")
        await exchange.last()

    fake.answer = answer
    reply = await model(host).complete(Request((Message("user", "hi"),)))
    assert reply.text == "Sure! Here is what I think"
    assert "format" not in fake.asked[0].json


async def test_half_a_surrogate_pair_becomes_a_question_mark(ollama):
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.word("a\ud800b")
        await exchange.last()

    fake.answer = answer
    assert (await model(host).complete(REQUEST)).text == "a?b"


async def test_nobody_listening(free_host):
    with pytest.raises(ModelUnavailable, match="ollama serve"):
        await model(free_host).complete(REQUEST)


async def test_nobody_listening_once_the_client_is_loaded(free_host):
    """The first request knocks before it loads the client; the later ones meet httpx's error."""
    from proactive_lsp.llm import wire

    assert wire
    with pytest.raises(ModelUnavailable, match="ollama serve"):
        await model(free_host).complete(REQUEST)


async def test_a_missing_model_names_the_command(ollama):
    async def answer(exchange):
        await exchange.whole('{"error":"model \'m:1b\' not found"}', "404 Not Found")

    await check(ollama, answer, ModelMissing, says="ollama pull m:1b")


@pytest.mark.parametrize("body", ['{"error":"out of\\nmemory"}', "[]", "<html>", ""])
async def test_a_server_error_is_refused_whatever_its_body(ollama, body):
    async def answer(exchange):
        await exchange.whole(body, "500 Internal Server Error")

    error = BadReply if body == "[]" else ModelRefused
    await check(ollama, answer, error, says="" if body == "[]" else "(500)")


async def test_an_error_inside_the_stream(ollama):
    async def answer(exchange):
        await exchange.start()
        await exchange.word("{")
        await exchange.send(b'{"error": "the runner stopped"}\n')
        await exchange.send(b"")

    await check(ollama, answer, ModelRefused, says="the runner stopped")


async def test_nothing_invisible_of_an_error_is_passed_on(ollama):
    async def answer(exchange):
        await exchange.whole(
            '{"error":"a\\u001b[31m\\u202eb\\u200b<|im_start|>"}', "500 Internal Server Error"
        )

    await check(ollama, answer, ModelRefused, says="(500): a[31mb< |im_start|>")


async def test_a_redirect_is_not_followed(ollama):
    async def answer(exchange):
        await exchange.whole("", "307 Temporary Redirect", "location: http://127.0.0.1:9/\r\n")

    await check(ollama, answer, ModelRefused, says="(307)")


async def test_a_hanging_server_times_out(ollama):
    async def answer(exchange):
        await asyncio.Event().wait()

    await check(ollama, answer, ModelTimeout, within=0.2)


async def test_a_server_that_trickles_times_out_in_total(ollama):
    """Each word comes fast enough, the whole answer never."""

    async def answer(exchange):
        await exchange.start()
        while True:
            await exchange.word("a")
            await asyncio.sleep(0.01)

    await check(ollama, answer, ModelTimeout, within=0.3)


async def test_a_stream_cut_in_the_middle(ollama):
    async def answer(exchange):
        await exchange.start()
        await exchange.word("half")
        await exchange.cut()

    await check(ollama, answer, BadReply, says="cut off")


async def test_a_stream_that_ends_without_its_last_line(ollama):
    async def answer(exchange):
        await exchange.start()
        await exchange.word("half")
        await exchange.send(b"")

    await check(ollama, answer, BadReply, says="cut off")


async def test_an_answer_longer_than_its_tokens(ollama):
    async def answer(exchange):
        await exchange.start()
        await exchange.word("half")
        await exchange.last(done_reason="length")

    await check(ollama, answer, BadReply, says="tokens")


@pytest.mark.parametrize(
    "line",
    [
        *(b"<html>hello</html>", b"[1, 2]", b"7", b"null", b"{}", b'{"message": 3}', b"\xff\xfe"),
        *(b'{"message": {"role": "assistant", "content": ["a"]}}', b"[" * 100_000),
    ],
)
async def test_lines_that_are_not_ollamas(ollama, line):
    async def answer(exchange):
        await exchange.start()
        await exchange.send(line + b"\n")
        await exchange.send(b"")

    await check(ollama, answer, BadReply)


async def test_a_server_that_speaks_no_http(ollama):
    async def answer(exchange):
        await exchange.raw(b"220 mail.example.org ESMTP\r\n\r\n")

    await check(ollama, answer, BadReply)


async def test_ten_megabytes_in_many_words_are_not_read(ollama):
    async def answer(exchange):
        await exchange.start()
        for _ in range(10_000):
            await exchange.word("x" * 1_000)

    await check(ollama, answer, BadReply, says="more than 65536 characters")


async def test_ten_megabytes_in_one_line_are_not_read(ollama):
    async def answer(exchange):
        await exchange.start()
        for _ in range(160):
            await exchange.send(b" " * 65_536)

    await check(ollama, answer, BadReply, says="more than 1048576 bytes")


async def test_ten_megabytes_of_error_text_are_not_read(ollama):
    async def answer(exchange):
        await exchange.start("500 Internal Server Error")
        for _ in range(160):
            await exchange.send(b"x" * 65_536)

    await check(ollama, answer, BadReply, says="more than 1048576 bytes")


async def test_a_compressed_answer_is_not_unpacked(ollama):
    async def answer(exchange):
        await exchange.whole("whatever", headers="content-encoding: gzip\r\n")

    await check(ollama, answer, BadReply, says="compressed")


@pytest.mark.parametrize("words", [0, 1])
async def test_cancelling_closes_the_connection(ollama, words):
    """Before the first word and after it: the server sees the end of the stream at once."""
    fake, host = ollama
    sent = asyncio.Event()

    async def answer(exchange):
        if words:
            await exchange.start()
            await exchange.word("thinking")
        sent.set()
        await asyncio.Event().wait()

    fake.answer = answer
    task = asyncio.create_task(model(host, timeout=60).complete(REQUEST))
    await asyncio.wait_for(sent.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(fake.hung_up.wait(), 1)


async def test_one_request_at_a_time(ollama):
    fake, host = ollama
    release = asyncio.Event()

    async def answer(exchange):
        await release.wait()
        await exchange.start()
        await exchange.last()

    fake.answer = answer
    asked = model(host)
    first, second, third = (asyncio.create_task(asked.complete(REQUEST)) for _ in range(3))
    await asyncio.wait_for(fake.asked_now.wait(), 5)
    second.cancel()
    release.set()
    await asyncio.wait_for(asyncio.gather(first, third), 5)
    assert fake.most_answering == 1
    assert len(fake.asked) == 2


async def test_a_cancelled_request_frees_the_turn(ollama):
    fake, host = ollama

    async def answer(exchange):
        if exchange is fake.asked[0]:
            await asyncio.Event().wait()
        await exchange.start()
        await exchange.last()

    fake.answer = answer
    asked = model(host)
    first = asyncio.create_task(asked.complete(REQUEST))
    second = asyncio.create_task(asked.complete(REQUEST))
    await asyncio.wait_for(fake.asked_now.wait(), 5)
    first.cancel()
    assert (await asyncio.wait_for(second, 5)).text == ""


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


def test_neither_making_a_model_nor_knocking_in_vain_loads_the_client(free_host):
    """It costs 23 MiB, which nobody without Ollama should pay."""
    code = f"""
import asyncio, sys
from proactive_lsp.llm import ModelUnavailable
from proactive_lsp.llm.ollama import OllamaModel, probe
OllamaModel(host="{free_host}", name="m", num_ctx=1, keep_alive="5m", timeout=1)
try:
    asyncio.run(probe("{free_host}"))
except ModelUnavailable:
    print(sorted({{"ollama", "httpx", "pydantic"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_client_package_that_does_not_load_is_unavailable(ollama, monkeypatch):
    """It makes a client while it loads, which some proxy variables break."""

    def broken(name):
        raise ImportError("Using SOCKS proxy, but the 'socksio' package is not installed")

    _, host = ollama
    monkeypatch.delitem(sys.modules, "proactive_lsp.llm.wire", raising=False)
    monkeypatch.setattr("proactive_lsp.llm.ollama.import_module", broken)
    with pytest.raises(ModelUnavailable, match="socksio"):
        await probe(host)


async def test_proxy_variables_of_the_environment_are_ignored(ollama, monkeypatch):
    fake, host = ollama

    async def answer(exchange):
        await exchange.start()
        await exchange.last()

    fake.answer = answer
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert (await model(host).complete(REQUEST)).text == ""


def test_choose_takes_the_wanted_one_with_or_without_its_tag():
    assert choose(["b:1", "a:latest"], "a") == "a:latest"
    assert choose(["b:1", "a:latest"], "b:1") == "b:1"


def test_choose_never_replaces_a_wish():
    with pytest.raises(ModelMissing, match="ollama pull mine:7b"):
        choose(PREFERRED, "mine:7b")


def test_choose_follows_its_order_and_not_the_servers():
    names = ["llama3.2:3b", "qwen2.5-coder:7b-instruct-q4_K_M", "phi4-mini:latest"]
    assert choose(names, None) == "qwen2.5-coder:7b-instruct-q4_K_M"
    assert choose(reversed(names), None) == "qwen2.5-coder:7b-instruct-q4_K_M"
    assert choose(["phi4-mini:latest"], None) == "phi4-mini:latest"


@pytest.mark.parametrize(
    "names", [[], ["nomic-embed-text:latest"], ["qwen2.5-coder:3b-base"], ["qwen2.5-coder:32b"]]
)
def test_choose_gives_advice_when_nothing_suits(names):
    with pytest.raises(ModelMissing, match=f"ollama pull {PREFERRED[0]}"):
        choose(names, None)


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


def test_a_remote_host_needs_the_users_own_word():
    assert check_host("example.com", allow_remote=True) == "http://example.com:11434"
