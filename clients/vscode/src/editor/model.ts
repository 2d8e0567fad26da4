// Choose the model: of those that are installed, or one to pull. The server asks Ollama, not we.

import { ConfigurationTarget, window, workspace } from "vscode";

import { choicesOf, type Choice } from "../models.js";
import { asObject, SERVER } from "../protocol.js";
import { examined } from "./doctor.js";
import type { Places } from "./finding.js";
import type { Server } from "./server.js";

export async function chooseModel(server: Server, places: Places): Promise<void> {
  const told = await installed(server, places);
  const current = workspace.getConfiguration("proactive.agent").get<string | null>("model") ?? null;
  const choices = choicesOf(told, current, server.health === "running");
  const chosen = await window.showQuickPick([...choices], {
    title: "Proactive: the model",
    placeHolder: "Only a model on your own machine is asked",
  });
  if (chosen !== undefined) {
    await choose(server, chosen);
  }
}

/** What the server tells of the models; where it uses none, its program looks by itself. */
async function installed(server: Server, places: Places): Promise<unknown> {
  const told = await server.execute(SERVER.status, [true]);
  if (asObject(told)["model"]) {
    return told;
  }
  const command = server.found?.command;
  return command && (await examined(command, places.cwd));
}

async function choose(server: Server, chosen: Choice): Promise<void> {
  switch (chosen.does) {
    case "off":
      return set("enabled", false);
    case "automatic":
      await set("enabled", undefined);
      return set("model", undefined);
    case "use":
      await set("enabled", undefined);
      return set("model", chosen.model);
    case "type":
    case "pull": {
      const prompt = "The name as `ollama list` shows it";
      const name = (
        await window.showInputBox({
          title: "Proactive: the model",
          prompt,
          placeHolder: "qwen2.5-coder:3b",
        })
      )?.trim();
      if (!name) {
        return;
      }
      await set("enabled", undefined);
      await set("model", name);
      if (chosen.does === "pull") {
        // Another model is another server, and a pull ends with the one that was asked for it.
        await server.lifecycle.settled();
        await server.execute(SERVER.pull, [name]);
      }
      return;
    }
  }
}

async function set(name: string, value: unknown): Promise<void> {
  await workspace
    .getConfiguration("proactive.agent")
    .update(name, value, ConfigurationTarget.Global);
}
