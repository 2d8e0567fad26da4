import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";

import {
  answeredLine,
  candidates,
  discover,
  findOnPath,
  older,
  type Wishes,
} from "../src/discovery.js";
import {
  anyPrivateServer,
  type Making,
  makePrivateServer,
  privatePython,
} from "../src/privateServer.js";
import { type Ran, type Run, run } from "../src/processes.js";
import { judgePython, whatIsMissing } from "../src/python.js";

const WISHES: Wishes = {
  trusted: true,
  setting: undefined,
  selectedPython: "/ws/.venv/bin/python",
  onPath: "/usr/bin/proactive-lsp",
  privatePython: "/private/bin/python",
};
const said = (stdout: string, exit = 0, stderr = ""): Ran => ({
  exit,
  stdout,
  stderr,
  missing: false,
});
const MISSING: Ran = { exit: null, stdout: "", stderr: "", missing: true };

test("the order: selected Python, PATH, private; a setting is the only one", () => {
  assert.deepEqual(
    candidates(WISHES).map(({ from }) => from),
    ["python", "path", "private"],
  );
  assert.deepEqual(
    candidates({ ...WISHES, setting: ["/opt/server"] }).map(({ from, command }) => [
      from,
      ...command,
    ]),
    [["setting", "/opt/server"]],
  );
  assert.deepEqual(
    candidates({
      ...WISHES,
      selectedPython: undefined,
      onPath: undefined,
      privatePython: undefined,
    }),
    [],
  );
});

test("before trust nothing starts that a workspace could have brought along", () => {
  assert.deepEqual(
    candidates({ ...WISHES, trusted: false }).map(({ from }) => from),
    ["private"],
  );
  assert.deepEqual(
    candidates({ ...WISHES, trusted: false, setting: ["/opt/server"] }).map(({ from }) => from),
    ["setting"],
  );
});

test("a Python runs the server as a module, without the working directory on its path", () => {
  assert.deepEqual(candidates(WISHES)[0]?.command, [
    "/ws/.venv/bin/python",
    "-P",
    "-m",
    "proactive_lsp",
  ]);
});

test("the first that answers with its version is taken, and what the others said is kept", async () => {
  const run: Run = async ([program]) =>
    program === "/ws/.venv/bin/python"
      ? said("", 1, "python: No module named proactive_lsp")
      : program === "/usr/bin/proactive-lsp"
        ? said("proactive-lsp 0.0.9")
        : said("proactive-lsp 0.1.0");
  const found = await discover(candidates(WISHES), { run, cwd: "/", oldest: "0.1.0" });
  assert.equal(found.found?.from, "private");
  assert.deepEqual(found.tried.map(answeredLine), [
    "the selected Python (/ws/.venv/bin/python -P -m proactive_lsp): no server (python: No module named proactive_lsp)",
    "PATH (/usr/bin/proactive-lsp): version 0.0.9 is older than 0.1.0",
    "the private environment (/private/bin/python -P -m proactive_lsp): version 0.1.0",
  ]);
});

test("nothing there is nothing found", async () => {
  const found = await discover(candidates(WISHES), {
    run: async () => MISSING,
    cwd: "/",
    oldest: "0.1.0",
  });
  assert.equal(found.found, undefined);
  assert.ok(found.tried.every(({ problem }) => problem === "not there"));
});

test("versions are compared by their numbers", () => {
  assert.ok(
    older("0.9.0", "0.10.0") &&
      older("0.1", "0.1.1") &&
      !older("0.1.0", "0.1.0") &&
      !older("1.0.0", "0.9.9"),
  );
});

test("PATH is searched by absolute entries alone", () => {
  const files = new Set([
    "/a/proactive-lsp",
    "proactive-lsp",
    "./bin/proactive-lsp",
    "C:\\t\\proactive-lsp.exe",
  ]);
  const isFile = (file: string) => files.has(file);
  assert.equal(findOnPath("proactive-lsp", ".::bin:./bin:/a", "linux", isFile), "/a/proactive-lsp");
  assert.equal(findOnPath("proactive-lsp", "C:\\t;.", "win32", isFile), "C:\\t\\proactive-lsp.exe");
  assert.equal(findOnPath("proactive-lsp", undefined, "linux", isFile), undefined);
});

test("what is missing is said exactly", () => {
  const judged = (...ran: [string, Ran][]) => ran.map(([name, each]) => judgePython([name], each));
  assert.match(
    whatIsMissing(judged(["python3", MISSING], ["python", MISSING]), "linux"),
    /python3 is not there; python is not there.*install Python 3\.11 or newer/,
  );
  assert.match(
    whatIsMissing(judged(["python3", said("3.9\n")]), "darwin"),
    /python3 is Python 3\.9, and 3\.11 is the oldest that will do/,
  );
  assert.match(
    whatIsMissing(
      judged(["python3", said("3.12\n", 1, "ModuleNotFoundError: No module named 'ensurepip'")]),
      "linux",
    ),
    /without its module ensurepip.*sudo apt install python3\.12-venv/,
  );
  assert.match(
    whatIsMissing(
      judged(["py", said("", 9009, "Python was not found; run without arguments\n")]),
      "win32",
    ),
    /py does not run: Python was not found.*from python\.org/,
  );
  assert.ok(judgePython(["python3"], said("3.13\n")).fits);
});

