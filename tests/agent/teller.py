"""An engine whose looks feed a story, for tests of what is told."""

from proactive_lsp.agent.story import Story
from proactive_lsp.engine import Engine
from proactive_lsp.events import Change, Edit, Open
from proactive_lsp.memory import Memory, NoStore
from proactive_lsp.settings import Settings
from proactive_lsp.situation import Boundary
from proactive_lsp.workspace.tree import FilesTree

ROOM = 12_000


class Desk:
    """An engine whose looks feed a story."""

    def __init__(self, files, room=ROOM):
        self.story = Story(room)
        self.engine = Engine(Settings(), base=FilesTree(files), memory=Memory(NoStore()))
        self.t = 0.0
        self.version = 1

    def do(self, event):
        self.engine.record(event)
        self.t = event.t

    def at(self):
        self.t += 1.0
        return self.t

    def open(self, path):
        text = self.engine.work.tree.read(path) or ""
        self.do(Open(self.at(), path, 1, "python", text))

    def put(self, path, text):
        self.version += 1
        self.do(Edit(self.at(), path, self.version, (Change(None, text),)))

    def look(self, kind="save", path=None):
        before = self.story.text
        self.engine.consider(Boundary(kind, self.t, path))
        self.story.look(self.engine.situation)
        after = self.story.text
        return after.removeprefix(before).strip("\n")
