// Record a session, and make a scenario of what was just seen.

import { Uri, window, workspace } from "vscode";

import type { Standing } from "../cards.js";
import KINDS from "../kinds.json" with { type: "json" };
import { SERVER } from "../protocol.js";
import type { Log } from "./log.js";
import type { Server } from "./server.js";

/** Begin or end a recording; the status bar shows it as long as it lasts. */
export async function record(server: Server, log: Log): Promise<void> {
  const answer = await server.execute<{ recording: string; files: string[] }>(SERVER.record, []);
  if (answer === undefined) {
    say("the server is not running");
    return;
  }
  const { files } = answer;
  if (files.length === 0) {
    say("nothing is recorded while suggestions are off or the workspace is not trusted");
    return;
  }
  const done = answer.recording ? "recording to" : "recorded to";
  log.info(`${done} ${files.join(", ")}`);
  say(`${done} ${files[0]}`);
}

/** What happened in a folder in the last minutes becomes a scenario, without any label. */
export async function saveRecent(server: Server, folder: string | undefined): Promise<void> {
  await capture(server, "recent", "scenario", folder === undefined ? {} : { folder });
}

/** Something should have been suggested at the cursor. */
export async function captureMissing(server: Server): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    say("put the cursor where something was missing");
    return;
  }
  const uri = editor.document.uri.toString();
  const line = editor.selection.active.line;
  const need = await window.showQuickPick([...KINDS], {
    title: "Proactive: what should have been suggested here?",
  });
  if (need !== undefined) {
    await capture(server, "missing", `missing-${need}`, { need, uri, line });
  }
}

/** This suggestion should not have been made. */
export async function captureUnwanted(server: Server, { card, folder }: Standing): Promise<void> {
  const named = folder ? { folder } : {};
  await capture(server, "unwanted", `unwanted-${card.need}`, { id: card.id, ...named });
}

async function capture(server: Server, what: string, name: string, wish: object): Promise<void> {
  const beside = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    title: "Proactive: the new folder of the scenario",
    saveLabel: "Save scenario",
    ...(beside === undefined ? {} : { defaultUri: Uri.joinPath(beside, "..", name) }),
  });
  if (target === undefined) {
    return;
  }
  const wanted = { what, output: target.fsPath, ...wish };
  const answer = await server.execute<{ folder: string; text: string }>(SERVER.capture, [wanted]);
  if (answer !== undefined) {
    void window.showInformationMessage(`Proactive: ${answer.text}`);
  }
}

function say(text: string): void {
  void window.setStatusBarMessage(`Proactive: ${text}`, 8_000);
}
