import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cardAt,
  draftOf,
  filledBox,
  isWorkspaceTask,
  placeLabel,
  repositoryOf,
  wayOf,
} from "../src/cards.js";
import { inside, locate, shown } from "../src/paths.js";
import { cardsOf, statusOf } from "../src/protocol.js";
import { neighbour, stops } from "../src/stops.js";
import { card, FOLDER, lines, place, stand } from "./desk.js";

test("a card is accepted by an edit, by the model's pen, by a text, or by looking", () => {
  assert.equal(wayOf(card("1")), "edit");
  assert.equal(wayOf(card("1", { places: [place("a.py", 1, { after: null })] })), "show");
  assert.equal(
    wayOf(card("1", { places: [place("a.py", 1, { after: null })], writable: true })),
    "write",
  );
  assert.equal(wayOf(card("1", { places: [] })), "text");
  assert.equal(
    wayOf(card("1", { places: [place("a.py", 1, { after: "" })] })),
    "edit",
    "taking out is an edit",
  );
});

test("commit message and changelog belong to the workspace", () => {
  assert.ok(isWorkspaceTask(card("1", { need: "commit-message", places: [] })));
  assert.ok(isWorkspaceTask(card("1", { need: "changelog" })));
  assert.ok(!isWorkspaceTask(card("1")));
});

test("the draft is what the server says, else what stands in the title", () => {
  assert.equal(draftOf(card("1", { title: "Commit message: Add volume" })), "Add volume");
  assert.equal(
    draftOf(
      card("1", { title: "Commit message: Add volume", text: "Add volume\n\nIt was missing" }),
    ),
    "Add volume\n\nIt was missing",
  );
});

test("a draft fills an empty message box and never the user's words", () => {
  assert.equal(filledBox("", "Add volume"), "Add volume");
  assert.equal(filledBox("  \n", "Add volume"), "Add volume");
  assert.equal(
    filledBox("# Conflicts:\n#  a.py", "Add volume"),
    "Add volume\n\n# Conflicts:\n#  a.py",
  );
  assert.equal(filledBox("my words", "Add volume"), undefined);
  assert.equal(filledBox("Add volume", "Add volume"), "Add volume");
});

test("a draft goes to the box of its folder's repository, and into no other one's", () => {
  const [outer, inner, other] = [FOLDER, `${FOLDER}/inner`, "file:///other"] as const;
  assert.equal(repositoryOf(inner, [outer, inner, other]), 1);
  assert.equal(repositoryOf(`${FOLDER}/src`, [other, outer]), 1);
  assert.equal(repositoryOf(outer, [other, inner]), 1, "the only one inside");
  assert.equal(repositoryOf(outer, [inner, `${FOLDER}/second`]), undefined);
  assert.equal(repositoryOf(`${FOLDER}s`, [outer, other]), undefined, "a name that begins alike");
  assert.equal(repositoryOf("file:///linked", [outer]), 0, "the only one there is");
  assert.equal(repositoryOf("", [outer, other]), undefined);
  assert.equal(repositoryOf(outer, []), undefined);
});

test("the newest card at a line is meant, a place before a trigger", () => {
  const cards = stand(card("old"), card("new"), card("trigger", { range: lines(3), places: [] }));
  assert.equal(cardAt(cards, `${FOLDER}/a.py`, 3)?.card.id, "new");
  assert.equal(cardAt(cards, `${FOLDER}/a.py`, 0)?.card.id, "new");
  assert.equal(cardAt(cards, `${FOLDER}/b.py`, 3), undefined);
});

test("a place is told in one line", () => {
  assert.equal(placeLabel(place("a.py", 1, { note: "call of `area`" })), "call of `area`");
  assert.equal(placeLabel(place("a.py", 1, { after: "a(\n  1)" })), "a( 1)");
  assert.equal(placeLabel(place("a.py", 1, { after: "x".repeat(200) })).length, 80);
});

test("a file belongs to the deepest folder that holds it", () => {
  const folders = ["file:///work", "file:///work/inner", "file:///workshop"];
  assert.deepEqual(locate("file:///work/inner/a%20b.py", folders), {
    folder: "file:///work/inner",
    path: "a b.py",
  });
  assert.deepEqual(locate("file:///workshop/c.py", folders), {
    folder: "file:///workshop",
    path: "c.py",
  });
  assert.equal(locate("file:///elsewhere/c.py", folders), undefined);
  assert.equal(locate("untitled:Untitled-1", folders), undefined);
  assert.equal(locate("file:///work/.git/HEAD", folders), undefined);
  assert.equal(shown("file:///elsewhere/c.py", folders), "c.py");
  assert.equal(shown("file:///workshop/src/c.py", folders), "workshop/src/c.py");
  assert.equal(shown("file:///work/src/c.py", folders.slice(0, 1)), "src/c.py");
});

test("a path that leaves the folder has no address", () => {
  assert.equal(inside("file:///work", "src/a b.py"), "file:///work/src/a%20b.py");
  for (const path of ["../a.py", "/a.py", "a/./b.py", "a\\b.py", "a//b"]) {
    assert.equal(inside("file:///work", path), undefined, path);
  }
});

test("next and previous walk the places in a ring", () => {
  const cards = stand(
    card("1", { places: [place("b.py", 2), place("a.py", 9)] }),
    card("2", { places: [place("a.py", 4), place("a.py", 9)] }),
  );
  assert.deepEqual(
    stops(cards).map(({ uri, at }) => `${uri.at(-4)}${at.line}`),
    ["a4", "a9", "b2"],
  );
  const from = (line: number, direction: 1 | -1) =>
    neighbour(cards, { uri: `${FOLDER}/a.py`, line }, direction)?.at.line;
  assert.equal(from(0, 1), 4);
  assert.equal(from(4, 1), 9);
  assert.equal(from(9, 1), 2);
  assert.equal(from(9, -1), 4);
  assert.equal(from(4, -1), 2);
  assert.equal(neighbour(cards, undefined, 1)?.at.line, 4);
  assert.equal(neighbour([], undefined, 1), undefined);
});

test("what is no card is left out, and what a newer server adds is taken", () => {
  const good = {
    id: "1",
    need: "x",
    title: "T",
    path: "file:///a",
    range: lines(0),
    places: [
      {
        uri: "file:///a",
        range: lines(1),
        before: "b",
        after: null,
        certain: false,
        note: "",
        whole: false,
      },
      {},
    ],
    p: 0.5,
    trigger: "save",
    byModel: true,
    newer: 1,
  };
  const cards = cardsOf({ suggestions: [good, null, 5, { id: "2" }] });
  assert.equal(cards.length, 1);
  assert.equal(cards[0]?.uri, "file:///a");
  assert.deepEqual(
    cards[0]?.places.map((each) => [each.after, each.certain]),
    [[null, false]],
  );
  assert.deepEqual(cardsOf(null), []);
  assert.deepEqual(cardsOf({ suggestions: "no" }), []);
});

test("a status without a model, with its name, or with what a newer server tells of it", () => {
  assert.deepEqual(statusOf({ state: "quiet", count: 0, message: "" }), {
    state: "quiet",
    count: 0,
    message: "",
    model: "",
    modelState: "",
  });
  assert.equal(statusOf({ state: "quiet", model: "qwen3:4b" }).model, "qwen3:4b");
  assert.equal(statusOf({ state: "quiet", model: { name: "qwen3:4b" } }).model, "qwen3:4b");
  assert.equal(statusOf(undefined).state, "quiet");
});
