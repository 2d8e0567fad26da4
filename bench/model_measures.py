"""The three measures of `bench.model`, each against a server of its own."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench.rows import Row, percentile
from proactive_lsp.agent.predict import KIND, SCHEMA, Prediction
from proactive_lsp.assembly import for_replay
from proactive_lsp.clock import VirtualClock
from proactive_lsp.events import Event
from proactive_lsp.llm import Reply
from proactive_lsp.outcome import Outcome
from proactive_lsp.replay.player import play
from proactive_lsp.replay.session import Expect, Quiet, Unknown, read_items, scan
from proactive_lsp.replay.workspaces import open_past, open_workspace
from proactive_lsp.settings import Settings
from tests import hour as an_hour
from tests.desk import Desk
from tests.model.server.trace import expected
from tests.model.serving import Served, serving
from tests.model.talking import Overheard, model, settings

NAME = "smollm2"
# Of the prompt tokens of an hour, how many may be evaluated anew.
MOST_ANEW = 0.15
SHARE = "{:.1%}"
COUNT = "{:.0f}"


class Unmeasured(Exception):
    """Why there is no figure."""


def predictions(
    repositories: Sequence[Path], most: int, commits: int, folder: Path
) -> Iterator[Row]:
    """Live through mined sessions until the model was asked so often; what came of it."""
    with serving() as served:
        asked = Overheard(model(served))
        heard = _Heard()
        for session, repository in _mined(repositories, commits, folder):
            if len(asked.said) >= most:
                break
            _live(session, repository, asked, served, heard)
        if not asked.said:
            raise Unmeasured("no moment of these repositories is one to ask a model at")
        yield from _answers(asked)
        yield from _cost(asked)
        for kind, number in sorted(heard.came.items()):
            yield _share(f"  predictions that ended as {kind}", number, heard.came.total())
        yield _loads(served)


def _answers(asked: Overheard) -> Iterator[Row]:
    total = len(asked.said)
    yield Row(measure="answers asked for", value=total, form=COUNT)
    valid = invalid = 0
    refused: Counter[str] = Counter()
    for request, said in asked.said:
        if not isinstance(said, Reply):
            refused[type(said).__name__] += 1
        elif request.schema == SCHEMA and not _valid(said):
            invalid += 1
        else:
            valid += 1
    yield _share("  valid under the schema", valid, total)
    for kind, number in sorted(refused.items()):
        yield _share(f"  refused as {kind}", number, total)
    yield Row(measure="  neither valid nor refused", value=invalid, form=COUNT, limit=0)


def _valid(reply: Reply) -> bool:
    try:
        msgspec.json.decode(reply.text, type=Prediction, strict=True)
    except msgspec.DecodeError:
        return False
    return True


def _cost(asked: Overheard) -> Iterator[Row]:
    replies = asked.replies()
    for what, counts in (
        ("prompt", [reply.prompt_tokens or 0 for reply in replies]),
        ("answer", [reply.answer_tokens or 0 for reply in replies]),
    ):
        if counts:
            mean = sum(counts) / len(counts)
            yield Row(measure=f"tokens of {what}, mean", value=mean, form=COUNT)
    for share in (0.5, 0.95):
        value = percentile(asked.seconds, share)
        yield Row(measure=f"seconds to an answer, p{share * 100:.0f}", value=value, form="{:.1f} s")
    a_minute = 60 * len(asked.seconds) / sum(asked.seconds)
    yield Row(measure="answers a minute", value=a_minute, form="{:.1f}")


class _Heard:
    """How each prediction of a replay ended: shown, or why not."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()

    def heard(self, event: Event) -> None:
        """Nothing is made of events."""

    def decided(self, outcomes: tuple[Outcome, ...], seconds: float) -> None:
        """Count what the model's part came to, which follows the part of the rules."""
        for outcome in outcomes:
            if outcome.silence is not None and not outcome.looked:
                self.came[outcome.silence.kind] += 1
            for judgement in outcome.judgements:
                if judgement.task.need.kind == KIND:
                    silence = judgement.silence
                    self.came["shown" if silence is None else silence.kind] += 1


