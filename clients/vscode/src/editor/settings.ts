// The user's settings, read where a workspace cannot reach, and what is known of the workspace.

import { workspace } from "vscode";

import type { Surroundings } from "../options.js";
import type { Kind, Switches } from "../outbox.js";

/** The value at user scope (on a remote machine, of that machine); undefined where unset. */
export function userValue(name: string): unknown {
  return workspace.getConfiguration("proactive", null).inspect(name)?.globalValue;
}

/** Whether suggestions are on but for what single folders say, which the server hears of. */
export function isOn(): boolean {
  return workspace.getConfiguration("proactive", null).get("enabled") !== false;
}

export function switches(): Switches {
  const settings = workspace.getConfiguration("proactive.events");
  const told = (name: Kind | "terminalOutput") => settings.get(name) !== false;
  return {
    focus: told("focus"),
    terminal: told("terminal"),
    terminalOutput: told("terminalOutput"),
    tasks: told("tasks"),
    debug: told("debug"),
    diagnostics: told("diagnostics"),
    git: told("git"),
  };
}

/** The URIs of the workspace folders, spelled as the language client spells them. */
export function folderUris(): string[] {
  return (workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString());
}

/** What is known of the workspace as a whole. */
export function around(): Surroundings {
  return { trusted: workspace.isTrusted, virtual: isVirtual() };
}

/** Whether some folder does not lie on this machine's disk. */
export function isVirtual(): boolean {
  return (workspace.workspaceFolders ?? []).some((folder) => folder.uri.scheme !== "file");
}
