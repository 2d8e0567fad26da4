"""Move events and labels in time."""

from msgspec.structs import replace

from proactive_lsp.events import Edit, Event
from proactive_lsp.replay.session import Label, Quiet


def shifted(event: Event, by: float) -> Event:
    """The event so many seconds later; what would be before the session is at its start."""
    if not by:
        return event
    t = max(0.0, event.t + by)
    if isinstance(event, Edit) and event.since is not None:
        return replace(event, t=t, since=max(0.0, event.since + by))
    return replace(event, t=t)


def shifted_label(label: Label, by: float) -> Label:
    """The label so many seconds later; as much of its time as is not before the session."""
    t = max(0.0, label.t + by)
    if isinstance(label, Quiet):
        return Quiet(t, max(t, label.until + by))
    return replace(label, t=t, within=max(0.0, label.t + label.within + by - t))
