"""What a server takes from the machine: memory after real work, and anything at all when idle."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from client import BenchError, Server
from lab import Lab, options
from ollama_stub import ollama
from responsiveness import ACTION, SETTLED
from rows import Row
from suggesting import Core
from workloads import LINES_EACH, Document, git, repository, shop

BATCHES = 3
TYPED_FILES = 5
KEYS = 300
MEMORY_ABOVE_BARE, MEMORY_WITH_MODEL = 30.0, 55.0
# Long enough for two looks at the repository, which are due every 10 s.
IDLE_SECONDS = 20.0
STATS_IN_10_SECONDS = 3.0
IDLE_CPU_PERCENT = 0.5
# A line of strace: process, time, name of the call.
TRACED = re.compile(r"^\d+ +(\d+\.\d+) (\w+)\(", re.MULTILINE)
TRACER = ("strace", "-f", "--seccomp-bpf", "-ttt", "-e", "trace=%file")


def memory(lab: Lab) -> Iterator[Row]:
    """The most RAM ever used, after the same work in a repository of a thousand files."""
    with lab.bare() as server:
        work(server, lab, ours=False)
        bare = server.peak_memory()
    with lab.ours() as server:
        work(server, lab, ours=True)
        yield _memory("peak memory, no model", server, bare, MEMORY_ABOVE_BARE)
    prediction = {
        "purpose": "tidy up",
        "help_wanted": True,
        "kind": "document",
        "task": "Say what this part of the shop is for",
        "path": "shop/part_500.py",
        "quoted_line": '"""Part 500 of the shop."""',
        "why": "its docstring only gives a number",
    }
    with ollama(json.dumps(prediction)) as model, lab.ours() as server:
        work(server, lab, ours=True, model_host=model.host)
        if not model.chats:
            raise BenchError("the model was never asked")
        yield _memory("peak memory, with model client", server, bare, MEMORY_WITH_MODEL)


def idle(lab: Lab) -> Iterator[Row]:
    """After the same work nobody does anything for 20 s, and no client watches files."""
    trace = lab.directory / "idle.trace"
    wrapper = (*TRACER, "-o", str(trace)) if _can_trace() else ()
    with lab.ours(*wrapper) as ours, lab.bare() as bare:
        work(bare, lab, ours=False)
        work(ours, lab, ours=True)
        ours.rest(SETTLED)
        bare.rest(0)
        cpu, wakeups = (ours.cpu(), bare.cpu()), (ours.wakeups(), bare.wakeups())
        # The clock of strace.
        began = time.time()
        ours.rest(IDLE_SECONDS)
        ended = time.time()
        cpu = ours.cpu() - cpu[0], bare.cpu() - cpu[1]
        wakeups = ours.wakeups() - wakeups[0], bare.wakeups() - wakeups[1]
    seconds = ended - began
    yield Row(
        measure=f"idle {seconds:.0f} s: CPU",
        unit="ms",
        ours=cpu[0] * 1e3,
        baseline=cpu[1] * 1e3,
        value=cpu[0] / seconds * 100,
        form="{:.2f} %",
        limit=IDLE_CPU_PERCENT,
    )
    yield Row(
        measure="… wakeups in 10 s",
        ours=wakeups[0] / seconds * 10,
        baseline=wakeups[1] / seconds * 10,
        value=wakeups[0] / seconds * 10,
        form="{:.1f}",
    )
    if not wrapper:
        yield Row(measure="… file calls in any 10 s", note="strace is not there or may not trace")
        return
    calls = [
        (float(at), name)
        for at, name in TRACED.findall(trace.read_text(encoding="utf-8", errors="replace"))
        if began <= float(at) <= ended
    ]
    most = max((_within_10_seconds(at, calls) for at, _ in calls), default=0)
    names = ", ".join(sorted({name for _, name in calls})) or "none"
    yield Row(
        measure=f"… file calls in any 10 s ({names})",
        ours=most,
        value=most,
        form="{:.0f}",
        limit=STATS_IN_10_SECONDS,
    )


def work(server: Server, lab: Lab, *, ours: bool, model_host: str | None = None) -> None:
    """Signatures changed and saved, cards asked for and made into edits, typing, a commit."""
    folder = lab.folder("ours" if ours else "bare")
    repository(folder, shop(), lab.env)
    edited = Core(folder)
    server.initialize(folder, options(model_host))
    server.notify("initialized", {})
    server.send(edited.document.open())
    for numbers in islice(edited.batches(), BATCHES):
        for number in numbers:
            server.send(edited.change(number, unit=False))
            if ours:
                server.wait(partial(edited.hint, number))
            actions = server.request(ACTION, edited.document.action_at(number * LINES_EACH))
            if ours:
                if not actions:
                    raise BenchError("there is a hint but no code action")
                server.request("codeAction/resolve", actions[0])
        for number in numbers:
            server.send(edited.change(number, unit=True))
        if ours:
            server.wait(edited.no_hint)
    server.send(edited.change(0, unit=False))
    for number in range(TYPED_FILES):
        _type(server, folder / f"shop/part_{number:03}.py")
    git(folder, lab.env, "commit", "--quiet", "--all", "--message=Take the unit away")
    server.send(edited.document.save())
    server.rest(SETTLED)
    server.request(ACTION, edited.document.action_at(0))


def _type(server: Server, file: Path) -> None:
    document = Document(file, file.read_text(encoding="utf-8"), line=1)
    server.send(document.open() + b"".join(document.keys(KEYS)) + document.save())
    server.request(ACTION, document.action_at(0))
    # Saves as quick as this overtake each other, and only the last would be looked at.
    server.rest(0.3)


def _memory(measure: str, server: Server, bare: float, limit: float) -> Row:
    ours = server.peak_memory()
    return Row(
        measure=measure,
        unit="MiB",
        ours=ours,
        baseline=bare,
        value=ours - bare,
        form="+{:.1f} MiB",
        limit=limit,
    )


def _within_10_seconds(begin: float, calls: list[tuple[float, str]]) -> int:
    # A little less, so that what happens every 10 s is not counted at both ends.
    return sum(begin <= at < begin + 9.9 for at, _ in calls)


def _can_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    command = [*TRACER, "-o", "/dev/null", "true"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
