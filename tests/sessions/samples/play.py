"""Play story.json with a server over stdio: `python play.py SERVER…`, as an editor would."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

STORY = json.loads((Path(__file__).parent / "story.json").read_text("utf-8"))
ROOT = f"file://{STORY['folder']}"


def main(command):
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    answered = {}

    def listen():
        while line := server.stdout.readline():
            size = int(line.split(b":")[1])
            while server.stdout.readline().strip():
                pass
            message = json.loads(server.stdout.read(size))
            if "method" in message and "id" in message:
                send({"id": message["id"], "result": None})
            elif "id" in message:
                answered[message["id"]].set()

    def send(message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        server.stdin.flush()

    def ask(id, method, params):
        answered[id] = threading.Event()
        send({"id": id, "method": method, "params": params})
        answered[id].wait(20)

    threading.Thread(target=listen, daemon=True).start()
    ask(0, "initialize", initialize())
    send({"method": "initialized", "params": {}})
    for number, (method, params) in enumerate(messages(), start=1):
        if method == "textDocument/hover":
            ask(number, method, params)
        else:
            send({"method": method, "params": params})
        time.sleep(0.3)
    ask(99, "shutdown", None)
    send({"method": "exit", "params": None})
    time.sleep(1)
    # The agent of lsp-devtools does not end with its server.
    server.terminate()
    server.wait(20)


def initialize():
    return {
        "processId": None,
        "clientInfo": {"name": "play.py"},
        "rootUri": ROOT,
        "workspaceFolders": [{"uri": ROOT, "name": "shop"}],
        "capabilities": {},
    }


def messages():
    """The story as notifications and requests."""
    versions = {}
    for method, path, *rest in STORY["steps"]:
        uri = f"{ROOT}/{path}"
        document = {"uri": uri}
        if method == "textDocument/didOpen":
            versions[path] = 1
            document |= {"languageId": "python", "version": 1, "text": STORY["files"][path]}
        if method == "textDocument/didChange":
            line, character, end_line, end_character, text = rest
            versions[path] += 1
            start = {"line": line, "character": character}
            end = {"line": end_line, "character": end_character}
            change = {"range": {"start": start, "end": end}, "text": text}
            named = document | {"version": versions[path]}
            yield method, {"textDocument": named, "contentChanges": [change]}
        elif method == "textDocument/hover":
            position = {"line": rest[0], "character": rest[1]}
            yield method, {"textDocument": document, "position": position}
        elif method == "workspace/didRenameFiles":
            yield method, {"files": [{"oldUri": uri, "newUri": f"{ROOT}/{rest[0]}"}]}
        else:
            yield method, {"textDocument": document}


if __name__ == "__main__":
    main(sys.argv[1:])
