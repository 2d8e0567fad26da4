// The item in the status bar and the menu behind it.

import { commands, type Disposable, StatusBarAlignment, ThemeColor, window } from "vscode";

import { menuOf, statusShown } from "../status.js";
import type { Server } from "./server.js";
import { userValue } from "./settings.js";

export function statusBar(server: Server): Disposable[] {
  const item = window.createStatusBarItem("proactive.status", StatusBarAlignment.Right, 90);
  item.name = "Proactive";
  item.command = "proactive.menu";
  let last = "";
  let answered = false;
  const draw = () => {
    answered ||= server.status.modelState === "ready";
    // As the server sees it: who names a model counts on it, as does everybody once it answered.
    const named = Boolean(userValue("agent.model") || userValue("agent.host"));
    const shown = statusShown(server.health, server.status, named || answered);
    const text = JSON.stringify(shown);
    if (text === last) {
      return;
    }
    last = text;
    item.text = shown.text;
    item.tooltip = shown.tooltip;
    item.accessibilityInformation = { label: shown.spoken, role: "button" };
    item.backgroundColor = shown.warning
      ? new ThemeColor("statusBarItem.warningBackground")
      : undefined;
  };
  draw();
  item.show();
  return [item, server.onStatus(draw)];
}

export async function showMenu(server: Server): Promise<void> {
  const entries = menuOf(server.health, server.status);
  const title = statusShown(server.health, server.status).tooltip;
  const chosen = await window.showQuickPick([...entries], { title: `Proactive: ${title}` });
  if (chosen !== undefined) {
    await commands.executeCommand(chosen.command, ...(chosen.arguments ?? []));
  }
}
