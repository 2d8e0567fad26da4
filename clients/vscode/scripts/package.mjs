// Make proactive-lsp-VERSION.vsix: the bundle, and the server's wheel as `make vsix` put it into
// server/. Prints the file, its size, and the size of all but the wheel.

import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { createVSIX } from "@vscode/vsce";

import { bundle } from "./bundle.mjs";

const MOST = 2_000_000;
const client = fileURLToPath(new URL("..", import.meta.url));
const project = path.join(client, "..", "..");
const { name, version } = JSON.parse(readFileSync(path.join(client, "package.json"), "utf8"));

const server = path.join(client, "server");
const wheels = readdirSync(server).filter((each) => each.endsWith(".whl"));
if (wheels.length !== 1) {
  console.error(`there must be one wheel in ${server}, not ${wheels.length}; run \`make vsix\``);
  process.exit(2);
}
const wheel = path.join(server, wheels[0]);
const digest = createHash("sha256").update(readFileSync(wheel)).digest("hex").slice(0, 16);
writeFileSync(path.join(server, "DIGEST"), `${digest}\n`);
for (const file of ["LICENSE", "CHANGELOG.md"]) {
  copyFileSync(path.join(project, file), path.join(client, file));
}
await bundle();
const file = path.join(project, "dist", `${name}-${version}.vsix`);
await createVSIX({
  cwd: client,
  packagePath: file,
  dependencies: false,
  allowMissingRepository: true,
  // The pictures of the README lie beside it.
  rewriteRelativeLinks: false,
});
const size = statSync(file).size;
const without = size - statSync(wheel).size;
console.log(
  `${path.relative(project, file)}: ${kilobytes(size)}, ${kilobytes(without)} without the server's wheel`,
);

if (without > MOST) {
  console.error(`it must be no more than ${kilobytes(MOST)} without the wheel`);
  process.exit(1);
}

function kilobytes(bytes) {
  return `${Math.ceil(bytes / 1_000)} kB`;
}
