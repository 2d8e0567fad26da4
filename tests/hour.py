"""An hour at a small library's program, as events: typed, saved, tested and committed.

`hour.txt` tells it: the files at the start, then what is done, each change as lines that go (-)
and come (+) between those that stay. Here it becomes what an editor would send.
"""

import random
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from proactive_lsp.events import (
    Change,
    Command,
    CommittedFile,
    Edit,
    Event,
    Git,
    Open,
    Range,
    Save,
    encode_event,
)
from proactive_lsp.replay.session import FORMAT, FilesWorkspace, Header, encode_header
from proactive_lsp.workspace.documents import position_of, split_lines
from proactive_lsp.workspace.tree import language_of

SCRIPT = Path(__file__).with_name("hour.txt")
# What is typed between two looks at the keyboard, and how long that takes.
PIECE, SECONDS = 16, 1.6
# From one thing to the next; so the whole lasts an hour.
THOUGHT = (12.0, 63.0)


def files() -> dict[str, str]:
    """The workspace as it stands at the start."""
    return dict(_files(_lines()))


def events(seed: int = 0) -> list[Event]:
    """The hour: several hundred edits, 41 saves, test runs and 6 commits; always the same."""
    return list(_Hand(files(), random.Random(seed)).carry_out(_steps()))


def write_session(path: Path) -> None:
    """The hour as a session file."""
    header = Header(
        proactive_session=FORMAT,
        name="an-hour",
        created="2026-01-01T00:00:00Z",
        client="hour",
        workspace=FilesWorkspace(files()),
    )
    lines = [encode_header(header), *map(encode_event, events())]
    path.write_bytes(b"".join(line.rstrip(b"\n") + b"\n" for line in lines))


class _Hand:
    """Somebody at the keyboard; knows the texts, the time, and what was not committed yet."""

    def __init__(self, texts: dict[str, str], chance: random.Random) -> None:
        self._texts = texts
        self._kept = dict(texts)
        self._chance = chance
        self._t = 0.0
        self._open: dict[str, int] = {}
        self._path = ""

    def carry_out(self, steps: Iterator[tuple[str, list[str]]]) -> Iterator[Event]:
        for step, lines in steps:
            word, _, rest = step.partition(" ")
            self._t += self._chance.uniform(*THOUGHT) if word != "save" else 1.0
            match word:
                case "open":
                    yield from self._opened(rest)
                case "edit":
                    yield from self._opened(rest)
                    yield from self._typed(rest, lines)
                case "save":
                    yield Save(self._now(), self._path)
                case "run":
                    code, _, line = rest.partition(" ")
                    tail = "\n".join(each.removeprefix("| ") for each in lines)
                    yield Command(self._now(), line, int(code), 2.0, tail)
                case "commit":
                    yield from self._committed(rest)
                case "pause":
                    self._t += float(rest)
                case _:
                    raise ValueError(step)

    def _now(self) -> float:
        return round(self._t, 3)

    def _opened(self, path: str) -> Iterator[Event]:
        self._path = path
        if path not in self._open:
            self._open[path] = 1
            text = self._texts.setdefault(path, "")
            yield Open(self._now(), path, 1, language_of(path) or "plaintext", text)

    def _typed(self, path: str, lines: list[str]) -> Iterator[Event]:
        text = self._texts[path]
        old = "\n".join(line[1:] for line in lines if line[:1] in "- ")
        new = "\n".join(line[1:] for line in lines if line[:1] in "+ ")
        if not old and not text:
            new += "\n"
        if text.count(old) != 1 and text:
            raise ValueError(f"{old!r} stands {text.count(old)} times in {path}")
        at = text.index(old)
        while old and new and old[0] == new[0]:
            at, old, new = at + 1, old[1:], new[1:]
        while old and new and old[-1] == new[-1]:
            old, new = old[:-1], new[:-1]
        if old:
            yield self._change(path, at, old, "")
        for start in range(0, len(new), PIECE):
            yield self._change(path, at + start, "", new[start : start + PIECE])

    def _change(self, path: str, at: int, old: str, new: str) -> Edit:
        text = self._texts[path]
        lines = split_lines(text)
        head, through = split_lines(text[:at]), split_lines(text[: at + len(old)])
        range = Range(
            position_of(lines, len(head) - 1, len(head[-1])),
            position_of(lines, len(through) - 1, len(through[-1])),
        )
        self._texts[path] = text[:at] + new + text[at + len(old) :]
        self._open[path] += 1
        self._t += self._chance.uniform(0.5, 1.5) * SECONDS
        return Edit(self._now(), path, self._open[path], (Change(range, new),))

    def _committed(self, message: str) -> Iterator[Event]:
        changed = sorted(p for p, text in self._texts.items() if self._kept.get(p) != text)
        yield Git(self._now(), "stage", paths=tuple(changed))
        self._t += 8.0
        told = tuple(CommittedFile(p, self._kept.get(p), self._texts[p]) for p in changed)
        head = f"{self._chance.getrandbits(160):040x}"
        self._kept = dict(self._texts)
        yield Git(self._now(), "commit", head, "main", tuple(changed), message, files=told)


def _lines() -> list[str]:
    return SCRIPT.read_text(encoding="utf-8").splitlines()


def _files(lines: list[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines):
        if line.startswith("file "):
            body = takewhile(lambda each: each.startswith("+"), lines[number + 1 :])
            yield line.removeprefix("file "), "".join(f"{each[1:]}\n" for each in body)


def _steps() -> Iterator[tuple[str, list[str]]]:
    """Each thing that is done, with the lines below it."""
    step, below = "", list[str]()
    for line in [*_lines(), "end"]:
        if line[:1] in "+-| ":
            # An empty line parts what belongs together, for whoever reads it.
            below += [line] if line else []
            continue
        if step and not step.startswith("file "):
            yield step, below
        step, below = line, []
