// "What is wrong?": where servers were looked for, what the one that runs says of itself.

import { version as editorVersion, workspace } from "vscode";

import { answeredLine } from "../discovery.js";
import { doctorArguments } from "../options.js";
import { run } from "../processes.js";
import type { Explaining } from "./explaining.js";
import type { Places } from "./finding.js";
import type { Server } from "./server.js";
import { isVirtual, userValue } from "./settings.js";

const PATIENCE = 60_000;

/** What the server's own examination finds, as JSON; undefined of a server that has none. */
export async function examined(command: readonly string[], cwd: string): Promise<unknown> {
  const asked = [...command, ...doctorArguments(userValue, "json")];
  const ran = await run(asked, { cwd, timeout: PATIENCE });
  try {
    return JSON.parse(ran.stdout);
  } catch {
    return undefined;
  }
}

export async function doctor(
  server: Server,
  places: Places,
  explaining: Explaining,
): Promise<void> {
  const finding = await places.find();
  const lines = [
    "# Proactive: what is wrong?",
    "",
    `- Extension ${places.version} in VS Code ${editorVersion}, ${process.platform}`,
    `- The workspace is ${workspace.isTrusted ? "trusted" : "not trusted: rules only, no model, no git"}`,
    ...(isVirtual()
      ? ["- Some folder does not lie on this machine's disk: rules only, no model, no git"]
      : []),
    `- The server is ${server.health}${server.status.message ? `; the model: ${server.status.message}` : ""}`,
    "",
    "## Where a server was looked for",
    "",
    ...(finding.tried.length > 0
      ? finding.tried.map((each) => `- \`${answeredLine(each).replaceAll("`", "'")}\``)
      : ["- nowhere had one"]),
  ];
  if (finding.command !== undefined) {
    const ran = await run([...finding.command, ...doctorArguments(userValue, "text")], {
      cwd: places.cwd,
      timeout: PATIENCE,
    });
    const said = `${ran.stdout}\n${ran.stderr}`.trim();
    const text = /No such command/.test(said) ? "This server is too old to examine itself." : said;
    lines.push("", "## What the server says of itself", "", "````text", text, "````");
  }
  await explaining.page("What is wrong", lines.join("\n"));
}
