// The running server: found, started, asked, and stopped again. What it says comes out as events.

import {
  commands,
  type Disposable,
  EventEmitter,
  window,
} from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { systemClock } from "../clock.js";
import type { WorkspaceEdit } from "../edits.js";
import { Lifecycle, type Started, type Work } from "../lifecycle.js";
import type { Event } from "../outbox.js";
import { initializationOptions, isOpen, serveArguments, startedWith } from "../options.js";
import {
  ACTION_KIND,
  type Card,
  cardsOf,
  DID_SHOW,
  EVENT,
  POWER,
  SERVER,
  type Status,
  STATUS,
  statusOf,
  SUGGESTIONS,
  WRITTEN,
  writtenOf,
} from "../protocol.js";
import type { Health } from "../status.js";
import type { Intercept } from "./client.js";
import type { Finding, Places } from "./finding.js";
import { fillMessage } from "./git.js";
import type { Log } from "./log.js";
import { around, isOn, userValue } from "./settings.js";

const NOTHING: Status = { state: "quiet", count: 0, message: "", model: "", modelState: "" };
const STOP_MILLISECONDS = 3_000;
const START_MILLISECONDS = 30_000;
const CONTENT_MODIFIED = -32801;

export class Server implements Work, Disposable {
  readonly lifecycle = new Lifecycle(this, systemClock);
  status = NOTHING;
  found: Finding | undefined;
  private client: LanguageClient | undefined;
  private started = "";
  private readonly cardsChanged = new EventEmitter<readonly Card[]>();
  private readonly statusChanged = new EventEmitter<void>();
  readonly onCards = this.cardsChanged.event;
  /** The health or the status changed. */
  readonly onStatus = this.statusChanged.event;
  private readonly gone = new EventEmitter<void>();
  private readonly onEnd = this.gone.event;

  constructor(
    private readonly log: Log,
    private readonly places: Places,
    private readonly intercept: Intercept,
    private readonly missing: (finding: Finding) => void,
  ) {}

  get health(): Health {
    return this.lifecycle.health;
  }

  /** Some setting or folder changed: restart when the server was started with another value. */
  settingsChanged(): void {
    if (!isOn()) {
      void this.lifecycle.stop();
    } else if (this.health === "off") {
      void this.lifecycle.start();
    } else if (startedWith(userValue, around()) !== this.started) {
      void this.lifecycle.restart();
    }
  }

  /** Run a command of the server; undefined when none runs. */
  async execute<T>(command: string, args: readonly unknown[]): Promise<T | undefined> {
    return this.client?.sendRequest<T>("workspace/executeCommand", { command, arguments: args });
  }

  /** The edit of a card for the text as it stands; throws when the card no longer holds. */
  async edit(id: string, folder: string, title: string): Promise<WorkspaceEdit | undefined> {
    const action = { title, kind: ACTION_KIND, data: { id, folder } };
    const resolved = await this.client?.sendRequest<{ edit?: WorkspaceEdit }>(
      "codeAction/resolve",
      action,
    );
    return resolved?.edit;
  }

  /** The edit as VS Code's own, with what is to be confirmed unticked in its preview. */
  async converted(edit: WorkspaceEdit) {
    // The server speaks the protocol, whose edit this is.
    return this.client?.protocol2CodeConverter.asWorkspaceEdit(edit as never);
  }

  tell(event: Event): void {
    void this.client?.sendNotification(EVENT, event).catch(() => undefined);
  }

  /** The folder tells apart what has the same id in two roots. */
  tellShown(id: string, folder: string): void {
    const told = folder ? { id, folder } : { id };
    void this.client?.sendNotification(DID_SHOW, told).catch(() => undefined);
  }

  tellPower(onBattery: boolean): void {
    // Where no model is asked nobody needs to know.
    if (isOpen(around())) {
      void this.client?.sendNotification(POWER, { onBattery }).catch(() => undefined);
    }
  }

  explain(id: string | null, folder: string | undefined): Promise<string | undefined> {
    return this.execute<string>(SERVER.explain, folder ? [id, folder] : [id]);
  }

  // As the work of the lifecycle.

  async start(): Promise<Started> {
    if (!isOn()) {
      return "off";
    }
    this.started = startedWith(userValue, around());
    this.found = await this.places.find();
    if (this.found.command === undefined) {
      this.missing(this.found);
      return "missing";
    }
    const record = userValue("server.record");
    const args = serveArguments(typeof record === "string" ? record : undefined, around());
    const [command, ...rest] = this.found.command;
    const executable = {
      command: command!,
      args: [...rest, ...args],
      options: { cwd: this.places.cwd },
    };
    // The library is loaded here and not when the extension is, which the editor waits for.
    const { makeClient } = await import("./client.js");
    const client = makeClient(executable, {
      log: this.log,
      options: initializationOptions(userValue, around()),
      intercept: this.intercept,
      ended: () => this.lifecycle.crashed("the server ended by itself"),
      onEnd: this.onEnd,
    });
    this.client = client;
    client.onNotification(SUGGESTIONS, (params: unknown) => {
      if (client === this.client) {
        this.cardsChanged.fire(cardsOf(params));
      }
    });
    client.onNotification(STATUS, (params: unknown) => {
      if (client === this.client) {
        this.status = statusOf(params);
        this.statusChanged.fire();
      }
    });
    client.onNotification(WRITTEN, (params: unknown) => {
      const { folder, text } = writtenOf(params);
      if (client === this.client && text) {
        void fillMessage(folder, text, "before");
      }
    });
    await inTime(client.start(), START_MILLISECONDS);
    return "running";
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.forget();
    this.gone.fire();
    if (client === undefined) {
      return;
    }
    const server = client.serverProcess;
    try {
      await inTime(client.dispose(STOP_MILLISECONDS), 2 * STOP_MILLISECONDS);
    } catch (error) {
      this.log.debug(`stopping: ${String(error)}`);
    }
    if (server !== undefined && server.exitCode === null && server.signalCode === null) {
      server.kill();
    }
  }

  changed(health: Health): void {
    this.log.info(`server: ${health}`);
    void commands.executeCommand("setContext", "proactive.health", health);
    if (health !== "running") {
      this.forget();
    }
    this.statusChanged.fire();
  }

  gaveUp(reason: string): void {
    this.log.error(`gave up: ${reason}`);
    void window
      .showErrorMessage("Proactive: the server does not stay up.", "Show log", "Restart")
      .then((answer) => {
        if (answer === "Show log") {
          this.log.show();
        } else if (answer === "Restart") {
          void this.lifecycle.restart();
        }
      });
  }

  async dispose(): Promise<void> {
    await this.lifecycle.stop();
    this.cardsChanged.dispose();
    this.statusChanged.dispose();
    this.gone.dispose();
  }

  private forget(): void {
    this.status = NOTHING;
    this.cardsChanged.fire([]);
  }
}

/** Whether the server said that what was asked for no longer holds. */
export function isStale(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === CONTENT_MODIFIED;
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let stop: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    stop = systemClock.after(milliseconds, () =>
      reject(new Error(`no answer within ${milliseconds / 1_000} s`)),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stop();
  }
}
