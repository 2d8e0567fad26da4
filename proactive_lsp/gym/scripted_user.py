"""A user who does what a script says, and takes cards by its rules."""

from collections.abc import Iterator
from random import Random

from msgspec import UNSET, UnsetType

from proactive_lsp.evaluation.errors import EvaluationError
from proactive_lsp.events import Event
from proactive_lsp.gym.activities import Activity, CreateFile, EditFile
from proactive_lsp.gym.environment import Environment
from proactive_lsp.gym.script import Script
from proactive_lsp.gym.todo import Size
from proactive_lsp.gym.user import Verdict
from proactive_lsp.suggestions import Plan, Suggestion


class ScriptedUser:
    """Plays one script; see `user.User`."""

    def __init__(self, script: Script, seed: str) -> None:
        self._script = script
        self._done = 0
        self._random = Random(seed)  # noqa: S311 - for repetition, not secrecy

    @property
    def asked(self) -> UnsetType:
        """See `User`; nobody is asked."""
        return UNSET

    async def act(self, desk: Environment) -> Iterator[Event] | None:
        """See `User`; what a suggestion did already is passed over."""
        acts = self._script.act
        while self._done < len(acts) and _is_done(acts[self._done], desk):
            self._done += 1
        if self._done == len(acts):
            return None
        self._done += 1
        return desk.carry_out(acts[self._done - 1])

    async def judge(self, card: Suggestion, plan: Plan, desk: Environment) -> Verdict:
        """See `User`; the first rule that fits."""
        rule = next((rule for rule in self._script.judge if rule.fits(card)), None)
        if rule is None:
            return Verdict("later")
        if rule.answer == "accept":
            return Verdict("accept" if plan.files else "follow", "right", plan=plan)
        return Verdict(rule.answer, "wrong" if rule.answer == "dismiss" else "unknown")

    def reading(self) -> float:
        """See `User`."""
        return self._random.uniform(2.0, 8.0)

    def followed(self, card: Suggestion) -> None:
        """See `User`; a script goes on as it would have."""

    def could_not(self, why: str) -> None:
        """See `User`; a script that cannot go on is wrong."""
        raise EvaluationError(f"script {self._script.name}, act {self._done}: {why}")

    def left(self, desk: Environment) -> Size:
        """See `User`."""
        left = [act for act in self._script.act[self._done :] if not _is_done(act, desk)]
        return Size(len(left), sum(map(_characters, left)))


def _is_done(activity: Activity, desk: Environment) -> bool:
    """Whether an edit is there already, so that there is nothing left to change."""
    if not isinstance(activity, EditFile) or not activity.old or not activity.new:
        return False
    text = desk.text(activity.path)
    if text is None or activity.new not in text:
        return False
    # The new text may hold the old one in itself.
    grown = activity.old in activity.new
    return activity.old not in (text.replace(activity.new, "") if grown else text)


def _characters(activity: Activity) -> int:
    match activity:
        case EditFile(_, old, new):
            return len(old) + len(new)
        case CreateFile(_, text):
            return len(text)
        case _:
            return 0
