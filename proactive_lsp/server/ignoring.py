"""Which events are about files that git ignores, of which nothing is to know."""

from proactive_lsp.events import Close, Edit, Event, paths_of
from proactive_lsp.workspace.documents import Documents
from proactive_lsp.workspace.repository import NoRepository, Repository

# Of so many files at most it is remembered whether git ignores them.
MOST_KNOWN = 10_000


class Ignoring:
    """Asks git once per file, until it is to be asked anew."""

    def __init__(self, repository: Repository | NoRepository) -> None:
        self._repository = repository
        self._ignored: dict[str, bool] = {}

    def ask_anew(self) -> None:
        """What is ignored may have changed."""
        self._ignored.clear()

    def hides(self, event: Event, documents: Documents) -> bool:
        """Whether an event names an ignored file; `documents` are those that were let through."""
        if isinstance(event, Edit):
            return self._ignored.get(event.path, False)
        if isinstance(event, Close):
            return documents.get(event.path) is None
        if not isinstance(self._repository, Repository):
            return False
        if len(self._ignored) > MOST_KNOWN:
            self._ignored.clear()
        unknown = [path for path in paths_of(event) if path not in self._ignored]
        if unknown:
            ignored = self._repository.ignored(unknown)
            self._ignored |= {path: path in ignored for path in unknown}
        return any(self._ignored[path] for path in paths_of(event))
