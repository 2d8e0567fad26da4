// Which workspace folder a file belongs to, and what it is called there: as the server counts it.

export interface Located {
  readonly folder: string;
  readonly path: string;
}

/**
 * The deepest of the folders that holds the file, and the file's path in it with `/`.
 *
 * Both are URIs as VS Code spells them. Undefined for a file outside of all folders, for git's own
 * files and for whatever does not lie on disk.
 */
export function locate(uri: string, folders: readonly string[]): Located | undefined {
  if (!uri.startsWith("file:")) {
    return undefined;
  }
  let found: string | undefined;
  for (const folder of folders) {
    if (uri.startsWith(closed(folder)) && folder.length > (found?.length ?? -1)) {
      found = folder;
    }
  }
  if (found === undefined) {
    return undefined;
  }
  const path = decoded(uri.slice(closed(found).length));
  if (path === undefined || path === "" || path.toLowerCase().split("/").includes(".git")) {
    return undefined;
  }
  return { folder: found, path };
}

/** What a file is called for the user: its path, behind the folder's name if there are several; else its name. */
export function shown(uri: string, folders: readonly string[]): string {
  const located = locate(uri, folders);
  if (located === undefined) {
    return nameOf(uri);
  }
  return folders.length > 1 ? `${nameOf(located.folder)}/${located.path}` : located.path;
}

/** The last part of a file's or a folder's path. */
export function nameOf(uri: string): string {
  const bare = uri.replace(/\/$/, "");
  return decoded(bare.slice(bare.lastIndexOf("/") + 1)) ?? uri;
}

/** The URI of a file by its path in a folder; undefined for a path that would leave the folder. */
export function inside(folder: string, path: string): string | undefined {
  const parts = path.split("/");
  if (path.includes("\\") || parts.some((part) => part === "" || part === "." || part === "..")) {
    return undefined;
  }
  return closed(folder) + parts.map(encodeURIComponent).join("/");
}

function closed(folder: string): string {
  return folder.endsWith("/") ? folder : `${folder}/`;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
