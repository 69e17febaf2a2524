import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RecordFault } from '../core/faults.ts';
import { unwritable } from './disk.ts';

/** The right to write a store, held until released or until the process is gone. */
export interface StoreLock {
  release(): void;
}

/**
 * One writer a folder. The lock is the operating system's, reached through SQLite's exclusive transaction on an empty
 * database: it ends with the process however that dies, so there is no stale lock to judge by process ids, which a
 * container or a quick restart can give to someone else. `writer.json` only says who holds it, for the message.
 * @throws RecordFault `store-locked`, or `store-unwritable` when the folder cannot be used
 */
export function lockStore(folder: string, now: Date): StoreLock {
  const path = join(folder, 'lock');
  let database: DatabaseSync | undefined;
  try {
    closeSync(openSync(path, 'a', 0o600));
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    const holder = { pid: process.pid, since: now.toISOString() };
    writeFileSync(join(folder, 'writer.json'), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  } catch (error) {
    database?.close();
    if (isBusy(error)) {
      throw new RecordFault(
        'store-locked',
        `Another Gatehouse${holderOf(folder)} writes the records in ${folder}. Stop it with \`gatehouse down\`, or use the one that runs.`,
      );
    }
    throw unwritable(folder, error);
  }
  const held = database;
  return { release: () => held.close() };
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 6);
}

function holderOf(folder: string): string {
  try {
    const holder: unknown = JSON.parse(readFileSync(join(folder, 'writer.json'), 'utf8'));
    if (typeof holder !== 'object' || holder === null) return '';
    const { pid, since } = holder as Record<string, unknown>;
    return typeof pid === 'number' && typeof since === 'string' ? ` (process ${pid}, since ${since})` : '';
  } catch {
    return '';
  }
}