def _mined(repositories: Iterable[Path], commits: int, folder: Path) -> Iterator[tuple[Path, Path]]:
    for number, repository in enumerate(repositories):
        out = folder / f"mined-{number}"
        _run("mine", str(repository), "--out", str(out), "--commits", str(commits))
        for path in sorted(out.rglob("*.jsonl")):
            yield path, repository


def _live(path: Path, repository: Path, asked: Overheard, served: Served, heard: _Heard) -> None:
    session, clock = scan(path), VirtualClock()
    scheduler = for_replay(
        Settings(agent=settings(served)),
        base=open_workspace(session, repository),
        clock=clock,
        model=asked,
        past=open_past(session, repository),
    )
    try:
        asyncio.run(play(_events(path), scheduler, clock, heard))
    finally:
        scheduler.close()


def _events(path: Path) -> Iterator[Event]:
    for _, item in read_items(path):
        if not isinstance(item, Expect | Quiet | Unknown):
            yield item


def history(repositories: Sequence[Path], sample: int, commits: int, folder: Path) -> Iterator[Row]:
    """The history benchmark at sampled moments, with the model and without."""
    with serving() as served:
        file = folder / "history.json"
        asked = ("--model", NAME, "--host", served.host, "--sample", str(sample))
        paths = [str(path) for path in repositories]
        _run("bench", "history", *paths, "--commits", str(commits), *asked, "--json", str(file))
        (report,) = json.loads(file.read_bytes())["models"]
        yield from _compared(report["mean"])
        yield _loads(served)


def _compared(mean: dict[str, Any]) -> Iterator[Row]:
    yield Row(measure="sampled moments at which it was asked", value=mean["asked"], form=COUNT)
    for name, said in (
        ("alarms", "cards shown"),
        ("alarm_precision", "  of which are right"),
        ("false_alarms_per_100_edits", "false alarms per 100 edits"),
        ("recall", "recall"),
    ):
        with_it, without = mean["together"][name], mean["without"][name]
        if with_it is None or without is None:
            yield Row(measure=said, ours=with_it, baseline=without, note="no card")
            continue
        rise = with_it - without
        yield Row(measure=said, ours=with_it, baseline=without, value=rise, form="{:+.3f}")
    for kind, number in sorted(mean["came"].items()):
        yield _share(f"  moments that ended as {kind}", number, mean["asked"])


def hour() -> Iterator[Row]:
    """An hour of work: how much of the prompts is computed anew, and how often it is loaded."""
    with serving() as served:
        asked = Overheard(model(served))
        desk = Desk(an_hour.files(), settings=Settings(agent=settings(served)), model=asked)
        for event in an_hour.events():
            desk.do(event)
        chats = served.chats
        if not chats:
            raise Unmeasured("the hour has no moment to ask a model at")
        yield Row(measure="answers asked for in an hour", value=len(chats), form=COUNT)
        tokens = sum(len(chat.prompt) for chat in chats)
        yield Row(measure="tokens of all prompts", value=tokens, form="{:,.0f}")
        by_sequences = sum(expected(served.records)) / tokens
        by_server = sum(chat.evaluated for chat in chats) / tokens
        for how, share in (("sequences", by_sequences), ("llama.cpp's work", by_server)):
            what = f"  evaluated anew, by {how}"
            yield Row(measure=what, value=share, form=SHARE, limit=MOST_ANEW)
        told = [(each.evaluated_tokens, each.prompt_tokens) for each in asked.replies()]
        known = [(anew, whole) for anew, whole in told if anew is not None and whole]
        if known:
            share = sum(anew for anew, _ in known) / sum(whole for _, whole in known)
            yield Row(
                measure="  as the adapter tells it, of whole answers", value=share, form=SHARE
            )
        yield _loads(served)


def _loads(served: Served) -> Row:
    if not served.alive:
        raise Unmeasured("the model server died")
    return Row(measure="times the model was loaded", value=served.loads, form=COUNT, limit=1)


def _share(measure: str, part: int, whole: int) -> Row:
    return Row(measure=f"{measure} ({part})", value=part / whole if whole else 0.0, form=SHARE)


def _run(*arguments: str) -> None:
    command = [sys.executable, "-m", "proactive_lsp", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode != 0:
        said = (ran.stderr or ran.stdout).strip().splitlines() or ["no word"]
        raise Unmeasured(f"`proactive-lsp {' '.join(arguments[:2])}` failed: {said[-1]}")
