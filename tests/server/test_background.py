"""What the user waits for ends with a message, whatever goes wrong on the worker."""

import asyncio
from types import SimpleNamespace

from proactive_lsp.server.folders import Folder
from proactive_lsp.server.pulling import Puller
from proactive_lsp.server.writing import Writer


class Server:
    """As much of a server as is needed to see what the user is told; its worker always fails."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.clock = SimpleNamespace(now=lambda: 0.0)
        self.client = SimpleNamespace(shows_progress=False, annotations=False, own=False)
        self.progress_shown = {}
        self.publisher = SimpleNamespace(publish=lambda: None)
        card = SimpleNamespace(id="1", title="Use pi")
        self.board = SimpleNamespace(find=lambda id, folder: (Folder("file:///w", None), card))
        self.host = SimpleNamespace(work=self.work)

    async def work(self, function):
        raise RuntimeError("a bug")

    def background(self, work):
        return asyncio.get_running_loop().create_task(work)

    def window_show_message(self, params) -> None:
        self.told.append(params.message)


async def test_a_failure_while_writing_is_told(caplog):
    server = Server()
    writer = Writer(server)
    for count in (1, 2):
        writer.begin("1", None, None)
        await asyncio.wait_for(writer._task, 2)
        assert len(server.told) == count
    assert server.told[0].startswith("Could not write “Use pi”: something went wrong")
    assert [(each.levelname, "a bug" in each.message) for each in caplog.records][:1] == [
        ("WARNING", True)
    ]


async def test_a_failure_while_pulling_is_told_and_may_be_tried_again():
    server = Server()
    puller = Puller(server)
    for count in (1, 2):
        puller.begin("small:3b")
        await asyncio.wait_for(puller._task, 2)
        assert not puller.busy
        assert len(server.told) == count
    assert server.told[0].startswith("Could not pull small:3b: something went wrong")
