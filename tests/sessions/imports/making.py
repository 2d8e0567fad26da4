"""Import a file, and look at what came of it."""

from proactive_lsp.events import Edit, Open
from proactive_lsp.replay.session import read_items, scan
from proactive_lsp.sessions.importing import Format, import_file
from proactive_lsp.workspace.documents import apply_changes


def imported(file, tmp_path, format=Format.AUTO, workspace=None):
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    return import_file(file, format, workspace, out)


def events(path):
    assert scan(path)
    return [item for _, item in read_items(path)]


def texts(path):
    """The texts in the end, also of documents that were closed."""
    found = {}
    for event in events(path):
        if isinstance(event, Open):
            found[event.path] = event.text
        elif isinstance(event, Edit):
            found[event.path] = apply_changes(found[event.path], event.changes)
    return found


def lost(done):
    return dict(done.lost)


def reason(done, part):
    return sum(number for text, number in done.lost if part in text)
