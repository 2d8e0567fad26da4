"""Settings from the editor while it runs.

The user's own come with `initialize`. What `workspace/configuration` says may come from the
workspace, and cannot be told from the user's, so it can only make suggestions quieter.
"""

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from proactive_lsp.server.convert import as_object

if TYPE_CHECKING:
    from proactive_lsp.server.server import ProactiveServer

SECTION = "proactive"


def did_change(server: "ProactiveServer", params: types.DidChangeConfigurationParams) -> None:
    """Some setting changed: ask for ours, or take them from here if the client cannot be asked."""
    if server.client.configuration:
        server.background(ask(server))
        return
    _take(server, as_object(params.settings).get(SECTION))


async def ask(server: "ProactiveServer") -> None:
    """Ask the editor for our section and honour what makes us quieter."""
    items = [types.ConfigurationItem(section=SECTION)]
    answer = await server.workspace_configuration_async(types.ConfigurationParams(items))
    _take(server, answer[0] if answer else None)


def watch(server: "ProactiveServer") -> None:
    """Ask the editor to tell when our section changes."""
    server.register(
        "proactive-configuration",
        types.WORKSPACE_DID_CHANGE_CONFIGURATION,
        types.DidChangeConfigurationRegistrationOptions(section=SECTION),
    )


def _take(server: "ProactiveServer", section: object) -> None:
    asked = _quieter(as_object(section))
    server.host.call(lambda engines: engines.configure(asked))


def _quieter(section: dict[str, Any]) -> dict[str, Any]:
    """Those settings that a workspace may have a say in, by the names it knows them by."""
    found = {
        "enabled": section.get("enabled"),
        "off": as_object(section.get("needs")).get("off"),
        "eagerness": as_object(section.get("reward")).get("eagerness"),
    }
    return {name: value for name, value in found.items() if value is not None}
