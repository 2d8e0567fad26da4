// Our channel of the editor's output, with no more in it than the user's level asks for.

import type { LogOutputChannel } from "vscode";

import { type Level, levelOf, written } from "../levels.js";
import { userValue } from "./settings.js";

export class Log {
  constructor(readonly channel: LogOutputChannel) {}

  debug(line: string): void {
    this.write("debug", line);
  }

  info(line: string): void {
    this.write("info", line);
  }

  warn(line: string): void {
    this.write("warning", line);
  }

  error(line: string): void {
    this.write("error", line);
  }

  write(level: Level, line: string): void {
    switch (written(level, levelOf(userValue("logLevel")))) {
      case "error":
        return this.channel.error(line);
      case "warning":
        return this.channel.warn(line);
      case "info":
        return this.channel.info(line);
    }
  }

  show(): void {
    this.channel.show();
  }
}
