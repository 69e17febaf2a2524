import { hash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { ConfigFault } from '../../core/faults.ts';
import { writePrivateFile } from '../../core/private-file.ts';
import type { ConnectableName, Scope } from './adapter.ts';
import type { FileEdit, Look, Plan, Receipt, Receipts } from './plan.ts';

const longestFile = 32 * 1024 * 1024;

/** The disk as plans look at it. */
export const disk: Look = {
  read: (file) => {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (!found.isFile()) throw new Error('it is no file, so Gatehouse leaves it alone.');
    if (found.size > longestFile)
      throw new Error('it is too long to be settings, so Gatehouse leaves it alone.');
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
    } catch (error) {
      if (error instanceof TypeError)
        throw new Error('it is no UTF-8 text, so Gatehouse leaves it alone.', { cause: error });
      throw error;
    }
  },
  isFolder: (folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true,
};

/** Receipts of one agent and scope, and copies of files as they were: private files in a folder of the state. */
export class Receiptbook {
  readonly #folder: string;
  readonly #file: string;

  /** @param owner `user`, or what tells the workspace from others */
  constructor(folder: string, agent: ConnectableName, scope: Scope, owner: string) {
    this.#folder = folder;
    this.#file = path.join(
      folder,
      `${agent}-${scope === 'user' ? 'user' : hash('sha256', owner).slice(0, 12)}.json`,
    );
  }

  /** What is not there or not to be understood counts as none: disconnecting then goes by what it knows as ours. */
  receipts(): Receipts {
    try {
      const kept = JSON.parse(readFileSync(this.#file, 'utf8')) as Readonly<Record<string, Receipt>>;
      return new Map(Object.entries(kept));
    } catch {
      return new Map();
    }
  }

  keep(receipts: Receipts): void {
    if (receipts.size === 0) rmSync(this.#file, { force: true });
    else writePrivateFile(this.#file, `${JSON.stringify(Object.fromEntries(receipts))}\n`);
  }

  /** @returns where the copy is */
  backUp({ file, before }: FileEdit): string | undefined {
    if (before === undefined) return undefined;
    const copy = path.join(this.#folder, `${hash('sha256', file).slice(0, 8)}-${path.basename(file)}`);
    writePrivateFile(copy, before);
    return copy;
  }
}

export interface Written {
  readonly file: string;
  /** A copy of the file as it was; absent where there was none. */
  readonly backup?: string;
}

/**
 * Write what a plan says, each file whole or not at all, and all of them or none.
 * @throws ConfigFault `workspace-invalid` where a file is not as it was planned for, or cannot be written
 */
export function writePlan(plan: Plan, book: Receiptbook): readonly Written[] {
  const written: Written[] = [];
  const done: FileEdit[] = [];
  try {
    for (const edit of plan.edits) {
      if (disk.read(edit.file) !== edit.before)
        throw new Error('it was changed meanwhile. Look at the changes again.');
      const backup = book.backUp(edit);
      put(edit, edit.after);
      done.push(edit);
      written.push({ file: edit.file, ...(backup === undefined ? {} : { backup }) });
    }
  } catch (error) {
    for (const edit of done.toReversed()) put(edit, edit.before);
    const failed = plan.edits[done.length]?.file ?? '';
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigFault('workspace-invalid', `${failed}: ${reason} Nothing was written.`, { cause: error });
  }
  const earlier = book.receipts();
  book.keep(plan.receipts);
  for (const { file, after } of plan.edits)
    if (after === undefined) removeFolders(path.dirname(file), earlier.get(file)?.madeFolder);
  return written;
}

/** Replace a file, also where a link leads to it, as people keep such files elsewhere. */
function put({ file, executable }: FileEdit, text: string | undefined): void {
  const target = existsSync(file) ? realpathSync(file) : file;
  if (text === undefined) {
    rmSync(target, { force: true });
    return;
  }
  mkdirSync(path.dirname(target), { recursive: true });
  const mode = statSync(target, { throwIfNoEntry: false })?.mode ?? (executable ? 0o755 : 0o600);
  const fresh = `${target}.${randomBytes(6).toString('hex')}`;
  const fd = openSync(fresh, 'wx', 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  chmodSync(fresh, (mode & 0o777) | (executable ? 0o100 : 0));
  renameSync(fresh, target);
}

/** Folders that were made for a file go with it, while they are empty. */
function removeFolders(from: string, topmost: string | undefined): void {
  if (topmost === undefined) return;
  for (let folder = from; folder.startsWith(topmost); folder = path.dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}
