"""Print a line for each file."""

import argparse
from pathlib import Path

from tides.summary import daily_summary


def arguments() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = argparse.ArgumentParser(prog="tides")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--doubtful", action="store_true", help="take doubtful readings, too")
    parser.add_argument("--decimals", type=int, default=2, help="digits behind the point")
    return parser


def main() -> None:
    """One line per file, in the order they were named."""
    asked = arguments().parse_args()
    for path in asked.files:
        print(daily_summary(path))
