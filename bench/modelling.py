"""The local model beside everything else: what it costs the editor, and how quickly it gives way.

The model is a stub on a socket that writes word after word, so that it is at work for as long as a
measure takes, and knows when it was asked and when its client hung up.
"""

import json
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from client import BenchError, Message
from lab import Lab, options
from ollama_stub import ollama
from responsiveness import (
    ACTION,
    HIGHEST_ACTION,
    HIGHEST_BURST,
    begin,
    keys_compared,
    round_trips,
)
from rows import Row, percentile
from workloads import Document, module, repository, shop

LINES = 2_000
SAVES = 40
HIGHEST_REQUEST, HIGHEST_HANG_UP = 50.0, 20.0  # milliseconds
# A moment between two saves, in which the model is asked and begins to answer.
REST_SECONDS = 0.15
NOTHING = {
    **{"purpose": "", "help_wanted": False, "kind": "other", "task": ""},
    **{"path": "", "quoted_line": "", "why": ""},
}


def model_at_work(lab: Lab) -> Iterator[Row]:
    """A key, and a key with its code actions, while the model writes what the user accepted."""
    folder = lab.folder("at-work")
    text = module(LINES, "step")
    repository(folder, {"long.py": text}, lab.env)
    task = {
        **{"purpose": "carry parcels", "help_wanted": True, "kind": "finish"},
        **{"task": "Check the unit", "path": "long.py", "why": "it may be zero"},
        "quoted_line": "def step_150(order, amount, unit):",
    }
    with (
        ollama(json.dumps(task), endless=["write"]) as model,
        lab.ours() as ours,
        lab.bare() as bare,
    ):
        mine, theirs = (Document(folder / "long.py", text, line=1001) for _ in range(2))
        begin(ours, folder, mine, _settings(model.host))
        begin(bare, folder, theirs)
        ours.send(mine.save())
        id = ours.wait(_predicted)
        accepted = [id, mine.version, "write", None, folder.as_uri()]
        command = {"command": "proactive.server.accepted", "arguments": accepted}
        ours.request("workspace/executeCommand", command)
        model.wait(model.began, 2)
        burst = keys_compared(ours, mine, bare, theirs)
        pairs = round_trips(ours, mine, bare, theirs, cards=0)
        if not model.answering:
            raise BenchError("the model was done before the measure was")
    for measure, found, unit, factor, limit in (
        ("edit in a burst", burst, "µs", 1e6, HIGHEST_BURST),
        ("edit + code action", pairs, "ms", 1e3, HIGHEST_ACTION),
    ):
        yield Row(
            measure=f"{measure} while the model writes",
            unit=unit,
            ours=found.ours * factor,
            baseline=found.bare * factor,
            value=found.ratio,
            limit=limit,
        )


def model_in_time(lab: Lab) -> Iterator[Row]:
    """From a save to the request for a task, and to the hang-up of the one before it.

    The baseline is a round trip to a bare server just before each save. It tells how soon this
    machine lets a process run that has next to nothing to do.
    """
    folder = lab.folder("in-time")
    text = f"# Nothing to do here, 0 times.\n\n\n{module(300, 'stage')}"
    repository(folder, {**shop(), "shop/stages.py": text}, lab.env)
    document = Document(folder / "shop/stages.py", text)
    asked: list[float] = []
    hung_up: list[float] = []
    trips: list[float] = []
    with (
        ollama(json.dumps(NOTHING), endless=["predict"]) as model,
        lab.ours() as server,
        lab.bare() as bare,
    ):
        begin(server, folder, document, _settings(model.host))
        begin(bare, folder, document)
        # The first one finds the server and loads its client, which happens once.
        server.send(document.save())
        model.wait(model.began, 1)
        for number in range(1, SAVES + 1):
            server.rest(REST_SECONDS)
            began = time.perf_counter()
            bare.request(ACTION, document.action_at(0))
            trips.append(time.perf_counter() - began)
            # Of a comment no rule has a word to say, so that the model is asked.
            messages = document.replace(0, f"# Nothing to do here, {number} times.\n")
            messages += document.save()
            saved = time.perf_counter()
            server.send(messages)
            asked.append(model.wait(model.began, number + 1) - saved)
            hung_up.append(model.wait(model.ended, number) - saved)
        told = server.request(
            "workspace/executeCommand", {"command": "proactive.server.status", "arguments": []}
        )
    yield _in_time("save → request of the model out", asked, trips, HIGHEST_REQUEST)
    yield _in_time("newer save → older request hung up", hung_up, trips, HIGHEST_HANG_UP)
    calls, tokens = told["model"]["callsThisHour"], told["model"]["tokensThisHour"]
    yield Row(
        measure=f"… calls for {SAVES + 1} saves, all but the last hung up",
        ours=calls,
        value=float(calls),
        form="{:.0f}",
    )
    yield Row(measure="… tokens they cost", ours=tokens, value=float(tokens), form="{:.0f}")


def _settings(host: str) -> Message:
    """A model that is asked without end, whose every task is shown."""
    settings: dict[str, Any] = options(host)
    settings["agent"] |= {"tokensPerHour": 100_000_000, "timeout": 600.0}
    settings["reward"] |= {"filter": False}
    return settings


def _predicted(message: Message) -> str | None:
    """The id of the card in a message that brings the hint of a predicted one."""
    for hint in message.get("params", {}).get("diagnostics") or ():
        if hint["code"] == "predicted":
            return hint["data"]["id"]
    return None


def _in_time(measure: str, seconds: list[float], trips: list[float], limit: float) -> Row:
    middle, worst = median(seconds) * 1e3, max(seconds) * 1e3
    return Row(
        measure=f"{measure}, p95 of {len(seconds)} (median {middle:.0f}, worst {worst:.0f})",
        unit="ms",
        ours=percentile(seconds, 0.95) * 1e3,
        baseline=percentile(trips, 0.95) * 1e3,
        value=percentile(seconds, 0.95) * 1e3,
        form="{:.0f} ms",
        limit=limit,
    )
