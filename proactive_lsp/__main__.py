"""Where the program starts.

An editor starts `serve` and waits for it, so that path reads its few arguments by hand and
imports nothing that draws on a terminal. Everything else goes through `cli`.
"""

# Until the search path is safe, not even pathlib can be imported.
# ruff: noqa: E402, PTH100, PTH109, PTH120

import os
import sys


def forget_working_directory() -> None:
    """Import nothing from the working directory, which is a workspace with files of anybody's.

    `python -m` puts it first on the search path, and so does an empty entry in PYTHONPATH. It
    stays when PYTHONPATH names it. What `python -m` itself imports before it comes here, such as
    `contextlib`, only `python -P -m` or the console script protects.
    """
    if sys.flags.safe_path:
        return
    asked = "" if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "")
    named = [os.path.abspath(entry) for entry in asked.split(os.pathsep) if entry]
    try:
        here = os.getcwd()
    except OSError:
        here = ""
    if here not in named:
        sys.path[:] = [entry for entry in sys.path if entry not in ("", here)]
    # Worker processes look for us by the same path, and we may lie in the working directory.
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if home not in sys.path:
        sys.path.append(home)


forget_working_directory()

from collections.abc import Sequence
from pathlib import Path


def main() -> int:
    """Run the command line; the exit code is 0, 1 for a missed `--check`, or 2 for an error."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from proactive_lsp import __version__

        sys.stdout.write(f"proactive-lsp {__version__}\n")
        return 0
    if arguments and arguments[0] == "serve":
        served = serve_arguments(arguments[1:])
        if served is not None and _recordable(*served):
            from proactive_lsp.server.main import run

            return run(*served)
    # Worker processes start with a search path of their own.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    from proactive_lsp.cli import run_command_line

    return run_command_line(arguments)


def serve_arguments(arguments: Sequence[str]) -> tuple[Path | None] | None:
    """The file to record to, in a tuple; None when there is anything but `serve`'s own options.

    >>> serve_arguments(["--stdio", "--record", "run.jsonl"])
    (PosixPath('run.jsonl'),)
    """
    record: Path | None = None
    rest = list(arguments)
    while rest:
        option, equals, value = rest.pop(0).partition("=")
        if option == "--record" and (equals or rest):
            record = Path(value if equals else rest.pop(0))
        elif option != "--stdio" or equals:
            return None
    return (record,)


def _recordable(record: Path | None) -> bool:
    """Whether the recording can be written; the command line has the words for why not."""
    from proactive_lsp.replay.target import unwritable

    return record is None or unwritable(record) is None


if __name__ == "__main__":
    sys.exit(main())
