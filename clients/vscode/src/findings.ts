// What other tools find at the lines that the user changed, as events: one for each tool and file.

import type { Event, Finding } from "./outbox.js";
import type { Located } from "./paths.js";
import { type Range, SOURCE } from "./protocol.js";

/** A diagnostic as the editor has it, its severity as the protocol counts. */
export interface Found {
  readonly source: string;
  readonly range: Range;
  readonly severity: number;
  readonly message: string;
  readonly code?: string;
}

const MOST_FINDINGS = 50;
const LONGEST_MESSAGE = 300;
const WARNING = 2;

export class Findings {
  private readonly told = new Map<string, string>();

  /** The events that tell what changed since the last call for this file; an empty one clears. */
  news(
    uri: string,
    where: Located,
    all: readonly Found[],
    near: (range: Range) => boolean,
  ): Event[] {
    const bySource = new Map<string, Finding[]>();
    for (const { source, range, severity, message, code } of all) {
      if (source === SOURCE || source === "" || severity > WARNING || !near(range)) {
        continue;
      }
      const items = bySource.get(source) ?? [];
      bySource.set(source, items);
      if (items.length < MOST_FINDINGS) {
        items.push({
          range,
          severity,
          message: message.slice(0, LONGEST_MESSAGE),
          ...(code ? { code } : {}),
        });
      }
    }
    const prefix = `${uri} `;
    for (const key of this.told.keys()) {
      if (key.startsWith(prefix) && !bySource.has(key.slice(prefix.length))) {
        bySource.set(key.slice(prefix.length), []);
      }
    }
    const events: Event[] = [];
    for (const [source, items] of bySource) {
      const key = prefix + source;
      const text = JSON.stringify(items);
      if (text === (this.told.get(key) ?? "[]")) {
        continue;
      }
      if (items.length > 0) {
        this.told.set(key, text);
      } else {
        this.told.delete(key);
      }
      events.push({ type: "diagnostics", ...where, source, items });
    }
    return events;
  }

  /** A new server knows of nothing. */
  forget(): void {
    this.told.clear();
  }
}
