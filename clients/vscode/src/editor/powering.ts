// Tell the server when the machine changes to battery and back; it spares the model then.

import type { Disposable } from "vscode";

import { systemClock } from "../clock.js";
import { askPower } from "../power.js";
import { run } from "../processes.js";
import type { Server } from "./server.js";

const EVERY_MILLISECONDS = 60_000;

export class Powering implements Disposable {
  private told: boolean | undefined;
  private stop: (() => void) | undefined;
  private readonly heard: Disposable;

  constructor(
    private readonly server: Server,
    private readonly cwd: string,
  ) {
    this.heard = server.onStatus(() => {
      if (server.health !== "running") {
        this.end();
        this.told = undefined;
      } else if (this.stop === undefined) {
        this.wait(0);
      }
    });
  }

  dispose(): void {
    this.end();
    this.heard.dispose();
  }

  private wait(milliseconds: number): void {
    this.stop = systemClock.after(milliseconds, () => void this.look());
  }

  private async look(): Promise<void> {
    const now = await askPower(process.platform, run, this.cwd);
    if (this.stop === undefined) {
      return;
    }
    // Without a word of it the server thinks of a plugged-in machine.
    if (now !== undefined && now !== (this.told ?? false)) {
      this.told = now;
      this.server.tellPower(now);
    }
    this.wait(EVERY_MILLISECONDS);
  }

  private end(): void {
    this.stop?.();
    this.stop = undefined;
  }
}
