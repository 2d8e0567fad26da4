"""What the reward filter is trained and measured on: places that were noticed, and what became.

A candidate is one place of one need, with the features that the filter saw and its label: did a
later hunk of the same commit touch it, and did one of the next 10 commits of its file. They come
from living through commits (`benchmark.run` with `features`), or from what `bench history
--features` wrote of that.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from proactive_lsp.evaluation.benchmark import Ran, features_row
from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.evaluation.steps import Order


class Source(Struct, frozen=True):
    """Which commits candidates come from."""

    name: str
    head: str
    head_date: str
    order: Order
    seed: int
    past: bool
    commits: int


class Row(Struct, frozen=True):
    """One candidate: `hunks` are the later hunks of its commit that touch the place.

    `edits` were made before, `follow_ups` came after; `look` counts how often it was noticed by
    then; `line` is None for a whole file, `later` where no commit follows.
    """

    repository: str
    commit: str
    edits: int
    follow_ups: int
    look: int
    kind: str
    path: str
    line: int | None
    features: Mapping[str, float]
    hunks: tuple[int, ...]
    later: bool | None

    @property
    def right(self) -> bool:
        """Whether the developer worked on the place in the same commit."""
        return bool(self.hunks)


class Candidates(Struct, frozen=True):
    """The candidates of one run, in the order they were noticed."""

    source: Source
    rows: Iterable[Row]


def of_run(ran: Ran) -> Candidates:
    """The candidates of a run that kept them."""
    rows = (
        msgspec.convert(features_row(ran.row.name, candidate), Row)
        for result in ran.results
        for candidate in result.candidates
    )
    return Candidates(source_of(ran), rows)


def source_of(ran: Ran) -> Source:
    """Which commits a run lived through."""
    row = ran.row
    return Source(row.name, row.head, row.head_date, row.order, row.seed, row.past, row.commits)


def of_file(file: Path) -> Candidates:
    """What `bench history --features FILE --json REPORT` wrote of one run.

    The report stands beside it, with the suffix `.json`. Raises `EvaluationError`, also while the
    rows are read.
    """
    report = file.with_suffix(".json")
    try:
        found = msgspec.json.decode(report.read_bytes(), type=_Report)
    except (OSError, msgspec.DecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise EvaluationError(
            f"{report}: {reason}; write it with `bench history --features {file} --json {report}`"
        ) from error
    if len(found.repositories) != 1:
        raise EvaluationError(f"{report}: wants one repository in one order, in a file of its own")
    return Candidates(found.repositories[0], _rows(file))


class _Report(Struct, frozen=True):
    repositories: tuple[Source, ...]


def _rows(file: Path) -> Iterator[Row]:
    decoder = msgspec.json.Decoder(Row)
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise EvaluationError(f"{file}:{number}: {error}; write it again") from error
