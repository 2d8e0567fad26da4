// Drive the built VSIX in a real VS Code, story by story. Prints each step with its screenshot, and
// ends with an error when one failed. With E2E_BREAK=publish the server's publishing is cut out, and
// the first story has to fail.

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

/** The stories, one after the other: each begins whether or not the one before passed. */
async function all({ code, editor, shop }) {
  const context = editor.page.context();
  const shared = { code, editor, shop };
  const around = { context, code, home, install };
  await steps.story("Accept", (step) => accept(step, shared));
  await steps.story("Look", (step) => look(step, shared));
  await steps.story("Stale", (step) => stale(step, shared));
  await steps.story("Confirm", (step) => confirm(step, shared));
  await steps.story("Commit", (step) => commit(step, shared));
  await steps.story("Kill", (step) => kill(step, shared));
  await editor.close();
  await steps.story("Untrusted", (step) => untrusted(step, around));
  await steps.story("Two roots", (step) => twoRoots(step, around));
  await steps.story("No Python", (step) => noPython(step, around));
  await steps.story("Speed", (step) => speed(step, around));
  await steps.story("Proof", (step) => breaking(step, around));
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
