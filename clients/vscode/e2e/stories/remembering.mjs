// What is remembered: shown as it is kept, forgotten once the user says so twice; and the draft of a
// commit message, which goes into the message box.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { until } from "../until.mjs";
import { git, write } from "../workspaces.mjs";

const FILE = "shop/diary.txt";
// Words that stand nowhere else.
const TYPED = "Umbrellas sold out. ";
const SAVED = `The user saved "${FILE}"`;

export async function remember(step, { code, editor, shop }) {
  write(shop, { [FILE]: "Rain.\n" });
  await step("show memory: a page with the newest events first", editor, async () => {
    await editor.goTo(FILE);
    await editor.type(TYPED);
    await editor.save();
    await editor.command("Proactive: Show Memory");
    const page = await editor.webview(/What is remembered/);
    await page.getByText(SAVED).first().waitFor();
    await until("it is on disk", () => isOnDisk(code));
  });
  await step("forget memory asks twice; Cancel forgets nothing", editor, async () => {
    await editor.command("Proactive: Forget Memory…");
    await editor.choose("What happened");
    await editor.dialog.getByText("It cannot be undone").waitFor();
    await editor.dialog.getByRole("button", { name: "Cancel" }).click();
    await editor.command("Proactive: Show Memory");
    const page = await editor.webview(/What is remembered/);
    await page.getByText(SAVED).first().waitFor();
  });
  await step("said so twice, it is gone, and what stands goes with it", editor, async () => {
    await editor.command("Proactive: Forget Memory…");
    await editor.choose("What happened");
    await editor.dialog.getByRole("button", { name: "Forget" }).click();
    await editor.statusText(/Proactive: Forgot \d+ events/);
    await editor.statusSays(/Nothing is owed/);
    const page = await editor.webview(/What is remembered/);
    await until("nothing of before is on the page that is open", async () => isGone(page));
    await editor.command("Proactive: Show Memory");
    await editor.webview(/What is remembered/);
    if (!(await isGone(page))) {
      throw new Error("it is there again");
    }
    if (isOnDisk(code)) {
      throw new Error("what was typed is still in a file of the memory");
    }
  });
}

export async function draft(step, { editor, shop }) {
  await step("a staged change has a draft of its message in the view", editor, async () => {
    await editor.goTo("shop/price.py");
    await editor.saveAll();
    git(shop, "add", "-A");
    await editor.showTree();
    await editor.treeRow(/Commit message:/).waitFor();
  });
  await step("taken, it fills the message box of Source Control", editor, async () => {
    const row = editor.treeRow(/Commit message:/);
    const words = /Commit message: (.+?)(, \d+ %|$)/.exec(await row.getAttribute("aria-label"))[1];
    await row.hover();
    await row.getByRole("button", { name: "Accept" }).first().click();
    const box = editor.page.locator(".scm-editor .view-lines").first();
    await until("the box is filled", async () => {
      const text = (await box.textContent()).replaceAll("\u00a0", " ");
      return text.length > 3 && words.startsWith(text.slice(0, 20));
    });
  });
}

/** Whether some file of the memory has the words, in use or not. */
function isOnDisk(code) {
  const folder = path.join(code.environment.XDG_STATE_HOME, "proactive-lsp", "memory");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(path.join(entry.parentPath, entry.name)).includes(TYPED));
}

async function isGone(page) {
  const text = await page.locator("body").innerText();
  return text.includes("What is remembered") && !text.includes(SAVED);
}
