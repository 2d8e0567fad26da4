// The language client, as we want it: no pop-ups of its own, no restarts of its own, progress that
// can be cancelled, and a log with the levels of the server.

import { type Event, ProgressLocation, window } from "vscode";
import {
  CloseAction,
  ErrorAction,
  type Executable,
  LanguageClient,
  type LanguageClientOptions,
  type ProgressToken,
  RevealOutputChannelOn,
  WorkDoneProgressCancelNotification,
} from "vscode-languageclient/node";

import { ServerLines } from "../levels.js";
import type { Log } from "./log.js";

/** Takes a command of a code action that the client does better; false leaves it to the server. */
export type Intercept = (command: string, args: readonly unknown[]) => boolean;

export interface Wishes {
  readonly log: Log;
  /** The initialization options. */
  readonly options: object;
  readonly intercept: Intercept;
  /** The server ended by itself. */
  readonly ended: () => void;
  /** Fires when this client is done with; what still shows progress ends. */
  readonly onEnd: Event<void>;
}

export function makeClient(executable: Executable, wishes: Wishes): LanguageClient {
  const { log, intercept } = wishes;
  const reports = new Reports(wishes.onEnd, (token) => {
    void client.sendNotification(WorkDoneProgressCancelNotification.type, { token });
  });
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file" }],
    diagnosticCollectionName: "proactive",
    initializationOptions: wishes.options,
    outputChannel: log.channel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    stdioOptions: { stdout: () => undefined, stderr: forward(log) },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        wishes.ended();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    middleware: {
      executeCommand: (command, args, next) =>
        intercept(command, args) ? undefined : next(command, args),
      handleWorkDoneProgress: (token, params, next) => {
        if (params.kind === "begin" && params.cancellable) {
          reports.begin(token, params.title, params.message);
        } else {
          reports.report(token, params);
          next(token, params);
        }
      },
    },
  };
  const client = new QuietClient("proactive", "Proactive", executable, options);
  return client;
}

/** Its errors go to the log: each failed start would be a pop-up, where one message comes at the end. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

interface Report {
  readonly kind: string;
  readonly message?: string;
  readonly percentage?: number;
}

/** Notifications with Cancel, where the language client would show a line in the status bar. */
class Reports {
  private readonly shown = new Map<ProgressToken, (report: Report) => void>();

  constructor(
    private readonly onEnd: Event<void>,
    private readonly cancel: (token: ProgressToken) => void,
  ) {}

  begin(token: ProgressToken, title: string, message: string | undefined): void {
    const options = { location: ProgressLocation.Notification, cancellable: true, title };
    void window.withProgress(options, (progress, cancelled) => {
      if (message) {
        progress.report({ message });
      }
      cancelled.onCancellationRequested(() => this.cancel(token));
      return new Promise<void>((resolve) => {
        let done = 0;
        const end = () => {
          ended.dispose();
          this.shown.delete(token);
          resolve();
        };
        const ended = this.onEnd(end);
        this.shown.set(token, ({ kind, message: text, percentage }) => {
          if (kind === "end") {
            end();
            return;
          }
          const increment = percentage === undefined ? undefined : Math.max(percentage - done, 0);
          done += increment ?? 0;
          progress.report({
            ...(text ? { message: text } : {}),
            ...(increment ? { increment } : {}),
          });
        });
      });
    });
  }

  report(token: ProgressToken, report: Report): void {
    this.shown.get(token)?.(report);
  }
}

/** The server's standard error goes into our log. */
function forward(log: Log): (input: NodeJS.ReadableStream) => void {
  return (input) => {
    const lines = new ServerLines((level, line) => log.write(level, line));
    input.setEncoding("utf8").on("data", (text: string) => lines.add(text));
  };
}
