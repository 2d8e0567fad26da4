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
 * `told` is its status or its doctor's JSON, with the model in use as `name` or as `chosen`:
 * `{"model": {"installed": [{"name", "size", "parameters"}], …}}`.
 */
export function choicesOf(
  told: unknown,
  current: string | null,
  canPull: boolean,
): readonly Choice[] {
  const model = asObject(asObject(told)["model"]);
  const installed = installedOf(model["installed"], current);
  const choices: Choice[] = [...installed];
  const automatic: Choice = {
    label: "$(wand) An installed one, chosen by the server",
    ...(current === null ? { description: nowChosen(model["chosen"] ?? model["name"]) } : {}),
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

function nowChosen(name: unknown): string {
  return typeof name === "string" ? `now: ${name}` : "now";
}

function installedOf(list: unknown, current: string | null): Choice[] {
  return (Array.isArray(list) ? list : []).map(asObject).flatMap(({ name, size, parameters }) => {
    if (typeof name !== "string" || name === "") {
      return [];
    }
    const facts = [
      ...(name === current ? ["now"] : []),
      ...(typeof parameters === "string" ? [parameters] : []),
      ...(typeof size === "number" ? [`${(size / 1e9).toFixed(1)} GB`] : []),
    ];
    const description = facts.length > 0 ? { description: facts.join(", ") } : {};
    return [{ label: name, ...description, does: "use" as const, model: name }];
  });
}
