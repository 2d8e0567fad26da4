// Play story.json with a server through vscode-jsonrpc, and print its trace as a language client
// does: `node trace.mjs JSONRPC 9|11 text|json SERVER…`, JSONRPC being the `node.js` of the package's
// version 8 or the `lib/node/main.js` of a later one.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [jsonrpc, client, format, command, ...parameters] = process.argv.slice(2);
const rpc = createRequire(import.meta.url)(jsonrpc);
const story = JSON.parse(readFileSync(new URL("story.json", import.meta.url), "utf8"));
const root = `file://${story.folder}`;

// vscode-languageclient 9: `logTrace` and `logObjectTrace` of lib/common/client.js.
const clock = () => new Date().toLocaleTimeString("en-US");
const nine = {
  log: (message, data) => {
    if (typeof message !== "string") {
      process.stdout.write(`[LSP   - ${clock()}] ${JSON.stringify(message)}\n`);
      return;
    }
    process.stdout.write(`[Trace - ${clock()}] ${message}\n`);
    if (data) process.stdout.write(`${data}\n`);
  },
};
// Version 11 hands the text to a log channel of the editor, which writes its own time before it.
const stamp = () => new Date().toISOString().replace("T", " ").replace("Z", "");
const eleven = {
  log: (message, data) => {
    const text = typeof message === "string" ? message : JSON.stringify(message);
    process.stdout.write(`${stamp()} [trace] ${text}${data ? `\n${data}` : ""}\n`);
  },
};

const server = spawn(command, parameters, { stdio: ["pipe", "pipe", "ignore"] });
const connection = rpc.createMessageConnection(
  new rpc.StreamMessageReader(server.stdout),
  new rpc.StreamMessageWriter(server.stdin),
);
connection.onRequest(() => null);
connection.listen();
await connection.trace(rpc.Trace.Verbose, client === "9" ? nine : eleven, {
  sendNotification: false,
  traceFormat: format === "json" ? rpc.TraceFormat.JSON : rpc.TraceFormat.Text,
});

await connection.sendRequest("initialize", {
  processId: null,
  clientInfo: { name: "trace.mjs" },
  rootUri: root,
  workspaceFolders: [{ uri: root, name: "shop" }],
  capabilities: {},
});
await connection.sendNotification("initialized", {});
const versions = {};
for (const [method, path, ...rest] of story.steps) {
  const document = { uri: `${root}/${path}` };
  if (method === "textDocument/didOpen") {
    versions[path] = 1;
    const item = { ...document, languageId: "python", version: 1, text: story.files[path] };
    await connection.sendNotification(method, { textDocument: item });
  } else if (method === "textDocument/didChange") {
    const [line, character, endLine, endCharacter, text] = rest;
    versions[path] += 1;
    const range = { start: { line, character }, end: { line: endLine, character: endCharacter } };
    await connection.sendNotification(method, {
      textDocument: { ...document, version: versions[path] },
      contentChanges: [{ range, text }],
    });
  } else if (method === "textDocument/hover") {
    const position = { line: rest[0], character: rest[1] };
    await connection.sendRequest(method, { textDocument: document, position }).catch(() => null);
  } else if (method === "workspace/didRenameFiles") {
    const files = [{ oldUri: document.uri, newUri: `${root}/${rest[0]}` }];
    await connection.sendNotification(method, { files });
  } else {
    await connection.sendNotification(method, { textDocument: document });
  }
  await new Promise((done) => setTimeout(done, 300));
}
await connection.sendRequest("shutdown");
await connection.sendNotification("exit");
server.on("exit", () => process.exit(0));
