// The tree "Proactive" on screen. A list that looks the same redraws nothing.

import {
  type Disposable,
  EventEmitter,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView as View,
  Uri,
  window,
} from "vscode";

import { Gather, systemClock } from "../clock.js";
import { type Node, sameTree, treeOf } from "../tree.js";
import { folderUris } from "./settings.js";
import type { Suggestions } from "./suggestions.js";

const GATHER_MILLISECONDS = 100;
const MOST_SEEN = 20;

export class TreeView implements TreeDataProvider<Node>, Disposable {
  private roots: readonly Node[] = [];
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly folded = new Set<string>();
  private readonly view: View<Node>;
  private readonly own: Disposable[];
  private readonly gather = new Gather(systemClock, GATHER_MILLISECONDS, () => this.draw());

  constructor(
    private readonly suggestions: Suggestions,
    looked: () => void,
  ) {
    this.view = window.createTreeView("proactive.suggestions", {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.own = [
      this.view,
      this.changed,
      this.gather,
      suggestions.onChange(() => this.gather.poke()),
      this.view.onDidChangeVisibility(looked),
      this.view.onDidCollapseElement(({ element }) => (this.folded.add(element.id), looked())),
      this.view.onDidExpandElement(({ element }) => (this.folded.delete(element.id), looked())),
    ];
  }

  /** The cards on screen, as far as the editor tells: the first ones of files that are unfolded. */
  get seen(): readonly string[] {
    if (!this.view.visible) {
      return [];
    }
    const open = this.roots.flatMap((node) =>
      node.context !== "file" ? [node] : this.folded.has(node.id) ? [] : node.children,
    );
    return open.slice(0, MOST_SEEN).flatMap((node) => node.standing?.key ?? []);
  }

  get selected(): Node | undefined {
    return this.view.selection[0];
  }

  getChildren(node?: Node): readonly Node[] & Node[] {
    return [...(node === undefined ? this.roots : node.children)];
  }

  getTreeItem(node: Node): TreeItem {
    const state =
      node.children.length === 0
        ? TreeItemCollapsibleState.None
        : node.context === "file"
          ? TreeItemCollapsibleState.Expanded
          : TreeItemCollapsibleState.Collapsed;
    const item = new TreeItem(node.label, state);
    item.id = node.id;
    item.description = node.description;
    item.contextValue = node.context;
    item.accessibilityInformation = { label: node.spoken };
    if (node.uri !== undefined) {
      item.resourceUri = Uri.parse(node.uri);
      item.iconPath = ThemeIcon.File;
    } else {
      item.iconPath = new ThemeIcon(node.icon);
      item.tooltip = node.spoken;
      item.command = { command: "proactive.open", title: "Open", arguments: [node] };
    }
    return item;
  }

  dispose(): void {
    this.own.forEach((each) => void each.dispose());
  }

  private draw(): void {
    const roots = treeOf(this.suggestions.all, folderUris());
    if (!sameTree(roots, this.roots)) {
      this.roots = roots;
      this.changed.fire();
    }
  }
}
