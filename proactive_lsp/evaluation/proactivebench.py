"""Read the public data of ProactiveBench (arXiv 2410.12361): judged proposals, sessions, answers.

A folder as its authors publish it holds `reward_train.jsonl` and `reward_test.jsonl`, the sessions
in `events/`, and in `traces/MODEL/` what each model proposed at each event. What does not fit is
an `EvaluationError` that names the file, the line and what is wrong.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar, cast

import msgspec
from msgspec import Raw, Struct

from proactive_lsp.evaluation.errors import EvaluationError

TRAIN, TEST = "reward_train.jsonl", "reward_test.jsonl"
CATEGORIES = ("Correct-Detection", "False-Alarm", "Correct-Rejection", "Missed-Need")
# What models write for "no proposal" where the empty list was asked for.
NOTHING = frozenset({"", "null", "none"})
FIELDS = ("coding", "writing")

Read = TypeVar("Read")


class Observation(Struct, frozen=True):
    """One event, told as a sentence; the time is text that only compares as equal."""

    time: str
    event: str


class Row(Struct, frozen=True):
    """One history, what was proposed after it, and whether people would accept that.

    Without a task the proposal is silence: `valid` then says that silence was right, which in this
    data is the opposite of `help_needed`.
    """

    obs: tuple[Observation, ...]
    pred_task: str | None
    valid: bool
    help_needed: bool
    annotation: tuple[bool, ...]
    category: str

    @property
    def session(self) -> Observation:
        """What all histories of a session have in common: their first event."""
        return self.obs[0]

    @property
    def events(self) -> tuple[str, ...]:
        """The sentences of the history, oldest first."""
        return tuple(each.event for each in self.obs)

    @property
    def outcome(self) -> str:
        """Which of the four categories the labels make."""
        if self.pred_task is None:
            return "Correct-Rejection" if self.valid else "Missed-Need"
        return "Correct-Detection" if self.valid else "False-Alarm"


class Rewards(Struct, frozen=True):
    """The judged proposals in the order of the files."""

    train: tuple[Row, ...]
    test: tuple[Row, ...]


class Step(Struct, frozen=True):
    """One event of a recorded session; `task_status` is documented nowhere, a weak need label."""

    observation: Observation
    agent_response: Raw
    task_status: bool


class Session(Struct, frozen=True):
    """A recorded session: its name, what it is about, its events."""

    name: str
    field: str
    steps: tuple[Step, ...]


class Proposal(Struct, frozen=True):
    """What a model said at one event: a task, nothing, or `failed` when its request did."""

    observation: Observation
    task: str | None
    failed: bool = False


class _Split(Struct, frozen=True):
    theme: str
    files: tuple[str, ...]


def read_rewards(folder: Path) -> Rewards:
    """Both files of judged proposals."""
    if not folder.is_dir():
        raise EvaluationError(f"{folder}: no such folder; give the one that holds {TRAIN}")
    return Rewards(tuple(_rows(folder / TRAIN)), tuple(_rows(folder / TEST)))


def read_sessions(folder: Path) -> tuple[Session, ...]:
    """The sessions of `events/`, by name, with the field that `splits.json` gives them."""
    place = folder / "events"
    splits = _decode(place / "splits.json", dict[str, _Split])
    fields = {
        name.removesuffix(".json"): split.theme.lower()
        for split in splits.values()
        if split.theme.lower() in FIELDS
        for name in split.files
    }
    if not fields:
        raise EvaluationError(
            f"{place / 'splits.json'}: no split is of {' or '.join(FIELDS)}; is the file whole?"
        )
    return tuple(
        Session(name, fields[name], _steps(place / f"{name}.json")) for name in sorted(fields)
    )


def read_traces(
    folder: Path, sessions: tuple[Session, ...]
) -> Mapping[str, Mapping[str, tuple[Proposal, ...]]]:
    """By model, by session, what was proposed at each event."""
    place = folder / "traces"
    models = (
        sorted(each.name for each in place.iterdir() if each.is_dir()) if place.is_dir() else []
    )
    if not models:
        raise EvaluationError(f"{place}: no trace of a model; give the folder that holds traces/")
    return {
        model: {
            session.name: tuple(_proposals(place / model / f"{session.name}.json"))
            for session in sessions
        }
        for model in models
    }


def _rows(file: Path) -> Iterator[Row]:
    found = False
    for number, line in enumerate(_read(file).split(b"\n"), start=1):
        if not line.strip():
            continue
        where = f"{file}, line {number}"
        try:
            row = msgspec.json.decode(line, type=Row)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise EvaluationError(f"{where}: {error}") from error
        problem = _problem(row)
        if problem is not None:
            raise EvaluationError(f"{where}: {problem}")
        found = True
        yield row
    if not found:
        raise EvaluationError(f"{file}: no row in it; is the download whole?")


def _problem(row: Row) -> str | None:
    """Why a row of the right shape cannot be used."""
    if not row.obs:
        return "obs is empty; a judgement needs at least one event"
    if row.pred_task is not None and not row.pred_task.strip():
        return "pred_task is empty; no proposal is written as null"
    if not row.category.startswith(row.outcome):
        return f"category is {row.category!r}, but the labels make {row.outcome!r}"
    return None


def _steps(file: Path) -> tuple[Step, ...]:
    steps = _decode(file, tuple[Step, ...])
    if not steps:
        raise EvaluationError(f"{file}: no event in it; is the download whole?")
    return steps


def _proposals(file: Path) -> Iterator[Proposal]:
    for number, step in enumerate(_steps(file), start=1):
        try:
            said = msgspec.json.decode(step.agent_response)
        except msgspec.MsgspecError as error:
            raise EvaluationError(f"{file}, event {number}: {error}") from error
        yield _proposal(step.observation, said, f"{file}, event {number}")


def _proposal(at: Observation, said: object, where: str) -> Proposal:
    # A request that failed left the object of the events file where the answer belongs.
    if isinstance(said, dict):
        return Proposal(at, None, failed=True)
    if not isinstance(said, list):
        raise EvaluationError(f"{where}: agent_response is neither a list nor an object")
    # A model that answered with an object instead of a sentence did propose that.
    texts = [each if isinstance(each, str) else _text(each) for each in cast("list[object]", said)]
    tasks = [text for text in texts if text.strip().lower() not in NOTHING]
    return Proposal(at, tasks[0] if tasks else None)


def _text(value: object) -> str:
    return "" if value is None else msgspec.json.encode(value).decode()


def _decode(file: Path, kind: type[Read]) -> Read:
    try:
        return msgspec.json.decode(_read(file), type=kind)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise EvaluationError(f"{file}: {error}") from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        problem = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise EvaluationError(
            f"{file}: {problem}; --data is the folder that holds {TRAIN}, events/ and traces/"
        ) from error
