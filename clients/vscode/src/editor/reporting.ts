// Reports: what happened in recorded sessions, and how it did over days, as pages.

import { existsSync } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

import { env, ProgressLocation, Uri, ViewColumn, window, workspace } from "vscode";

import { run } from "../processes.js";
import { recordingsFolder, repositoryOfRecording } from "../recordings.js";
import { guarded, placeOf, problemOf, scorecardArguments, sessionArguments } from "../reports.js";
import type { Places } from "./finding.js";
import { userValue } from "./settings.js";

const PATIENCE = 300_000;
// The header of a recording over a commit is shorter; longer ones have texts.
const BEGINNING = 8_192;

/** Shows what happened in recorded sessions: in these files, else the user chooses some. */
export async function report(places: Places, files?: unknown): Promise<void> {
  const given = Array.isArray(files) && files.every((file) => typeof file === "string");
  const chosen: readonly string[] = given ? files : await choose();
  if (chosen.length > 0) {
    const repository = await repositoryOf(chosen);
    await write(places, "Report", (page) => sessionArguments(chosen, page, repository));
  }
}

async function choose(): Promise<readonly string[]> {
  const system = { platform: process.platform, home: homedir(), environment: process.env };
  const folder = recordingsFolder(
    userValue("server.record"),
    userValue("recording.folder"),
    system,
  );
  const chosen = await window.showOpenDialog({
    title: "Proactive: which recorded sessions?",
    openLabel: "Report",
    canSelectMany: true,
    filters: { "Recorded sessions": ["jsonl"], "All files": ["*"] },
    ...(existsSync(folder) ? { defaultUri: Uri.file(folder) } : {}),
  });
  return (chosen ?? []).map((uri) => uri.fsPath);
}

/** The folder with the commit that some of them were recorded over. */
async function repositoryOf(files: readonly string[]): Promise<string | undefined> {
  // Git runs in no folder that nobody trusts.
  const trusted = workspace.isTrusted ? (workspace.workspaceFolders ?? []) : [];
  const folders = trusted.map(({ uri }) => uri.fsPath);
  for (const file of files) {
    const found = repositoryOfRecording(await beginningOf(file), folders);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

async function beginningOf(file: string): Promise<string> {
  try {
    const opened = await open(file);
    try {
      const { buffer, bytesRead } = await opened.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await opened.close();
    }
  } catch {
    // The server says what is wrong with it.
    return "";
  }
}

/** Shows how it did in a folder. */
export async function scorecard(places: Places, folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    void window.setStatusBarMessage("Proactive: open a folder first", 5_000);
    return;
  }
  const where = Uri.parse(folder).fsPath;
  await write(places, "Scorecard", (page) => scorecardArguments(where, page));
}

async function write(
  places: Places,
  name: string,
  args: (page: string) => readonly string[],
): Promise<void> {
  const options = { location: ProgressLocation.Window, title: `Proactive: ${name.toLowerCase()}` };
  const page = path.join(places.cwd, "reports", `${name.toLowerCase()}.html`);
  const problem = await window.withProgress(options, async () => {
    const { command } = await places.find();
    if (command === undefined) {
      return "there is no server; set one up first";
    }
    await mkdir(path.dirname(page), { recursive: true });
    return problemOf(
      await run([...command, ...args(page)], { cwd: places.cwd, timeout: PATIENCE }),
    );
  });
  if (problem !== undefined) {
    void window.showErrorMessage(`Proactive: ${problem}`);
    return;
  }
  const html = await readFile(page, "utf8");
  if (placeOf(html) === "browser") {
    await env.openExternal(Uri.file(page));
    return;
  }
  const panel = window.createWebviewPanel(
    "proactive.report",
    `Proactive: ${name}`,
    ViewColumn.Active,
    { enableScripts: false, enableFindWidget: true, localResourceRoots: [] },
  );
  panel.webview.html = guarded(html);
}
