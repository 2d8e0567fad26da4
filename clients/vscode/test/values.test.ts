import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, asksFirst, filesOf } from "../src/edits.js";
import { cited, linked } from "../src/evidence.js";
import { choicesOf } from "../src/models.js";
import {
  doctorArguments,
  initializationOptions,
  NAMES,
  serveArguments,
  startedWith,
  WORKSPACE_NAMES,
} from "../src/options.js";
import { pageAddress } from "../src/page.js";
import { FOLDER } from "./desk.js";

const TRUSTED = { trusted: true, virtual: false };
const user = (values: Record<string, unknown>) => (name: string) => values[name];

test("only what the user set is told, in the server's groups", () => {
  const told = initializationOptions(
    user({ "agent.model": "qwen3:4b", "reward.eagerness": "low", maxFileBytes: 5 }),
    TRUSTED,
  );
  assert.deepEqual(told, {
    proactive: true,
    trusted: true,
    maxFileBytes: 5,
    agent: { model: "qwen3:4b" },
    reward: { eagerness: "low" },
  });
});

test("before trust, or where files are elsewhere: rules only, nothing written down, no recording", () => {
  for (const around of [
    { trusted: false, virtual: false },
    { trusted: true, virtual: true },
  ]) {
    const told = initializationOptions(
      user({ "agent.enabled": true, "agent.model": "m", "memory.durable": true }),
      around,
    );
    assert.deepEqual(told, {
      proactive: true,
      trusted: false,
      agent: { enabled: false, model: "m" },
      memory: { durable: false },
    });
    assert.deepEqual(serveArguments("/tmp/run.jsonl", around), ["serve", "--stdio"]);
  }
  assert.deepEqual(serveArguments("/tmp/run.jsonl", TRUSTED), [
    "serve",
    "--stdio",
    "--record",
    "/tmp/run.jsonl",
  ]);
  assert.deepEqual(serveArguments("", TRUSTED), ["serve", "--stdio"]);
});

test("another value at user scope asks for a restart, and so does another command", () => {
  const before = startedWith(user({}), TRUSTED);
  assert.equal(
    startedWith(user({ "events.focus": false }), TRUSTED),
    before,
    "the client's own switches do not",
  );
  assert.notEqual(startedWith(user({ "agent.model": "m" }), TRUSTED), before);
  assert.notEqual(startedWith(user({ "server.command": ["/x"] }), TRUSTED), before);
  assert.notEqual(startedWith(user({}), { ...TRUSTED, virtual: true }), before);
  assert.notEqual(startedWith(user({}), { ...TRUSTED, trusted: false }), before);
  assert.ok(WORKSPACE_NAMES.every((name) => NAMES.includes(name)));
});

const at = (line: number, character: number, endLine = line, end = character) => ({
  start: { line, character },
  end: { line: endLine, character: end },
});

test("edits are made against the text as it stands, whatever their order", () => {
  const text = "one\r\ntwo\nthree";
  assert.equal(
    applied(text, [
      { range: at(2, 0, 2, 5), newText: "3" },
      { range: at(0, 0, 0, 3), newText: "1" },
    ]),
    "1\r\ntwo\n3",
  );
  assert.equal(
    applied(text, [{ range: at(0, 99), newText: "!" }]),
    "one!\r\ntwo\nthree",
    "past the end of a line is its end",
  );
  assert.equal(applied(text, [{ range: at(9, 0), newText: "\nfour" }]), "one\r\ntwo\nthree\nfour");
  assert.equal(
    applied("", [
      { range: at(0, 0), newText: "a" },
      { range: at(0, 0), newText: "b" },
    ]),
    "ab",
  );
  assert.equal(
    applied("a𝒳b", [{ range: at(0, 1, 0, 3), newText: "x" }]),
    "axb",
    "characters are UTF-16 units",
  );
});

