"""What the package takes from its surroundings: nothing it was not given, and nothing early."""

import subprocess
import sys
from pathlib import Path

import pytest

import proactive_lsp.llm
from proactive_lsp.llm import ModelUnavailable
from proactive_lsp.llm.ollama import installed
from proactive_lsp.llm.reach import Line
from tests.llm.asking import REQUEST, model
from tests.llm.conftest import says


def test_neither_making_a_model_nor_knocking_in_vain_loads_the_client(free_host):
    """It costs 23 MiB, which nobody without Ollama should pay."""
    code = f"""
import asyncio, sys
from proactive_lsp.llm import ModelUnavailable
from proactive_lsp.llm.ollama import OllamaModel, installed
from proactive_lsp.llm.reach import Line
OllamaModel(host="{free_host}", name="m", num_ctx=1, keep_alive="5m", timeout=1)
try:
    asyncio.run(installed(Line("{free_host}")))
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
    monkeypatch.setattr("proactive_lsp.llm.reach.import_module", broken)
    with pytest.raises(ModelUnavailable, match="socksio"):
        await installed(Line(host))


async def test_proxy_variables_of_the_environment_are_ignored(ollama, monkeypatch):
    fake, host = ollama

    fake.answer = says("yes")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert (await model(host).complete(REQUEST)).text == "yes"


def test_no_module_reads_the_environment():
    """Neither a host, nor a proxy, nor a key comes from where a replay could see another one."""
    for file in sorted(Path(proactive_lsp.llm.__file__).parent.glob("*.py")):
        words = file.read_text("utf-8")
        assert "import os" not in words, file.name
        assert "environ" not in words.replace("environment", ""), file.name
        assert "getenv" not in words, file.name


async def test_a_key_of_the_environment_is_not_sent_along(ollama, monkeypatch):
    """The client package would add OLLAMA_API_KEY to every request, whatever the host."""
    fake, host = ollama
    fake.answer = says("yes")
    monkeypatch.setenv("OLLAMA_API_KEY", "secret")
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    await model(host).complete(REQUEST)
    assert "authorization" not in fake.asked[0].head
    assert "secret" not in fake.asked[0].head
