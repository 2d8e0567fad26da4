// A window of VS Code as its user has it: a keyboard, and eyes. Every method waits until what it
// did is seen.

import { until } from "./until.mjs";

const GROUP = ".editor-group-container.active";
const STATUS = "#proactive-lsp\\.proactive-lsp\\.proactive\\.status";

export class Editor {
  constructor(page) {
    this.page = page;
    this.keyboard = page.keyboard;
    page.setDefaultTimeout(30_000);
  }

  /** Open a folder or a `.code-workspace` file; returns once the workbench stands. */
  static async open(context, address, { folder, workspace, debug }) {
    const editor = new Editor(await context.newPage());
    const query = new URLSearchParams(folder ? { folder } : { workspace });
    if (debug) {
      query.set("payload", JSON.stringify([["inspect-extensions", String(debug)]]));
    }
    editor.address = `${address}/?${query}`;
    await editor.page.goto(editor.address);
    await editor.page.locator(".monaco-workbench .statusbar").waitFor();
    return editor;
  }

  async reload() {
    await this.page.reload();
    await this.page.locator(".monaco-workbench .statusbar").waitFor();
  }

  close() {
    return this.page.close({ runBeforeUnload: false });
  }

  /** Answer the question whether the authors are trusted. */
  async trust(isTrusted) {
    const dialog = this.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    await dialog
      .getByRole("button", { name: isTrusted ? /Yes, I trust/ : /No, I don't trust/ })
      .click();
    await dialog.waitFor({ state: "detached" });
  }

  /** Wait for the folders of a workspace. Where the machine is slow, VS Code may miss its file at first. */
  roots(...names) {
    return until(`the folders ${names}`, async () => {
      const explorer = this.page.locator(".explorer-folders-view");
      for (const name of names) {
        const row = this.row(explorer, name).first();
        if (
          !(await row.waitFor({ timeout: 5_000 }).then(
            () => true,
            () => false,
          ))
        ) {
          await this.reload();
          return false;
        }
      }
      return true;
    });
  }

  press(...keys) {
    return keys.reduce(
      (before, key) => before.then(() => this.keyboard.press(key)),
      Promise.resolve(),
    );
  }

  type(text) {
    return this.keyboard.type(text);
  }

  // Commands and files, by the quick input.

  get quick() {
    return this.page.locator(".quick-input-widget");
  }

  /** Run a command by the words of the palette. */
  async command(title) {
    await this.ask("F1", `>${title}`);
    await this.row(this.quick, title).first().waitFor();
    await this.press("Enter");
  }

  /** Open a file, with the cursor at a line and column counted from 1. */
  async goTo(file, line = 1, column = 1) {
    const words = file.split("/").slice(-3);
    const row = this.quick.locator(".monaco-list-row.focused");
    await until(`${file} is open`, async () => {
      await this.ask("Control+p", `${file}:${line}:${column}`);
      // The list shows what was asked before until the search has run.
      await until(`${file} is found`, async () => {
        const text = await row.textContent({ timeout: 1_000 });
        return words.every((word) => text.includes(word));
      });
      await this.press("Enter");
      await this.quick.waitFor({ state: "hidden" });
      // A list that is filled anew just then takes no Enter.
      await this.tab(words.at(-1)).waitFor({ timeout: 5_000 });
      return true;
    });
    await this.page.locator(`${GROUP} .monaco-editor.focused`).waitFor();
    await this.statusText(`Ln ${line}, Col ${column}`);
  }

  /** The active tab, if it is of a file called so. */
  tab(name) {
    return this.page.locator(`${GROUP} .tab.active[data-resource-name="${name}"]`);
  }

  /** Choose an entry of the list that is open. */
  async choose(words) {
    await this.quick.waitFor();
    const row = this.row(this.quick, words).first();
    await row.waitFor();
    await row.click();
  }

  /** Answer a dialog that asks for a file or a folder by its full path, and see where it begins. */
  async answerPath(file, begins) {
    const input = this.quick.locator("input[type=text]").first();
    // It fills itself step by step, and would write over what comes in between.
    await until(`the dialog begins at ${begins}`, async () => {
      return (await input.inputValue()) === begins;
    });
    await until(`the dialog takes ${file}`, async () => {
      await input.fill(file);
      return (await input.inputValue()) === file;
    });
    // The first Enter may only lead to its folder.
    await until(`${file} is chosen`, async () => {
      await this.press("Enter");
      await this.quick.waitFor({ state: "hidden", timeout: 2_000 });
      return true;
    });
  }

  async ask(key, text) {
    const input = this.quick.locator("input[type=text]").first();
    // A page that takes the focus just then closes it again.
    await until(`the input of ${key}`, async () => {
      await this.press(key);
      await this.quick.waitFor({ timeout: 2_000 });
      await input.fill(text, { timeout: 2_000 });
      return true;
    });
  }

  row(within, words) {
    return within.locator(".monaco-list-row").filter({ hasText: words });
  }

  // The text.

  async save() {
    await this.press("Control+s");
    await this.page.locator(`${GROUP} .tab.active:not(.dirty)`).waitFor();
  }

  /** Save whatever is changed in any file, seen or not. */
  async saveAll() {
    await this.command("File: Save All Files");
  }

  /** Save all until it is on disk; an edit reaches one file after the other. */
  saved(what, isSo) {
    return until(`on disk: ${what}`, async () => {
      await this.saveAll();
      return isSo();
    });
  }

  /** What the active editor shows, line by line, as far as it is on screen. */
  async lines() {
    const rows = this.page.locator(`${GROUP} .monaco-editor .view-line`);
    const list = await rows.evaluateAll((all) =>
      all.map((row) => [
        Number.parseFloat(row.style.top),
        row.textContent.replaceAll("\u00a0", " "),
      ]),
    );
    return list.sort(([one], [other]) => one - other).map(([, text]) => text);
  }

  get hints() {
    return this.page.locator(`${GROUP} .monaco-editor .squiggly-hint`);
  }

  hint(milliseconds = undefined) {
    return this.hints.first().waitFor({ state: "attached", timeout: milliseconds });
  }

  noHint() {
    return until("no hint", async () => (await this.hints.count()) === 0);
  }

  // What the lightbulb offers.

  get bulb() {
    return this.page.locator(".action-widget");
  }

  /** Open the lightbulb's menu with the keyboard. */
  async lightbulb() {
    await until("the lightbulb's menu", async () => {
      await this.press("Control+.");
      await this.bulb.locator(".monaco-list-row").first().waitFor({ timeout: 2_000 });
      return true;
    });
  }

  /** Take an entry of the open menu with the keyboard. */
  async take(words) {
    const rows = await this.bulb.locator(".monaco-list-row.action").allTextContents();
    const number = rows.findIndex((text) =>
      words instanceof RegExp ? words.test(text) : text.includes(words),
    );
    if (number < 0) {
      throw new Error(`the lightbulb offers ${JSON.stringify(rows)}, not ${words}`);
    }
    for (let step = 0; step < number; step += 1) {
      await this.press("ArrowDown");
    }
    await this.press("Enter");
    await this.bulb.waitFor({ state: "hidden" });
  }

  // The rest of the window.

  get status() {
    return this.page.locator(STATUS);
  }

  /** The item of ours says this to a screen reader. */
  statusSays(words) {
    return until(`the status bar says ${words}`, async () =>
      words.test((await this.status.locator("a").first().getAttribute("aria-label")) ?? ""),
    );
  }

  statusText(words) {
    return this.page.locator(".statusbar-item").filter({ hasText: words }).first().waitFor();
  }

  get tree() {
    return this.page.locator(".pane", {
      has: this.page.locator('.pane-header[aria-label^="Proactive"]'),
    });
  }

  async showTree() {
    await this.command("Explorer: Focus on Proactive View");
    await this.tree.locator(".pane-body").waitFor();
  }

  /** Fold the section of the Explorer away, or unfold it. */
  fold(name) {
    return this.page
      .locator(`.pane-header[aria-label$=": ${name}"], .pane-header[aria-label="${name}"]`)
      .first()
      .click();
  }

  treeRow(words) {
    return this.row(this.tree, words);
  }

  /** The page that a tab with such a title shows. */
  async webview(title) {
    await this.page.locator(".tab.active").filter({ hasText: title }).waitFor();
    return this.media();
  }

  /** The page that was opened last, in a tab or beside the steps of a walkthrough. */
  async media() {
    const page = this.frame.frameLocator("iframe#active-frame");
    await page.locator("body").waitFor();
    return page;
  }

  /** What VS Code puts around the page that was opened last. */
  get frame() {
    return this.page.frameLocator("iframe.webview.ready").last();
  }

  toast(words) {
    return this.page.locator(".notification-toast").filter({ hasText: words });
  }

  get dialog() {
    return this.page.locator(".monaco-dialog-box");
  }
}
