// The pictures of the README and the walkthrough: taken by the stories, when E2E_PICTURES is set.

import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { onPath } from "./programs.mjs";

const media = fileURLToPath(new URL("../media", import.meta.url));
// The editor's own colours are few.
const COLOURS = 96;

/** Keep what the window shows, or the `clip` of it, as media/NAME.png, in few colours. */
export async function photograph(editor, name, clip = undefined) {
  if (!process.env.E2E_PICTURES) {
    return;
  }
  const pngquant = onPath("pngquant");
  if (pngquant === undefined) {
    throw new Error("pictures need pngquant; on Debian: sudo apt install pngquant");
  }
  const input = await editor.page.screenshot({ clip, animations: "disabled" });
  execFileSync(
    pngquant,
    [String(COLOURS), "--strip", "--force", "--output", path.join(media, `${name}.png`), "-"],
    {
      input,
    },
  );
}
