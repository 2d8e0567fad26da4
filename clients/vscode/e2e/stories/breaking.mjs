// The proof that these stories see anything at all: with the server's publishing cut out, they fail.

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { until } from "../until.mjs";
import { SHOP, write } from "../workspaces.mjs";
import { changeSignature } from "./accepting.mjs";
import { openTrusted } from "./opening.mjs";

// How long a hint is waited for once the server had one to tell, in milliseconds.
const GRACE = 2_000;

/** Cut it out of the installed server; returns the file that it leaves where it had cards to tell. */
export function cutPublishing(code) {
  const [environment] = readdirSync(code.storage).filter((name) => name.startsWith("server-"));
  const libraries = path.join(code.storage, environment, "lib");
  const [python] = readdirSync(libraries);
  const packages = path.join(libraries, python, "site-packages");
  const mark = path.join(code.home, "withheld");
  writeFileSync(path.join(packages, "cut_publishing.py"), cut(mark));
  writeFileSync(path.join(packages, "cut_publishing.pth"), "import cut_publishing\n");
  return mark;
}

/** A story that passes when the first story fails. */
export async function breaking(step, { context, code, home }) {
  const mark = cutPublishing(code);
  const folder = write(path.join(home, "silent"), SHOP);
  const editor = await openTrusted(context, code, { folder });
  await step(
    "with publishing cut out, the hint that the stories wait for is missed",
    editor,
    async () => {
      await changeSignature(editor);
      await until("the server has a card to tell", () => existsSync(mark));
      const seen = await editor.hint(GRACE).then(
        () => true,
        () => false,
      );
      if (seen) {
        throw new Error("a hint is seen that nobody published");
      }
    },
  );
  await editor.close();
}

/** Python that every start of the environment imports; it changes the module as it is loaded. */
function cut(mark) {
  return `import importlib.abc
import importlib.util
import sys

NAME = "proactive_lsp.server.publish"


def withheld(publisher):
    if any(True for _ in publisher._server.board.shown()):
        open(${JSON.stringify(mark)}, "w").close()


class Cut(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name != NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def load_and_cut(module):
            load(module)
            module.Publisher.publish = withheld

        spec.loader.exec_module = load_and_cut
        return spec


sys.meta_path.insert(0, Cut())
`;
}
