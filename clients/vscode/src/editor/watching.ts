// What the user has on screen: hints in visible lines, cards in the tree; nothing while the window
// is behind another one.

import { type Disposable, languages, window, workspace } from "vscode";

import { Gather, systemClock } from "../clock.js";
import { locate } from "../paths.js";
import { Seen } from "../seen.js";
import { hintsOf } from "./hints.js";
import type { Server } from "./server.js";
import { folderUris } from "./settings.js";
import type { Suggestions } from "./suggestions.js";

const GATHER_MILLISECONDS = 200;

export class Watching implements Disposable {
  private readonly own: Disposable[];
  private readonly gather = new Gather(systemClock, GATHER_MILLISECONDS, () => this.look());
  /** Told by the tree, which is made after this. */
  inTree: () => readonly string[] = () => [];
  private readonly seen: Seen;

  constructor(
    server: Server,
    private readonly suggestions: Suggestions,
  ) {
    const tell = (run: () => void) => (workspace.isTrusted ? run() : undefined);
    this.seen = new Seen(
      systemClock,
      ({ card, folder }) => tell(() => server.tellShown(card.id, folder)),
      ({ card: { id }, folder }) => {
        const event = { type: "answer", ...(folder ? { folder } : {}), id, op: "ignored" } as const;
        tell(() => server.tell(event));
      },
    );
    this.own = [
      this.seen,
      this.gather,
      suggestions.onChange(() => {
        this.seen.stand(suggestions.all);
        this.gather.poke();
      }),
      languages.onDidChangeDiagnostics(() => this.poke()),
      window.onDidChangeTextEditorVisibleRanges(() => this.poke()),
      window.onDidChangeVisibleTextEditors(() => this.poke()),
      window.onDidChangeWindowState(() => this.poke()),
    ];
  }

  /** Something on screen may have changed. */
  poke(): void {
    if (this.suggestions.all.length > 0) {
      this.gather.poke();
    }
  }

  dispose(): void {
    this.own.forEach((each) => void each.dispose());
  }

  private look(): void {
    const keys = new Set(window.state.focused ? [...this.inTree(), ...this.inEditors()] : []);
    this.seen.look(keys);
  }

  private inEditors(): string[] {
    const folders = folderUris();
    return window.visibleTextEditors.flatMap(({ document, visibleRanges }) => {
      const folder = locate(document.uri.toString(), folders)?.folder;
      return hintsOf(document.uri)
        .filter(({ range }) =>
          visibleRanges.some((visible) => visible.intersection(range) !== undefined),
        )
        .flatMap(({ id }) => this.suggestions.find(id, folder)?.key ?? []);
    });
  }
}
