"""Settings from the editor while it runs, folder by folder.

The user's own come with `initialize`. What `workspace/configuration` says may come from the
workspace, and cannot be told from the user's, so it can only make suggestions quieter.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from proactive_lsp.server.convert import as_object
from proactive_lsp.server.folders import Folder

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

SECTION = "proactive"


def did_change(server: "ProactiveServer", params: types.DidChangeConfigurationParams) -> None:
    """Some setting changed: ask for ours, or take them from here if the client cannot be asked."""
    if server.client.configuration:
        server.background(ask(server))
        return
    _take(server, {None: as_object(params.settings).get(SECTION)})


async def ask(server: "ProactiveServer") -> None:
    """Ask the editor for our section of each folder and honour what makes us quieter.

    What holds for no folder in particular is asked for, too: a folder begins with that.
    """
    folders = tuple(folder for folder in server.folders.all() if folder.uri)
    items = [
        types.ConfigurationItem(section=SECTION),
        *(types.ConfigurationItem(scope_uri=folder.uri, section=SECTION) for folder in folders),
    ]
    answers = await server.workspace_configuration_async(types.ConfigurationParams(items))
    # An editor that knows no scopes may answer once, and an odd one not at all.
    asked: tuple[Folder | None, ...] = (None, *folders)
    _take(server, dict(zip(asked, answers, strict=False)))


def watch(server: "ProactiveServer") -> None:
    """Ask the editor to tell when our section changes."""
    server.register(
        "proactive-configuration",
        types.WORKSPACE_DID_CHANGE_CONFIGURATION,
        types.DidChangeConfigurationRegistrationOptions(section=SECTION),
    )


def _take(server: "ProactiveServer", sections: Mapping[Folder | None, object]) -> None:
    asked = {folder: _quieter(as_object(section)) for folder, section in sections.items()}
    server.host.call(lambda engines: engines.configure(asked))


def _quieter(section: dict[str, Any]) -> dict[str, Any]:
    """Those settings that a workspace may have a say in, by the names it knows them by."""
    found = {
        "enabled": section.get("enabled"),
        "off": as_object(section.get("needs")).get("off"),
        "eagerness": as_object(section.get("reward")).get("eagerness"),
    }
    return {name: value for name, value in found.items() if value is not None}
