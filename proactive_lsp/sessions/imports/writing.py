"""Write events as a session: typing settles into whole lines, and nothing passes unredacted.

The same happens to them as in the server, in the same order: settled, redacted with what stands
around, redacted each by itself, appended to a new file.
"""

from proactive_lsp.events import Close, Edit, Event, Open, starts_at
from proactive_lsp.redaction import redact_edit, redact_event
from proactive_lsp.replay.recorder import Recorder
from proactive_lsp.replay.session import SessionError
from proactive_lsp.settings import ScheduleSettings
from proactive_lsp.workspace.documents import Documents

# Two settlings of steady typing, as far apart as in the server; a pause ends one, too.
_SCHEDULE = ScheduleSettings()


class Writer:
    """Takes events in the order of time and writes them to a recorder."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.documents = Documents()
        self.events = 0
        self._first: float | None = None
        self._last = 0.0

    def add(self, event: Event) -> None:
        """Take in one event."""
        if isinstance(event, Edit):
            if self._first is not None and (
                starts_at(event) - self._last >= _SCHEDULE.quiet_seconds
                or event.t - self._first >= _SCHEDULE.settle_seconds
            ):
                self.settle()
            if self.documents.edit(event):
                self._first = starts_at(event) if self._first is None else self._first
                self._last = event.t
            return
        self.settle()
        self._write(event)
        if isinstance(event, Open):
            self.documents.open(event)
        elif isinstance(event, Close):
            self.documents.close(event.path)

    def settle(self) -> None:
        """Write what was typed since the last time."""
        self._first = None
        for path in self.documents.unsettled():
            edit, document = self.documents.settle(path), self.documents.get(path)
            if edit is not None and document is not None:
                self._write(redact_edit(edit, document.lines, document.language))

    def close(self) -> None:
        """Write what is left; raises `SessionError` when the disk did not take all of it."""
        self.settle()
        self._recorder.close()
        self._check()

    def _write(self, event: Event) -> None:
        self._recorder.append(redact_event(event))
        self.events += 1
        if self.events % 1_000 == 0:
            self._recorder.flush()
            self._check()

    def _check(self) -> None:
        if self._recorder.problem is not None:
            raise SessionError(self._recorder.problem)
