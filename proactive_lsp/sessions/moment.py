"""The files of a workspace at a moment of a session: what is saved, and what is open."""

from collections.abc import Iterator

from proactive_lsp.events import Close, Edit, Event, FileOperation, Git, Open, Save
from proactive_lsp.workspace.documents import Documents
from proactive_lsp.workspace.tree import OverlayTree, Tree

# So many edits of a file that nobody reads are put into its text together.
_SETTLE_EVERY = 1_000


class Moment:
    """Follows events; at any time it can tell which files are there and which are open.

    Nothing is written: `saved` is the tree below with what the events did to it over it.
    """

    def __init__(self, base: Tree) -> None:
        self.saved = OverlayTree(base, Documents(), live=False)
        self.open = Documents()
        self.touched: dict[str, None] = {}
        self._edits = 0

    def apply(self, event: Event) -> None:
        """Take in what an event does to files."""
        match event:
            case Open():
                self.open.open(event)
                self.touched[event.path] = None
            case Edit():
                self.open.edit(event)
                self.touched[event.path] = None
                self._edits += 1
                if self._edits % _SETTLE_EVERY == 0:
                    self.settle()
            case Close():
                self.open.close(event.path)
            case Save():
                document = self.open.get(event.path)
                if document is not None:
                    self.saved.wrote(event.path, document.text)
            case FileOperation():
                self._file(event)
            case Git():
                for file in event.files:
                    self.touched[file.path] = None
                    if file.after is None:
                        self.saved.removed(file.path)
                    else:
                        self.saved.wrote(file.path, file.after)
            case _:
                pass

    def settle(self) -> None:
        """Put what was typed into the texts, so that the edits need no more room."""
        for path in self.open.unsettled():
            self.open.settle(path)

    def opens(self, t: float) -> Iterator[Open]:
        """The open documents, as if each was opened at `t` as it is now."""
        for path in self.open.paths():
            document = self.open.get(path)
            if document is not None:
                yield Open(t, path, document.version, document.language, document.text)

    def _file(self, event: FileOperation) -> None:
        self.touched[event.to or event.path] = None
        if event.op == "deleted":
            self.saved.removed(event.path)
        elif event.op == "created":
            self.saved.created(event.path)
        elif event.to is not None:
            self.saved.renamed(event.path, event.to)
