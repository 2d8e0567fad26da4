import assert from "node:assert/strict";
import { test } from "node:test";

import { type Level, levelOf, ServerLines, written } from "../src/levels.js";

const LEVELS: Level[] = ["error", "warning", "info", "debug"];

test("no more is written than the user wants, and what is for debugging is seen when asked for", () => {
  const table = LEVELS.map((wished) => LEVELS.map((level) => written(level, wished) ?? "-"));
  assert.deepEqual(table, [
    ["error", "-", "-", "-"],
    ["error", "warning", "-", "-"],
    ["error", "warning", "info", "-"],
    ["error", "warning", "info", "info"],
  ]);
  assert.deepEqual(
    ["debug", "loud", undefined].map((each) => levelOf(each)),
    ["debug", "info", "info"],
  );
});

test("lines of the server have its levels, and what follows a line has the same", () => {
  const told: string[] = [];
  const lines = new ServerLines((level, line) => told.push(`${level}: ${line}`));
  lines.add("usage: odd\nINFO a: b");
  lines.add("egan\r\n  more of it\nDEBUG a: x\nWARN");
  lines.add("ING a: y\nCRITICAL a: z\nTraceback\nnot yet");
  assert.deepEqual(told, [
    "error: usage: odd",
    "info: INFO a: began",
    "info:   more of it",
    "debug: DEBUG a: x",
    "warning: WARNING a: y",
    "error: CRITICAL a: z",
    "error: Traceback",
  ]);
});
