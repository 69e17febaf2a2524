import {
  closeSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  statSync,
  writeSync,
} from 'node:fs';
import { RecordFault } from '../core/faults.ts';

/** The few calls by which the recorder changes the disk; tests put a failing one in its place. */
export interface Disk {
  open(path: string, flags: string): number;
  /** May write fewer bytes than asked, as write(2) may. */
  write(fd: number, bytes: Buffer, from: number, length: number, position: number): number;
  truncate(fd: number, length: number): void;
  /** Resolves when the file's bytes and size would survive a power cut. */
  sync(fd: number): Promise<void>;
  size(fd: number): number;
  /** Which file stands at a path, and how long it is. */
  identify(path: string): { readonly inode: number; readonly size: number };
  close(fd: number): void;
}

export const realDisk: Disk = {
  open: (path, flags) => openSync(path, flags, 0o600),
  write: writeSync,
  truncate: ftruncateSync,
  sync: (fd) =>
    new Promise((resolve, reject) => {
      fdatasync(fd, (error) => (error === null ? resolve() : reject(error)));
    }),
  size: (fd) => fstatSync(fd).size,
  identify: (path) => {
    const found = statSync(path);
    return { inode: found.ino, size: found.size };
  },
  close: closeSync,
};

/** Make a folder that only its owner can look into. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Make a folder's entries durable. Windows cannot open folders, and does not need it. */
export async function syncFolder(disk: Disk, path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const fd = disk.open(path, 'r');
  try {
    await disk.sync(fd);
  } finally {
    disk.close(fd);
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: 'the quota of this user is used up; free some space',
  EFBIG: 'a file may not grow any more; raise the file size limit of this process',
  EROFS: 'the file system is read-only; remount it writable or move the state folder',
  EACCES: 'permission is denied; give the folder back to the user who runs Gatehouse',
  EPERM: 'permission is denied; give the folder back to the user who runs Gatehouse',
  ENOENT: 'a file of the store is gone; restart Gatehouse and run `gatehouse verify`',
  EIO: 'the disk reports an error; check it before going on',
  EMFILE: 'too many files are open; raise the limit of open files',
};

/** A short reason of ours or the system's code. Never the error's own message, which could quote what was written. */
export function adviceFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return `an unexpected error${whereOf(error)}`;
  // Node's own codes tell of a mistake in the call, not of the disk.
  if (code.startsWith('ERR_')) return `Gatehouse made a mistake (${code}${whereOf(error)}); please report it`;
  return `${ADVICE[code] ?? 'the system refused'} (${code})`;
}

/** The place in Gatehouse that an error comes from, for whoever mends it; a place quotes nothing. */
function whereOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = /^ +at .*?([\w.-]+\.[jt]s:\d+):\d+\)?$/m.exec(stack.replace(/^ +at .*node:.*\n?/gm, ''))?.[1];
  return place === undefined ? '' : ` at ${place}`;
}

/** What callers of the recorder get when the disk does not do as asked. */
export function unwritable(folder: string, error: unknown): RecordFault {
  if (error instanceof RecordFault) return error;
  return new RecordFault(
    'store-unwritable',
    `The record store in ${folder} cannot be written: ${adviceFor(error)}. Requests are denied until it can; it is tried again with each request.`,
  );
}
