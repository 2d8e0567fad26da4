// What the server is told of the user's settings, and what to do when one changes.

import SERVER_SETTINGS from "./settings.json" with { type: "json" };

/** The settings of a user as VS Code keeps them: the value at user scope, undefined where unset. */
export type UserValue = (name: string) => unknown;

/** The names below `proactive.` that are the server's own, as generated from it. */
export const NAMES: readonly string[] = SERVER_SETTINGS;

// A workspace may ask for these, too; the server hears of them while it runs.
export const WORKSPACE_NAMES: readonly string[] = ["enabled", "needs.off", "reward.eagerness"];

export interface Surroundings {
  readonly trusted: boolean;
  /** Whether some folder does not lie on disk; no git and no model for it either. */
  readonly virtual: boolean;
}

/** Whether more may be asked for and told than what rules need: the files open in the editor. */
export function isOpen({ trusted, virtual }: Surroundings): boolean {
  return trusted && !virtual;
}

/** The initialization options: what the user set, and whether the workspace is trusted. */
export function initializationOptions(
  user: UserValue,
  around: Surroundings,
): Record<string, unknown> {
  const groups: Record<string, Record<string, unknown>> = {};
  const options: Record<string, unknown> = {};
  for (const name of NAMES) {
    const value = user(name);
    if (value === undefined) {
      continue;
    }
    const [group, rest] = split(name);
    if (rest === undefined) {
      options[group] = value;
    } else {
      (groups[group] ??= {})[rest] = value;
    }
  }
  const trusted = isOpen(around);
  if (!trusted) {
    groups["agent"] = { ...groups["agent"], enabled: false };
    groups["memory"] = { ...groups["memory"], durable: false };
  }
  return { proactive: true, trusted, ...options, ...groups };
}

/** The arguments of the server behind its command; an untrusted workspace is not recorded. */
export function serveArguments(record: string | undefined, around: Surroundings): string[] {
  const recorded = record && isOpen(around) ? ["--record", record] : [];
  return ["serve", "--stdio", ...recorded];
}

/** The arguments of the server's own examination: of the model host that the user set, if any. */
export function doctorArguments(user: UserValue, form: "text" | "json"): string[] {
  const [host, model] = [user("agent.host"), user("agent.model")];
  return [
    "doctor",
    ...(typeof host === "string" && host ? ["--host", host] : []),
    ...(typeof model === "string" && model ? ["--model", model] : []),
    ...(form === "json" ? ["--json"] : []),
  ];
}

/** What a server was started with; anything else needs a restart. */
export function startedWith(user: UserValue, around: Surroundings): string {
  const own = ["server.command", "server.record"];
  const values = [...NAMES, ...own].map((name) => user(name) ?? null);
  return JSON.stringify([around, values]);
}

function split(name: string): [string, string | undefined] {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}
