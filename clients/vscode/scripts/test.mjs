// Run the tests with node's own runner. They are bundled first, since node reads no TypeScript;
// names behind the command are files of test/ to run alone.

import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const client = fileURLToPath(new URL("..", import.meta.url));
const out = path.join(client, "dist", "test");
const asked = process.argv.slice(2);
const tests = readdirSync(path.join(client, "test"))
  .filter((name) => name.endsWith(".test.ts"))
  .filter((name) => asked.length === 0 || asked.some((each) => name.startsWith(each)));

rmSync(out, { recursive: true, force: true });
await build({
  absWorkingDir: client,
  entryPoints: tests.map((name) => `test/${name}`),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: "inline",
  logLevel: "warning",
});
const files = tests.map((name) => path.join(out, name.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], {
  cwd: client,
  stdio: "inherit",
});
process.exit(status ?? 1);
