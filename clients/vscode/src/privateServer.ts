// The server's private environment: made from the wheel that comes along, complete or not there.

import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

import type { Run } from "./processes.js";
import { ASK_PYTHON, judgePython, type Python, pythons, whatIsMissing } from "./python.js";

const SHORT = 20_000;
const LONG = 10 * 60_000;
const OLD = 14 * 24 * 3_600_000;
const PREFIX = "server-";
const COMPLETE = ".complete";

export interface Making {
  /** Where environments live; it may not be there yet. */
  readonly home: string;
  readonly wheel: string;
  /** Names the wheel's content, so that another wheel gets another environment. */
  readonly digest: string;
  readonly platform: string;
  readonly run: Run;
  readonly log: (line: string) => void;
  readonly progress: (message: string) => void;
  readonly signal?: AbortSignal;
}

export type Made =
  { readonly python: string } | { readonly python: undefined; readonly problem: string };

/** The Python of the complete environment for this wheel; undefined when there is none. */
export function privatePython(home: string, digest: string, platform: string): string | undefined {
  const folder = path.join(home, PREFIX + digest);
  const python = pythonIn(folder, platform);
  return existsSync(path.join(folder, COMPLETE)) && existsSync(python) ? python : undefined;
}

/** Whether some private environment is there, if only one that an earlier version made. */
export function anyPrivateServer(home: string): boolean {
  try {
    return readdirSync(home).some(
      (name) => name.startsWith(PREFIX) && existsSync(path.join(home, name, COMPLETE)),
    );
  } catch {
    return false;
  }
}

/** Make it. What fails half way is removed again; a second window that is faster wins. */
export async function makePrivateServer(making: Making): Promise<Made> {
  const { home, wheel, digest, platform, run, log, progress, signal } = making;
  await mkdir(home, { recursive: true });
  progress("Looking for Python");
  const python = await findPython(making);
  if (!python.found) {
    return { python: undefined, problem: python.problem };
  }
  const folder = path.join(home, PREFIX + digest);
  const work = await mkdtemp(`${folder}.`);
  const inside = pythonIn(work, platform);
  const steps: readonly { say: string; command: readonly string[] }[] = [
    { say: "Making an environment", command: [...python.found.command, "-m", "venv", work] },
    {
      say: "Installing the server",
      command: [
        inside,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
        wheel,
      ],
    },
    { say: "Trying it out", command: [inside, "-P", "-m", "proactive_lsp", "--version"] },
  ];
  try {
    for (const { say, command } of steps) {
      progress(say);
      log(`$ ${command.join(" ")}`);
      const ran = await run(command, {
        cwd: home,
        timeout: LONG,
        line: log,
        ...(signal ? { signal } : {}),
      });
      if (signal?.aborted) {
        return { python: undefined, problem: "Setting up the server was cancelled." };
      }
      if (ran.exit !== 0) {
        return { python: undefined, problem: `${say} failed: ${reason(ran.stderr, ran.stdout)}` };
      }
    }
    await writeFile(path.join(work, COMPLETE), `${path.basename(wheel)}\n`);
    await moveInPlace(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  await removeOld(home, digest);
  const made = privatePython(home, digest, platform);
  return made !== undefined
    ? { python: made }
    : { python: undefined, problem: `${folder} could not be made` };
}

async function findPython({
  platform,
  run,
  home,
  log,
}: Making): Promise<
  { found: Python & { fits: true }; problem?: never } | { found: undefined; problem: string }
> {
  const tried: Python[] = [];
  for (const command of pythons(platform)) {
    const python = judgePython(
      command,
      await run([...command, ...ASK_PYTHON], { cwd: home, timeout: SHORT }),
    );
    log(python.fits ? `${command.join(" ")} is Python ${python.version}` : python.why);
    if (python.fits) {
      return { found: python };
    }
    tried.push(python);
  }
  return { found: undefined, problem: whatIsMissing(tried, platform) };
}

function pythonIn(folder: string, platform: string): string {
  return platform === "win32"
    ? path.join(folder, "Scripts", "python.exe")
    : path.join(folder, "bin", "python");
}

/** Only complete environments get their name, so one that has it came from another window. */
async function moveInPlace(work: string, folder: string): Promise<void> {
  try {
    await rename(work, folder);
  } catch (error) {
    if (existsSync(path.join(folder, COMPLETE))) {
      return;
    }
    // Something else is called so: what was left of an environment that somebody deleted by hand.
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
  }
}

/** Environments of earlier versions go when they are two weeks old: another window may still run one. */
async function removeOld(home: string, digest: string): Promise<void> {
  const names = (await readdir(home)).filter(
    (name) => name.startsWith(PREFIX) && name !== PREFIX + digest,
  );
  for (const folder of names.map((name) => path.join(home, name))) {
    // Another window may be about to give this one its name.
    const made = await stat(folder).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > OLD) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function reason(stderr: string, stdout: string): string {
  const lines = (stderr.trim() || stdout.trim()).split("\n");
  return (
    lines.find((line) => /^ERROR|rror:/.test(line))?.trim() ??
    lines.pop()?.trim() ??
    "it said nothing"
  );
}
