// The events that the protocol lacks, as the editor tells them. What may be told is decided in
// `outbox`, and how it is worded in its siblings; a keystroke costs an assignment and an append.

import {
  debug,
  type DebugSession,
  type Diagnostic,
  type Disposable,
  languages,
  type Range as EditorRange,
  type Task,
  TaskGroup,
  tasks,
  type TerminalShellExecution,
  type TextDocument,
  type TextEditor,
  type Uri,
  window,
  workspace,
} from "vscode";

import { ChangedLines } from "../changedLines.js";
import { Gather, Rest, systemClock } from "../clock.js";
import { Debugged, type Session } from "../debugged.js";
import { Findings, type Found } from "../findings.js";
import { type Event, focusOn, type Kind, mayTell, Once } from "../outbox.js";
import { locate } from "../paths.js";
import { asObject, type Range } from "../protocol.js";
import { commandEvent, Echoes, Tail, testEvent } from "../terminal.js";
import { watchGit } from "./git.js";
import type { Server } from "./server.js";
import { around, folderUris, switches } from "./settings.js";

// A selection counts once it rests: while the user types, the edits tell where.
const REST_MILLISECONDS = 1_500;
const SETTLED_MILLISECONDS = 1_000;
const GIT_MILLISECONDS = 500;

export class Telling implements Disposable {
  private readonly own: Disposable[] = [];

  constructor(private readonly server: Server) {
    this.own.push(
      ...this.focus(),
      ...this.terminals(),
      ...this.tasks(),
      ...this.debuggers(),
      ...this.diagnostics(),
    );
    void this.git();
  }

  dispose(): void {
    this.own.forEach((each) => void each.dispose());
  }

  private may(kind: Kind): boolean {
    const running = this.server.health === "running";
    return running && mayTell(kind, { around: around(), running, switches: switches() });
  }

  private tell(kind: Kind, event: Event | undefined): void {
    if (event !== undefined && this.may(kind)) {
      this.server.tell(event);
    }
  }

  private focus(): Disposable[] {
    const once = new Once();
    const look = (
      editor: TextEditor | undefined,
      range?: EditorRange,
      crossed?: "left" | "back",
    ) => {
      const uri = editor?.document.uri.toString();
      const event = uri && focusOn(uri, range && plain(range), folderUris(), crossed);
      if (event && once.isNew(event)) {
        this.tell("focus", event);
      }
    };
    const rest = new Rest(systemClock, REST_MILLISECONDS, () => {
      const editor = window.activeTextEditor;
      look(editor, editor?.selection);
    });
    const opened = new Gather(systemClock, SETTLED_MILLISECONDS, () => {
      const active = window.activeTextEditor;
      // The one that is looked at comes last: it is where the user is.
      window.visibleTextEditors
        .filter((editor) => editor !== active)
        .forEach((editor) => look(editor, editor.visibleRanges[0]));
      look(active, active?.visibleRanges[0]);
    });
    let focused = window.state.focused;
    // A glance elsewhere is no leaving.
    const moved = new Gather(systemClock, SETTLED_MILLISECONDS, () => {
      if (window.state.focused !== focused) {
        focused = window.state.focused;
        const active = window.activeTextEditor;
        look(active, focused ? active?.visibleRanges[0] : undefined, focused ? "back" : "left");
      }
    });
    return [
      rest,
      opened,
      moved,
      window.onDidChangeTextEditorSelection(() => rest.poke()),
      window.onDidChangeVisibleTextEditors(() => opened.poke()),
      window.onDidChangeActiveTextEditor(() => opened.poke()),
      window.onDidChangeWindowState((state) => {
        moved.poke();
        if (state.focused) {
          // Elsewhere a commit may have been made.
          this.tell("git", { type: "git", op: "stage" });
        }
      }),
    ];
  }

  private readonly echoes = new Echoes();

  private ended(kind: "terminal" | "tasks", event: Event | undefined): void {
    if (
      event?.type === "command" &&
      this.echoes.isNew(kind, event.line, event.exit, systemClock.now() / 1_000)
    ) {
      this.tell(kind, event);
    }
  }

  private terminals(): Disposable[] {
    const started = new WeakMap<TerminalShellExecution, { at: number; tail: Tail }>();
    return [
      window.onDidStartTerminalShellExecution(({ execution }) => {
        const tail = new Tail();
        started.set(execution, { at: systemClock.now(), tail });
        if (this.may("terminal") && switches().terminalOutput) {
          void read(execution, tail);
        }
      }),
      window.onDidEndTerminalShellExecution(({ execution, exitCode }) => {
        const begun = started.get(execution);
        const folder = folderOf(execution.cwd);
        this.ended(
          "terminal",
          commandEvent({
            line: execution.commandLine.value,
            exit: exitCode,
            ...(begun === undefined
              ? {}
              : { seconds: (systemClock.now() - begun.at) / 1_000, output: begun.tail.end }),
            ...(folder === undefined ? {} : { folder }),
          }),
        );
      }),
    ];
  }

