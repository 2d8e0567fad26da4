// Where a server may be on this machine, and the making of a private one.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";

import {
  type Disposable,
  type Event,
  EventEmitter,
  type ExtensionContext,
  extensions,
  ProgressLocation,
  window,
  workspace,
} from "vscode";

import { type Answered, answeredLine, candidates, discover, findOnPath } from "../discovery.js";
import { anyPrivateServer, type Made, makePrivateServer, privatePython } from "../privateServer.js";
import { run } from "../processes.js";
import type { Log } from "./log.js";
import { userValue } from "./settings.js";

const PYTHON_EXTENSION = "ms-python.python";

export interface Finding {
  /** What to start; undefined when no candidate is a server. */
  readonly command: readonly string[] | undefined;
  readonly version: string;
  readonly tried: readonly Answered[];
  /** There is a private environment, but of an earlier version. */
  readonly outdated: boolean;
}

interface PythonApi {
  readonly environments?: {
    readonly onDidChangeActiveEnvironmentPath?: Event<unknown>;
    getActiveEnvironmentPath(resource?: unknown): { path: string };
    resolveEnvironment(
      path: unknown,
    ): Promise<{ executable: { uri?: { fsPath: string } } } | undefined>;
  };
}

export class Places implements Disposable {
  private readonly pythonChanged = new EventEmitter<void>();
  /** Another Python was selected, which may have a server; heard once the selection was asked for. */
  readonly onPython = this.pythonChanged.event;
  private heard: Disposable | undefined;
  /** Where servers and their helpers run: never in a workspace, whose files they would import. */
  readonly cwd: string;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: Log,
  ) {
    this.cwd = context.globalStorageUri.fsPath;
  }

  async find(): Promise<Finding> {
    await mkdir(this.cwd, { recursive: true });
    const trusted = workspace.isTrusted;
    const list = candidates({
      trusted,
      setting: words(userValue("server.command")),
      selectedPython: trusted ? await this.selectedPython() : undefined,
      onPath: findOnPath("proactive-lsp", process.env["PATH"], process.platform, isFile),
      privatePython: this.wheel && privatePython(this.cwd, this.wheel.digest, process.platform),
    });
    const found = await discover(list, { run, cwd: this.cwd, oldest: this.version });
    for (const answered of found.tried) {
      this.log.info(answeredLine(answered));
    }
    return found.found === undefined
      ? {
          command: undefined,
          version: "",
          tried: found.tried,
          outdated: anyPrivateServer(this.cwd),
        }
      : {
          command: found.found.command,
          version: found.version,
          tried: found.tried,
          outdated: false,
        };
  }

  /** Make the private environment, with progress that can be cancelled and each line in the log. */
  make(): Thenable<Made> {
    const wheel = this.wheel;
    if (wheel === undefined) {
      return Promise.resolve({
        python: undefined,
        problem: "This build has no server inside; see its README.",
      });
    }
    const options = {
      location: ProgressLocation.Notification,
      cancellable: true,
      title: "Proactive",
    };
    return window.withProgress(options, async (progress, cancelled) => {
      const abort = new AbortController();
      cancelled.onCancellationRequested(() => abort.abort());
      return makePrivateServer({
        home: this.cwd,
        wheel: wheel.file,
        digest: wheel.digest,
        platform: process.platform,
        run,
        log: (line) => this.log.info(line),
        progress: (message) => progress.report({ message }),
        signal: abort.signal,
      });
    });
  }

  dispose(): void {
    this.heard?.dispose();
    this.pythonChanged.dispose();
  }

  get version(): string {
    return (this.context.extension.packageJSON as { version: string }).version;
  }

  /** The wheel inside the extension, as packaging put it there. */
  private get wheel(): { file: string; digest: string } | undefined {
    const folder = path.join(this.context.extensionPath, "server");
    try {
      const name = readdirSync(folder).find((each) => each.endsWith(".whl"));
      const digest = readFileSync(path.join(folder, "DIGEST"), "utf8").trim();
      return name && digest ? { file: path.join(folder, name), digest } : undefined;
    } catch {
      return undefined;
    }
  }

  private async selectedPython(): Promise<string | undefined> {
    const extension = extensions.getExtension<PythonApi>(PYTHON_EXTENSION);
    if (extension === undefined) {
      return undefined;
    }
    try {
      const environments = (await extension.activate()).environments;
      this.heard ??= environments?.onDidChangeActiveEnvironmentPath?.(() =>
        this.pythonChanged.fire(),
      );
      const active = environments?.getActiveEnvironmentPath(workspace.workspaceFolders?.[0]?.uri);
      const resolved = await environments?.resolveEnvironment(active);
      return resolved?.executable.uri?.fsPath;
    } catch (error) {
      this.log.warn(`the Python extension does not say which Python is selected: ${String(error)}`);
      return undefined;
    }
  }
}

function words(value: unknown): readonly string[] | undefined {
  const list = typeof value === "string" ? [value] : value;
  return Array.isArray(list) &&
    list.length > 0 &&
    list.every((word) => typeof word === "string" && word !== "")
    ? (list as string[])
    : undefined;
}

function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
