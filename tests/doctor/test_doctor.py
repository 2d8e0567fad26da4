"""`proactive-lsp doctor`: what it finds with and without a server, and what it leaves alone."""

import asyncio
import json
import subprocess
import sys

import pytest

from proactive_lsp.cli import run_command_line
from proactive_lsp.doctor.model import look_at_model
from tests.llm.conftest import free_host, installed, listening, loaded

__all__ = ["free_host"]

QUESTIONS = {"version", "tags", "ps", "show"}


@pytest.fixture
def doctor(capsys, monkeypatch, tmp_path):
    """Runs the command beside a state folder of its own; gives code, stdout and stderr."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("OLLAMA_HOST", raising=False)

    def run(*arguments):
        capsys.readouterr()
        code = run_command_line(["doctor", *arguments])
        return (code, *capsys.readouterr())

    return run


async def look(*models, name=None, show=None, version="0.12.6", memory=()):
    """What is said of a server with these models, by subject; and that nothing was changed."""
    async with listening() as (fake, host):
        fake.install(*models, version=version, **(show or {}))
        fake.load(*memory)
        looked = await look_at_model(host, name, {})
        assert set(fake.paths()) <= QUESTIONS
    return {finding.about: finding for finding in looked.findings}, looked.report


async def test_a_model_that_runs_elsewhere_is_not_said_to_work():
    """Though the list of models does not tell."""
    show = {"remote_host": "https://ollama.com:443"}
    found, _ = await look(installed("mine:3b"), name="mine:3b", show=show)
    assert found["model"].health == "broken"
    assert "runs on another machine" in found["model"].says


def test_without_a_server_everything_else_works(doctor, monkeypatch, free_host):
    """A machine without Ollama is no broken one; the default port may have one, so not asked."""
    monkeypatch.setattr("proactive_lsp.llm.address.DEFAULT_HOST", free_host)
    code, out, err = doctor()
    assert (code, err) == (0, "")
    assert f"note   ollama  nobody answers at {free_host} (the default)" in out
    assert "-> start it with `ollama serve`" in out
    assert out.endswith("All works, without a model.\n")
    assert "\x1b" not in out


def test_a_host_that_was_named_and_does_not_answer_is_broken(doctor, monkeypatch, free_host):
    code, out, _ = doctor("--host", free_host)
    assert code == 1
    assert f"broken ollama  no Ollama at {free_host} (given)" in out
    monkeypatch.setenv("OLLAMA_HOST", free_host)
    code, out, _ = doctor()
    assert code == 1
    assert f"no Ollama at {free_host} (from OLLAMA_HOST)" in out


@pytest.mark.parametrize("host", ["http://[", "ftp://x", "http://user@127.0.0.1"])
def test_a_host_that_is_none_is_broken(doctor, host):
    code, out, _ = doctor("--host", host)
    assert code == 1
    assert "broken ollama  host " in out


def test_a_remote_host_of_the_variable_is_not_asked(doctor, monkeypatch):
    monkeypatch.setenv("OLLAMA_HOST", "model.invalid")
    code, out, _ = doctor()
    assert code == 1
    assert "allow a remote host in your own settings first" in out


def test_json_is_all_of_stdout_and_says_the_same(doctor, free_host):
    code, out, _ = doctor("--host", free_host, "--json")
    report = json.loads(out)
    assert (code, report["healthy"]) == (1, False)
    subjects = [finding["about"] for finding in report["findings"]]
    assert subjects == ["python", "git", "memory", "filter", "ollama"]
    assert report["model"]["host"] == free_host
    assert report["model"]["installed"] is None


def test_nothing_is_made(doctor, tmp_path, free_host):
    doctor("--host", free_host)
    assert list(tmp_path.iterdir()) == []


def test_a_state_folder_without_the_right_to_write_is_broken(doctor, tmp_path, monkeypatch):
    """Asked of the system, so that nothing has to be written to find out; root may everywhere."""
    (tmp_path / "state").mkdir()
    monkeypatch.setattr("proactive_lsp.doctor.machine.os.access", lambda path, mode: False)
    code, out, _ = doctor()
    assert code == 1
    assert "broken memory" in out
    assert f"give yourself the right to write {tmp_path / 'state'}" in out


def test_a_state_folder_that_is_a_file_is_broken(doctor, tmp_path, free_host):
    (tmp_path / "state").write_text("")
    code, out, _ = doctor("--host", free_host)
    assert code == 1
    assert "cannot be written" in out


def test_a_broken_memory_is_broken(doctor, tmp_path, free_host, monkeypatch):
    from proactive_lsp.memory import store_path

    monkeypatch.chdir(tmp_path)
    file = store_path(tmp_path, None)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database" * 1000)
    code, out, _ = doctor("--host", free_host)
    assert code == 1
    assert "the server sets a broken one aside" in out
    assert file.read_bytes() == b"no database" * 1000


def test_without_git_a_folder_works_all_the_same(doctor, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    _, out, _ = doctor("--json")
    git = next(f for f in json.loads(out)["findings"] if f["about"] == "git")
    assert (git["health"], "install git" in git["says"]) == ("note", True)


async def test_a_server_with_models_says_which_one_and_why():
    found, report = await look(
        installed("llama3.2:3b"), installed("qwen2.5-coder:3b", "3.1B"), installed("x:70b", "70B")
    )
    assert found["ollama"].says.startswith("version 0.12.6 at http://127.0.0.1:")
    assert found["model"].health == "ok"
    assert found["model"].says == (
        "qwen2.5-coder:3b would be used: the best installed of those we know; it can do completion"
    )
    assert found["model"].details == (
        "llama3.2:3b         2.0 GB     3.1B",
        "qwen2.5-coder:3b    2.0 GB     3.1B  <- this one",
        "x:70b               2.0 GB      70B",
    )
    assert found["loaded"].says == "no model in memory; it would be asked with 8192 tokens"
    assert (report.chosen, report.num_ctx, report.version) == ("qwen2.5-coder:3b", 8192, "0.12.6")
    assert report.capabilities == ("completion",)


async def test_what_is_loaded_decides_the_context():
    found, report = await look(installed("llama3.2:3b"), memory=(loaded("llama3.2:3b", 16384),))
    assert found["loaded"].details == ("llama3.2:3b with 16384 tokens of context",)
    assert report.num_ctx == 16384
    assert report.loaded[0].context == 16384


async def test_another_model_in_memory_is_a_note():
    found, report = await look(installed("llama3.2:3b"), memory=(loaded("x:70b", 4096),))
    assert found["loaded"].health == "note"
    assert "it would not be asked now: x:70b is loaded" in found["loaded"].says
    assert report.num_ctx is None


async def test_a_server_without_models_says_what_to_pull():
    found, _ = await look()
    assert (found["model"].health, found["model"].says) == ("note", "no model is installed")
    assert found["model"].advice.startswith("run `ollama pull qwen2.5-coder:3b`")


async def test_models_that_do_not_suit_are_listed():
    found, _ = await look(installed("x:70b", "70.6B"))
    assert found["model"].says == "none of the installed models suits"
    assert found["model"].details == ("x:70b    2.0 GB    70.6B",)


async def test_a_model_that_was_named_and_is_not_there_is_broken():
    found, _ = await look(installed("llama3.2:3b"), name="mine:7b")
    assert found["model"].health == "broken"
    assert "ollama pull mine:7b" in found["model"].says


async def test_a_model_that_cannot_chat_is_broken():
    found, _ = await look(
        installed("embedder"), name="embedder", show={"capabilities": ["embedding"]}
    )
    assert found["model"].health == "broken"


async def test_a_server_that_is_too_old_is_broken():
    found, _ = await look(installed("llama3.2:3b"), version="0.4.1")
    assert found["ollama"].health == "broken"
    assert found["ollama"].advice.startswith("update Ollama to 0.5.0")


async def test_a_stranger_at_the_port_is_told_apart():
    async with listening() as (fake, host):
        fake.pages = dict.fromkeys(("/api/version", "/api/tags"), "hello")
        looked = await look_at_model(host, None, {})
    assert looked.findings[0].says == f"what answers at {host} is no working Ollama (given)"


async def test_names_of_a_server_cannot_paint_the_terminal():
    name = "\x1b[31mred\u202e"
    async with listening() as (fake, host):
        fake.install(installed(name), installed("llama3.2:3b"))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "proactive_lsp", "doctor", "--host", host),
            stdout=subprocess.PIPE,
        )
        out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert b"\x1b" not in out
    assert "\u202e".encode() not in out
    assert out.rstrip().endswith(b"All works.")
