"""What is worked on and how: source texts, a repository of many files, typing, a session file."""

import random
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from client import notification

VERBS = ("weigh", "price", "label", "route", "track", "refund", "insure", "deliver")
NOUNS = ("parcel", "pallet", "letter", "crate", "basket")
# Forty functions, each called in twenty other files.
FUNCTIONS = tuple(f"{verb}_{noun}" for verb in VERBS for noun in NOUNS)
CALLERS = 20
LINES_EACH = 5
SECONDS_PER_KEY = 0.12
KEYS_PER_SAVE = 500


def module(lines: int, name: str, seed: int = 0) -> str:
    """A Python file of so many lines: functions of ten lines, blank lines included."""
    chance = random.Random(seed)
    parts = [_function(f"{name}_{number}", chance) for number in range(lines // 10)]
    return "".join(parts)


def _function(name: str, chance: random.Random) -> str:
    word = chance.choice(NOUNS)
    return (
        f"def {name}(order, amount, unit):\n"
        f'    """Carry one {word} on by {chance.randrange(1000)} steps."""\n'
        f"    total = amount * {chance.randrange(1000)}\n"
        f"    if total > order.limit_{word}:\n"
        f"        total = order.limit_{word}\n"
        f"    for {word} in order.items_{chance.randrange(1000)}:\n"
        f"        total += {word}.price * {word}.count_{chance.randrange(1000)}\n"
        f"    return total / unit\n\n\n"
    )


def header(function: str, unit: bool) -> str:
    """The line that defines a function of `core.py`, with its last parameter or without."""
    return f"def {function}(order, amount{', unit' if unit else ''}):\n"


def core() -> str:
    """The file that defines what all others call, `LINES_EACH` lines for each function."""
    body = '    """Do it for one order."""\n    return order * amount\n\n\n'
    return "".join(header(function, unit=True) + body for function in FUNCTIONS)


def shop(files: int = 1000, size: int = 5000) -> dict[str, str]:
    """A package of so many files of so many bytes: `core.py`, and its callers among them."""
    calls: dict[int, list[str]] = {}
    for number, function in enumerate(FUNCTIONS):
        for caller in range(CALLERS):
            place = (number * CALLERS + caller * 37) % (files - 1)
            calls.setdefault(place, []).append(function)
    texts = {"shop/core.py": core()}
    for number in range(files - 1):
        chance = random.Random(number)
        called = sorted(set(calls.get(number, ())))
        text = f'"""Part {number} of the shop."""\n\n'
        text += "".join(f"from shop.core import {function}\n" for function in called)
        for function in called:
            text += f"\n\ndef {function}_here(order):\n    return {function}(order, 3, 'kg')\n"
        text += "\n\n"
        while len(text) < size - 150:
            text += _function(f"part_{number}_{len(text)}", chance)
        texts[f"shop/part_{number:03}.py"] = text
    return texts


def repository(folder: Path, texts: Mapping[str, str], env: Mapping[str, str]) -> None:
    """Write the files and commit them."""
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    git(folder, env, "init", "--quiet", "--initial-branch=main")
    git(folder, env, "add", "--all")
    git(folder, env, "commit", "--quiet", "--message=Begin")


def git(folder: Path, env: Mapping[str, str], *arguments: str) -> None:
    """Run git in a folder of the bench."""
    subprocess.run(["git", "-C", str(folder), *arguments], env=env, check=True)


def typed() -> Iterator[str]:
    """Endless lines of code, key by key."""
    number = 0
    while True:
        number += 1
        yield from f"total_{number} = combine(total_{number - 1}, {number})  # carried on\n"


class Document:
    """An open file of an editor, with a cursor that types code without end.

    What changes it returns the message that tells so.
    """

    def __init__(self, file: Path, text: str, line: int = 0) -> None:
        self.uri = file.as_uri()
        self.version = 1
        self._file = file
        self._lines = text.splitlines(keepends=True)
        self._line, self._column = line, 0
        self._typed = typed()

    def open(self) -> bytes:
        """Show it."""
        item = {"uri": self.uri, "languageId": "python", "version": self.version}
        item["text"] = "".join(self._lines)
        return notification("textDocument/didOpen", {"textDocument": item})

    def keys(self, count: int) -> list[bytes]:
        """So many keystrokes, one message each."""
        return [self._key(next(self._typed)) for _ in range(count)]

    def replace(self, line: int, text: str) -> bytes:
        """Put another text in the place of one whole line above the cursor."""
        self._lines[line] = text
        end = {"line": line + 1, "character": 0}
        return self._change({"line": line, "character": 0}, end, text)

    def save(self) -> bytes:
        """Write it to disk."""
        self._file.write_text("".join(self._lines), encoding="utf-8")
        return notification("textDocument/didSave", {"textDocument": {"uri": self.uri}})

    def action_at(self, line: int) -> dict[str, Any]:
        """What an editor asks by itself when the cursor comes to a line."""
        here = {"line": line, "character": 5}
        return {
            "textDocument": {"uri": self.uri},
            "range": {"start": here, "end": here},
            "context": {"diagnostics": [], "triggerKind": 2},
        }

    def _key(self, key: str) -> bytes:
        here = {"line": self._line, "character": self._column}
        line = self._lines[self._line]
        typed = line[: self._column] + key + line[self._column :]
        self._lines[self._line : self._line + 1] = typed.splitlines(keepends=True)
        self._column += 1
        if key == "\n":
            self._line, self._column = self._line + 1, 0
        return self._change(here, here, key)

    def _change(self, start: dict[str, int], end: dict[str, int], text: str) -> bytes:
        self.version += 1
        return notification(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [{"range": {"start": start, "end": end}, "text": text}],
            },
        )


def typing_session(file: Path, events: int, lines: int = 2000, *, saves: bool = True) -> None:
    """Write a session: functions of a long file are written anew, key by key, with a changed head.

    One save after 500 events, when the file parses and has its old length, or a look at it. Each
    function so changed is called in other files, so that there is something to notice and to offer.
    """
    name = "shop/long.py"
    files = {name: module(lines, "old"), **_callers(lines // 10)}
    workspace = {"kind": "files", "files": files}
    first = {"proactive_session": [1, 0], "name": "typing", "workspace": workspace}
    opened = {"t": 0, "type": "open", "path": name, "version": 1, "language": "python"}
    items: list[dict[str, Any]] = [first, {**opened, "text": files[name]}]
    t, version = 0.0, 1
    for block in range(events // KEYS_PER_SAVE):
        for change in _rewrite(block * 7 % (lines // 10), block):
            t, version = round(t + SECONDS_PER_KEY, 3), version + 1
            items.append(
                {"t": t, "type": "edit", "path": name, "version": version, "changes": [change]}
            )
        t = round(t + SECONDS_PER_KEY, 3)
        last = {"type": "save", "path": name} if saves else {"type": "focus", "path": name}
        items.append({"t": t, **last})
    file.write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in items))


def _callers(functions: int) -> dict[str, str]:
    """Twenty files that call every function of the long one, ten each."""
    texts: dict[str, str] = {}
    for number in range(20):
        called = [f"old_{index}" for index in range(functions) if index % 20 == number]
        text = f"from shop.long import {', '.join(called)}\n"
        for function in called:
            text += f"\n\ndef use_{function}(order):\n    return {function}(order, 3, 'kg')\n"
        texts[f"shop/user_{number:02}.py"] = text
    return texts


def _rewrite(function: int, block: int) -> Iterator[dict[str, Any]]:
    """Delete a function of ten lines at once, then type it anew: 499 edits in all."""
    line, column, keys = 10 * function, 0, KEYS_PER_SAVE - 2
    top = {"line": line, "character": 0}
    yield {"range": {"start": top, "end": {"line": line + 10, "character": 0}}, "text": ""}
    text = f"def old_{function}(order, amount):\n    total = {block}\n"
    for step in range(6):
        text += f"    total += order.weigh(total, {block * 10 + step})  # step {step} of {block}\n"
    text += "    return total\n"
    # The comment after the function takes up what is left.
    text += f"# {'it goes on like this ' * 20}"[: keys - len(text) - 1] + "\n"
    for key in text:
        here = {"line": line, "character": column}
        column += 1
        if key == "\n":
            line, column = line + 1, 0
        yield {"range": {"start": here, "end": here}, "text": key}


def long_session(file: Path, size: int) -> int:
    """Write a session of at least so many bytes, one line at a time; how many events it has.

    Typing as in `typing_session`, a save every 10 000 events, and between any two functions another
    file that is opened and closed again, a command and what a checker says.
    """
    name, lines = "shop/long.py", 2000
    files = {name: module(lines, "old"), **_callers(lines // 10)}
    others = sorted(files.keys() - {name})
    extra = {f"shop/read_{number}.py": module(1500, "read", number) for number in range(4)}
    first = {
        "proactive_session": [1, 0],
        "name": "long",
        "workspace": {"kind": "files", "files": {**files, **extra}},
    }
    written = events = 0
    t, version, block = 0.0, 1, 0
    with file.open("wb") as out:

        def write(item: dict[str, Any]) -> None:
            nonlocal written, events
            written += out.write(msgspec.json.encode(item) + b"\n")
            events += 1

        written += out.write(msgspec.json.encode(first) + b"\n")
        opened = {"type": "open", "version": 1, "language": "python"}
        write({"t": t, **opened, "path": name, "text": files[name]})
        while written < size:
            for change in _rewrite(block * 7 % (lines // 10), block):
                t, version = round(t + SECONDS_PER_KEY, 3), version + 1
                edit = {"path": name, "version": version, "changes": [change]}
                write({"t": t, "type": "edit", **edit})
            block += 1
            t = round(t + SECONDS_PER_KEY, 3)
            other = sorted(extra)[block % len(extra)]
            write({"t": t, **opened, "path": other, "text": extra[other]})
            write({"t": t, "type": "focus", "path": others[block % len(others)]})
            write({"t": t, "type": "close", "path": other})
            write({"t": t, "type": "diagnostics", "path": name, "source": "checker", "items": []})
            if not block % (10_000 // KEYS_PER_SAVE):
                write({"t": t, "type": "save", "path": name})
    return events
