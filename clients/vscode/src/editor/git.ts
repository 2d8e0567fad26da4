// Git, through VS Code's own extension: its message box, and that something moved.

import { commands, type Disposable, env, type Event, extensions, type Uri, window } from "vscode";

import { filledBox, repositoryOf } from "../cards.js";

interface Repository {
  readonly rootUri: Uri;
  readonly inputBox: { value: string };
  readonly state: { readonly onDidChange: Event<void> };
}

interface GitApi {
  readonly repositories: readonly Repository[];
  readonly onDidOpenRepository: Event<Repository>;
  readonly onDidCloseRepository: Event<Repository>;
}

/** The interface of the extension, or undefined where it is off. */
export async function gitApi(): Promise<GitApi | undefined> {
  const extension = extensions.getExtension<{ enabled: boolean; getAPI(version: 1): GitApi }>(
    "vscode.git",
  );
  if (extension === undefined) {
    return undefined;
  }
  try {
    const git = await extension.activate();
    return git.enabled ? git.getAPI(1) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Put a draft into the message box of the folder's repository; words that are there stay.
 *
 * The box is shown when the user asked for it just now. A text that took its time to be written is
 * only said to be there, since by now they may be typing elsewhere.
 */
export async function fillMessage(
  folder: string,
  draft: string,
  asked: "now" | "before",
): Promise<void> {
  const repositories = (await gitApi())?.repositories ?? [];
  const number = repositoryOf(
    folder,
    repositories.map(({ rootUri }) => rootUri.toString()),
  );
  const box = number === undefined ? undefined : repositories[number]?.inputBox;
  const filled = box && filledBox(box.value, draft);
  if (box === undefined || filled === undefined) {
    await env.clipboard.writeText(draft);
    const why =
      box === undefined ? "no message box is there" : "your own words stay in the message box";
    void window.setStatusBarMessage(`Proactive: ${why}; the draft is on the clipboard`, 8_000);
  } else {
    box.value = filled;
    if (asked === "before") {
      void window.setStatusBarMessage("Proactive: the draft is in the message box", 8_000);
    }
  }
  if (asked === "now") {
    await commands.executeCommand("workbench.view.scm");
  }
}

/** Hear that some repository moved; nothing of what happened is read here. */
export async function watchGit(moved: (root: Uri) => void): Promise<Disposable[]> {
  const git = await gitApi();
  if (git === undefined) {
    return [];
  }
  const watched = new Map<Repository, Disposable>();
  const watch = (repository: Repository) => {
    watched.set(
      repository,
      repository.state.onDidChange(() => moved(repository.rootUri)),
    );
  };
  git.repositories.forEach(watch);
  return [
    git.onDidOpenRepository(watch),
    git.onDidCloseRepository((repository) => {
      watched.get(repository)?.dispose();
      watched.delete(repository);
    }),
    { dispose: () => watched.forEach((each) => each.dispose()) },
  ];
}
