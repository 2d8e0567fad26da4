"""Without its server this suite fails; it never skips."""

import subprocess
import sys

from tests.model.serving import ROOT

SUITE = """
from tests.model.conftest import running, served
from tests.model.talking import client

async def test_answers(served):
    assert (await client(served).list()).models

def test_kills_it(served):
    served.kill()

async def test_comes_later(served):
    assert (await client(served).list()).models
"""

NO_SERVER = """
import sys
from tests.model.conftest import running, served
from tests.model import serving

serving.sys = type("Elsewhere", (), {"executable": "/bin/false"})

def test_needs_it(served):
    pass
"""


def _run(tmp_path, suite):
    file = tmp_path / "test_suite.py"
    file.write_text(suite)
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider"]
    config = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    return subprocess.run(
        [*command, *config, str(file)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )


def test_killing_the_server_fails_the_suite(tmp_path):
    ran = _run(tmp_path, SUITE)
    assert ran.returncode == 1, ran.stdout
    assert "PASSED" in ran.stdout
    assert "the model server died during this test" in ran.stdout
    assert "the model server died in an earlier test" in ran.stdout
    assert "skipped" not in ran.stdout.lower()


def test_a_server_that_does_not_start_fails_the_suite(tmp_path):
    ran = _run(tmp_path, NO_SERVER)
    assert ran.returncode == 1, ran.stdout
    assert "the model server did not start" in ran.stdout
    assert "skipped" not in ran.stdout.lower()
