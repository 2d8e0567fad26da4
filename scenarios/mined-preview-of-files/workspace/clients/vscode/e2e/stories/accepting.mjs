// From an empty machine to an accepted suggestion: the server is set up, a signature is changed by
// keyboard, the lightbulb does the rest, one undo takes it back.

import path from "node:path";

import { Editor } from "../editor.mjs";
import { photograph } from "../pictures.mjs";
import { servers } from "../servers.mjs";
import { until } from "../until.mjs";
import { read } from "../workspaces.mjs";

const CALLERS = ["shop/receipt.py", "shop/report.py", "tests/test_price.py"];

/** Returns the window, for the stories that go on in it. */
export async function setUp(step, { context, code, shop }) {
  const editor = await Editor.open(context, code.address, { folder: shop });
  await step("the folder is trusted and the server is missed", editor, async () => {
    await editor.trust(true);
    await editor.toast("Proactive needs its server").waitFor();
    await editor.statusSays(/set one up/);
    await photograph(editor, "setup");
  });
  await step("the server is set up by one click", editor, async () => {
    await editor.page.getByRole("button", { name: "Set up" }).click();
    await until(
      "a server of the private environment runs",
      () => servers(code.storage).length === 1,
      180,
    );
    await editor.statusSays(/Nothing is owed/);
  });
  return editor;
}

export async function accept(step, { editor, shop }) {
  await step("a signature is changed by keyboard and saved; a hint appears", editor, async () => {
    await changeSignature(editor);
    await editor.hint();
    await editor.statusSays(/suggestion/);
  });
  await step("Ctrl+. opens the lightbulb with the one action", editor, async () => {
    await editor.lightbulb();
    await editor.row(editor.bulb, /Update \d+ calls/).waitFor();
    await photograph(editor, "lightbulb");
  });
  await step("the preview shows all files at once", editor, async () => {
    await editor.press("Escape");
    await editor.command("Proactive: Preview Suggestion…");
    for (const name of CALLERS.map((path) => path.split("/").pop())) {
      await editor.page.locator(".multiDiffEntry").filter({ hasText: name }).first().waitFor();
    }
    if (CALLERS.some((name) => !read(shop, name).includes('"EUR"'))) {
      throw new Error("the preview changed a file");
    }
  });
  await step("Enter applies it, and all files are changed on disk after save", editor, async () => {
    await editor.goTo("shop/price.py", 4, 6);
    await editor.lightbulb();
    await editor.take(/Update \d+ calls/);
    await editor.saved("no call has three arguments", () =>
      CALLERS.every((name) => !read(shop, name).includes('"EUR"')),
    );
    await editor.noHint();
  });
  await step("one undo takes it back in all files", editor, async () => {
    await editor.goTo("shop/receipt.py");
    await editor.press("Control+z");
    await until("the call is back", async () => (await editor.lines())[7].includes('"EUR"'));
    await editor.saved("the calls are as before", () =>
      CALLERS.every((name) => read(shop, name).includes('"EUR"')),
    );
  });
}

/** Take the last parameter out of `price`, as somebody at the keyboard would. */
export function changeSignature(editor, root = "") {
  return dropParameter(
    editor,
    path.join(root, "shop/price.py"),
    4,
    "def price(basket, rate",
    ", currency",
  );
}

/** Delete the end of a signature behind its `kept` part, and save. */
export async function dropParameter(editor, file, line, kept, dropped) {
  await editor.goTo(file, line, kept.length + dropped.length + 1);
  for (let count = 0; count < dropped.length; count += 1) {
    await editor.press("Backspace");
  }
  await until(
    "the parameter is gone",
    async () => (await editor.lines())[line - 1] === `${kept}):`,
  );
  await editor.save();
}
