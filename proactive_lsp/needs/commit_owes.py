"""Notice, from a commit alone, which calls and mentions it left behind.

For work that no editor told about: a signature or a name changed by a script, a merge tool or
another program and committed. What was edited here is noticed by the other detectors, whose
ways of looking this one uses.
"""

from collections.abc import Iterator

from proactive_lsp.needs import broken_call, renamed_mention
from proactive_lsp.needs.targets import target_of
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need

KIND = "commit-owes"


def detect(situation: Situation) -> Iterator[Need]:
    """One need per definition that the last commit changed and that leaves something behind."""
    commit = situation.commit
    if commit is None:
        return
    told = {(change.kind, change.path, change.name) for change in situation.changes}
    for change in situation.committed:
        target = target_of(change)
        if target is None or (change.kind, change.path, change.name) in told:
            continue
        if change.kind == "signature":
            look, places = broken_call, broken_call.broken_calls(change, target, situation)
        elif change.kind == "renamed" and target.old != target.new:
            look, places = renamed_mention, renamed_mention.mentions_left(target, situation)
        else:
            continue
        if places:
            yield Need(
                kind=KIND,
                path=change.path,
                range=target.after.name_range,
                anchor=target.after.header,
                title=look.title(target, places),
                facts=(
                    look.fact(change, target),
                    Fact(f"commit {commit.id[:8]} did that", event=commit.event),
                ),
                places=places,
                features=look.features(places),
            )
