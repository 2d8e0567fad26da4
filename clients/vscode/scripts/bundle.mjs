// Bundle the client into one file, with the licences of what is bundled beside it.

import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const client = fileURLToPath(new URL("..", import.meta.url));

export async function bundle() {
  const { metafile } = await build({
    absWorkingDir: client,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    bundle: true,
    minify: true,
    // Stack traces in the log stay readable.
    keepNames: true,
    // Beside the bundle, for a profile of it; it is not packaged.
    sourcemap: "external",
    platform: "node",
    target: "node20",
    format: "cjs",
    // The editor provides itself.
    external: ["vscode"],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const packages = new Set(
    Object.keys(metafile.inputs).flatMap(
      (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
    ),
  );
  const texts = await Promise.all([...packages].sort().map(licence));
  await writeFile(path.join(client, "dist", "LICENSES.txt"), texts.join(`\n${"-".repeat(72)}\n\n`));
}

async function licence(folder) {
  const here = path.join(client, folder);
  const { name, version, license } = JSON.parse(
    await readFile(path.join(here, "package.json"), "utf8"),
  );
  const file = (await readdir(here)).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? "" : await readFile(path.join(here, file), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle();
}
