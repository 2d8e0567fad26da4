// The cards that stand, each in its folder; one place for all who show them.

import { type Disposable, EventEmitter } from "vscode";

import { type Standing, standing } from "../cards.js";
import type { Card } from "../protocol.js";
import { folderUris } from "./settings.js";

export class Suggestions implements Disposable {
  private list: readonly Standing[] = [];
  private readonly changed = new EventEmitter<void>();
  readonly onChange = this.changed.event;

  /** Oldest first, as the server lists them. */
  get all(): readonly Standing[] {
    return this.list;
  }

  take(cards: readonly Card[]): void {
    if (cards.length === 0 && this.list.length === 0) {
      return;
    }
    const folders = folderUris();
    this.list = cards.map((card) => standing(card, folders));
    this.changed.fire();
  }

  find(id: string, folder: string | undefined): Standing | undefined {
    return this.list.find(
      (each) => each.card.id === id && (folder === undefined || each.folder === folder),
    );
  }

  dispose(): void {
    this.changed.dispose();
  }
}
