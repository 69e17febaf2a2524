import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RecordEntry, RecordLine } from '../recordings/entry.ts';
import type { Permit } from '../recordings/permit.ts';
import type { Records } from '../recordings/record.ts';
import { type StatePaths, statePaths } from './state.ts';

/** Workspaces and records for tests. */

export const sampleWorkspace = `gatehouse: v1
kind: Workspace
resources:
  - name: shop-db
    protocol: postgres
    host: 127.0.0.1
    port: 5432
    database: shop
    user: shop_owner
    password: { env: SHOP_PASSWORD }
    tls: { mode: disable }
`;

export const samplePolicy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read-products
    effect: allow
    sql: { actions: [select], tables: [public.products] }
  - name: no-drops
    effect: deny
    sql: { actions: [drop] }
    message: Schema changes go through a migration.
`;

export interface SampleFolder {
  readonly folder: string;
  readonly stateRoot: string;
  readonly state: StatePaths;
  write(file: string, text: string): void;
  remove(file: string): void;
  /** Delete it all. */
  discard(): void;
}

/** A workspace of its own under the temporary folder, with its state beside it. */
export function sampleFolder(
  policies: Readonly<Record<string, string>> = { shop: samplePolicy },
): SampleFolder {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gh-')));
  const folder = path.join(root, 'shop');
  const stateRoot = path.join(root, 'state');
  mkdirSync(path.join(folder, '.gatehouse', 'policies'), { recursive: true });
  const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
  write('.gatehouse/gatehouse.yaml', sampleWorkspace);
  for (const [name, text] of Object.entries(policies)) write(`.gatehouse/policies/${name}.policy.yaml`, text);
  const state = statePaths(folder, { GATEHOUSE_STATE: stateRoot });
  mkdirSync(state.folder, { recursive: true, mode: 0o700 });
  return {
    folder,
    stateRoot,
    state,
    write,
    remove: (file) => rmSync(path.join(folder, file)),
    discard: () => rmSync(root, { recursive: true, force: true }),
  };
}

export interface MemoryRecords extends Records {
  readonly lines: RecordLine[];
  /** While set, appending fails with it. */
  failure: Error | undefined;
}

/** Records that are kept in memory. */
export function memoryRecords(): MemoryRecords {
  const listeners = new Set<(line: RecordLine) => void>();
  const add = (entry: RecordEntry) => {
    const line = {
      prev: '0'.repeat(64),
      seq: records.lines.length + 1,
      at: new Date().toISOString(),
      ...entry,
    };
    records.lines.push(line);
    for (const listener of listeners) listener(line);
    return line.seq;
  };
  const records: MemoryRecords = {
    lines: [],
    failure: undefined,
    async append(entry) {
      if (records.failure !== undefined) throw records.failure;
      // Only the recorder mints real ones; nothing is forwarded on this.
      return { seq: add(entry), spend: () => {} } as unknown as Permit;
    },
    decided: (request, ruling) => records.append({ ...request, ...ruling }),
    note: (entry) => void add(entry),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {},
  };
  return records;
}
