// Drive the built VSIX in a real VS Code, story by story. Prints each step with its screenshot, and
// ends with an error when one failed. Names of stories as arguments run these alone, after the set-up.
// With E2E_BREAK=publish the server's publishing is cut out, and the first story has to fail.

import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { chromium as browsers } from "playwright-core";

import { chromium } from "./programs.mjs";
import { Steps } from "./steps.mjs";
import { accept, setUp } from "./stories/accepting.mjs";
import { breaking, cutPublishing } from "./stories/breaking.mjs";
import { look } from "./stories/looking.mjs";
import { commit, confirm, kill, stale } from "./stories/staying.mjs";
import { capture, record, report } from "./stories/recording.mjs";
import { draft, remember } from "./stories/remembering.mjs";
import { speed } from "./stories/speed.mjs";
import { noPython, twoRoots, untrusted } from "./stories/surroundings.mjs";
import { isInstalled, VsCode } from "./vscode.mjs";
import { repository, SHOP } from "./workspaces.mjs";

const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/**
 * In the window of the set-up, in this order: each begins whether or not the one before passed. Kill
 * goes on from Stale, and Report from Record.
 */
const INSIDE = {
  Accept: accept,
  Look: look,
  Stale: stale,
  Confirm: confirm,
  Commit: commit,
  Kill: kill,
  Remember: remember,
  Record: record,
  Report: report,
  // After what was dismissed is forgotten: a replay is more patient than the settings here.
  Capture: capture,
  Draft: draft,
};
/** In windows of their own; the last cuts the server's publishing out for good. */
const AROUND = {
  Untrusted: untrusted,
  "Two roots": twoRoots,
  "No Python": noPython,
  Speed: speed,
  Proof: breaking,
};
const chosen = chosenStories();
const broken = process.env.E2E_BREAK === "publish";
const dist = fileURLToPath(new URL("../../../dist", import.meta.url));
const vsix = built();
const steps = new Steps(path.join(dist, "e2e"));
const home = mkdtempSync(path.join(tmpdir(), "proactive-e2e-"));

const started = [];
const code = await install("vscode");
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    started.forEach((each) => each.kill());
    process.exit(1);
  });
}
const browser = await browsers.launch({ executablePath: chromium(), args: QUIET });
try {
  const context = await browser.newContext({ viewport: { width: 1100, height: 680 } });
  const shop = repository(path.join(home, "shop"), SHOP);
  let editor;
  const isReady = await steps.story("Set up", async (step) => {
    editor = await setUp(step, { context, code, shop });
  });
  if (isReady && broken) {
    cutPublishing(code);
    await editor.command("Proactive: Restart the Server");
    editor.page.setDefaultTimeout(10_000);
    await steps.story("Accept", (step) => accept(step, { editor, shop }));
  } else if (isReady) {
    await all({ code, editor, shop });
  }
} finally {
  await browser.close();
  await code.stop();
  if (steps.failed === 0) {
    rmSync(home, { recursive: true, force: true, maxRetries: 20 });
  } else {
    console.log(`\nwhat it was run in is kept: ${home}`);
  }
}
console.log(`\n${steps.passed} passed, ${steps.failed} failed`);
process.exitCode = steps.failed === 0 ? 0 : 1;

async function all({ code, editor, shop }) {
  const context = editor.page.context();
  for (const name of Object.keys(INSIDE).filter(isChosen)) {
    await steps.story(name, (step) => INSIDE[name](step, { code, editor, shop, home }));
  }
  await editor.close();
  for (const name of Object.keys(AROUND).filter(isChosen)) {
    await steps.story(name, (step) => AROUND[name](step, { context, code, home, install }));
  }
}

/** Those that the command line names; none is all. */
function chosenStories() {
  const names = process.argv.slice(2).map((name) => name.toLowerCase());
  const known = [...Object.keys(INSIDE), ...Object.keys(AROUND)];
  const unknown = names.find((name) => !known.some((each) => each.toLowerCase() === name));
  if (unknown !== undefined) {
    console.error(`no story is called ${unknown}; there are ${known.join(", ")}`);
    process.exit(2);
  }
  return new Set(names);
}

function isChosen(name) {
  return chosen.size === 0 || chosen.has(name.toLowerCase());
}

function built() {
  const names = existsSync(dist) ? readdirSync(dist).filter((name) => name.endsWith(".vsix")) : [];
  if (names.length !== 1 || !isInstalled()) {
    console.error("there must be one VSIX in dist, and a VS Code to try it in; run `make e2e`");
    process.exit(2);
  }
  return path.join(dist, names[0]);
}

/** A VS Code that has our VSIX, installed by command line and started. */
async function install(name, environment = {}) {
  const made = new VsCode(path.join(home, name), environment);
  started.push(made);
  await made.install(vsix);
  await made.start();
  return made;
}
