"""A scorecard of what a live server counted in a folder."""

import pytest

from proactive_lsp.memory import store_path
from proactive_lsp.memory.reading import read_days
from tests.abilities import capabilities
from tests.driver import Editor
from tests.repositories import repository
from tests.server.conftest import OTHER, SHAPES, USE
from tests.server.opening import offered


@pytest.fixture
def env(tmp_path, monkeypatch):
    """A state folder for the server and for whoever reads its memory."""
    state = {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path / "home")}
    for name, value in state.items():
        monkeypatch.setenv(name, value)
    return state


async def test_a_server_counts_moments_latencies_cards_and_edits(tmp_path, env):
    files = {"shapes.py": SHAPES, "use.py": USE, "other.py": OTHER}
    root = repository(tmp_path / "workspace", files)
    async with Editor(root, env=env, can=capabilities(own=True)) as editor:
        action = await offered(editor, root)
        await editor.run_command("proactive.server.dismiss", action.data["id"])
    days = read_days(store_path(root, None))
    assert all(day.counted for day in days)
    told = {figure: sum(day.of(figure) for day in days) for figure in
            ("edits", "moments", "offered", "dismissed", "model-calls")}  # fmt: skip
    assert told["offered"] == told["dismissed"] == 1
    assert told["edits"] >= 1
    assert told["moments"] >= 1
    assert told["model-calls"] == 0
    looks = sum(
        count
        for day in days
        for (_, figure), count in day.sums.items()
        if figure.startswith("latency-")
    )
    assert looks == told["moments"]
