"""Where the program starts.

An editor starts `serve` and waits for it, so that path reads its few arguments by hand and
imports nothing that draws on a terminal. Everything else goes through `cli`.
"""

import sys
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
        if served is not None:
            from proactive_lsp.server.main import run

            return run(*served)
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


if __name__ == "__main__":
    sys.exit(main())
