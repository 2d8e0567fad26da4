"""The units of the VS Code client, by node's own test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[2] / "clients" / "vscode"


def test_the_units_of_the_client():
    node = shutil.which("node")
    if node is None or not (CLIENT / "node_modules" / "esbuild").is_dir():
        pytest.skip("needs Node and `make client-test`, which installs what the client is built of")
    ran = subprocess.run(
        [node, "scripts/test.mjs"], cwd=CLIENT, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert "fail 0" in ran.stdout
