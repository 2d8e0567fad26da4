// Forget what is remembered, once the user has chosen what and said so again.

import { window } from "vscode";

import { FORGETTINGS, requests, warning } from "../forgetting.js";
import type { Explaining } from "./explaining.js";
import type { Server } from "./server.js";
import { folderUris } from "./settings.js";

export async function forget(
  server: Server,
  explaining: Explaining,
  folder: string | undefined,
): Promise<void> {
  const chosen = await window.showQuickPick([...FORGETTINGS], {
    title: "Proactive: what is to be forgotten?",
  });
  if (chosen === undefined) {
    return;
  }
  const answer = await window.showWarningMessage(
    chosen.question,
    { modal: true, detail: warning(folder, folderUris()) },
    "Forget",
  );
  if (answer !== "Forget") {
    return;
  }
  const texts: string[] = [];
  for (const { command, args } of requests(chosen, folder)) {
    texts.push((await server.execute<string>(command, args)) ?? "The server is not running.");
  }
  void window.setStatusBarMessage(`Proactive: ${texts.join(" ")}`, 8_000);
  // What is forgotten is not to stand on a page that is still open.
  await explaining.renew(["memory", "learned"]);
}
