"""Write the settings of package.json, and the names that the client sends, from the server's own.

`python scripts/settings.py` writes, `--check` says whether anything would change (exit 1).
"""

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct

from proactive_lsp.needs import KINDS
from proactive_lsp.settings import Settings

CLIENT = Path(__file__).resolve().parents[1]

# A folder may ask for these, since they can only make it quieter; all others are the user's.
RESOURCE = {"enabled", "needs.off", "reward.eagerness"}
# Settings of the server that make no sense in an editor.
LEFT_OUT = {"reward.filter"}
# As the server has them they stand in the order of its type; here from quiet to loud.
ORDER = {
    "reward.eagerness": ["low", "medium", "high"],
    "logLevel": ["error", "warning", "info", "debug"],
}
TITLES = {
    "": "Proactive",
    "reward": "Suggestions",
    "needs": "Kinds",
    "schedule": "When to look",
    "agent": "Model",
    "memory": "Privacy",
}
ENUMS = {
    "reward.eagerness": [
        "Only what is nearly certain.",
        "What is likely enough to be worth a look.",
        "What may well be wanted.",
    ],
    "logLevel": [
        "Only what went wrong.",
        "What may go wrong, too.",
        "What becomes of each suggestion, by its id, too.",
        "All of it, with titles that are made of words of your files.",
    ],
}
Property = dict[str, Any]


def block() -> list[dict[str, Any]]:
    """`contributes.configuration`: the server's settings group by group, then the client's own."""
    groups: dict[str, dict[str, Property]] = {}
    for name, field, docstring in fields():
        group = name.partition(".")[0] if "." in name else ""
        groups.setdefault(group, {})[f"proactive.{name}"] = _property(name, field, docstring)
    shown = [{"title": TITLES[group], "properties": groups[group]} for group in TITLES]
    return [*shown, *CLIENTS_OWN]


def names() -> list[str]:
    """What the server is told at its start, by the names it knows."""
    return [name for name, _, _ in fields()]


def fields() -> Iterator[tuple[str, msgspec.structs.FieldInfo, str]]:
    """Each setting: its dotted name as editors spell it, its field, its docstring in one line."""
    for name, field, docstring in _walk(Settings, ""):
        if name not in LEFT_OUT:
            yield name, field, docstring


def _walk(
    struct: type[Struct], prefix: str
) -> Iterator[tuple[str, msgspec.structs.FieldInfo, str]]:
    said = _docstrings(struct)
    for field in msgspec.structs.fields(struct):
        name = prefix + _camel(field.name)
        if isinstance(field.type, type) and issubclass(field.type, Struct):
            yield from _walk(field.type, f"{name}.")
        else:
            yield name, field, said[field.name]


def _docstrings(struct: type[Struct]) -> dict[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(struct)))
    (definition,) = tree.body
    assert isinstance(definition, ast.ClassDef)
    said: dict[str, str] = {}
    for one, following in zip(definition.body, definition.body[1:], strict=False):
        if (
            isinstance(one, ast.AnnAssign)
            and isinstance(one.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            said[one.target.id] = " ".join(str(following.value.value).split())
    return said


def _property(name: str, field: msgspec.structs.FieldInfo, docstring: str) -> Property:
    schema = msgspec.json.schema(field.type)
    default = field.default if field.default is not NODEFAULT else field.default_factory()
    text = docstring[0].upper() + docstring[1:]
    made: Property = {
        **_plain(schema),
        "default": json.loads(msgspec.json.encode(default)),
        "scope": "resource" if name in RESOURCE else "machine",
        "markdownDescription": text,
    }
    if name == "needs.off":
        made["items"] = {"type": "string", "enum": list(KINDS)}
        made["uniqueItems"] = True
    if name in ENUMS:
        made["enum"] = ORDER[name]
        made["enumDescriptions"] = ENUMS[name]
    return made


def _plain(schema: dict[str, Any]) -> Property:
    """The schema as VS Code's settings editor wants it: a type or a list of types, no `anyOf`."""
    choices = schema.pop("anyOf", None)
    if choices is not None:
        merged: Property = {}
        for choice in choices:
            merged |= {key: value for key, value in choice.items() if key != "type"}
        return {"type": [choice["type"] for choice in choices], **merged}
    if "enum" in schema and "type" not in schema:
        schema["type"] = "string"
    return schema


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _switch(name: str, text: str) -> dict[str, Property]:
    made = {"type": "boolean", "default": True, "scope": "machine", "markdownDescription": text}
    return {f"proactive.events.{name}": made}


CLIENTS_OWN: list[dict[str, Any]] = [
    {
        "title": "What the server is told",
        "properties": {
            **_switch("focus", "Where your cursor rests, and whether the window is in front."),
            **_switch("terminal", "Commands that ended in the terminal, and how."),
            **_switch("terminalOutput", "The end of what a failed terminal command printed."),
            **_switch("tasks", "Tasks that ended, and how; those of the test group as tests."),
            **_switch("debug", "Programs under the debugger: that they start, and how they end."),
            **_switch("diagnostics", "Errors and warnings of other tools at lines you changed."),
            **_switch("git", "That a repository moved; how is read from the repository itself."),
        },
    },
    {
        "title": "Server",
        "properties": {
            "proactive.server.command": {
                "type": "array",
                "items": {"type": "string"},
                "default": [],
                "scope": "machine",
                "markdownDescription": "The command of the server, word by word, for example "
                '`["/opt/proactive/bin/proactive-lsp"]`; `serve` is put behind it. Empty: the '
                "selected Python, PATH, or a private environment.",
            },
            "proactive.server.record": {
                "type": "string",
                "default": "",
                "scope": "machine",
                "markdownDescription": "A file to record the session to, redacted, for "
                "`proactive-lsp replay`. Empty: nothing is recorded.",
            },
            "proactive.trace.server": {
                "type": "string",
                "enum": ["off", "messages", "verbose"],
                "default": "off",
                "scope": "window",
                "markdownDescription": "Write the messages between client and server to the log; "
                "`verbose` has the text of your files in it. How much else is logged says "
                "`#proactive.logLevel#`.",
            },
        },
    },
]


def written() -> dict[Path, str]:
    """Each generated file with the content it should have."""
    package = CLIENT / "package.json"
    content = json.loads(package.read_text(encoding="utf-8"))
    content["contributes"]["configuration"] = block()
    return {
        package: _text(content),
        CLIENT / "src" / "settings.json": _text(names()),
        CLIENT / "src" / "kinds.json": _text(list(KINDS)),
    }


def _text(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write what differs, or with `--check` name it."""
    stale = [
        (path, text)
        for path, text in written().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        if "--check" in sys.argv[1:]:
            sys.stderr.write(
                f"{path.relative_to(CLIENT)} is not what the server's settings say; "
                "run `python clients/vscode/scripts/settings.py`\n"
            )
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
