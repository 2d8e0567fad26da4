"""The last minutes of a session in RAM, redacted as they come, to be saved when asked for."""

from collections import deque
from collections.abc import Iterator, Mapping

from proactive_lsp.events import Close, Edit, Event, FileOperation, Git, Open
from proactive_lsp.workspace.documents import Documents
from proactive_lsp.workspace.past import Past

MOST_BYTES = 8_000_000
# A larger text is not kept, and neither are its edits, which would mean nothing without it.
MOST_TEXT = 1_000_000
# So many edits that nobody reads are put into their texts together.
_SETTLE_EVERY = 200
# About what an event takes beside its texts.
_EVENT_BYTES = 400


class Recent:
    """Keeps the events of the last so many seconds, and the open files as they were before them.

    Both are bounded by bytes as well: with much going on the time is shorter. An event that grows
    too old goes into the texts at the start, which costs an append.
    """

    def __init__(self, seconds: float, most_bytes: int = MOST_BYTES) -> None:
        self._seconds = seconds
        self._most = most_bytes
        self._events: deque[tuple[Event, int]] = deque()
        self._bytes = 0
        self._before = Documents()
        self._settle_in = _SETTLE_EVERY
        self._left_out: set[str] = set()

    @property
    def size(self) -> int:
        """About how many bytes the events take."""
        return self._bytes

    def append(self, event: Event) -> None:
        """Keep an event, which is settled and redacted."""
        if self._is_left_out(event):
            return
        size = _size(event)
        self._events.append((event, size))
        self._bytes += size
        while self._events and (
            self._bytes > self._most or self._events[0][0].t < event.t - self._seconds
        ):
            old, size = self._events.popleft()
            self._bytes -= size
            self._grow_old(old)

    def clear(self) -> None:
        """Forget everything."""
        self.__init__(self._seconds, self._most)

    def start(self) -> float:
        """The time of the first event; 0 when there is none."""
        return self._events[0][0].t if self._events else 0.0

    def events(self) -> Iterator[Event]:
        """The open files as they were at the start, then what happened since."""
        for path in self._before.paths():
            document = self._before.get(path)
            if document is not None:
                version, language = document.version, document.language
                yield Open(self.start(), path, version, language, document.text)
        for event, _ in self._events:
            yield event

    def files_before(self, now: Mapping[str, str]) -> dict[str, str]:
        """The files of the workspace at the start, made of what is there now.

        What was worked on meanwhile is as the events tell: as it was opened, or as git had it. A
        file that somebody else created meanwhile, as a program does, has its text from here alone.
        """
        files, known, created = dict(now), set[str](), set[str]()
        for event in self.events():
            match event:
                case Open():
                    text = None if event.path in created else event.text
                    told: list[tuple[str, str | None]] = [(event.path, text)]
                case Git():
                    told = [(file.path, file.before) for file in event.files]
                case FileOperation(op="created"):
                    created.add(event.path)
                    continue
                case FileOperation(to=str(to)) if to in files:
                    # One that came open is told by that.
                    told = [(event.path, files[to]), (to, None)]
                case _:
                    continue
            for path, text in told:
                if path in known:
                    continue
                known.add(path)
                if text is None:
                    files.pop(path, None)
                else:
                    files[path] = text
        return {path: text for path, text in files.items() if text or path not in created}

    def past_before(self, now: Past) -> Past:
        """What earlier commits touched, without those that are told: they are still to be made."""
        for event, _ in reversed(self._events):
            if isinstance(event, Git) and event.op == "commit" and now.known:
                # One that was amended since is not there any more.
                now = now.before() if set(now.commits[0]) == set(event.paths or ()) else now
        return now

    def _grow_old(self, event: Event) -> None:
        match event:
            case Open():
                self._before.open(event)
            case Edit():
                self._before.edit(event)
                self._settle_in -= 1
                if not self._settle_in:
                    self._settle_in = _SETTLE_EVERY
                    for path in self._before.unsettled():
                        self._before.settle(path)
            case Close():
                self._before.close(event.path)
            case _:
                pass

    def _is_left_out(self, event: Event) -> bool:
        if isinstance(event, Open):
            if len(event.text) > MOST_TEXT:
                self._left_out.add(event.path)
            else:
                self._left_out.discard(event.path)
        return bool(self._left_out) and getattr(event, "path", None) in self._left_out


def _size(event: Event) -> int:
    match event:
        case Edit():
            return _EVENT_BYTES + sum(len(change.text) for change in event.changes)
        case Open():
            return _EVENT_BYTES + len(event.text)
        case Git():
            texts = (len(file.before or "") + len(file.after or "") for file in event.files)
            return _EVENT_BYTES + sum(texts)
        case _:
            return _EVENT_BYTES
