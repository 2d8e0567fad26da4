// What there is to choose from when a model is chosen.

import { asObject } from "./protocol.js";

export interface Choice {
  readonly label: string;
  readonly description?: string;
  readonly does: "use" | "automatic" | "off" | "type" | "pull";
  readonly model?: string;
}

/**
 * The choices: installed models first, as far as the server tells of them.
 *
 * `told` is what `proactive.server.status` answers; a list of names, or of objects with a name,
 * stands there under `installed` or `models`. An older server answers nothing.
 */
export function choicesOf(
  told: unknown,
  current: string | null,
  canPull: boolean,
): readonly Choice[] {
  const installed = installedOf(told);
  const choices: Choice[] = installed.map((model) => ({
    label: model,
    ...(model === current ? { description: "now" } : {}),
    does: "use",
    model,
  }));
  const automatic: Choice = {
    label: "$(wand) An installed one, chosen by the server",
    ...(current === null ? { description: "now" } : {}),
    does: "automatic",
  };
  choices.push(automatic);
  if (canPull) {
    choices.push({ label: "$(cloud-download) Pull another one…", does: "pull" });
  }
  if (!canPull || installed.length === 0) {
    choices.push({ label: "$(edit) Another name…", does: "type" });
  }
  choices.push({ label: "$(circle-slash) No model, rules only", does: "off" });
  return choices;
}

function installedOf(told: unknown): string[] {
  const fields = { ...asObject(told), ...asObject(asObject(told)["model"]) };
  const list = fields["installed"] ?? fields["models"];
  if (!Array.isArray(list)) {
    return [];
  }
  const names = list.map((item) => (typeof item === "string" ? item : asObject(item)["name"]));
  return names.filter((name): name is string => typeof name === "string" && name !== "");
}
