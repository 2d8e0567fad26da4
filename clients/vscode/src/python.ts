// What a Python says of itself, and in which words to tell the user that none will do.

import type { Ran } from "./processes.js";

export const OLDEST: readonly [number, number] = [3, 11];

/** The commands that may be a Python, likeliest first. */
export function pythons(platform: string): readonly (readonly string[])[] {
  return platform === "win32" ? [["py", "-3"], ["python"], ["python3"]] : [["python3"], ["python"]];
}

// Printed by the Python itself, so that no stub of a store answers for it.
export const ASK_PYTHON = [
  "-c",
  "import sys; print('%d.%d' % sys.version_info[:2]); import venv, ensurepip",
];

export type Python =
  | { readonly fits: true; readonly command: readonly string[]; readonly version: string }
  | { readonly fits: false; readonly command: readonly string[]; readonly why: string };

/** What became of asking one. */
export function judgePython(command: readonly string[], ran: Ran): Python {
  const name = command.join(" ");
  const found = /^(\d+)\.(\d+)/m.exec(ran.stdout);
  if (found === null) {
    const why = ran.missing
      ? `${name} is not there`
      : `${name} does not run: ${firstLine(ran.stderr) || `exit ${ran.exit}`}`;
    return { fits: false, command, why };
  }
  const version = `${found[1]}.${found[2]}`;
  if (
    Number(found[1]) < OLDEST[0] ||
    (Number(found[1]) === OLDEST[0] && Number(found[2]) < OLDEST[1])
  ) {
    return {
      fits: false,
      command,
      why: `${name} is Python ${version}, and ${OLDEST.join(".")} is the oldest that will do`,
    };
  }
  if (ran.exit !== 0) {
    const module = /No module named '?(\w+)/.exec(ran.stderr)?.[1] ?? "venv";
    return {
      fits: false,
      command,
      why: `${name} is Python ${version} without its module ${module}`,
    };
  }
  return { fits: true, command, version };
}

/** What is missing, and what to do about it: one message from all that was tried. */
export function whatIsMissing(tried: readonly Python[], platform: string): string {
  const reasons = tried.flatMap((python) => (python.fits ? [] : [python.why]));
  const bare = reasons.find((why) => / without its module /.test(why));
  const version = bare === undefined ? undefined : /Python (\d+\.\d+)/.exec(bare)?.[1];
  const remedy =
    bare !== undefined && platform === "linux"
      ? `install it, on Debian and Ubuntu with "sudo apt install python${version}-venv"`
      : `install Python ${OLDEST.join(".")} or newer${platform === "win32" ? " from python.org" : ""}`;
  return `No Python to run the server with: ${reasons.join("; ")}. Please ${remedy}, or set "proactive.server.command".`;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0]?.trim() ?? "";
}
