// Which server to start: the user's own command, the selected Python, PATH, the private one.
//
// Before the workspace is trusted only the first and the last count: the others may be what the
// workspace brought along.

import path from "node:path";

import type { Run } from "./processes.js";

export interface Candidate {
  readonly from: "setting" | "python" | "path" | "private";
  /** What to start; `serve`, `doctor` or `--version` comes behind it. */
  readonly command: readonly string[];
}

export interface Wishes {
  readonly trusted: boolean;
  /** `proactive.server.command` at user scope. */
  readonly setting: readonly string[] | undefined;
  readonly selectedPython: string | undefined;
  readonly onPath: string | undefined;
  /** The Python of the private environment, when it is complete. */
  readonly privatePython: string | undefined;
}

export interface Answered {
  readonly candidate: Candidate;
  readonly version?: string;
  readonly problem?: string;
}

export type Discovery =
  | { readonly found: Candidate; readonly version: string; readonly tried: readonly Answered[] }
  | { readonly found: undefined; readonly tried: readonly Answered[] };

const PATIENCE = 20_000;

/** The candidates in their order. A command that the user set is the only one. */
export function candidates(wishes: Wishes): Candidate[] {
  if (wishes.setting !== undefined && wishes.setting.length > 0) {
    return [{ from: "setting", command: wishes.setting }];
  }
  const list: Candidate[] = [];
  if (wishes.trusted && wishes.selectedPython !== undefined) {
    list.push({ from: "python", command: moduleOf(wishes.selectedPython) });
  }
  if (wishes.trusted && wishes.onPath !== undefined) {
    list.push({ from: "path", command: [wishes.onPath] });
  }
  if (wishes.privatePython !== undefined) {
    list.push({ from: "private", command: moduleOf(wishes.privatePython) });
  }
  return list;
}

/** The first candidate that says its version, which must not be older than `oldest`. */
export async function discover(
  list: readonly Candidate[],
  { run, cwd, oldest }: { run: Run; cwd: string; oldest: string },
): Promise<Discovery> {
  const tried: Answered[] = [];
  for (const candidate of list) {
    const answered = await ask(candidate, run, cwd, oldest);
    tried.push(answered);
    if (answered.version !== undefined && answered.problem === undefined) {
      return { found: candidate, version: answered.version, tried };
    }
  }
  return { found: undefined, tried };
}

/** The server as a module of a Python; `-P` keeps the working directory off its search path. */
export function moduleOf(python: string): readonly string[] {
  return [python, "-P", "-m", "proactive_lsp"];
}

/** One line for the log and for "What is wrong?". */
export function answeredLine({ candidate, version, problem }: Answered): string {
  const where = {
    setting: "your setting",
    python: "the selected Python",
    path: "PATH",
    private: "the private environment",
  };
  const said = problem ?? `version ${version ?? "unknown"}`;
  return `${where[candidate.from]} (${candidate.command.join(" ")}): ${said}`;
}

/** The program on PATH. Entries that are no absolute path mean the working directory, and are left out. */
export function findOnPath(
  name: string,
  variable: string | undefined,
  platform: string,
  isFile: (file: string) => boolean,
): string | undefined {
  const flavour = platform === "win32" ? path.win32 : path.posix;
  const names = platform === "win32" ? [`${name}.exe`] : [name];
  for (const entry of (variable ?? "").split(flavour.delimiter)) {
    if (!flavour.isAbsolute(entry)) {
      continue;
    }
    const found = names.map((each) => flavour.join(entry, each)).find(isFile);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Whether one version is older than another, by its numbers. */
export function older(one: string, other: string): boolean {
  const numbers = (version: string) =>
    version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [numbers(one), numbers(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) {
      return difference < 0;
    }
  }
  return false;
}

async function ask(candidate: Candidate, run: Run, cwd: string, oldest: string): Promise<Answered> {
  const ran = await run([...candidate.command, "--version"], { cwd, timeout: PATIENCE });
  const version = /^proactive-lsp (\S+)/m.exec(ran.stdout)?.[1];
  if (version === undefined) {
    const said = ran.stderr.trim().split("\n").pop()?.trim();
    const problem = ran.missing ? "not there" : `no server (${said || `exit ${ran.exit}`})`;
    return { candidate, problem };
  }
  if (older(version, oldest)) {
    return { candidate, version, problem: `version ${version} is older than ${oldest}` };
  }
  return { candidate, version };
}
