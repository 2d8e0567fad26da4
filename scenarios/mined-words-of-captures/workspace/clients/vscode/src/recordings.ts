// Where recordings are, what is said of them, and how a scenario that is made of one is called.

import path from "node:path";

/** What of this machine decides where the server's state is. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The server's answer to `record`: how it records now, and to which files, or did until now. */
export interface Recorded {
  readonly recording: string;
  readonly files: readonly string[];
}

/** The folder that recordings go to by the user's settings, as the server counts. */
export function recordingsFolder(
  file: unknown,
  folder: unknown,
  { platform, home, environment }: System,
): string {
  if (typeof file === "string" && file) {
    return path.dirname(file);
  }
  if (typeof folder === "string" && folder) {
    return folder.replace(/^~(?=$|[/\\])/, home);
  }
  const state =
    platform === "win32"
      ? environment["LOCALAPPDATA"] || path.join(home, "AppData", "Local")
      : environment["XDG_STATE_HOME"]?.trim() ||
        (platform === "darwin"
          ? path.join(home, "Library", "Application Support")
          : path.join(home, ".local", "state"));
  return path.join(state, "proactive-lsp", "sessions");
}

/** One line about it. The status bar has room for the name of a file, a message for its path. */
export function recordedWords({ recording, files }: Recorded): string {
  if (files.length === 0) {
    return "nothing is recorded while suggestions are off or the workspace is not trusted";
  }
  return recording
    ? `recording to ${files.map((file) => path.basename(file)).join(", ")}`
    : `recorded to ${files.join(", ")}`;
}

/** The name, with a number behind it when it is taken: a scenario goes into a new folder. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) {
    free = `${name}-${number}`;
  }
  return free;
}

/**
 * The folder that has the commit which a recording was made over, by the beginning of its file.
 *
 * Undefined when the texts lie in the recording itself. Names alone tell folders apart; where none
 * is called so, the first one has to do.
 */
export function repositoryOfRecording(
  beginning: string,
  folders: readonly string[],
): string | undefined {
  const name = gitName(beginning);
  return name === undefined
    ? undefined
    : (folders.find((folder) => path.basename(folder) === name) ?? folders[0]);
}

function gitName(beginning: string): string | undefined {
  const [line, ...more] = beginning.split("\n");
  if (line === undefined || more.length === 0) {
    // A header that goes on has the texts.
    return undefined;
  }
  try {
    const { workspace } = JSON.parse(line) as { workspace?: Record<string, unknown> };
    return workspace?.["kind"] === "git" ? String(workspace["repository"] ?? "") : undefined;
  } catch {
    return undefined;
  }
}
