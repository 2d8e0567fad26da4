// A session is recorded, reported and scored; faults become scenarios that fail.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { until } from "../until.mjs";
import { write } from "../workspaces.mjs";
import { dropParameter } from "./accepting.mjs";

// A name that would be markup, if anybody took it for that.
const HOSTILE = "notes/<b>.txt";
const TYPED = "counted by hand";
const CARD = "Update 2 calls of `weigh`";
const SCALES = {
  "shop/scales.py": `"""What it weighs."""


def weigh(goods, unit, scale):
    """The weight of all of it."""
    return sum(goods) * unit
`,
  "shop/weighing.py": `"""At the scales."""

from shop.scales import weigh


def one(item):
    return weigh([item], 1, "small")


def many(items):
    return weigh(items, 1, "large")
`,
};

export async function record(step, { code, editor, shop }) {
  write(shop, { [HOSTILE]: "one\n", ...SCALES });
  await step("recording on: the status bar shows it, and where it goes", editor, async () => {
    await editor.command("Proactive: Record This Session, or Stop");
    await editor.statusText("Proactive: recording to");
    await editor.statusSays(/the session is recorded/);
  });
  await step("recording off: the file is there, sound, and holds what was typed", editor, async () => {
    await editor.goTo(HOSTILE);
    await editor.type(TYPED);
    await editor.save();
    await editor.status.click();
    await editor.choose("Stop recording");
    await until("the status bar forgets it", async () => {
      const label = await editor.status.locator("a").first().getAttribute("aria-label");
      return !/recorded/.test(label);
    });
    const [file] = recordings(code);
    execFileSync(program(code), ["sessions", "validate", file]);
    const lines = events(file);
    const typed = lines.filter(({ path }) => path === HOSTILE);
    const text = typed.flatMap(({ changes = [] }) => changes.map(({ text }) => text)).join("");
    if (text !== TYPED || !typed.some(({ type }) => type === "save")) {
      throw new Error(`it holds ${JSON.stringify(lines)}`);
    }
  });
}

/** Both faults: what should have been suggested, and what should not have been. */
export async function capture(step, { code, editor, home }) {
  await step("should have suggested here: a scenario that fails", editor, async () => {
    await dropParameter(editor, "shop/scales.py", 4, "def weigh(goods, unit", ", scale");
    await editor.hint();
    await editor.goTo("shop/scales.py", 6);
    await editor.command("Proactive: Should Have Suggested Here…");
    await editor.choose("docstring");
    await editor.answerPath(path.join(home, "missing"));
    await editor.toast(/missing: .* files; fails as it should/).waitFor();
    fails(code, path.join(home, "missing"), "docstring");
  });
  await step("should not have suggested this: another one", editor, async () => {
    await editor.goTo("shop/scales.py", 4, 6);
    await editor.command("Proactive: Should Not Have Suggested This…");
    await editor.answerPath(path.join(home, "unwanted"));
    await editor.toast(/unwanted: .* files; fails as it should/).waitFor();
    fails(code, path.join(home, "unwanted"), "quiet");
  });
  await step("the last minutes become a scenario without a label", editor, async () => {
    await editor.command("Proactive: Save the Last Minutes as a Scenario…");
    await editor.answerPath(path.join(home, "recent"));
    await editor.toast(/recent: .* files, no label/).waitFor();
    execFileSync(program(code), ["sessions", "validate", path.join(home, "recent")]);
  });
  await step("a folder that is there is refused, and nothing of it changes", editor, async () => {
    const before = readFileSync(path.join(home, "recent", "session.jsonl"), "utf8");
    await editor.command("Proactive: Save the Last Minutes as a Scenario…");
    await editor.answerPath(path.join(home, "recent"));
    await editor.toast(/it is there already; name a new folder/).waitFor();
    if (readFileSync(path.join(home, "recent", "session.jsonl"), "utf8") !== before) {
      throw new Error("it was written over");
    }
  });
}

export async function report(step, { code, editor, shop }) {
  await step("a report of the recorded session: a page without scripts", editor, async () => {
    await editor.command("Proactive: Report of Recorded Sessions…");
    const [file] = recordings(code);
    await editor.answerPath(file);
    const page = await editor.webview(/Proactive: Report/);
    await page.getByText(path.basename(file, ".jsonl")).first().waitFor();
    await page.getByText(HOSTILE).first().waitFor();
    await withoutScripts(editor, page);
  });
  await step("the scorecard of the folder", editor, async () => {
    await editor.command("Proactive: Scorecard of This Folder");
    const page = await editor.webview(/Proactive: Scorecard/);
    await page.getByText(shop).first().waitFor();
    await withoutScripts(editor, page);
  });
}

/** None is there, none was made of a file's name, and the frame would run none. */
async function withoutScripts(editor, page) {
  const rules = await editor.frame.locator("iframe#active-frame").getAttribute("sandbox");
  const scripts = await page.locator("script, b").count();
  if (rules === null || /allow-scripts/.test(rules) || scripts > 0) {
    throw new Error(`${scripts} scripts in a frame with ${rules}`);
  }
}

function recordings(code) {
  const folder = path.join(code.environment.XDG_STATE_HOME, "proactive-lsp", "sessions");
  return existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
}

function events(file) {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.slice(1).map((line) => JSON.parse(line));
}

/** The server's program, of the private environment. */
function program(code) {
  const [environment] = readdirSync(code.storage).filter((name) => name.startsWith("server-"));
  return path.join(code.storage, environment, "bin", "proactive-lsp");
}

function fails(code, folder, wanted) {
  const ran = spawnSync(program(code), ["replay", folder, "--check"], { encoding: "utf8" });
  if (ran.status !== 1 || !ran.stdout.includes(wanted)) {
    throw new Error(`replay --check ended with ${ran.status}: ${ran.stdout}${ran.stderr}`);
  }
}
