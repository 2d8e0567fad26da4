// Where suggestions show, and how they are explained and refused: the view, the hover, the page, the
// diff, the status bar and its silence.

import { photograph } from "../pictures.mjs";
import { until } from "../until.mjs";
import { read } from "../workspaces.mjs";
import { dropParameter } from "./accepting.mjs";

const CARD = "Update 2 calls of `reserve`";

export async function look(step, { editor, shop }) {
  await step("the view lists it by file, with labels for a screen reader", editor, async () => {
    await dropParameter(editor, "shop/stock.py", 6, "def reserve(item, count", ", note");
    await editor.hint();
    await editor.showTree();
    await editor.treeRow("stock.py").waitFor();
    await editor.treeRow(CARD).waitFor();
    const label = await editor.treeRow(CARD).first().getAttribute("aria-label");
    if (!/^Update 2 calls of `reserve`, \d+ % likely wanted/.test(label)) {
      throw new Error(`the row is called ${label}`);
    }
  });
  await step("its places unfold, each with what becomes of it", editor, async () => {
    // The view has little room below the files.
    await editor.fold("shop");
    await editor.treeRow(CARD).first().locator(".monaco-tl-twistie").click();
    await editor.treeRow("orders.py:7").waitFor();
    await photograph(editor, "view");
    await editor.fold("shop");
  });
  await step("the status bar counts, and its menu opens", editor, async () => {
    await editor.statusSays(/1 suggestion/);
    await editor.status.click();
    await editor.row(editor.quick, "Show the suggestions").waitFor();
    await editor.row(editor.quick, "Snooze for 15 minutes").waitFor();
    await photograph(editor, "menu");
  });
  await step("the hover shows the evidence, with links to the lines", editor, async () => {
    await editor.press("Escape");
    await editor.goTo("shop/stock.py", 6, 6);
    await editor.press("Control+k", "Control+i");
    const hover = editor.page.locator(".monaco-hover").filter({ hasText: "reserve" });
    await hover.waitFor();
    await hover.locator('a[data-href*="orders.py"]').first().waitFor();
  });
  await step("why: a page with the evidence", editor, async () => {
    await editor.press("Escape");
    await editor.command("Proactive: Why This Suggestion?");
    const page = await editor.webview(/^Why: Update 2 calls/);
    await page.getByText("reserve").first().waitFor();
    await photograph(editor, "why");
  });
  await step("a link of the page leads to the line", editor, async () => {
    const page = await editor.webview(/^Why: Update 2 calls/);
    await page
      .getByRole("link", { name: /orders\.py/ })
      .first()
      .click();
    await editor.tab("orders.py").waitFor();
    await editor.statusText("Ln 7, Col 1");
  });
  await step("the preview shows a diff and changes nothing", editor, async () => {
    await editor.goTo("shop/stock.py", 6, 6);
    await editor.lightbulb();
    await editor.take("Proactive");
    await editor.choose("Preview");
    const diff = editor.page.locator(".monaco-diff-editor");
    await diff.locator(".line-delete").first().waitFor({ state: "attached" });
    await diff.locator(".line-insert").first().waitFor({ state: "attached" });
    await photograph(editor, "preview");
    if (!read(shop, "shop/orders.py").includes('"telephone"')) {
      throw new Error("the preview changed the file");
    }
  });
  await step(
    "snoozed by one chord: the status bar says so, and nothing shows",
    editor,
    async () => {
      await editor.goTo("shop/stock.py", 6, 6);
      await editor.press("Control+k", "Shift+Z");
      await editor.statusSays(/Snoozed/);
      await editor.noHint();
    },
  );
  await step("the end of the snooze shows it again", editor, async () => {
    await editor.command("Proactive: End Snooze");
    await editor.statusSays(/1 suggestion/);
    await editor.hint();
  });
  await step(
    "dismissed in the view: it is gone everywhere, and stays so after a save",
    editor,
    async () => {
      await editor.showTree();
      await editor.treeRow(CARD).first().hover();
      await editor
        .treeRow(CARD)
        .first()
        .getByRole("button", { name: /Not Now|Dismiss Suggestion/ })
        .click();
      await editor.tree.getByText("Nothing is owed.").waitFor();
      await editor.noHint();
      await editor.statusSays(/Nothing is owed/);
      await editor.goTo("shop/stock.py", 6, 6);
      await editor.save();
      await editor.noHint();
    },
  );
  await step("why nothing: a page with the reasons for silence", editor, async () => {
    await editor.command("Proactive: Why Nothing Here?");
    const page = await editor.webview(/^Why nothing/);
    await page
      .getByText(/below-threshold|dismissed|duplicate|nothing/i)
      .first()
      .waitFor();
  });
  await step("the walkthrough shows pictures of all this", editor, async () => {
    await editor.command("Welcome: Open Walkthrough...");
    await editor.choose("Begin with Proactive");
    const steps = editor.page.locator(".getting-started-step");
    await steps.filter({ hasText: "See the first suggestion" }).click();
    const page = await editor.media();
    await until("the picture is there", () =>
      page
        .locator("img")
        .first()
        .evaluate((image) => image.complete && image.naturalWidth > 0),
    );
  });
}
