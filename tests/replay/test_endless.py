"""A session is replayed in the memory of what goes on at the moment, not of all that went on."""

import json
import tracemalloc

from proactive_lsp.replay.run import ReplayOptions, replay_one
from proactive_lsp.replaying import assemble

LINES = 200
TEXT = "".join(f"value_{number} = {number}\n" for number in range(LINES))
# What fills up once and then stays: the memory's ring of 2 000 events, caches of lines.
MOST_MORE = 3_000_000


def write(file, keys):
    """So many keys, each line typed where the last one stood, and no pause in between."""
    with file.open("w", encoding="utf-8") as out:

        def line(**item):
            out.write(json.dumps(item) + "\n")

        workspace = {"kind": "files", "files": {"a.py": TEXT}}
        line(proactive_session=[1, 0], name=file.stem, workspace=workspace)
        line(t=0, type="open", path="a.py", version=1, language="python", text=TEXT)
        for number in range(keys):
            row, column = divmod(number, 40)
            start, end, text = {"line": row % LINES, "character": column}, None, "xyz_ "[number % 5]
            if not column:
                end, text = {"line": row % LINES, "character": 99}, "#"
            change = {"range": {"start": start, "end": end or start}, "text": text}
            line(t=round(number / 8, 3), type="edit", path="a.py", version=number, changes=[change])


def peak(file):
    """The most bytes in use while the file is replayed, and how many events were."""
    tracemalloc.start()
    try:
        result = replay_one(file, ReplayOptions(explained=False), assemble, lambda entry: None)
        return tracemalloc.get_traced_memory()[1], result.row.events
    finally:
        tracemalloc.stop()


def test_five_times_the_events_take_no_more_memory(tmp_path):
    """Held in memory, 20 000 edits more would take ten megabytes."""
    short, long = tmp_path / "short.jsonl", tmp_path / "long.jsonl"
    write(short, 5_000)
    write(long, 25_000)
    # Once before, so that whatever is imported or cached is there for both.
    peak(short)
    (first, few), (second, many) = peak(short), peak(long)
    assert (few, many) == (5_001, 25_001)
    assert second - first < MOST_MORE
