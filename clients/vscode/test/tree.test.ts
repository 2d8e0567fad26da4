import assert from "node:assert/strict";
import { test } from "node:test";

import { menuOf, SNOOZES, statusShown } from "../src/status.js";
import { sameTree, treeOf } from "../src/tree.js";
import { card, FOLDER, lines, place, stand } from "./desk.js";

const QUIET = { state: "quiet", count: 0, message: "", model: "", modelState: "" };

test("workspace tasks stand on top, then files, the newest first in both", () => {
  const cards = stand(
    card("1"),
    card("2", { uri: `${FOLDER}/src/b.py` }),
    card("3", { need: "changelog" }),
    card("4"),
    card("5", { need: "commit-message", places: [] }),
  );
  const roots = treeOf(cards, [FOLDER]);
  assert.deepEqual(
    roots.map((node) => [node.label, node.children.map((child) => child.label)]),
    [
      ["Card 5", []],
      ["Card 3", []],
      ["a.py", ["Card 4", "Card 1"]],
      ["b.py", ["Card 2"]],
    ],
  );
  assert.equal(roots[3]?.description, "src");
});

test("what only points cannot be accepted from its row", () => {
  const pointing = card("1", { places: [place("a.py", 1, { after: null })] });
  const contexts = treeOf(stand(pointing, card("2")), [FOLDER])[0]?.children.map(
    (node) => node.context,
  );
  assert.deepEqual(contexts, ["card", "card.pointing"]);
});

test("the places of a card are its children, uncertain ones say so", () => {
  const cards = stand(
    card("1", { places: [place("a.py", 2), place("b.md", 4, { certain: false, note: "prose" })] }),
  );
  const node = treeOf(cards, [FOLDER])[0]?.children[0];
  assert.deepEqual(
    node?.children.map((child) => [child.description, child.spoken]),
    [
      ["a.py:3", "new, a.py:3"],
      ["b.md:5", "prose, b.md:5, to be confirmed"],
    ],
  );
  assert.match(node?.spoken ?? "", /90 % likely wanted, 1 place to confirm/);
});

test("the same list draws nothing, and another one does", () => {
  const draw = (p: number) => treeOf(stand(card("1", { p })), [FOLDER]);
  assert.ok(sameTree(draw(0.9), draw(0.9)));
  assert.ok(sameTree([], treeOf([], [FOLDER])));
  assert.ok(!sameTree(draw(0.9), draw(0.8)));
  const lower = (line: number, label: string) =>
    treeOf(stand(card("1", { range: lines(line), places: [place("a.py", 3, { note: label })] })), [
      FOLDER,
    ]);
  assert.ok(sameTree(lower(1, "x"), lower(2, "x")), "what no row shows draws nothing");
  const two = (line: number) =>
    treeOf(stand(card("1", { places: [place("a.py", line), place("b.py", 1)] })), [FOLDER]);
  assert.ok(!sameTree(two(3), two(4)), "a row with another line is another row");
});

test("rows keep their identity when the list around them changes", () => {
  const ids = (...cards: ReturnType<typeof card>[]) =>
    treeOf(stand(...cards), [FOLDER])[0]?.children.map((node) => node.id);
  assert.deepEqual(ids(card("1")), [`card 1 ${FOLDER}`]);
  assert.ok(ids(card("1"), card("2"))?.includes(`card 1 ${FOLDER}`));
});

test("the status bar tells each state apart, in words too", () => {
  const texts = [
    statusShown("running", QUIET),
    statusShown("running", { ...QUIET, state: "thinking" }),
    statusShown("running", { ...QUIET, state: "writing" }),
    statusShown("running", { ...QUIET, state: "suggestions", count: 2 }),
    statusShown("running", { ...QUIET, state: "snoozed" }),
    statusShown("running", { ...QUIET, state: "model-down", message: "no Ollama at localhost" }),
    statusShown("running", { ...QUIET, state: "off" }),
    statusShown("starting", QUIET),
    statusShown("waiting", QUIET),
    statusShown("failed", QUIET),
    statusShown("missing", QUIET),
  ];
  assert.equal(new Set(texts.map(({ spoken }) => spoken)).size, texts.length);
  assert.equal(texts[3]?.text, "$(lightbulb) 2");
  assert.match(texts[5]?.tooltip ?? "", /no Ollama at localhost.*Rules work on/);
});

test("a model that nobody asked for is no warning when it is not there", () => {
  const status = { ...QUIET, state: "model-down", message: "no Ollama at localhost" };
  assert.ok(statusShown("running", status).warning);
  const unwanted = statusShown("running", status, false);
  assert.ok(!unwanted.warning);
  assert.equal(unwanted.tooltip, "Nothing is owed; no model: no Ollama at localhost");
  assert.equal(statusShown("running", { ...status, count: 2 }, false).text, "$(lightbulb) 2");
});

test("a state of a newer server is shown as quiet", () => {
  assert.equal(statusShown("running", { ...QUIET, state: "dreaming" }).tooltip, "Nothing is owed");
});

test("the menu offers what makes sense, and no snooze while snoozed", () => {
  const commands = (state: string, count = 0) =>
    menuOf("running", { ...QUIET, state, count }).map((each) => each.command);
  assert.ok(commands("quiet").includes("proactive.snooze15"));
  assert.ok(!commands("snoozed").includes("proactive.snooze15"));
  assert.ok(commands("snoozed").includes("proactive.snoozeEnd"));
  assert.ok(commands("suggestions", 3).includes("proactive.next"));
  assert.ok(menuOf("missing", QUIET).some((each) => each.command === "proactive.setUp"));
  assert.ok(menuOf("failed", QUIET).some((each) => each.command === "proactive.restart"));
  assert.equal(SNOOZES["proactive.snoozeEnd"], 0);
});
