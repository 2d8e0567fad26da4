"""Every way an answer goes wrong, each on a real socket: one error of ours, in time, no noise."""

import asyncio
import logging

import pytest

from proactive_lsp.llm import (
    BadReply,
    ModelBusy,
    ModelMissing,
    ModelRefused,
    ModelTimeout,
    ModelUnavailable,
)
from proactive_lsp.llm import ollama as adapter
from tests.llm.asking import REQUEST, check, model
from tests.llm.conftest import listening, says


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Nothing above a warning is logged, whatever happens on the wire."""
    yield
    assert [r for r in caplog.records if r.levelno > logging.WARNING and r.name != "asyncio"] == []


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


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
async def test_a_full_queue_is_busy(ollama, status):
    """Ollama's own words for more than OLLAMA_MAX_QUEUE requests."""

    async def answer(exchange):
        await exchange.whole(
            '{"error":"server busy, please try again.  maximum pending requests exceeded"}', status
        )

    await check(ollama, answer, ModelBusy, says="maximum pending requests exceeded")


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
async def test_a_login_in_the_way_says_what_is_missing(ollama, status):
    async def answer(exchange):
        await exchange.whole('{"error":"unauthorized"}', status)

    error = await check(ollama, answer, ModelRefused, says="headers it expects")
    assert error.status == int(status[:3])


async def test_a_long_error_is_quoted_in_part(ollama):
    async def answer(exchange):
        await exchange.whole(f'{{"error":"{"x" * 5000}"}}', "500 Internal Server Error")

    error = await check(ollama, answer, ModelRefused)
    assert len(str(error)) < 250


@pytest.mark.parametrize("words", [(), ("",), (" ", "\n")])
async def test_an_empty_answer_is_no_answer(ollama, words):
    await check(ollama, says(*words), BadReply, says="answered with nothing")


async def test_a_hang_in_mid_stream_ends_before_the_whole_time_is_over(ollama, monkeypatch):
    monkeypatch.setattr(adapter, "STALL_SECONDS", 0.2)

    async def answer(exchange):
        await exchange.start()
        await exchange.word("half")
        await asyncio.Event().wait()

    await check(ollama, answer, ModelTimeout, within=60.0)


async def test_a_slow_first_token_is_waited_for(ollama, monkeypatch):
    """Loading a model takes longer than any pause between two words."""
    monkeypatch.setattr(adapter, "STALL_SECONDS", 0.1)
    fake, host = ollama

    async def late(exchange):
        await asyncio.sleep(0.4)
        await says("late")(exchange)

    fake.answer = late
    assert (await model(host).complete(REQUEST)).text == "late"


async def test_a_first_token_that_comes_too_late_is_a_timeout(ollama):
    async def answer(exchange):
        await exchange.start()
        await asyncio.Event().wait()

    await check(ollama, answer, ModelTimeout, within=0.3)


@pytest.mark.parametrize("length", [10, 10_000])
async def test_a_wrong_content_length(ollama, length):
    """Too short cuts a line in two; too long waits for bytes that never come, and hangs up."""

    async def answer(exchange):
        body = b'{"message": {"role": "assistant", "content": "yes"}, "done": false}\n'
        await exchange.raw(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % length + body)
        await exchange.cut()

    await check(ollama, answer, BadReply)


async def test_an_answer_in_another_shape_than_asked_for_is_the_askers_matter(ollama):
    """A schema that the server ignored: the text comes as it is, and its reader refuses it."""
    fake, host = ollama
    fake.answer = says("Sure, here is ", "your JSON!")
    assert (await model(host).complete(REQUEST)).text == "Sure, here is your JSON!"


async def test_a_server_that_was_restarted_between_two_requests():
    """No connection is kept, so the new one is met as if it had been there all the time."""
    async with listening() as (fake, host):
        asked = model(host)
        fake.answer = says("before")
        assert (await asked.complete(REQUEST)).text == "before"
        port = int(host.rpartition(":")[2])
    with pytest.raises(ModelUnavailable, match="ollama serve"):
        await asked.complete(REQUEST)
    async with listening(port) as (fake, _):
        fake.answer = says("after")
        assert (await asked.complete(REQUEST)).text == "after"


async def test_a_model_that_was_removed_while_in_use(ollama):
    fake, host = ollama
    asked = model(host)
    fake.answer = says("yes")
    await asked.complete(REQUEST)

    async def gone(exchange):
        await exchange.whole('{"error":"model \'m:1b\' not found"}', "404 Not Found")

    fake.answer = gone
    with pytest.raises(ModelMissing, match="removed while in use; run `ollama pull m:1b`") as found:
        await asked.complete(REQUEST)
    assert found.value.wanted == "m:1b"
