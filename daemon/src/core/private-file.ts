import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';

/** Files of the state folder: 0600, replaced whole, so that a reader or a crash never finds half of one. */

/** Replace a file by a new one that is on the disk before it takes the name. */
export function writePrivateFile(file: string, content: string | Uint8Array): void {
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  const fd = openSync(fresh, 'wx', 0o600);
  try {
    writeFileSync(fd, content);
    fsyncSync(fd);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, file);
}

/** Why a file cannot be taken for one that only its owner could read. */
export type PrivateFileProblem =
  | 'missing'
  | 'unreadable'
  | 'not-a-file'
  | 'foreign'
  | 'exposed'
  | 'oversized';

export type PrivateFile =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly problem: PrivateFileProblem };

/** Read a file if nobody but this user can read or change it. The checks are made on the opened file. */
export function readPrivateFile(file: string, maxBytes: number): PrivateFile {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { ok: false, problem: code === 'ENOENT' ? 'missing' : 'unreadable' };
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) return { ok: false, problem: 'not-a-file' };
    if (process.platform !== 'win32') {
      if (found.uid !== process.getuid?.()) return { ok: false, problem: 'foreign' };
      if ((found.mode & 0o077) !== 0) return { ok: false, problem: 'exposed' };
    }
    if (found.size > maxBytes) return { ok: false, problem: 'oversized' };
    return { ok: true, bytes: readFileSync(fd) };
  } catch {
    return { ok: false, problem: 'unreadable' };
  } finally {
    closeSync(fd);
  }
}
