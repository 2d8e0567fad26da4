// The cards that stand, each in its folder; one place for all who show them.

import { type Disposable, EventEmitter, workspace } from "vscode";

import { same, type Standing, standing } from "../cards.js";
import type { Card } from "../protocol.js";
import { folderUris } from "./settings.js";

export class Suggestions implements Disposable {
  private list: readonly Standing[] = [];
  private told: readonly Card[] = [];
  private readonly changed = new EventEmitter<void>();
  readonly onChange = this.changed.event;
  // Which folder a card stands in may be another one now.
  private readonly folders = workspace.onDidChangeWorkspaceFolders(() => this.take(this.told));

  /** Oldest first, as the server lists them. */
  get all(): readonly Standing[] {
    return this.list;
  }

  take(cards: readonly Card[]): void {
    const folders = folderUris();
    const list = cards.map((card) => standing(card, folders));
    this.told = cards;
    if (!same(list, this.list)) {
      this.list = list;
      this.changed.fire();
    }
  }

  find(id: string, folder: string | undefined): Standing | undefined {
    return this.list.find(
      (each) => each.card.id === id && (folder === undefined || each.folder === folder),
    );
  }

  dispose(): void {
    this.folders.dispose();
    this.changed.dispose();
  }
}
