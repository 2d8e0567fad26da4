// The servers that run: found among the machine's processes by what they were started with.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The ids of processes whose command line or environment names the folder, and that serve. */
export function servers(home) {
  return processes().filter(
    ({ command }) => command.includes("serve --stdio") && command.includes(home),
  );
}

/** Every process as its id, its command line and its parent. */
export function processes() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").join(" ").trim();
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return [{ id: Number(name), command, parent, cwd: cwdOf(name) }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

function cwdOf(name) {
  try {
    return readlinkSync(`/proc/${name}/cwd`);
  } catch {
    return "";
  }
}