/** A Python that does what is asked of it, as far as making an environment goes. */
function pretend(answers: { version?: string; pip?: Ran }): { run: Run; asked: string[] } {
  const asked: string[] = [];
  const pretended: Run = async (command, { line }) => {
    asked.push(command.join(" "));
    if (command.includes("-c")) {
      return said(`${answers.version ?? "3.12"}\n`);
    }
    if (command.includes("venv")) {
      const bin = path.join(command.at(-1)!, "bin");
      mkdirSync(bin, { recursive: true });
      writeFileSync(path.join(bin, "python"), "");
      return said("");
    }
    if (command.includes("pip")) {
      line?.("Collecting proactive-lsp");
      return answers.pip ?? said("");
    }
    return said("proactive-lsp 0.1.0\n");
  };
  return { run: pretended, asked };
}

function making(home: string, run: Run): { making: Making; lines: string[]; steps: string[] } {
  const lines: string[] = [];
  const steps: string[] = [];
  return {
    lines,
    steps,
    making: {
      home,
      wheel: "/ext/server/proactive_lsp-0.1.0-py3-none-any.whl",
      digest: "abc",
      platform: "linux",
      run,
      log: (line) => lines.push(line),
      progress: (message) => steps.push(message),
    },
  };
}

async function inFolder(use: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), "proactive-"));
  try {
    await use(home);
  } finally {
    rmSync(home, { recursive: true });
  }
}

test("a private server is made in steps, with each line in the log, and is then there", () =>
  inFolder(async (home) => {
    const { run, asked } = pretend({});
    const { making: wish, lines, steps } = making(home, run);
    assert.equal(privatePython(home, "abc", "linux"), undefined);
    const made = await makePrivateServer(wish);
    assert.equal(made.python, path.join(home, "server-abc", "bin", "python"));
    assert.equal(privatePython(home, "abc", "linux"), made.python);
    assert.deepEqual(steps, [
      "Looking for Python",
      "Making an environment",
      "Installing the server",
      "Trying it out",
    ]);
    assert.ok(lines.includes("Collecting proactive-lsp"));
    assert.ok(
      asked.some((line) => line.endsWith(".whl")),
      "the wheel of the extension is installed",
    );
    assert.equal(privatePython(home, "another wheel", "linux"), undefined);
    assert.ok(anyPrivateServer(home), "which is told apart from there being none");
  }));

test("an environment that could not be finished is not there, and leaves nothing behind", () =>
  inFolder(async (home) => {
    const pip = said("", 1, "WARNING: x\nERROR: No matching distribution found for pygls\n");
    const made = await makePrivateServer(making(home, pretend({ pip }).run).making);
    assert.equal(made.python, undefined);
    assert.match(
      made.python === undefined ? made.problem : "",
      /Installing the server failed: ERROR: No matching distribution/,
    );
    assert.deepEqual(readdirSync(home), []);
    assert.ok(!anyPrivateServer(home));
  }));

test("without a Python nothing is made, and the message says what is missing", () =>
  inFolder(async (home) => {
    const made = await makePrivateServer(making(home, async () => MISSING).making);
    assert.match(made.python === undefined ? made.problem : "", /python3 is not there/);
  }));

test("a half-made environment is made again", () =>
  inFolder(async (home) => {
    mkdirSync(path.join(home, "server-abc", "bin"), { recursive: true });
    writeFileSync(path.join(home, "server-abc", "bin", "python"), "");
    assert.equal(privatePython(home, "abc", "linux"), undefined);
    const made = await makePrivateServer(making(home, pretend({}).run).making);
    assert.ok(made.python !== undefined && existsSync(made.python));
  }));

test("two windows that make it at the same time both have it", () =>
  inFolder(async (home) => {
    const [one, other] = await Promise.all(
      [0, 1].map((number) => {
        const { making: wish } = making(home, pretend({}).run);
        return new Promise<Awaited<ReturnType<typeof makePrivateServer>>>((resolve, reject) => {
          setTimeout(() => makePrivateServer(wish).then(resolve, reject), 5 * number);
        });
      }),
    );
    assert.equal(one?.python, other?.python);
    assert.ok(one?.python);
    assert.deepEqual(readdirSync(home), ["server-abc"]);
  }));

test("a cancelled making ends and leaves nothing behind", () =>
  inFolder(async (home) => {
    const abort = new AbortController();
    const { run } = pretend({});
    const cancelling: Run = async (command, options) => {
      if (command.includes("venv")) {
        abort.abort();
      }
      return run(command, options);
    };
    const made = await makePrivateServer({
      ...making(home, cancelling).making,
      signal: abort.signal,
    });
    assert.match(made.python === undefined ? made.problem : "", /cancelled/);
    assert.deepEqual(readdirSync(home), []);
  }));

test("a program is run without a shell; one that is not there is told apart from one that fails", () =>
  inFolder(async (home) => {
    const options = { cwd: home, timeout: 10_000 };
    const lines: string[] = [];
    const node = await run(
      [process.execPath, "-e", "console.log('a\\nb'); console.error('c'); process.exit(3)"],
      { ...options, line: (line) => lines.push(line) },
    );
    assert.deepEqual(
      [node.exit, node.stdout, node.stderr, node.missing],
      [3, "a\nb\n", "c\n", false],
    );
    assert.deepEqual(lines.sort(), ["a", "b", "c"]);
    const program = path.join(home, "$(touch owned) ;x");
    writeFileSync(program, "#!/bin/sh\nexit 0\n");
    chmodSync(program, 0o755);
    assert.equal((await run([program], options)).exit, 0);
    assert.ok(!existsSync(path.join(home, "owned")));
    assert.equal((await run([path.join(home, "nothing")], options)).missing, true);
    assert.equal((await run([], options)).missing, true);
  }));

test("a program that takes too long is ended", () =>
  inFolder(async (home) => {
    const ran = await run([process.execPath, "-e", "setInterval(() => {}, 1000)"], {
      cwd: home,
      timeout: 300,
    });
    assert.equal(ran.exit, null);
    assert.equal(ran.missing, false);
  }));
