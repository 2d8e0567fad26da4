// The commands of the client, one line each; what they do lives with whoever does it.

import {
  commands,
  ConfigurationTarget,
  type Disposable,
  Uri,
  window,
  workspace,
} from "vscode";

import { cardAt, isCommitMessage, type Standing, wayOf } from "../cards.js";
import { locate } from "../paths.js";
import { SERVER } from "../protocol.js";
import KINDS from "../kinds.json" with { type: "json" };
import { SNOOZES } from "../status.js";
import { neighbour } from "../stops.js";
import type { Node } from "../tree.js";
import { type Accepting, PREVIEW, show } from "./accepting.js";
import { doctor } from "./doctor.js";
import type { Explaining } from "./explaining.js";
import type { Places } from "./finding.js";
import { forget } from "./forgetting.js";
import { hintsAt } from "./hints.js";
import type { Log } from "./log.js";
import { chooseModel } from "./model.js";
import { captureMissing, captureUnwanted, record, saveRecent } from "./recording.js";
import { report, scorecard } from "./reporting.js";
import type { Server } from "./server.js";
import { folderUris, isOn } from "./settings.js";
import { showMenu } from "./statusBar.js";
import type { Suggestions } from "./suggestions.js";
import type { TreeView } from "./treeView.js";

export interface Parts {
  readonly log: Log;
  readonly places: Places;
  readonly server: Server;
  readonly suggestions: Suggestions;
  readonly accepting: Accepting;
  readonly explaining: Explaining;
  readonly tree: TreeView;
}

/** Who is meant: the clicked row, the open preview, what is at the cursor, the selected row. */
export function meant(parts: Parts, node: unknown): Standing | undefined {
  const { suggestions, accepting, tree } = parts;
  const clicked = (node as Node | undefined)?.standing;
  if (clicked !== undefined) {
    return suggestions.find(clicked.card.id, clicked.folder);
  }
  // The button of a preview names it, whichever of its sides has the cursor.
  if (node instanceof Uri && node.scheme === PREVIEW) {
    return accepting.inPreview(node);
  }
  const editor = window.activeTextEditor;
  if (editor === undefined) {
    return tree.selected?.standing;
  }
  const uri = editor.document.uri;
  if (uri.scheme === PREVIEW) {
    return accepting.inPreview(uri);
  }
  const folder = locate(uri.toString(), folderUris())?.folder;
  const hint = hintsAt(uri, editor.selection.active)[0];
  const hinted = hint && suggestions.find(hint.id, folder);
  return hinted ?? cardAt(suggestions.all, uri.toString(), editor.selection.active.line);
}

export function register(parts: Parts): Disposable[] {
  const { accepting, explaining, log, places, server, suggestions } = parts;
  const one = (run: (standing: Standing, node: Node | undefined) => unknown) => (node: unknown) => {
    const standing = meant(parts, node);
    if (standing === undefined) {
      void window.setStatusBarMessage("Proactive: no suggestion here", 4_000);
      return undefined;
    }
    return run(standing, node as Node | undefined);
  };
  const answer = async (command: string, { card, folder }: Standing) => {
    await server.execute(command, folder ? [card.id, folder] : [card.id]);
  };
  const table: Record<string, (...args: unknown[]) => unknown> = {
    "proactive.accept": one((standing) => accepting.accept(standing)),
    "proactive.write": one((standing) => accepting.write(standing)),
    "proactive.preview": one((standing) => accepting.preview(standing)),
    "proactive.open": one((standing, node) => accepting.open(standing, node?.number ?? 0)),
    "proactive.why": one(({ card, folder }) =>
      explaining.show(card.id, folder || undefined, `Why: ${card.title}`),
    ),
    "proactive.dismiss": one((standing) => answer(SERVER.dismiss, standing)),
    "proactive.muteThis": one((standing) => answer(SERVER.muteKind, standing)),
    "proactive.actions": one((standing) => actions(standing)),
    "proactive.next": () => step(suggestions, 1),
    "proactive.previous": () => step(suggestions, -1),
    "proactive.whyNothing": () => explaining.show(null, activeFolder(), "Why nothing"),
    "proactive.showMemory": () => explaining.show("memory", activeFolder(), "What is remembered"),
    "proactive.showLearned": () => explaining.show("learned", activeFolder(), "What was learned"),
    "proactive.forgetMemory": () => forget(server, explaining, activeFolder()),
    "proactive.muteKind": () => muteKind(server, suggestions),
    "proactive.toggle": toggle,
    "proactive.chooseModel": () => chooseModel(server, places),
    "proactive.setUp": () => setUp(parts),
    "proactive.restart": () => server.lifecycle.restart(),
    "proactive.doctor": () => doctor(server, places, explaining),
    "proactive.report": (files) => report(places, files),
    "proactive.scorecard": () => scorecard(places, activeFolder()),
    "proactive.showLog": () => log.show(),
    "proactive.record": () => record(server, log),
    "proactive.saveRecent": () => saveRecent(server, log, activeFolder()),
    "proactive.captureMissing": () => captureMissing(server, log),
    "proactive.captureUnwanted": one((standing) => captureUnwanted(server, log, standing)),
    "proactive.menu": () => showMenu(server),
  };
  for (const [command, minutes] of Object.entries(SNOOZES)) {
    table[command] = () => server.execute(SERVER.snooze, [minutes]);
  }
  return Object.entries(table).map(([name, run]) =>
    commands.registerCommand(name, async (...args: unknown[]) => {
      try {
        return await run(...args);
      } catch (error) {
        log.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        void window.setStatusBarMessage(
          `Proactive: ${error instanceof Error ? error.message : String(error)}`,
          8_000,
        );
        return undefined;
      }
    }),
  );
}

