"""Which model answers in a replay: what is recorded beside the session, a live one, or none.

The answers of `run.jsonl` are in `run.answers.json`, those of any other file in a file of its name
with `.answers.json` behind it.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from proactive_lsp.llm import Model
from proactive_lsp.llm.recorded import (
    Answers,
    BadAnswersError,
    RecordedModel,
    encode_answers,
    read_answers,
)
from proactive_lsp.llm.usage import MeteredModel, Usage
from proactive_lsp.replay.session import SessionError

SUFFIX = ".answers.json"
# The failures of a model that was there: it answered oddly, or as often as it may.
_THERE = frozenset({"bad-reply", "prompt-too-long", "model-budget-spent"})

Use = Literal["recorded", "live", "record", "refresh", "none"]


class Report(Struct, frozen=True):
    """What was asked of the model in one session, and what became of the recorded answers.

    `answers` were given from the recording or written to it; of these `drifted` were given to
    another prompt, and `kept` were not asked for anew. `missing` requests had none. `silences` are
    the boundaries at which the model proposed nothing, by reason. `away` is why a live request was
    not answered, None where each was.
    """

    name: str
    usage: Usage
    silences: dict[str, int]
    answers: int = 0
    drifted: int = 0
    missing: int = 0
    kept: int = 0
    written: Path | None = None
    away: str | None = None


class Answering:
    """The model of one replay; `metered` is what the engine asks.

    `loads` tells how often a live model was loaded, where somebody knows. Answers do not, so it
    is left out where any are recorded or repeated: both make the same transcript.
    """

    def __init__(
        self,
        live: Model | None,
        answers: Answers | None,
        loads: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._live = live is not None
        self._recorded = RecordedModel(answers, live) if answers is not None else None
        if self._recorded is not None:
            self.metered = MeteredModel(self._recorded)
        else:
            assert live is not None, "nobody is there to answer"
            self.metered = MeteredModel(live, loads=loads)

    def report(self, silences: Counter[str], written: Path | None = None) -> Report:
        """What came of it so far."""
        usage, recorded = self.metered.usage, self._recorded
        # Answers of a live model stand in no file before they were written.
        stands = not self._live or written is not None
        away = [text for kind, text in self.metered.reasons.items() if kind not in _THERE]
        return Report(
            name=self.metered.answered_by,
            usage=usage,
            silences=dict(sorted(silences.items())),
            answers=len(recorded.asked) if recorded is not None and stands else 0,
            drifted=recorded.drifted if recorded is not None else 0,
            missing=recorded.missing if recorded is not None else 0,
            kept=recorded.kept if recorded is not None else 0,
            written=written,
            away=away[0] if self._live and away else None,
        )

    def write(self, session: Path) -> Path | None:
        """Write the answers of this run beside the session; None when nobody answered.

        Raises `SessionError` when the file cannot be written.
        """
        if self._recorded is None or self._nobody():
            return None
        path = answers_path(session)
        try:
            _replace(path, encode_answers(self._recorded.asked))
        except OSError as error:
            reason = f"the answers were not written: {error.strerror}"
            raise SessionError(f"{path}: {reason}") from error
        return path

    def _nobody(self) -> bool:
        usage = self.metered.usage
        away = sum(count for kind, count in usage.failed.items() if kind not in _THERE)
        return 0 < usage.calls == away


def answers_path(session: Path) -> Path:
    """Where the answers of a session are.

    >>> str(answers_path(Path("a/run.jsonl"))), str(answers_path(Path("run.log")))
    ('a/run.answers.json', 'run.log.answers.json')
    """
    return session.with_name(session.name.removesuffix(".jsonl") + SUFFIX)


def carried_answers(session: Path) -> bytes | None:
    """The recorded answers as they go along with a copy of the session; None where there are none.

    Raises `SessionError` when the file is something else, such as a link to one of the user's own.
    """
    path = answers_path(session)
    try:
        return None if read_answers(path) is None else path.read_bytes()
    except BadAnswersError as error:
        raise SessionError(f"{error}; move it away") from error


def recorded_answers(session: Path, use: Use) -> Answers | None:
    """The answers to begin with; None where none are to be used or made.

    Raises `SessionError` when there is a file, but no recording in it.
    """
    if use in ("none", "live"):
        return None
    if use == "record":
        return {}
    try:
        answers = read_answers(answers_path(session))
    except BadAnswersError as error:
        advice = "record it again with --record-model, or replay with --model none"
        raise SessionError(f"{error}; {advice}") from error
    return {} if answers is None and use == "refresh" else answers


def check_recordable(sessions: Sequence[Path]) -> None:
    """Refuse what could not be written in the end; raises `SessionError`."""
    seen: dict[Path, Path] = {}
    for session in sessions:
        path = answers_path(session)
        other = seen.setdefault(path.resolve(), session)
        if other is not session:
            raise SessionError(f"{session}: its answers and those of {other} are one file, {path}")
        if path.is_dir():
            raise SessionError(f"{path}: a folder, where answers are to be written; move it away")
        # The file is replaced, so what counts is its folder.
        if not os.access(path.parent, os.W_OK | os.X_OK):
            advice = "you may not write there; copy the session to a folder of yours"
            raise SessionError(f"{path}: {advice}")


def _replace(path: Path, content: bytes) -> None:
    """Write the file as a whole or not at all."""
    # Ends like the others, so that whoever looks past those looks past this one, too.
    fresh = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def drift(session: Path, report: Report | None) -> str | None:
    """How far the recorded answers are those of this session, in one line; None when they are."""
    if report is None or not (report.drifted or report.missing):
        return None
    parts: list[str] = []
    if report.drifted:
        of = f"{report.drifted} of {report.answers} recorded answers"
        parts.append(f"{of} {'was' if report.drifted == 1 else 'were'} given to other prompts")
    if report.missing:
        requests = "1 request has" if report.missing == 1 else f"{report.missing} requests have"
        parts.append(f"{requests} no recorded answer")
    return f"{session}: {', '.join(parts)}; renew them with --refresh-model"
