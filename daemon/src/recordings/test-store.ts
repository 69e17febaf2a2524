import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { RecordEntry } from './entry.ts';
import { openRecorder } from './recorder.ts';

/** What the tests of this folder share. */

export function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-records-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function noted(detail: string): RecordEntry {
  return { kind: 'daemon.started', detail };
}

export function segmentFiles(folder: string): readonly string[] {
  return readdirSync(join(folder, 'segments'))
    .sort()
    .map((name) => join(folder, 'segments', name));
}

/** Every line of a store, read without the code under test. */
export function rawLines(folder: string): readonly string[] {
  return segmentFiles(folder).flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(0, -1));
}

/** A store of `count` records, one batch each, in segments of about `segmentBytes`. */
export async function fill(folder: string, count: number, segmentBytes = 2000): Promise<void> {
  const recorder = await openRecorder(folder, { durability: 'written', segmentBytes });
  for (let n = 1; n <= count; n++) await recorder.append(noted(`record ${n} ${'x'.repeat(n % 50)}`));
  await recorder.close();
}

/** A clock that is 10 ms on at each look. */
export function tickingClock(): () => Date {
  let ms = Date.parse('2026-01-01T00:00:00.000Z');
  return () => {
    ms += 10;
    return new Date(ms);
  };
}
