// What of a log is written, by the level that the user chose; and the levels of the server's lines.

export type Level = "error" | "warning" | "info" | "debug";

const ORDER: readonly Level[] = ["error", "warning", "info", "debug"];

/** The level by its name, as the settings have it; what is none is the default. */
export function levelOf(value: unknown): Level {
  return ORDER.find((level) => level === value) ?? "info";
}

/**
 * The level at which a line is written, undefined for one that the user does not want.
 *
 * The editor shows what is for debugging only when it was told so elsewhere; who asks for it in our
 * settings sees it without.
 */
export function written(level: Level, wished: Level): Level | undefined {
  if (ORDER.indexOf(level) > ORDER.indexOf(wished)) {
    return undefined;
  }
  return level === "debug" ? "info" : level;
}

/** The server's standard error, line by line, each at the level that Python's logging wrote. */
export class ServerLines {
  private rest = "";
  private level: Level = "error";

  constructor(private readonly write: (level: Level, line: string) => void) {}

  add(text: string): void {
    const lines = (this.rest + text).split(/\r?\n/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      const said = /^(DEBUG|INFO|WARNING|ERROR|CRITICAL) /.exec(line)?.[1];
      // What follows the first line, such as a traceback, is part of it.
      this.level = said === undefined ? this.level : levelSaid(said);
      this.write(this.level, line);
    }
  }
}

function levelSaid(said: string): Level {
  return said === "CRITICAL" ? "error" : levelOf(said.toLowerCase());
}
