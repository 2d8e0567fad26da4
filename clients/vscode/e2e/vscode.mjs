// A VS Code of its own for one run: its server, its settings, its extensions, nothing of the user's.

import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { until } from "./until.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const program = path.join(
  here,
  "node_modules",
  "code-server",
  "lib",
  "vscode",
  "out",
  "server-main.js",
);

/** What every window of a test has: nothing that is no part of the story. */
const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.colorTheme": "Default Light Modern",
  "window.commandCenter": false,
  "window.menuBarVisibility": "compact",
  "chat.commandCenter.enabled": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "files.autoSave": "off",
  "editor.minimap.enabled": false,
  "terminal.integrated.gpuAcceleration": "off",
  "remote.autoForwardPorts": false,
  "workbench.editor.enablePreview": false,
  "editor.fontFamily": "DejaVu Sans Mono, monospace",
  "terminal.integrated.enablePersistentSessions": false,
  "git.openRepositoryInParentFolders": "never",
  // No model: what it would say is tested elsewhere, and none may be asked by chance.
  "proactive.agent.enabled": false,
  // The stories answer faster than anybody would.
  "proactive.reward.cooldownSeconds": 0,
  "proactive.reward.cardsPerHour": 100,
};

export class VsCode {
  /** @param home an empty folder that it has for itself */
  constructor(home, environment = {}) {
    this.home = home;
    // What the server remembers, the shell's history and git's settings are of this run alone.
    this.environment = {
      ...process.env,
      XDG_STATE_HOME: path.join(home, "state"),
      HISTFILE: path.join(home, "history"),
      GIT_CONFIG_GLOBAL: "/dev/null",
      ...environment,
    };
    this.storage = path.join(home, "data", "User", "globalStorage", "proactive-lsp.proactive-lsp");
  }

  async start(settings = {}) {
    const port = await freePort();
    this.address = `http://127.0.0.1:${port}`;
    this.settings(settings);
    const log = createWriteStream(path.join(this.home, "server.log"));
    this.process = spawn(
      process.execPath,
      [
        program,
        "--host",
        "127.0.0.1",
        "--port",
        String(port),
        ...this.common(),
        "--without-connection-token",
        "--force-disable-user-env",
      ],
      { env: this.environment, cwd: this.home, stdio: ["ignore", "pipe", "pipe"], detached: true },
    );
    this.process.stdout.pipe(log);
    this.process.stderr.pipe(log);
    await until("VS Code listens", async () => {
      if (this.process.exitCode !== null) {
        throw new Error(`VS Code ended; see ${log.path}`);
      }
      return (await fetch(`${this.address}/version`)).ok;
    });
  }

  /** Install a VSIX by command line, as a user would. */
  async install(vsix) {
    mkdirSync(this.home, { recursive: true });
    const child = spawn(
      process.execPath,
      [program, "--install-extension", vsix, ...this.common()],
      {
        env: this.environment,
        cwd: this.home,
      },
    );
    let said = "";
    child.stdout.on("data", (data) => (said += data));
    child.stderr.on("data", (data) => (said += data));
    const code = await new Promise((resolve) => child.on("close", resolve));
    if (code !== 0 || !/successfully installed/.test(said)) {
      throw new Error(`${vsix} was not installed: ${said.trim()}`);
    }
  }

  /** The user's settings on the machine where VS Code's server runs. */
  settings(more) {
    const text = JSON.stringify({ ...SETTINGS, ...more }, undefined, 2);
    for (const kind of ["Machine", "User"]) {
      const folder = path.join(this.home, "data", kind);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, "settings.json"), text);
    }
  }

  async stop() {
    if (this.process === undefined || this.process.exitCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => this.process.on("close", resolve));
    this.kill();
    await ended;
  }

  /** Its processes are a group of their own, which no part of it outlives. */
  kill() {
    try {
      process.kill(-this.process.pid, "SIGKILL");
    } catch {
      // It never started, or has ended.
    }
  }

  common() {
    return [
      "--accept-server-license-terms",
      "--telemetry-level",
      "off",
      "--server-data-dir",
      this.home,
      "--extensions-dir",
      path.join(this.home, "extensions"),
    ];
  }
}

export function isInstalled() {
  return existsSync(program);
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
