// What there is to forget, and the commands of the server that do.

import { nameOf } from "./paths.js";
import { SERVER } from "./protocol.js";

export interface Forgetting {
  readonly label: string;
  readonly detail: string;
  /** What the user is asked before. */
  readonly question: string;
  /** Commands with their arguments before the folder's, one after the other. */
  readonly commands: readonly { readonly command: string; readonly before: readonly unknown[] }[];
}

const EVENTS = { command: SERVER.forgetEvents, before: [] };
const LEARNED = { command: SERVER.forgetLearned, before: [null] };

export const FORGETTINGS: readonly Forgetting[] = [
  {
    label: "What happened",
    detail: "Edits, saves, commands and all other events, on disk and in memory.",
    question: "Forget everything that happened in this folder? What your answers taught stays.",
    commands: [EVENTS],
  },
  {
    label: "What your answers taught",
    detail: "The shipped weights hold again.",
    question: "Forget what your answers taught? What happened stays remembered.",
    commands: [LEARNED],
  },
  {
    label: "Both",
    detail: "As if the folder had just been opened; only your noes stay.",
    question: "Forget everything that happened in this folder and what your answers taught?",
    commands: [EVENTS, LEARNED],
  },
];

/** What a no is worth: said with every question. */
export const NOES = "What you dismissed or muted stays so. It cannot be undone.";

/** The same, behind the folder's name where it is one of several. */
export function warning(folder: string | undefined, folders: readonly string[]): string {
  return folder === undefined || folders.length < 2 ? NOES : `In ${nameOf(folder)}. ${NOES}`;
}

/** The requests for one choice, in a folder or in all of them. */
export function requests(
  { commands }: Forgetting,
  folder: string | undefined,
): { command: string; args: unknown[] }[] {
  return commands.map(({ command, before }) => ({
    command,
    args: folder === undefined ? [...before] : [...before, folder],
  }));
}