test("the files of an edit in both of its forms, and whether it asks first", () => {
  const edits = [{ range: at(0, 0), newText: "x" }];
  const edit = {
    documentChanges: [
      { textDocument: { uri: "u", version: 3 }, edits },
      { kind: "create", uri: "v" },
    ],
    changeAnnotations: { a: { needsConfirmation: true } },
  };
  assert.deepEqual(filesOf(edit), [{ uri: "u", version: 3, edits }]);
  assert.ok(asksFirst(edit));
  assert.deepEqual(filesOf({ changes: { u: edits } }), [{ uri: "u", version: null, edits }]);
  assert.ok(!asksFirst({ changes: { u: edits } }));
});

test("proofs become links to their lines, other parentheses stay", () => {
  const text =
    "- `unit` was removed (src/shapes.py:12)\n- `area(2)` calls it (see below)\n- changed together (CHANGELOG.md).\n- event 3 (event 3)";
  const all = () => true;
  assert.deepEqual(cited(text, FOLDER), [`${FOLDER}/src/shapes.py`, `${FOLDER}/CHANGELOG.md`]);
  assert.equal(
    linked(text, FOLDER, all),
    `- \`unit\` was removed ([src/shapes.py:12](<${FOLDER}/src/shapes.py#L12>))\n- \`area(2)\` calls it (see below)\n- changed together ([CHANGELOG.md](<${FOLDER}/CHANGELOG.md>)).\n- event 3 (event 3)`,
  );
  assert.equal(
    linked(text, FOLDER, () => false),
    text,
    "what is no file is no link",
  );
});

test("the places of a card are links, too", () => {
  const text = "Places:\n\n- report.py:3: at module level\n- 2/a.py:7\n- no: link";
  assert.equal(
    linked(text, FOLDER, () => true),
    `Places:\n\n- [report.py:3](<${FOLDER}/report.py#L3>): at module level\n- [2/a.py:7](<${FOLDER}/2/a.py#L7>)\n- no: link`,
  );
});

test("a proof outside of the folder is no link, and names cannot break out of it", () => {
  const text = "x (../../etc/passwd:1) y (a\\>b.py:2)";
  assert.deepEqual(cited(text, FOLDER), [`${FOLDER}/a%3Eb.py`]);
  assert.match(
    linked(text, FOLDER, () => true),
    /\(\[a\\>b\.py:2\]\(<file:\/\/\/work\/a%3Eb\.py#L2>\)\)/,
  );
});

test("a link of a page names the file and its line, whatever the file is called", () => {
  const address = pageAddress(`${FOLDER}/a (1)'s.py`, "3");
  assert.match(address, /^command:proactive\.goTo\?[^()' ]+$/);
  const query = decodeURIComponent(address.slice(address.indexOf("?") + 1));
  assert.deepEqual(JSON.parse(query), [`${FOLDER}/a (1)'s.py`, 2]);
  assert.match(
    linked("x (a.py)", FOLDER, () => true, pageAddress),
    /^x \(\[a\.py\]\(<command:/,
  );
});

test("installed models come first, then what is always possible", () => {
  const does = (told: unknown, canPull: boolean) =>
    choicesOf(told, "b", canPull).map((choice) => choice.model ?? choice.does);
  const installed = [{ name: "a", size: 1_929_912_432, parameters: "3.1B" }, { name: "b" }, {}];
  assert.deepEqual(does({ model: { installed } }, true), ["a", "b", "automatic", "pull", "off"]);
  assert.deepEqual(does({ model: { installed: null } }, false), ["automatic", "type", "off"]);
  assert.deepEqual(does(undefined, false), ["automatic", "type", "off"]);
  const told = choicesOf({ model: { installed, chosen: "a" } }, null, true);
  assert.equal(told[0]?.description, "3.1B, 1.9 GB");
  assert.equal(told[2]?.description, "now: a");
});

test("the doctor looks at the host and the model that the user set", () => {
  assert.deepEqual(doctorArguments(user({}), "text"), ["doctor"]);
  const set = user({ "agent.host": "http://localhost:1", "agent.model": "m" });
  const named = ["--host", "http://localhost:1", "--model", "m"];
  assert.deepEqual(doctorArguments(set, "json"), ["doctor", ...named, "--json"]);
});
