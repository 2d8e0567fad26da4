"""What of a plan an editor gets, by whether it can have its user confirm an edit."""

from collections.abc import Callable

from msgspec.structs import replace

from proactive_lsp.agent.writing.write import BY_MODEL
from proactive_lsp.suggestions import Plan, TextEdit


def certain_only(plan: Plan) -> Plan:
    """The plan without the edits that a client could not ask the user about."""
    files = [
        replace(file, edits=tuple(edit for edit in file.edits if edit.certain))
        for file in plan.files
    ]
    return replace(plan, files=tuple(file for file in files if file.edits))


def to_be_confirmed(plan: Plan) -> Plan:
    """The plan with all of its edits for the user to confirm."""
    return _marked(plan, lambda edit: False)


def asked_for(plan: Plan) -> Plan:
    """The plan with those edits certain that a model wrote, as the user asked for this text."""
    return _marked(plan, lambda edit: edit.certain or edit.label.startswith(BY_MODEL))


def _marked(plan: Plan, certain: Callable[[TextEdit], bool]) -> Plan:
    files = (
        replace(file, edits=tuple(replace(edit, certain=certain(edit)) for edit in file.edits))
        for file in plan.files
    )
    return replace(plan, files=tuple(files))
