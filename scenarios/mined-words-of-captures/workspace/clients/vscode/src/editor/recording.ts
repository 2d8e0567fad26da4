// Record a session, and make a scenario of what was just seen.

import { commands, ProgressLocation, Uri, window, workspace } from "vscode";

import type { Standing } from "../cards.js";
import KINDS from "../kinds.json" with { type: "json" };
import { SERVER } from "../protocol.js";
import { freeName, type Recorded, recordedWords } from "../recordings.js";
import type { Log } from "./log.js";
import type { Server } from "./server.js";

/** Begin or end a recording; the status bar shows it as long as it lasts. */
export async function record(server: Server, log: Log): Promise<void> {
  const answer = await server.execute<Recorded>(SERVER.record, []);
  if (answer === undefined) {
    say("the server is not running");
    return;
  }
  const words = recordedWords(answer);
  log.info(words);
  if (answer.recording || answer.files.length === 0) {
    say(words);
    return;
  }
  const chosen = await window.showInformationMessage(`Proactive: ${words}`, "Report");
  if (chosen !== undefined) {
    await commands.executeCommand("proactive.report", answer.files);
  }
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
    ...(beside === undefined ? {} : { defaultUri: await free(Uri.joinPath(beside, ".."), name) }),
  });
  if (target === undefined) {
    return;
  }
  const wanted = { what, output: target.fsPath, ...wish };
  const options = { location: ProgressLocation.Window, title: "Proactive: making the scenario" };
  try {
    const answer = await window.withProgress(options, () =>
      server.execute<{ text: string }>(SERVER.capture, [wanted]),
    );
    if (answer === undefined) {
      say("the server is not running");
      return;
    }
    const chosen = await window.showInformationMessage(`Proactive: ${answer.text}`, "Open");
    if (chosen !== undefined) {
      await window.showTextDocument(Uri.joinPath(target, "session.jsonl"));
    }
  } catch (error) {
    // They answered two questions, so they are not to miss that nothing came of it.
    void window.showErrorMessage(
      `Proactive: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A place in the folder where nothing is yet. */
async function free(folder: Uri, name: string): Promise<Uri> {
  let taken: readonly [string, unknown][] = [];
  try {
    taken = await workspace.fs.readDirectory(folder);
  } catch {
    // It may not be read; the server will say what is wrong with a name.
  }
  return Uri.joinPath(folder, freeName(name, new Set(taken.map(([each]) => each))));
}

function say(text: string): void {
  void window.setStatusBarMessage(`Proactive: ${text}`, 8_000);
}
