// The programs that the tests need from the system: found, or installed when that is allowed.

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";

/** Debian's package by the names of the program that it brings. */
const PACKAGES = {
  chromium: ["chromium", "chromium-browser", "google-chrome"],
  ripgrep: ["rg"],
  git: ["git"],
  make: ["make"],
  "g++": ["c++", "g++"],
  python3: ["python3"],
};

/** The full path of a program on PATH; undefined when there is none. */
export function onPath(...names) {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter).filter(path.isAbsolute)) {
    const found = names.map((name) => path.join(folder, name)).find(isProgram);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

export function chromium() {
  return onPath(...PACKAGES.chromium);
}

/** Install what is missing, as root on Debian; elsewhere say in one line what to install, and end. */
export function needPrograms() {
  const missing = Object.keys(PACKAGES).filter((name) => onPath(...PACKAGES[name]) === undefined);
  if (missing.length === 0) {
    return;
  }
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync("/usr/bin/apt-get")) {
    console.error(
      `the end-to-end tests need ${missing.join(", ")}; on Debian: sudo apt install ${missing.join(" ")}`,
    );
    process.exit(2);
  }
  console.log(`installing ${missing.join(", ")}`);
  apt(["update", "-qq"]);
  apt(["install", "-y", "-qq", "--no-install-recommends", ...missing]);
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const ran = spawnSync("apt-get", args, { env, encoding: "utf8" });
  if (ran.status !== 0) {
    console.error(`apt-get ${args.join(" ")}:\n${ran.stderr}`);
    process.exit(2);
  }
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
