"""Print a line for each file."""

import sys
from pathlib import Path

from tides.readings import BadLine
from tides.summary import daily_summary, fmean


def main(arguments: list[str]) -> int:
    """0 when every file could be read."""
    worst = 0
    sizes = [Path(name).stat().st_size for name in arguments if Path(name).is_file()]
    if sizes:
        print(f"{len(sizes)} files of {fmean(sizes):.0f} bytes each")
    for name in arguments:
        try:
            # Each station prints its own line, so that one broken file hides no other.
            print(daily_summary(Path(name)))
        except (OSError, BadLine) as error:
            print(error, file=sys.stderr)
            worst = 1
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
