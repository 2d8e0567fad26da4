// Wires the parts together, and decides nothing.

import { commands, type ExtensionContext, window, workspace } from "vscode";

import { SERVER } from "./protocol.js";
import { Accepting } from "./editor/accepting.js";
import { type Parts, register } from "./editor/commands.js";
import { Explaining } from "./editor/explaining.js";
import { type Finding, Places } from "./editor/finding.js";
import { Log } from "./editor/log.js";
import { Powering } from "./editor/powering.js";
import { Server } from "./editor/server.js";
import { statusBar } from "./editor/statusBar.js";
import { Suggestions } from "./editor/suggestions.js";
import { Telling } from "./editor/telling.js";
import { TreeView } from "./editor/treeView.js";
import { Watching } from "./editor/watching.js";

let server: Server | undefined;

export function activate(context: ExtensionContext): void {
  const log = new Log(window.createOutputChannel("Proactive", { log: true }));
  const places = new Places(context, log);
  const suggestions = new Suggestions();
  server = new Server(
    log,
    places,
    (command, args) => intercept(suggestions, command, args),
    offer(log),
  );
  const explaining = new Explaining(server, suggestions);
  const accepting = new Accepting(server);
  const watching = new Watching(server, suggestions);
  const tree = new TreeView(suggestions, () => watching.poke());
  watching.inTree = () => tree.seen;
  const parts: Parts = { log, places, server, suggestions, accepting, explaining, tree };
  const running = server;
  context.subscriptions.push(
    log.channel,
    places,
    suggestions,
    explaining,
    accepting,
    watching,
    tree,
    new Telling(running),
    new Powering(running, places.cwd),
    running.onCards((cards) => suggestions.take(cards)),
    ...statusBar(running),
    ...register(parts),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("proactive")) {
        running.settingsChanged();
      }
    }),
    places.onPython(() => {
      if (running.health === "missing") {
        void running.lifecycle.start();
      }
    }),
    workspace.onDidChangeWorkspaceFolders(() => running.settingsChanged()),
    workspace.onDidGrantWorkspaceTrust(() => void running.lifecycle.restart()),
  );
  void running.lifecycle.start();
}

export async function deactivate(): Promise<void> {
  await server?.dispose();
}

/** What the server's own actions do by a command is shown better here than by a message. */
function intercept(suggestions: Suggestions, command: string, args: readonly unknown[]): boolean {
  const [id, second, third] = args;
  const folder = command === SERVER.show ? third : second;
  const standing =
    typeof id === "string"
      ? suggestions.find(id, typeof folder === "string" ? folder : undefined)
      : undefined;
  if (standing === undefined) {
    return false;
  }
  if (command === SERVER.explain) {
    void commands.executeCommand("proactive.actions", { standing });
    return true;
  }
  if (command === SERVER.show && standing.card.places.length === 0) {
    void commands.executeCommand("proactive.accept", { standing });
    return true;
  }
  return false;
}

/** Says once what is missing; afterwards the status bar and the view do. */
function offer(log: Log): (finding: Finding) => void {
  let offered = false;
  return ({ tried, outdated }) => {
    if (offered) {
      return;
    }
    offered = true;
    const own = tried.find(({ candidate }) => candidate.from === "setting");
    if (own !== undefined) {
      const text = `Proactive: "proactive.server.command" starts no server: ${own.problem ?? "no answer"}`;
      void window.showErrorMessage(text, "Show log").then((answer) => answer && log.show());
      return;
    }
    const text = outdated
      ? "The private server of Proactive is older than the extension. Set up the new one?"
      : "Proactive needs its server, a Python program. Set up a private one? It gets an environment of its own.";
    void window
      .showInformationMessage(text, "Set up", "Not now")
      .then((answer) =>
        answer === "Set up" ? commands.executeCommand("proactive.setUp") : undefined,
      );
  };
}
