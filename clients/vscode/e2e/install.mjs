// Get VS Code and the driver of the browser onto this machine: in node_modules beside this file.
// Versions come from package-lock.json here, and for what VS Code itself needs from its own lock.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { needPrograms, onPath } from "./programs.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const vscode = path.join(here, "node_modules", "code-server", "lib", "vscode");
// What VS Code needs compiled: its terminal, its log, and what ends its processes with their parent.
const NATIVE = ["node-pty", "@vscode/spdlog", "native-watchdog"];
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

needPrograms();
await run(here, "npm", ["ci", ...QUIET]);
// `npm ci` would refuse its lock, which leaves out what its own patches added; `install` keeps to it all the same.
await run(vscode, "npm", ["install", "--omit=dev", ...QUIET]);
for (const name of NATIVE) {
  await run(path.join(vscode, "node_modules", name), process.execPath, [nodeGyp(), "rebuild"], {
    ...process.env,
    ...headers(),
  });
}
const search = path.join(vscode, "node_modules", "@vscode", "ripgrep", "bin");
mkdirSync(search, { recursive: true });
link(onPath("rg"), path.join(search, "rg"));
link("node_modules", path.join(vscode, "node_modules.asar"));

function link(target, file) {
  rmSync(file, { force: true });
  symlinkSync(target, file);
}

/** The compiler of native modules that comes with npm. */
function nodeGyp() {
  const npm = path.join(path.dirname(process.execPath), "..", "lib", "node_modules", "npm");
  const file = path.join(npm, "node_modules", "node-gyp", "bin", "node-gyp.js");
  if (!existsSync(file)) {
    console.error(`${file} is not there; install Node with its npm`);
    process.exit(2);
  }
  return file;
}

/** Node's own headers, so that none are fetched. */
function headers() {
  const prefix = path.join(path.dirname(process.execPath), "..");
  return existsSync(path.join(prefix, "include", "node", "node_api.h"))
    ? { npm_config_nodedir: prefix }
    : {};
}

async function run(cwd, command, args, env = process.env) {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) {
    console.error(`${command} ${args.join(" ")} in ${cwd}:\n${said.slice(-4_000)}`);
    process.exit(2);
  }
}
