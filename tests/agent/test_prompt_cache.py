"""How much of its prompts a model server has to compute anew over an hour of work.

A server keeps what it computed of the last prompt and computes from where the next one differs.
Words, marks and runs of white space stand for tokens here: real tokenizers make more of them, alike
in what is old and what is new.
"""

import json
import re
import subprocess
import sys
import time

import pytest

from proactive_lsp.agent.settings import AgentSettings
from proactive_lsp.llm import Reply
from proactive_lsp.settings import Settings
from tests import hour
from tests.desk import Desk

TOKEN = re.compile(r"\w+|[^\w\s]|\s+")
NOTHING = {
    "purpose": "",
    "help_wanted": False,
    "kind": "other",
    "task": "",
    "path": "",
    "quoted_line": "",
    "why": "",
}
# What no user would want, at a line that is always there.
UNWANTED = NOTHING | {
    "help_wanted": True,
    "task": "Make it nicer",
    "path": "shelf/report.py",
    "quoted_line": "WIDTH = 60",
}


class Recording:
    """Always answers the same, and keeps what it was asked."""

    name = "recording"

    def __init__(self, answer):
        self.history = []
        self._answer = json.dumps(answer)

    async def complete(self, request, *, heard=None):
        self.history.append(request)
        return Reply(self._answer)


def live_through(answer=NOTHING, **agent):
    model = Recording(answer)
    desk = Desk(hour.files(), settings=Settings(agent=AgentSettings(**agent)), model=model)
    for event in hour.events():
        desk.do(event)
    desk.wait(30)
    return model.history, desk


def text(request):
    """A prompt as a chat template lays it out."""
    turns = (f"<|{each.role}|>\n{each.content}\n" for each in request.messages)
    return "".join(turns) + "<|assistant|>\n"


def share(sequences):
    """Of all elements those behind what the sequence has in common with the one before it."""
    evaluated = total = 0
    before = ()
    for sequence in sequences:
        common = 0
        for one, other in zip(before, sequence, strict=False):
            if one != other:
                break
            common += 1
        evaluated += len(sequence) - common
        total += len(sequence)
        before = sequence
    return evaluated / total


def test_the_share_is_that_of_what_differs():
    assert share(["abcd", "abcdef", "abxy"]) == (4 + 2 + 2) / 14


@pytest.mark.parametrize(
    ("answer", "agent"),
    [
        (NOTHING, {}),
        (UNWANTED, {}),
        # Half the usual context: the older half goes often.
        (NOTHING, {"num_ctx": 4_096}),
        # The server forgets in each longer pause.
        (NOTHING, {"keep_alive": "90s"}),
    ],
)
def test_at_most_15_percent_of_an_hours_prompts_is_computed_anew(answer, agent):
    history, _ = live_through(answer, **agent)
    prompts = [text(request) for request in history]
    assert len(prompts) >= 60
    assert share(prompts) <= 0.15
    assert share([TOKEN.findall(prompt) for prompt in prompts]) <= 0.15


def test_the_story_of_an_hour_only_grows():
    """With room for all of it, each prompt has the whole story of the one before."""
    history, _ = live_through(num_ctx=32_768)
    before = ""
    for request in history:
        story = request.messages[1].content.rpartition("\n\n")[0]
        assert story.startswith(before)
        before = story
    assert len(before) > 10_000


def test_every_line_of_the_workspace_that_is_told_can_be_quoted():
    """What came or stays at the last save stands in the file as it is told."""
    history, desk = live_through(num_ctx=32_768)
    story = history[-1].messages[1].content.rpartition("\n\n")[0]
    last = story.rpartition('The user edited and saved "tests/test_catalogue.py":\n')[2]
    told = re.findall(r"(?m)^\+?\| (.*)$", last.partition("\n[")[0])
    assert len(told) > 5
    assert set(told) <= set(desk.text("tests/test_catalogue.py").split("\n"))


def test_a_look_costs_little():
    """Without a model nothing of it runs; with one it must not be felt."""
    model = Recording(NOTHING)
    desk = Desk(hour.files(), model=model)
    asking = desk.engine._asking
    look, spent = asking.look, []

    def timed(situation):
        start = time.perf_counter()
        look(situation)
        spent.append(time.perf_counter() - start)

    asking.look = timed
    for event in hour.events():
        desk.do(event)
    assert len(spent) > 60
    # 0.2 ms on a quiet machine; the bound leaves room for a busy one.
    assert sum(spent) / len(spent) < 0.01


TWICE = """
import hashlib
from tests.agent.test_prompt_cache import live_through, text
history, _ = live_through()
print(hashlib.sha256("".join(map(text, history)).encode()).hexdigest())
"""


def test_the_same_hour_gives_the_same_prompts_whatever_the_hash_seed():
    hashes = {
        subprocess.run(
            [sys.executable, "-c", TWICE],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "PATH": ""},
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1
