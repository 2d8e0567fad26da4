// What the status bar says, and what its menu offers, in each state of the server.

import type { Status } from "./protocol.js";
import { counted } from "./tree.js";

/** How the server itself is; `running` alone has a status of its own. */
export type Health = "starting" | "running" | "waiting" | "failed" | "missing" | "off";

export interface Shown {
  readonly text: string;
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly spoken: string;
  readonly warning: boolean;
}

export interface Entry {
  readonly label: string;
  readonly description?: string;
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

const UNTIL_RESTART = 7 * 24 * 60;

/**
 * The item of the status bar. A model that is away is a warning to who counts on one.
 */
export function statusShown(health: Health, status: Status, wanted = true): Shown {
  switch (health) {
    case "starting":
      return shown("$(loading~spin) Proactive", "The server is starting");
    case "waiting":
      return shown("$(sync~spin) Proactive", "The server ended and is about to start again");
    case "failed":
      return shown("$(error) Proactive", "The server does not stay up; its log says why", true);
    case "missing":
      return shown("$(cloud-download) Proactive", "There is no server yet; set one up", true);
    case "off":
      return shown("$(circle-slash) Proactive", "Suggestions are off");
    case "running":
      return running(status, wanted);
  }
}

/** The menu behind the item; what makes no sense in a state is not there. */
export function menuOf(health: Health, status: Status): readonly Entry[] {
  const log: Entry = { label: "$(output) Show log", command: "proactive.showLog" };
  const restart: Entry = {
    label: "$(debug-restart) Restart the server",
    command: "proactive.restart",
  };
  const doctor: Entry = { label: "$(pulse) What is wrong?", command: "proactive.doctor" };
  switch (health) {
    case "off":
      return [{ label: "$(play) Turn suggestions on", command: "proactive.toggle" }, doctor, log];
    case "missing":
      return [
        { label: "$(cloud-download) Set up the server", command: "proactive.setUp" },
        doctor,
        log,
      ];
    case "failed":
    case "waiting":
    case "starting":
      return [restart, doctor, log];
    case "running":
      break;
  }
  const entries: Entry[] = [];
  if (status.count > 0) {
    entries.push(
      {
        label: "$(list-tree) Show the suggestions",
        description: `${status.count}`,
        command: "proactive.suggestions.focus",
      },
      { label: "$(arrow-down) Next suggestion", command: "proactive.next" },
    );
  }
  entries.push({ label: "$(question) Why nothing here?", command: "proactive.whyNothing" });
  if (status.state === "snoozed") {
    entries.push({ label: "$(bell) Show suggestions again", command: "proactive.snoozeEnd" });
  } else {
    entries.push(
      { label: "$(bell-slash) Snooze for 15 minutes", command: "proactive.snooze15" },
      { label: "$(bell-slash) Snooze for 60 minutes", command: "proactive.snooze60" },
      { label: "$(bell-slash) Snooze until restart", command: "proactive.snoozeUntilRestart" },
    );
  }
  entries.push(
    { label: "$(circle-slash) Turn suggestions off", command: "proactive.toggle" },
    {
      label: "$(sparkle) Choose the model…",
      description: status.model,
      command: "proactive.chooseModel",
    },
    { label: "$(history) What is remembered", command: "proactive.showMemory" },
    { label: "$(mortar-board) What was learned", command: "proactive.showLearned" },
    doctor,
    restart,
    log,
  );
  return entries;
}

/** Minutes of a snooze by its command; the server caps them at a week, and forgets them at its end. */
export const SNOOZES: Readonly<Record<string, number>> = {
  "proactive.snooze15": 15,
  "proactive.snooze60": 60,
  "proactive.snoozeUntilRestart": UNTIL_RESTART,
  "proactive.snoozeEnd": 0,
};

function running(status: Status, wanted: boolean): Shown {
  const model = modelOf(status);
  switch (status.state) {
    case "off":
      return shown("$(circle-slash) Proactive", "Suggestions are off in this workspace");
    case "snoozed":
      return shown("$(bell-slash) Proactive", "Snoozed");
    case "thinking":
      return shown("$(loading~spin) Proactive", `The model is thinking${model}`);
    case "writing":
      return shown("$(edit) Proactive", `The model is writing${model}`);
  }
  if (status.count > 0) {
    const text = counted(status.count, "suggestion");
    return shown(`$(lightbulb) ${status.count}`, `${text}${model}`);
  }
  if (status.message && !wanted) {
    return shown("$(lightbulb-empty) Proactive", `Nothing is owed; no model: ${status.message}`);
  }
  if (status.state === "model-down" || status.message) {
    return shown(
      "$(lightbulb-empty) Proactive",
      `The model does not answer: ${status.message}. Rules work on.`,
      true,
    );
  }
  return shown("$(lightbulb-empty) Proactive", `Nothing is owed${model}`);
}

function modelOf({ model, modelState, message }: Status): string {
  if (message) {
    return `; the model does not answer: ${message}`;
  }
  if (model === "") {
    return "";
  }
  return modelState === "pulling" ? `; ${model} is being pulled` : `; the model is ${model}`;
}

function shown(text: string, tooltip: string, warning = false): Shown {
  return { text, tooltip, spoken: `Proactive: ${tooltip}`, warning };
}
