// Where the client runs: a folder that nobody trusts, two folders at once, a machine without Python.

import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";

import { Editor } from "../editor.mjs";
import { onPath } from "../programs.mjs";
import { processes, servers } from "../servers.mjs";
import { until } from "../until.mjs";
import { git, repository, SHOP, write } from "../workspaces.mjs";
import { changeSignature } from "./accepting.mjs";
import { openTrusted } from "./opening.mjs";

/** The folder brings traps along: programs that leave a mark when somebody runs them. */
export async function untrusted(step, { context, code, home }) {
  const folder = path.join(home, "borrowed");
  const mark = path.join(folder, "sprung");
  const trap = path.join(folder, ".venv", "bin", "proactive-lsp");
  repository(folder, {
    ...SHOP,
    ".gitignore": ".venv/\n.vscode/\nsprung\n",
    ".venv/bin/proactive-lsp": `#!/bin/sh\necho "$0 $*" >> ${mark}\n`,
    ".vscode/settings.json": JSON.stringify({
      "proactive.server.command": [trap],
      "python.defaultInterpreterPath": trap,
    }),
  });
  chmodSync(trap, 0o755);
  git(folder, "config", "core.fsmonitor", trap);
  const before = new Set(memories(code));
  const running = new Set(servers(code.storage).map(({ id }) => id));
  const editor = await Editor.open(context, code.address, { folder });
  await step(
    "nobody is trusted: only the server of the private environment starts",
    editor,
    async () => {
      await editor.trust(false);
      await editor.statusSays(/Nothing is owed/);
      const started = servers(code.storage).filter(({ id }) => !running.has(id));
      if (started.length !== 1) {
        throw new Error(`${started.length} servers were started`);
      }
    },
  );
  await step("rules work on, and no program of the folder was run", editor, async () => {
    await changeSignature(editor);
    await editor.hint();
    await editor.lightbulb();
    await editor.row(editor.bulb, /Update 4 calls/).waitFor();
    if (existsSync(mark) || processes().some(({ command }) => command.includes(trap))) {
      throw new Error("a program of the untrusted folder was run");
    }
    if (memories(code).some((name) => !before.has(name))) {
      throw new Error("something of an untrusted folder was written down");
    }
  });
  await editor.close();
}

export async function twoRoots(step, { context, code, home }) {
  const [north, south] = ["north", "south"].map((name) =>
    write(path.join(home, "chain", name), SHOP),
  );
  const file = path.join(home, "chain", "shops.code-workspace");
  write(path.dirname(file), {
    [path.basename(file)]: JSON.stringify({ folders: [{ path: "north" }, { path: "south" }] }),
  });
  const editor = await openTrusted(context, code, { workspace: file }, ["north", "south"]);
  // Opening it waited for the one server that both have.
  await step("two roots have one server, and are trusted together", editor, async () => {
    if (await editor.page.getByText("Restricted Mode", { exact: true }).isVisible()) {
      throw new Error("the roots are not trusted");
    }
  });
  await step("each root has its own suggestion, though both have the same", editor, async () => {
    for (const root of [north, south]) {
      await changeSignature(editor, root);
      await editor.hint();
    }
    await editor.statusSays(/2 suggestions/);
    await editor.showTree();
    for (const root of ["north", "south"]) {
      await editor.treeRow(new RegExp(`price\\.py.*${root}/shop`)).waitFor();
    }
  });
  await editor.close();
}

/** Another VS Code, whose PATH has what a shell needs and no Python. */
export async function noPython(step, { context, install, home }) {
  const programs = path.join(home, "programs");
  mkdirSync(programs);
  for (const name of ["sh", "bash", "env", "git", "ls", "cat", "sed", "uname", "ps", "which"]) {
    const file = onPath(name);
    if (file !== undefined) {
      symlinkSync(file, path.join(programs, name));
    }
  }
  const code = await install("vscode-without-python", { PATH: programs });
  const editor = await Editor.open(context, code.address, {
    folder: write(path.join(home, "bare"), SHOP),
  });
  try {
    await step("without Python, setting up says exactly what is missing", editor, async () => {
      await editor.trust(true);
      await editor.page.getByRole("button", { name: "Set up" }).click();
      await editor
        .toast(/python3 is not there; python is not there\. Please install Python 3\.11 or newer/)
        .waitFor();
      await editor.statusSays(/set one up/);
    });
    await step("What is wrong? says where was looked", editor, async () => {
      await editor.command("Proactive: What Is Wrong?");
      const page = await editor.webview(/What is wrong/);
      await page.getByText("nowhere had one").waitFor();
    });
  } finally {
    await editor.close();
    await code.stop();
  }
}

function memories(code) {
  const folder = path.join(code.home, "state", "proactive-lsp", "memory");
  return existsSync(folder) ? readdirSync(folder) : [];
}
