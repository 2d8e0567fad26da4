import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import {
  freeName,
  recordedWords,
  recordingsFolder,
  repositoryOfRecording,
} from "../src/recordings.js";

const LINUX = { platform: "linux", home: "/home/ada", environment: {} } as const;

test("recordings are looked for where the server puts them", () => {
  const state = "/home/ada/.local/state/proactive-lsp/sessions";
  assert.equal(recordingsFolder(undefined, undefined, LINUX), state);
  assert.equal(recordingsFolder("", null, LINUX), state);
  const moved = { ...LINUX, environment: { XDG_STATE_HOME: "/state" } };
  assert.equal(recordingsFolder(undefined, null, moved), "/state/proactive-lsp/sessions");
  assert.equal(recordingsFolder(undefined, "~/kept", LINUX), "/home/ada/kept");
  assert.equal(recordingsFolder(undefined, "/a~b", LINUX), "/a~b");
  assert.equal(recordingsFolder("/logs/one.jsonl", "~/kept", LINUX), "/logs");
  const mac = { ...LINUX, platform: "darwin" } as const;
  assert.equal(
    recordingsFolder(undefined, null, mac),
    "/home/ada/Library/Application Support/proactive-lsp/sessions",
  );
  const windows = { ...LINUX, platform: "win32", environment: { LOCALAPPDATA: "/local" } } as const;
  assert.equal(
    recordingsFolder(undefined, null, windows),
    path.join("/local", "proactive-lsp", "sessions"),
  );
});

test("a recording is told by its name while it lasts, and by its path once it is there", () => {
  assert.equal(
    recordedWords({ recording: "full", files: ["/a/x.jsonl", "/a/y.jsonl"] }),
    "recording to x.jsonl, y.jsonl",
  );
  assert.equal(recordedWords({ recording: "", files: ["/a/x.jsonl"] }), "recorded to /a/x.jsonl");
  assert.match(recordedWords({ recording: "", files: [] }), /^nothing is recorded while/);
});

test("a scenario gets a name that is free", () => {
  assert.equal(freeName("recent", new Set()), "recent");
  assert.equal(freeName("recent", new Set(["recent", "recent-2"])), "recent-3");
});

test("a recording over a commit names the folder that has it", () => {
  const header = (workspace: object) => `${JSON.stringify({ name: "x", workspace })}\n{`;
  const git = header({ kind: "git", commit: "0".repeat(40), repository: "shop" });
  assert.equal(repositoryOfRecording(git, ["/a/other", "/a/shop"]), "/a/shop");
  assert.equal(repositoryOfRecording(git, ["/a/other"]), "/a/other");
  assert.equal(repositoryOfRecording(git, []), undefined);
  const files = header({ kind: "files", files: {} });
  for (const other of [files, git.split("\n")[0]!, "no JSON\n", "null\n", "[]\n", ""]) {
    assert.equal(repositoryOfRecording(other, ["/a/shop"]), undefined);
  }
});
