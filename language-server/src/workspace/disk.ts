import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  anyFileKindOf,
  configFolder,
  policyFolder,
  testFolder,
  workspaceFile,
} from '@gatehouse/policy-schema/model/layout.ts';

/** What is larger is no policy; the check of the command says so in words. */
const maxFileBytes = 1024 * 1024;
const maxFiles = 1000;

/** The nearest folder at or above `from` that holds `.gatehouse/`. */
export async function folderAbove(from: string): Promise<string | undefined> {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    const found = await stat(path.join(folder, configFolder)).catch(() => undefined);
    if (found?.isDirectory() === true) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}

/** The names, relative to the folder, of the files that Gatehouse reads there. */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const inside = await Promise.all(
    [policyFolder, testFolder].map(async (each) => {
      const names = await readdir(path.join(folder, each), { recursive: true }).catch(() => []);
      return names
        .map((name) => `${each}/${name.split(path.sep).join('/')}`)
        .filter((name) => anyFileKindOf(name) !== undefined)
        .sort()
        .slice(0, maxFiles);
    }),
  );
  return [workspaceFile, ...inside.flat()];
}

/** The text of a file; undefined when it cannot be read as text. */
export async function readText(folder: string, file: string): Promise<string | undefined> {
  try {
    const handle = await open(path.join(folder, file), 'r');
    try {
      const found = await handle.stat();
      if (!found.isFile() || found.size > maxFileBytes) return undefined;
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}
