// What holds when things move: a stale action, places to be confirmed, a commit, a killed server.

import { servers } from "../servers.mjs";
import { until } from "../until.mjs";
import { git, read, write } from "../workspaces.mjs";
import { dropParameter } from "./accepting.mjs";

/** The text changes on disk while the lightbulb's menu is open. */
export async function stale(step, { editor, shop }) {
  const file = "shop/till.py";
  await step("the lightbulb offers it", editor, async () => {
    await dropParameter(editor, "shop/discount.py", 4, "def discount(total, member", ", weekday");
    await editor.hint();
    await editor.lightbulb();
    await editor.row(editor.bulb, /Update 2 calls/).waitFor();
  });
  await step("the calls went meanwhile: the action, clicked, changes nothing", editor, async () => {
    const text = read(shop, file).replaceAll(/, "(Mon|Sun)day"/g, "");
    write(shop, { [file]: text });
    await editor.take(/Update 2 calls/);
    await editor.goTo(file);
    await editor.saveAll();
    await editor.noHint();
    if (read(shop, file) !== text) {
      throw new Error(`${file} was changed: ${read(shop, file)}`);
    }
  });
}

/** What is not certain waits, unticked, in the refactor preview. */
export async function confirm(step, { editor, shop }) {
  const panel = editor.page.locator(".bulk-edit-panel");
  await step(
    "a rename with a mention in prose opens the refactor preview, that place unticked",
    editor,
    async () => {
      await editor.goTo("shop/price.py", 9, "def postage".length + 1);
      for (let count = 0; count < "postage".length; count += 1) {
        await editor.press("Backspace");
      }
      await editor.type("shipping");
      await editor.save();
      await editor.hint();
      await editor.lightbulb();
      await editor.take(/postage/);
      await panel.locator(".monaco-list-row").first().waitFor();
      const isTicked = (name) =>
        editor.row(panel, name).locator("input.edit-checkbox").first().isChecked();
      if (!(await isTicked("receipt.py")) || (await isTicked("README.md"))) {
        throw new Error("what is certain is to be ticked, what is not is not");
      }
    },
  );
  await step("Apply does what is ticked, and no more", editor, async () => {
    await panel.getByRole("button", { name: "Apply" }).click();
    await editor.saved("the certain places", () =>
      read(shop, "shop/receipt.py").includes("shipping(weight)"),
    );
    if (!read(shop, "README.md").includes("`postage`")) {
      throw new Error("the place in prose was changed without a tick");
    }
  });
}

/** A script changes a signature in the terminal and commits; nobody opened the file. */
export async function commit(step, { editor, shop }) {
  await step("a script and a commit in the terminal wake a suggestion", editor, async () => {
    await editor.command("View: Toggle Terminal");
    await editor.page.locator(".terminal-wrapper.active .xterm-screen").waitFor();
    await editor.page.locator(".xterm-rows").filter({ hasText: /[$#]/ }).waitFor();
    await editor.page.locator(".terminal .xterm-helper-textarea").first().focus();
    await editor.type(
      "sed -i 's/, colour)/)/' shop/parcel.py && git commit -qam 'One colour is enough'\n",
    );
    await until("the commit is made", () =>
      git(shop, "log", "-1", "--format=%s").startsWith("One colour"),
    );
    await editor.statusSays(/suggestion/);
    await editor.showTree();
    await editor.treeRow(/Update 2 calls of `label`/).waitFor();
  });
}

export async function kill(step, { editor, code }) {
  let killed;
  await step("the server is killed: the client starts another", editor, async () => {
    [killed] = servers(code.storage);
    process.kill(killed.id, "SIGKILL");
    await until("another server runs", () => {
      const [now] = servers(code.storage);
      return now !== undefined && now.id !== killed.id;
    });
    await editor.statusSays(/Nothing is owed|suggestion/);
  });
  await step("the new one notices as the old one did", editor, async () => {
    await dropParameter(editor, "shop/discount.py", 4, "def discount(total", ", member");
    await editor.hint();
    await editor.statusSays(/suggestion/);
  });
}
