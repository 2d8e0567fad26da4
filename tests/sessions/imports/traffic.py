"""Traffic in a few words: messages, and files of every format that hold them."""

import json
import sqlite3
from contextlib import closing

ROOT = "file:///home/ada/shop"


def initialize(root=ROOT, **more):
    return "initialize", {"rootUri": root, "clientInfo": {"name": "test"}, **more}


def opened(path="a.py", text="", version=1):
    item = {"uri": f"{ROOT}/{path}", "languageId": "python", "version": version, "text": text}
    return "textDocument/didOpen", {"textDocument": item}


def changed(*changes, path="a.py", version=2):
    """Changes as (line, character, end line, end character, text), or a whole text."""
    made = [
        {"text": each}
        if isinstance(each, str)
        else {
            "range": {
                "start": {"line": each[0], "character": each[1]},
                "end": {"line": each[2], "character": each[3]},
            },
            "text": each[4],
        }
        for each in changes
    ]
    document = {"uri": f"{ROOT}/{path}", "version": version}
    return "textDocument/didChange", {"textDocument": document, "contentChanges": made}


def saved(path="a.py", **more):
    return "textDocument/didSave", {"textDocument": {"uri": f"{ROOT}/{path}"}, **more}


def closed(path="a.py"):
    return "textDocument/didClose", {"textDocument": {"uri": f"{ROOT}/{path}"}}


def answer(encoding):
    """What the server says to `initialize`."""
    return "", {"capabilities": {"positionEncoding": encoding}}


def wire(message, id=0):
    method, body = message
    if not method:
        return {"jsonrpc": "2.0", "id": id, "result": body}
    asked = {"id": id} if method == "initialize" else {}
    return {"jsonrpc": "2.0", **asked, "method": method, "params": body}


def database(file, messages, step=1.0):
    """As lsp-devtools writes them, `step` seconds apart; a float among the messages is a wait."""
    t = 600.0
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE messages (metadata JSON, headers JSON, body JSON)")
        for message in messages:
            if isinstance(message, float):
                t += message
                continue
            stamp = f"2025-05-01 10:{int(t) // 60:02}:{t % 60:09.6f}+00:00"
            row = json.dumps({"timestamp": stamp, "source": 2}), "{}", json.dumps(wire(message))
            db.execute("INSERT INTO messages VALUES (?, ?, ?)", row)
            t += step
    return file


def trace(clock, message):
    """As VS Code's language client writes it, up to version 9."""
    method, body = message
    data = json.dumps(body, indent=4)
    if not method:
        said, kind = "Received response 'initialize - (0)' in 5ms.", "Result"
    elif method == "initialize":
        said, kind = "Sending request 'initialize - (0)'.", "Params"
    else:
        said, kind = f"Sending notification '{method}'.", "Params"
    return f"[Trace - {clock}] {said}\n{kind}: {data}\n\n\n"
