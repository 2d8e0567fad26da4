"""Ask a gauge for its newest reading, by cable or by radio."""

from tides.readings import Reading, read_line

TRIES = 3


def newest_by_cable(port) -> Reading | None:
    """The newest reading; None when the gauge sends none."""
    port.send("NEWEST")
    for _ in range(TRIES):
        line = port.receive(timeout=5.0)
        if line and not line.startswith("#"):
            return read_line(line)
    return None


def newest_by_radio(mast) -> Reading | None:
    """The newest reading; None when the gauge sends none."""
    mast.send("NEWEST")
    for _ in range(TRIES):
        line = mast.receive(timeout=5.0)
        if line and not line.startswith("#"):
            return read_line(line)
    return None
