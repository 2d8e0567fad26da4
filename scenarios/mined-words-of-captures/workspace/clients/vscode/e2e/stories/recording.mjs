// A session is recorded, reported and scored; faults become scenarios that fail.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { until } from "../until.mjs";
import { git, write } from "../workspaces.mjs";
import { dropParameter } from "./accepting.mjs";

// A name that would be markup, if anybody took it for that.
const HOSTILE = "notes/<b>.txt";
const TYPED = "counted by hand";
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
    await editor.toast(/recorded to .*-shop\.jsonl/).waitFor();
    await until("the status bar forgets it", async () => {
      const label = await editor.status.locator("a").first().getAttribute("aria-label");
      return !/recorded/.test(label);
    });
    const file = recording(code);
    proactive(code, "sessions", "validate", file);
    const here = events(file).filter((event) => event.path === HOSTILE);
    const edits = here.flatMap(({ changes = [] }) => changes).map(({ text }) => text);
    if (!edits.join("").includes(TYPED) || !here.some(({ type }) => type === "save")) {
      throw new Error(`it holds ${JSON.stringify(here)}`);
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
    proactive(code, "sessions", "validate", path.join(home, "recent"));
    await editor.toast(/recent: /).getByRole("button", { name: "Open" }).click();
    await editor.tab("session.jsonl").waitFor();
  });
  await step("a file of that name is refused, and stays as it was", editor, async () => {
    write(home, { taken: "mine\n" });
    await editor.command("Proactive: Save the Last Minutes as a Scenario…");
    await editor.answerPath(path.join(home, "taken"));
    await editor.toast(/taken: it is there already; name a new folder/).waitFor();
    if (readFileSync(path.join(home, "taken"), "utf8") !== "mine\n") {
      throw new Error("it was written over");
    }
  });
}

/** Goes on from the message about what was recorded. */
export async function report(step, { code, editor, home, shop }) {
  await step("its message leads to a report: a page without scripts", editor, async () => {
    await editor.toast(/recorded to/).getByRole("button", { name: "Report" }).click();
    const page = await editor.webview(/^Proactive: Report/);
    await page.getByText(path.basename(recording(code), ".jsonl")).first().waitFor();
    await page.getByText(HOSTILE).first().waitFor({ state: "attached" });
    await withoutScripts(editor, page);
  });
  await step("a session over a commit of the open folder, chosen by hand", editor, async () => {
    await editor.press("Control+w");
    write(home, { "over-a-commit.jsonl": overCommit(shop) });
    await editor.command("Proactive: Report of Recorded Sessions…");
    await editor.answerPath(path.join(home, "over-a-commit.jsonl"), path.dirname(recording(code)));
    const page = await editor.webview(/^Proactive: Report/);
    await page.getByText("over-a-commit").first().waitFor();
  });
  await step("the scorecard of the folder", editor, async () => {
    await editor.command("Proactive: Scorecard of This Folder");
    const page = await editor.webview(/^Proactive: Scorecard/);
    await page.getByText(shop).first().waitFor();
    await withoutScripts(editor, page);
  });
}

/** None is there, and the frame would run none. */
async function withoutScripts(editor, page) {
  const rules = await editor.frame.locator("iframe#active-frame").getAttribute("sandbox");
  const scripts = await page.locator("script").count();
  if (rules === null || /allow-scripts/.test(rules) || scripts > 0) {
    throw new Error(`${scripts} scripts in a frame with ${rules}`);
  }
}

/** A session as a large repository has it: its header names the commit and has no texts. */
function overCommit(shop) {
  const commit = git(shop, "rev-parse", "HEAD").trim();
  const workspace = { kind: "git", commit, repository: "shop" };
  const header = { proactive_session: [1, 0], name: "over-a-commit", workspace };
  const save = { type: "save", t: 1, path: "shop/price.py" };
  return `${JSON.stringify(header)}\n${JSON.stringify(save)}\n`;
}

/** The one file that was recorded. */
function recording(code) {
  const folder = path.join(code.environment.XDG_STATE_HOME, "proactive-lsp", "sessions");
  const [name] = readdirSync(folder);
  return path.join(folder, name);
}

function events(file) {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.slice(1).map((line) => JSON.parse(line));
}

/** Run the server's program of the private environment; throws when it ends with another code. */
function proactive(code, ...args) {
  const ran = run(code, args);
  if (ran.status !== 0) {
    throw new Error(`${args.join(" ")} ended with ${ran.status}: ${ran.stdout}${ran.stderr}`);
  }
}

function fails(code, folder, wanted) {
  const ran = run(code, ["replay", folder, "--check"]);
  if (ran.status !== 1 || !ran.stdout.includes(wanted)) {
    throw new Error(`replay --check ended with ${ran.status}: ${ran.stdout}${ran.stderr}`);
  }
}

function run(code, args) {
  const [environment] = readdirSync(code.storage).filter((name) => name.startsWith("server-"));
  const python = path.join(code.storage, environment, "bin", "python");
  return spawnSync(python, ["-P", "-m", "proactive_lsp", ...args], { encoding: "utf8" });
}
