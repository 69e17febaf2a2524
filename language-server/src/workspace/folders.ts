import path from 'node:path';
import { joinExtended } from '@gatehouse/daemon/workspace/extends/join.ts';
import {
  anyFileKindOf,
  configFolder,
  lockFile,
  workspaceFile,
} from '@gatehouse/policy-schema/model/layout.ts';
import { folderAbove, listFiles, readText } from './disk.ts';
import { LiveDesk } from './live-desk.ts';

/** A workspace folder with its desk. */
export interface Folder {
  /** Absolute. */
  readonly root: string;
  readonly desk: LiveDesk;
  /** Resolves once what lies on the disk was read. */
  readonly ready: Promise<void>;
  /** Whether that is so by now. */
  readonly isLoaded: boolean;
}

/** A file of a folder. */
export interface Place {
  readonly folder: Folder;
  readonly file: string;
}

/** Every folder with a `.gatehouse` that the editor has to do with: those it opened, and those of files that it opened. */
export class Folders {
  readonly #folders = new Map<string, Folder>();

  get all(): readonly Folder[] {
    return [...this.#folders.values()];
  }

  /** Read the folder at or above a path; nothing happens where there is none. */
  async add(from: string): Promise<void> {
    const root = await folderAbove(from);
    if (root !== undefined) await (this.#folders.get(root) ?? this.#make(root)).ready;
  }

  /** Where a file belongs, by its path alone; undefined for files that Gatehouse does not read. */
  placeOf(file: string): Place | undefined {
    const named = rootOf(file);
    if (named === undefined) return undefined;
    const folder = this.#folders.get(named.root) ?? this.#make(named.root);
    return { folder, file: named.file };
  }

  /** Read again what changed on the disk. */
  async refresh(files: readonly string[]): Promise<void> {
    const folders = new Set<Folder>();
    for (const file of files) {
      const place = this.placeOf(file);
      if (place !== undefined)
        place.folder.desk.setDisk(place.file, await readText(place.folder.root, place.file));
      // A whole folder was renamed or removed.
      else for (const folder of this.all) if (isInside(file, folder.root)) folders.add(folder);
    }
    for (const folder of folders) await load(folder);
  }

  #make(root: string): Folder {
    const desk = new LiveDesk();
    let isLoaded = false;
    const ready = load({ root, desk }).then(() => {
      isLoaded = true;
    });
    const folder: Folder = {
      root,
      desk,
      ready,
      get isLoaded() {
        return isLoaded;
      },
    };
    this.#folders.set(root, folder);
    return folder;
  }
}

async function load({ root, desk }: Pick<Folder, 'root' | 'desk'>): Promise<void> {
  const files = await listFiles(root);
  for (const file of desk.diskFiles) if (!files.includes(file)) desk.setDisk(file, undefined);
  const texts = await Promise.all(files.map((file) => readText(root, file)));
  files.forEach((file, index) => {
    desk.setDisk(file, texts[index]);
  });
  for (const [file, text] of await extendedFiles(root, texts[0])) desk.setDisk(file, text);
}

/** Policies of other repositories, from the copies that everybody reads. */
async function extendedFiles(
  root: string,
  workspace: string | undefined,
): Promise<readonly (readonly [string, string])[]> {
  if (workspace === undefined) return [];
  const own = {
    workspace: { file: workspaceFile, text: workspace },
    policies: new Map<string, string>(),
    problems: [],
  };
  return [...joinExtended(own, await readText(root, lockFile)).policies];
}

function rootOf(file: string): { readonly root: string; readonly file: string } | undefined {
  const slashed = file.split(path.sep).join('/');
  const at = slashed.lastIndexOf(`/${configFolder}/`);
  if (at === -1) return undefined;
  const name = slashed.slice(at + 1);
  return anyFileKindOf(name) === undefined
    ? undefined
    : { root: path.normalize(slashed.slice(0, at) || '/'), file: name };
}

function isInside(file: string, root: string): boolean {
  const relative = path.relative(path.join(root, configFolder), file);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
}
