import assert from "node:assert/strict";
import { test } from "node:test";

import { FORGETTINGS, NOES, requests, warning } from "../src/forgetting.js";
import { FOLDER } from "./desk.js";

test("each choice forgets what it says, in the folder that is meant", () => {
  const asked = (number: number, folder?: string) =>
    requests(FORGETTINGS[number]!, folder).map(({ command, args }) => [command, ...args]);
  const [events, learned] = ["proactive.server.forgetEvents", "proactive.server.forgetLearned"];
  assert.deepEqual(asked(0, FOLDER), [[events, FOLDER]]);
  assert.deepEqual(asked(1, FOLDER), [[learned, null, FOLDER]]);
  assert.deepEqual(asked(2, FOLDER), [
    [events, FOLDER],
    [learned, null, FOLDER],
  ]);
  assert.deepEqual(asked(2), [[events], [learned, null]]);
  assert.equal(FORGETTINGS.length, 3);
});

test("the folder is named where there are several", () => {
  assert.equal(warning(FOLDER, [FOLDER]), NOES);
  assert.equal(warning(undefined, []), NOES);
  const two = ["file:///one%20two/", FOLDER];
  assert.equal(warning(two[0], two), `In one two. ${NOES}`);
});
