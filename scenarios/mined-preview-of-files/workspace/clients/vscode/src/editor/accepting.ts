// Accept a card, or look first at what it would do. Nothing is applied that was not just asked for.

import { createHash } from "node:crypto";

import { commands, type Disposable, EventEmitter, Range, Uri, window, workspace } from "vscode";

import {
  draftOf,
  isCommitMessage,
  isWorkspaceTask,
  type Standing,
  stopsOf,
  wayOf,
} from "../cards.js";
import { applied, asksFirst, type FileEdits, filesOf, type WorkspaceEdit } from "../edits.js";
import { shown } from "../paths.js";
import { SERVER, WRITE } from "../protocol.js";
import { fillMessage } from "./git.js";
import { isStale, type Server } from "./server.js";
import { folderUris } from "./settings.js";

export const PREVIEW = "proactive-preview";
const GONE = "Proactive: this suggestion no longer holds";

export class Accepting implements Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  private readonly own: Disposable[];
  private readonly previewed = new Map<string, Standing>();

  constructor(private readonly server: Server) {
    const provider = workspace.registerTextDocumentContentProvider(PREVIEW, {
      onDidChange: this.changed.event,
      provideTextDocumentContent: (uri) => this.texts.get(uri.path) ?? "",
    });
    const closed = workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === PREVIEW) {
        this.texts.delete(uri.path);
        this.previewed.delete(uri.path);
      }
    });
    this.own = [provider, closed, this.changed];
  }

  /** The card that a preview is of; of several open ones each has its own. */
  inPreview(uri: Uri): Standing | undefined {
    return this.previewed.get(uri.path);
  }

  async accept(standing: Standing): Promise<void> {
    switch (wayOf(standing.card)) {
      case "show":
        return this.open(standing, 0);
      case "text":
        return this.take(standing);
      case "write":
        return this.write(standing);
      case "edit":
        return this.change(standing);
    }
  }

  /** Have the model write it, with progress; the editor shows its preview before anything changes. */
  async write({ card, folder }: Standing): Promise<void> {
    await this.asked(() =>
      this.server.execute(SERVER.accepted, [card.id, null, WRITE, null, folder || null]),
    );
  }

  /** A diff of every file that accepting would change; a text is shown as it is. */
  async preview(standing: Standing): Promise<void> {
    const { card } = standing;
    if (wayOf(card) === "write") {
      // Nothing is written yet; the preview of the edit comes once it is.
      return this.accept(standing);
    }
    if (isCommitMessage(card) && wayOf(card) === "text") {
      const draft = this.shown(standing, "COMMIT_EDITMSG", draftOf(card));
      await window.showTextDocument(draft, { preview: true });
      return;
    }
    if (wayOf(card) !== "edit") {
      return this.open(standing, 0);
    }
    const edit = await this.edit(standing);
    if (edit === undefined) {
      return;
    }
    const sides = await Promise.all(filesOf(edit).map((file) => this.sides(standing, file)));
    const title = `${card.title} (preview)`;
    if (sides.length === 1) {
      const [left, right] = sides[0]!;
      await commands.executeCommand("vscode.diff", left, right, title, { preview: true });
    } else {
      await commands.executeCommand(
        "vscode.changes",
        title,
        sides.map(([left, right]) => [left, left, right]),
      );
    }
  }

  /** Put the cursor at a place; the user asked for it. */
  async open({ card }: Standing, number: number): Promise<void> {
    const stops = stopsOf(card);
    const stop = stops[number] ?? stops[0]!;
    await show(stop.uri, stop.range.start);
  }

  dispose(): void {
    this.own.forEach((each) => void each.dispose());
  }

  private async change(standing: Standing): Promise<void> {
    const { card, folder } = standing;
    const edit = await this.edit(standing);
    const converted = edit && (await this.server.converted(edit));
    if (edit === undefined || converted === undefined) {
      return;
    }
    // From here to the edit nothing is awaited, so the versions cannot change in between.
    const version = stillFits(edit, card.uri);
    if (version === undefined) {
      void window.setStatusBarMessage(GONE, 5_000);
      return;
    }
    if (!(await workspace.applyEdit(converted, { isRefactoring: true }))) {
      if (!asksFirst(edit)) {
        void window.setStatusBarMessage(GONE, 5_000);
      }
      return;
    }
    await this.asked(() =>
      this.server.execute(SERVER.accepted, [card.id, version, null, null, folder]),
    );
    if (isWorkspaceTask(card)) {
      // A draft, which wants to be read: nobody stood at its place.
      await this.open(standing, 0);
    }
  }

  private async take(standing: Standing): Promise<void> {
    const { card, folder } = standing;
    if (!isCommitMessage(card)) {
      return this.open(standing, 0);
    }
    await fillMessage(folder, draftOf(card), "now");
    await this.asked(() =>
      this.server.execute(SERVER.accepted, [card.id, null, null, null, folder]),
    );
  }

  private edit({ card, folder }: Standing): Promise<WorkspaceEdit | undefined> {
    return this.asked(() => this.server.edit(card.id, folder, card.title));
  }

  private async sides(standing: Standing, { uri, edits }: FileEdits): Promise<[Uri, Uri]> {
    const left = Uri.parse(uri);
    const text = await textOf(left);
    const right = this.shown(standing, shown(uri, folderUris()), applied(text ?? "", edits));
    // A file that is to be made has nothing on its left.
    return [text === undefined ? Uri.from({ scheme: PREVIEW, path: "/nothing" }) : left, right];
  }

  /** A text to look at; the name stays, so that it is coloured as the file is. */
  private shown(standing: Standing, name: string, text: string): Uri {
    const folder = createHash("sha256").update(standing.key).digest("hex").slice(0, 12);
    const path = `/${folder}/${name}`;
    const uri = Uri.from({ scheme: PREVIEW, path });
    this.texts.set(path, text);
    this.previewed.set(path, standing);
    this.changed.fire(uri);
    return uri;
  }

  private async asked<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      const why = isStale(error)
        ? GONE
        : `Proactive: ${error instanceof Error ? error.message : String(error)}`;
      void window.setStatusBarMessage(why, 8_000);
      return undefined;
    }
  }
}

async function textOf(uri: Uri): Promise<string | undefined> {
  try {
    return (await workspace.openTextDocument(uri)).getText();
  } catch {
    return undefined;
  }
}

export async function show(uri: string, at: { line: number; character: number }): Promise<void> {
  const selection = new Range(at.line, at.character, at.line, at.character);
  await window.showTextDocument(Uri.parse(uri), { selection });
}

/** The version of the card's file, 0 when it is not open; undefined when an edited file has another. */
function stillFits(edit: WorkspaceEdit, uri: string): number | undefined {
  const open = new Map(
    workspace.textDocuments.map((document) => [document.uri.toString(), document.version]),
  );
  const version = (each: string) => open.get(Uri.parse(each).toString());
  for (const file of filesOf(edit)) {
    const now = version(file.uri);
    if (file.version !== null && now !== undefined && now !== file.version) {
      return undefined;
    }
  }
  return version(uri) ?? 0;
}
