"""Turn what a model wrote into a plan for the text as it stands by now, or say that it is stale."""

from collections.abc import Callable

from msgspec import structs

from proactive_lsp.agent.write import created_file, plan
from proactive_lsp.agent.writing.job import Written
from proactive_lsp.agent.writing.moved import moved
from proactive_lsp.suggestions import Plan, Stale, Suggestion
from proactive_lsp.workspace.tree import Tree


def planned(
    written: Written, card: Suggestion, *, tree: Tree, version: Callable[[str], int | None]
) -> Plan | Stale:
    """The edits, new files and text of what was written for a card.

    The user types on while a model writes: lines that only moved take their edit along, those that
    were edited make it stale, and so does a file that was to be made and is there.
    """
    places = moved(written.places, dict(written.base), tree)
    if isinstance(places, str):
        return Stale(card.id, f"{places} was edited there while the model wrote")
    for path, _ in written.files:
        if tree.read(path) is not None:
            return Stale(card.id, f"{path} was made while the model wrote")
    made = plan(card.id, card.title, places, trigger=card.path, tree=tree, version=version)
    if isinstance(made, Stale):
        return made
    created = (created_file(path, text) for path, text in written.files)
    return structs.replace(made, files=(*made.files, *created), text=written.text)
