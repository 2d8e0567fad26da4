import assert from "node:assert/strict";
import { test } from "node:test";

import {
  guarded,
  placeOf,
  problemOf,
  scorecardArguments,
  sessionArguments,
} from "../src/reports.js";

const RAN = { exit: 0, stdout: "", stderr: "", missing: false };

test("a session's name is never taken for an option", () => {
  assert.deepEqual(sessionArguments(["/a/-x.jsonl", "--memory"], "/out.html"), [
    "report",
    "--html",
    "/out.html",
    "--",
    "/a/-x.jsonl",
    "--memory",
  ]);
  assert.deepEqual(sessionArguments(["/a/x.jsonl"], "/out.html", "/a/shop"), [
    "report",
    "--html",
    "/out.html",
    "--repo",
    "/a/shop",
    "--",
    "/a/x.jsonl",
  ]);
  assert.deepEqual(scorecardArguments("/work space", "/out.html"), [
    "report",
    "--memory",
    "--workspace",
    "/work space",
    "--html",
    "/out.html",
  ]);
});

test("why there is no page is said in one line", () => {
  assert.equal(problemOf(RAN), undefined);
  const failed = (stderr: string, exit: number | null = 2) => problemOf({ ...RAN, exit, stderr });
  assert.equal(failed("proactive-lsp: a.jsonl:3: no JSON\n"), "a.jsonl:3: no JSON");
  assert.equal(
    failed("proactive-lsp: No such command 'report'; see proactive-lsp --help\n"),
    "this server is too old to write reports",
  );
  assert.equal(failed("", null), "it took too long");
  assert.equal(failed("", 7), "the server ended with 7");
  assert.equal(
    problemOf({ ...RAN, exit: null, missing: true }),
    "the server is not there any longer",
  );
});

test("a page that is too large for a webview is for the browser", () => {
  assert.equal(placeOf("<p>"), "webview");
  assert.equal(placeOf("x".repeat(4_000_001)), "browser");
});

test("whatever page comes, it has a policy before anything else", () => {
  const own =
    '<html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="x">';
  assert.equal(guarded(own), own);
  const odd = guarded("<html><head><title>x</title></head>");
  assert.match(odd, /^<html><head><meta http-equiv="Content-Security-Policy" content="default-src/);
});
