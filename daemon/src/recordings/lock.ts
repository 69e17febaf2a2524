import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExclusiveLock, takeExclusiveLock } from '../core/exclusive-lock.ts';
import { RecordFault } from '../core/faults.ts';
import { unwritable } from './disk.ts';

/** The right to write a store, held until released or until the process is gone. */
export type StoreLock = ExclusiveLock;

/**
 * One writer a folder. `writer.json` only says who holds the lock, for the message.
 * @throws RecordFault `store-locked`, or `store-unwritable` when the folder cannot be used
 */
export function lockStore(folder: string, now: Date): StoreLock {
  let lock: ExclusiveLock | undefined;
  try {
    lock = takeExclusiveLock(join(folder, 'lock'));
    if (lock !== undefined) {
      const holder = { pid: process.pid, since: now.toISOString() };
      writeFileSync(join(folder, 'writer.json'), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    }
  } catch (error) {
    lock?.release();
    throw unwritable(folder, error);
  }
  if (lock === undefined) {
    throw new RecordFault(
      'store-locked',
      `Another Gatehouse${holderOf(folder)} writes the records in ${folder}. Stop it with \`gatehouse down\`, or use the one that runs.`,
    );
  }
  return lock;
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
