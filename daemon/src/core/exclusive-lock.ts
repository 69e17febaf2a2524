import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** A right that one process has, until it releases it or is gone. */
export interface ExclusiveLock {
  release(): void;
}

/**
 * Take a lock, or find that another process has it (undefined). It is the operating system's, reached through SQLite's
 * exclusive transaction on an empty database: it ends with the process however that dies, so there is no stale lock to
 * judge by process ids, which a container or a quick restart can give to someone else.
 * @throws the error of the file system when the file cannot be used
 */
export function takeExclusiveLock(path: string): ExclusiveLock | undefined {
  let database: DatabaseSync | undefined;
  try {
    closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  const held = database;
  return { release: () => held.close() };
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && [5, 6].includes(Number(error.errcode) & 0xff);
}
