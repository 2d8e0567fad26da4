"""Notice, from a commit alone, which calls and mentions it left behind.

For work that no editor told about: a signature or a name changed by a script, a merge tool or
another program and committed. What was edited here is noticed by the other detectors, whose
ways of looking this one uses.
"""

from collections.abc import Iterator

from proactive_lsp.needs import broken_call, renamed_mention
from proactive_lsp.needs.targets import as_it_stands, target_of
from proactive_lsp.situation import Situation
from proactive_lsp.suggestions import Fact, Need
from proactive_lsp.workspace.changes import SemanticChange

KIND = "commit-owes"


def detect(situation: Situation) -> Iterator[Need]:
    """One need per definition that the last commits changed and that leaves something behind."""
    told = {(change.kind, change.path, change.name) for change in situation.changes}
    # The newest commit has the last word on a definition.
    for commit in reversed(situation.committed):
        for change in commit.changes:
            if (change.kind, change.path, change.name) in told:
                continue
            told.add((change.kind, change.path, change.name))
            need = _owed(situation, commit.id, change)
            if need is not None:
                yield need


def _owed(situation: Situation, commit: str, change: SemanticChange) -> Need | None:
    target = target_of(change)
    target = as_it_stands(target, situation) if target is not None else None
    if target is None:
        return None
    if change.kind == "signature":
        look, places = broken_call, broken_call.broken_calls(change, target, situation)
    elif change.kind == "renamed" and target.old != target.new:
        look, places = renamed_mention, renamed_mention.mentions_left(target, situation)
    else:
        return None
    if not places:
        return None
    return Need(
        kind=KIND,
        path=change.path,
        range=target.after.name_range,
        anchor=target.after.header,
        title=look.title(target, places),
        facts=(
            look.fact(change, target),
            Fact(f"commit {commit[:8]} did that", event=situation.cited.get(commit)),
        ),
        places=places,
        features=look.features(places),
    )
