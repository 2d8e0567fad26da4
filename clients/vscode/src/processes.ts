// Run a program to its end without a shell: what it said, or that it is not there.

import { spawn } from "node:child_process";

export interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** There is no such program. */
  readonly missing: boolean;
}

export interface RunOptions {
  readonly cwd: string;
  readonly timeout: number;
  /** Hears each line of output as it comes. */
  readonly line?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export type Run = (command: readonly string[], options: RunOptions) => Promise<Ran>;

const MOST_KEPT = 100_000;

/** Never rejects. A program that takes longer than it may is killed; its exit is null then. */
export const run: Run = ([program, ...rest], { cwd, timeout, line, signal }) =>
  new Promise((resolve) => {
    let stdout = "";
    let stderr = "";
    const ended = (exit: number | null, missing = false) =>
      resolve({ exit, stdout, stderr, missing });
    if (program === undefined) {
      ended(null, true);
      return;
    }
    const child = spawn(program, rest, {
      cwd,
      timeout,
      shell: false,
      windowsHide: true,
      stdio: ["ignore", "pipe", "pipe"],
      ...(signal === undefined ? {} : { signal }),
    });
    const lines = line === undefined ? undefined : new Lines(line);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-MOST_KEPT);
      lines?.add(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-MOST_KEPT);
      lines?.add(text);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      stderr ||= error.message;
      ended(null, error.code === "ENOENT");
    });
    child.on("close", (code) => {
      lines?.end();
      ended(code);
    });
  });

class Lines {
  private rest = "";

  constructor(private readonly hear: (line: string) => void) {}

  add(text: string): void {
    const lines = (this.rest + text).split(/\r?\n|\r/);
    this.rest = lines.pop() ?? "";
    lines.filter(Boolean).forEach(this.hear);
  }

  end(): void {
    if (this.rest) {
      this.hear(this.rest);
    }
  }
}
