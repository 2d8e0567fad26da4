// Evidence: on a hint as a hover, and as a page, both with links to the lines.

import {
  commands,
  type Disposable,
  EventEmitter,
  Hover,
  languages,
  MarkdownString,
  Uri,
  window,
  workspace,
} from "vscode";

import { cited, linked } from "../evidence.js";
import { locate } from "../paths.js";
import { hintsAt } from "./hints.js";
import type { Server } from "./server.js";
import { folderUris } from "./settings.js";
import type { Suggestions } from "./suggestions.js";

const SCHEME = "proactive-why";
const MOST_LINKS = 30;

export class Explaining implements Disposable {
  private readonly pages = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  private readonly own: Disposable[];

  constructor(
    private readonly server: Server,
    private readonly suggestions: Suggestions,
  ) {
    this.own = [
      this.changed,
      workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.changed.event,
        provideTextDocumentContent: (uri) => this.pages.get(uri.toString()) ?? "",
      }),
      languages.registerHoverProvider(
        { scheme: "file" },
        { provideHover: (document, position) => this.hover(document.uri, position) },
      ),
    ];
  }

  /** The page of a card, of the latest silence (null), or of what was `learned`. */
  async show(id: string | null, folder: string | undefined, name: string): Promise<void> {
    const text = await this.server.explain(id, folder);
    if (text === undefined) {
      void window.setStatusBarMessage("Proactive: the server is not running", 5_000);
      return;
    }
    await this.page(name, await withLinks(text, folder ?? folderUris()[0] ?? ""));
  }

  /** Any text as a read-only page. */
  async page(name: string, markdown: string): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${name}.md` });
    this.pages.set(uri.toString(), markdown);
    this.changed.fire(uri);
    try {
      await commands.executeCommand("markdown.showPreview", uri);
    } catch {
      await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
    }
  }

  dispose(): void {
    this.own.forEach((each) => void each.dispose());
  }

  private async hover(
    uri: Uri,
    position: { line: number; character: number },
  ): Promise<Hover | undefined> {
    const hint = hintsAt(uri, position)[0];
    const folder = locate(uri.toString(), folderUris())?.folder;
    if (hint === undefined || this.suggestions.find(hint.id, folder) === undefined) {
      return undefined;
    }
    const text = await this.server.explain(hint.id, folder);
    if (text === undefined) {
      return undefined;
    }
    const markdown = new MarkdownString(await withLinks(text, folder ?? ""));
    return new Hover(markdown, hint.range);
  }
}

async function withLinks(markdown: string, folder: string): Promise<string> {
  const files = new Set<string>();
  await Promise.all(
    cited(markdown, folder)
      .slice(0, MOST_LINKS)
      .map(async (uri) => {
        try {
          await workspace.fs.stat(Uri.parse(uri));
          files.add(uri);
        } catch {
          // No file is called so; the words stay words.
        }
      }),
  );
  return linked(markdown, folder, (uri) => files.has(uri));
}
