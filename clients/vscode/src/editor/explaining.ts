// Evidence: on a hint as a hover, and as a page, both with links to the lines.

import {
  commands,
  type Disposable,
  Hover,
  languages,
  MarkdownString,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from "vscode";

import { cited, linked } from "../evidence.js";
import { GO_TO, htmlPage, pageAddress } from "../page.js";
import { locate } from "../paths.js";
import { show } from "./accepting.js";
import { hintsAt } from "./hints.js";
import type { Server } from "./server.js";
import { folderUris } from "./settings.js";
import type { Suggestions } from "./suggestions.js";

const VIEW = "proactive.page";
const MOST_LINKS = 30;

interface Asked {
  readonly id: string | null;
  readonly folder: string | undefined;
}

export class Explaining implements Disposable {
  private readonly panels = new Map<string, WebviewPanel>();
  /** What each page was asked for. */
  private readonly asked = new Map<string, Asked>();
  private readonly own: Disposable[];

  constructor(
    private readonly server: Server,
    private readonly suggestions: Suggestions,
  ) {
    this.own = [
      commands.registerCommand(GO_TO, (uri: string, line: number) =>
        show(uri, { line, character: 0 }),
      ),
      languages.registerHoverProvider(
        { scheme: "file" },
        { provideHover: (document, position) => this.hover(document.uri, position) },
      ),
    ];
  }

  /** The page of a card, of the latest silence (null), or of what was `learned`. */
  async show(id: string | null, folder: string | undefined, name: string): Promise<void> {
    const text = await this.explained({ id, folder });
    if (text === undefined) {
      void window.setStatusBarMessage("Proactive: the server is not running", 5_000);
      return;
    }
    this.asked.set(name, { id, folder });
    await this.page(name, text);
  }

  /** Ask again for what stands on the open pages of these kinds. None comes forward. */
  async renew(ids: readonly string[]): Promise<void> {
    for (const [name, asked] of this.asked) {
      const panel = this.panels.get(name);
      if (panel !== undefined && asked.id !== null && ids.includes(asked.id)) {
        const text = await this.explained(asked);
        const body = text === undefined ? undefined : await rendered(text);
        panel.webview.html = htmlPage(body ?? "");
      }
    }
  }

  /** Any text as a read-only page; the same name, the same page. */
  async page(name: string, markdown: string): Promise<void> {
    const body = await rendered(markdown);
    if (body === undefined) {
      const content = { language: "markdown", content: markdown };
      await window.showTextDocument(await workspace.openTextDocument(content), { preview: true });
      return;
    }
    const panel = this.panels.get(name) ?? this.panel(name);
    panel.webview.html = htmlPage(body);
    panel.reveal();
  }

  dispose(): void {
    this.own.forEach((each) => void each.dispose());
    this.panels.forEach((panel) => panel.dispose());
  }

  /** As Markdown with links; undefined when no server runs. */
  private async explained({ id, folder }: Asked): Promise<string | undefined> {
    const text = await this.server.explain(id, folder);
    return text && (await withLinks(text, folder ?? folderUris()[0] ?? "", pageAddress));
  }

  private panel(name: string): WebviewPanel {
    const panel = window.createWebviewPanel(VIEW, name, ViewColumn.Active, {
      enableCommandUris: [GO_TO],
      enableFindWidget: true,
    });
    panel.onDidDispose(() => {
      this.panels.delete(name);
      this.asked.delete(name);
    });
    this.panels.set(name, panel);
    return panel;
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

/** As HTML, by the editor's own Markdown; undefined where that is turned off. */
async function rendered(markdown: string): Promise<string | undefined> {
  try {
    return await commands.executeCommand<string>("markdown.api.render", markdown);
  } catch {
    return undefined;
  }
}

async function withLinks(
  markdown: string,
  folder: string,
  address?: (uri: string, line: string | undefined) => string,
): Promise<string> {
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
  return linked(markdown, folder, (uri) => files.has(uri), address);
}
