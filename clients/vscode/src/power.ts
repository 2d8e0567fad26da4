// Whether the machine runs on battery; the editor does not know, the system does.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import type { Run } from "./processes.js";

const SUPPLIES = "/sys/class/power_supply";

/** A power supply as Linux tells of it. */
export interface Supply {
  readonly type: string;
  readonly online?: string;
}

/** From Linux's supplies or the words of macOS; undefined when neither says anything of it. */
export function onBattery(told: readonly Supply[] | string): boolean | undefined {
  if (typeof told === "string") {
    return told.includes("'Battery Power'")
      ? true
      : told.includes("'AC Power'")
        ? false
        : undefined;
  }
  const plugs = told.filter(({ type, online }) => type !== "Battery" && online !== undefined);
  return plugs.length === 0 ? undefined : plugs.every(({ online }) => online === "0");
}

/** Ask the system; undefined where nobody knows, as on Windows. */
export async function askPower(
  platform: string,
  run: Run,
  cwd: string,
): Promise<boolean | undefined> {
  if (platform === "darwin") {
    return onBattery((await run(["/usr/bin/pmset", "-g", "batt"], { cwd, timeout: 5_000 })).stdout);
  }
  if (platform !== "linux") {
    return undefined;
  }
  const names = await readdir(SUPPLIES).catch(() => []);
  const supplies = names.map(async (name) => ({
    type: await word(name, "type"),
    online: await word(name, "online"),
  }));
  const known = (await Promise.all(supplies)).flatMap(({ type, online }) =>
    type === undefined ? [] : [{ type, ...(online === undefined ? {} : { online }) }],
  );
  return onBattery(known);
}

async function word(supply: string, name: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(SUPPLIES, supply, name), "utf8")).trim();
  } catch {
    return undefined;
  }
}
