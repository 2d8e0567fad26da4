// A window whose folder is trusted, and whose server knows.

import { Editor } from "../editor.mjs";
import { servers } from "../servers.mjs";
import { until } from "../until.mjs";

/**
 * Open it once the private environment is there. Before the answer a server for rules alone runs;
 * trust starts another, and what is typed in between neither of them sees.
 */
export async function openTrusted(context, code, query, roots = []) {
  const others = new Set(servers(code.storage).map(({ id }) => id));
  const own = () => servers(code.storage).filter(({ id }) => !others.has(id));
  const editor = await Editor.open(context, code.address, query);
  await editor.roots(...roots);
  await editor.statusSays(/Nothing is owed/);
  const [before] = await until("a server", () => own().length === 1 && own());
  await editor.trust(true);
  await until(
    "a server that knows of the trust",
    () => own().length === 1 && own()[0].id !== before.id,
  );
  await editor.statusSays(/Nothing is owed/);
  return editor;
}