  private tasks(): Disposable[] {
    const started = new Map<unknown, number>();
    return [
      tasks.onDidStartTaskProcess(({ execution }) => started.set(execution, systemClock.now())),
      tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        const { task } = execution;
        const at = started.get(execution);
        started.delete(execution);
        const scope = typeof task.scope === "object" ? task.scope.uri.toString() : undefined;
        this.ended(
          "tasks",
          commandEvent({
            line: taskLine(task),
            exit: exitCode,
            ...(at === undefined ? {} : { seconds: (systemClock.now() - at) / 1_000 }),
            ...(scope === undefined ? {} : { folder: scope }),
          }),
        );
        if (task.group?.id === TaskGroup.Test.id) {
          this.tell("tasks", testEvent(task.name, exitCode, scope));
        }
      }),
    ];
  }

  private debuggers(): Disposable[] {
    const debugged = new Debugged(systemClock);
    return [
      debug.onDidStartDebugSession((each) => this.tell("debug", debugged.started(session(each)))),
      debug.onDidTerminateDebugSession((each) =>
        this.tell("debug", debugged.terminated(session(each))),
      ),
      debug.registerDebugAdapterTrackerFactory("*", {
        createDebugAdapterTracker: (each) => ({
          onDidSendMessage: (message: unknown) => {
            const { type, event, body } = asObject(message);
            const exit = type === "event" && event === "exited" && asObject(body)["exitCode"];
            if (typeof exit === "number") {
              this.tell("debug", debugged.exited(session(each), exit));
            }
          },
        }),
      }),
    ];
  }

  private diagnostics(): Disposable[] {
    const changed = new ChangedLines();
    const findings = new Findings();
    const waiting = new Map<string, Uri>();
    const rest = new Rest(systemClock, SETTLED_MILLISECONDS, () => {
      const uris = [...waiting.values()];
      waiting.clear();
      for (const uri of this.may("diagnostics") ? uris : []) {
        const key = uri.toString();
        const where = locate(key, folderUris());
        if (where !== undefined) {
          const near = (range: Range) => changed.near(key, range.start.line, range.end.line);
          const all = languages.getDiagnostics(uri).map(found);
          findings.news(key, where, all, near).forEach((event) => this.tell("diagnostics", event));
        }
      }
    });
    const open = (document: TextDocument) => document.uri.scheme === "file";
    return [
      rest,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && open(document)) {
          changed.append(document.uri.toString(), contentChanges);
        }
      }),
      workspace.onDidCloseTextDocument((document) => changed.forget(document.uri.toString())),
      languages.onDidChangeDiagnostics(({ uris }) => {
        uris.forEach((uri) => waiting.set(uri.toString(), uri));
        rest.poke();
      }),
      this.server.onStatus(() =>
        this.server.health === "running" ? undefined : findings.forget(),
      ),
    ];
  }

  private async git(): Promise<void> {
    const gather = new Gather(systemClock, GIT_MILLISECONDS, () =>
      this.tell("git", { type: "git", op: "stage" }),
    );
    this.own.push(gather, ...(await watchGit(() => gather.poke())));
  }
}

async function read(execution: TerminalShellExecution, tail: Tail): Promise<void> {
  for await (const piece of execution.read()) {
    tail.add(piece);
  }
}

function folderOf(cwd: Uri | undefined): string | undefined {
  return cwd && workspace.getWorkspaceFolder(cwd)?.uri.toString();
}

function session({ id, name, workspaceFolder, parentSession }: DebugSession): Session {
  const folder = workspaceFolder?.uri.toString();
  return {
    id,
    name,
    ...(folder === undefined ? {} : { folder }),
    ...(parentSession === undefined ? {} : { parent: session(parentSession) }),
  };
}

function taskLine(task: Task): string {
  const run = task.execution;
  if (run !== undefined && "commandLine" in run && typeof run.commandLine === "string") {
    return run.commandLine;
  }
  if (run !== undefined && "command" in run && typeof run.command === "string") {
    return [
      run.command,
      ...(run.args ?? []).map((word) => (typeof word === "string" ? word : word.value)),
    ].join(" ");
  }
  return task.name;
}

function found(diagnostic: Diagnostic): Found {
  const { code } = diagnostic;
  const name = typeof code === "object" ? code.value : code;
  return {
    source: diagnostic.source ?? "",
    range: plain(diagnostic.range),
    severity: diagnostic.severity + 1,
    message: diagnostic.message,
    ...(name === undefined ? {} : { code: String(name) }),
  };
}

function plain({ start, end }: EditorRange): Range {
  return {
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
  };
}