/** The menu of one card, behind the lightbulb's "Proactive…": the user opened it. */
async function actions({ card, folder }: Standing): Promise<void> {
  const changes = wayOf(card) === "edit";
  const items = [
    { label: "$(question) Why?", command: "proactive.why" },
    ...(changes ? [{ label: "$(diff) Preview…", command: "proactive.preview" }] : []),
    {
      label: isCommitMessage(card)
        ? "$(check) Fill the message box"
        : changes
          ? "$(check) Accept"
          : "$(go-to-file) Show",
      command: "proactive.accept",
    },
    ...(card.writable
      ? [{ label: "$(sparkle) Have the model write it", command: "proactive.write" }]
      : []),
    { label: "$(close) Not now", command: "proactive.dismiss" },
    {
      label: "$(bell-slash) Never this kind here",
      description: card.need,
      command: "proactive.muteThis",
    },
    { label: "$(clock) Snooze for 15 minutes", command: "proactive.snooze15" },
    { label: "$(bug) Should not have suggested this…", command: "proactive.captureUnwanted" },
  ];
  const chosen = await window.showQuickPick(items, { title: card.title });
  if (chosen !== undefined) {
    await commands.executeCommand(chosen.command, { standing: { card, folder, key: "" } });
  }
}

async function step(suggestions: Suggestions, direction: 1 | -1): Promise<void> {
  const editor = window.activeTextEditor;
  const here = editor && {
    uri: editor.document.uri.toString(),
    line: editor.selection.active.line,
  };
  const stop = neighbour(suggestions.all, here, direction);
  if (stop === undefined) {
    void window.setStatusBarMessage("Proactive: no suggestions", 4_000);
    return;
  }
  await show(stop.uri, stop.at);
}

async function muteKind(server: Server, suggestions: Suggestions): Promise<void> {
  const here = new Set(suggestions.all.map(({ card }) => card.need));
  const items = KINDS.map((kind) => ({
    label: kind,
    ...(here.has(kind) ? { description: "suggested now" } : {}),
  }));
  items.sort((one, other) => Number(here.has(other.label)) - Number(here.has(one.label)));
  const chosen = await window.showQuickPick(items, {
    title: "Proactive: never this kind in this folder again",
  });
  const where = window.activeTextEditor?.document.uri.toString() ?? activeFolder();
  if (chosen !== undefined && where !== undefined) {
    await server.execute(SERVER.muteKind, [chosen.label, where]);
  }
}

/** Off at user scope means everywhere; on takes that back. A workspace's own "off" is its own. */
async function toggle(): Promise<void> {
  const wasOn = isOn();
  const settings = workspace.getConfiguration("proactive", null);
  await settings.update("enabled", wasOn ? false : undefined, ConfigurationTarget.Global);
  if (!wasOn && !isOn()) {
    void window.setStatusBarMessage(
      "Proactive: this workspace's settings keep suggestions off",
      8_000,
    );
  }
}

async function setUp({ log, places, server }: Parts): Promise<void> {
  const made = await places.make();
  if (made.python !== undefined) {
    await server.lifecycle.restart();
    return;
  }
  log.error(made.problem);
  const answer = await window.showErrorMessage(`Proactive: ${made.problem}`, "Show log");
  if (answer !== undefined) {
    log.show();
  }
}

function activeFolder(): string | undefined {
  const uri = window.activeTextEditor?.document.uri.toString();
  const folders = folderUris();
  return (uri && locate(uri, folders)?.folder) ?? folders[0];
}
