// Reports: what happened in recorded sessions, and how it did over days, as pages.

import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";

import { env, ProgressLocation, Uri, ViewColumn, window } from "vscode";

import { run } from "../processes.js";
import {
  guarded,
  placeOf,
  problemOf,
  recordingsOf,
  scorecardArguments,
  sessionArguments,
} from "../reports.js";
import type { Places } from "./finding.js";
import { userValue } from "./settings.js";

const PATIENCE = 300_000;

/** Chooses recorded sessions and shows what happened in them. */
export async function report(places: Places): Promise<void> {
  const folder = recordingsOf(userValue);
  const chosen = await window.showOpenDialog({
    title: "Proactive: which recorded sessions?",
    openLabel: "Report",
    canSelectMany: true,
    filters: { "Recorded sessions": ["jsonl"], "All files": ["*"] },
    ...(folder === undefined ? {} : { defaultUri: Uri.file(folder) }),
  });
  if (chosen !== undefined && chosen.length > 0) {
    const files = chosen.map((uri) => uri.fsPath);
    await write(places, "Report", (page) => sessionArguments(files, page));
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
