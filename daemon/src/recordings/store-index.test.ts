import assert from 'node:assert/strict';
import { readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import type { RecordEntry } from './entry.ts';
import { sampleAnswered, sampleDecided, sampleOpened, sampleSession } from './entry-samples.ts';
import { TABLES } from './index-schema.ts';
import { startIndexing } from './indexing.ts';
import { openRecorder } from './recorder.ts';
import { openIndex, type StoreIndex } from './store-index.ts';
import { fill, noted, segmentFiles, tempFolder, tickingClock } from './test-store.ts';

async function write(folder: string, entries: readonly RecordEntry[], segmentBytes = 20_000): Promise<void> {
  const recorder = await openRecorder(folder, { durability: 'written', segmentBytes, now: tickingClock() });
  for (const entry of entries) await recorder.append(entry);
  await recorder.close();
}

function indexOf(t: TestContext, folder: string): StoreIndex {
  const index = openIndex(folder);
  t.after(() => index.close());
  return index;
}

/** Every row of every table, as the file holds them. */
function contents(folder: string): Record<string, unknown> {
  const database = new DatabaseSync(join(folder, 'index.sqlite'));
  try {
    return Object.fromEntries(
      TABLES.map((table) => [table, database.prepare(`SELECT * FROM ${table}`).all()]),
    );
  } finally {
    database.close();
  }
}

const entries: readonly RecordEntry[] = [
  { kind: 'daemon.started', detail: 'first' },
  { kind: 'policy.changed', state: 'accepted', policyDigest: 'd1', by: 'mira' },
  ...sampleSession('alpha-1', 30),
  sampleOpened('alpha-2', 'other-db', 'copilot'),
  sampleDecided('alpha-2', 'r1'),
  { kind: 'daemon.started', detail: 'second, after a crash' },
  sampleOpened('beta-1'),
  sampleDecided('beta-1', 'r1', 'x'.repeat(10_000)),
  { kind: 'policy.changed', state: 'pending', policyDigest: 'd2', detail: 'allows more' },
];

describe('what was used', () => {
  it('is what granted requests of the day came to, by resource, person and agent', async (t) => {
    const folder = tempFolder(t);
    const decided = sampleDecided('alpha-1', 'r1');
    const priced = (request: string, cost: number, more: object = {}) =>
      ({ ...decided, request, plan: { cost, rows: 1 }, ...more }) as RecordEntry;
    const answered = (request: string) => ({ ...sampleAnswered('alpha-1', 'r1'), request }) as RecordEntry;
    await write(folder, [
      sampleOpened('alpha-1'),
      priced('r1', 10.5),
      answered('r1'),
      priced('r2', 20, { effect: 'deny' }),
      priced('r3', 40, { stage: 'prepare' }),
      priced('r4', 80),
      priced('later', 160),
      answered('later'),
    ]);
    const index = indexOf(t, folder);
    await index.catchUp();
    const one = sampleAnswered('alpha-1', 'r1');
    assert.ok(one.kind === 'request.answered');
    const opened = sampleOpened('alpha-1');
    assert.ok(opened.kind === 'session.opened');
    const { person, agent } = opened.principal;
    const whose = { resource: opened.resource, person, agent };
    assert.deepEqual(index.usedSince(new Date(0), 6), [
      { ...whose, rows: one.rows, bytes: one.bytes, cost: 90.5 },
    ]);
    assert.deepEqual(index.usedSince(new Date('2999-01-01'), 6), []);
  });
});

describe('the index', () => {
  it('answers what people ask', async (t) => {
    const folder = tempFolder(t);
    await write(folder, entries);
    const index = indexOf(t, folder);
    assert.deepEqual(index.listSessions(), []);
    assert.deepEqual(await index.catchUp(), { indexed: entries.length });
    assert.equal(statSync(join(folder, 'index.sqlite')).mode & 0o777, 0o600);

    const sessions = index.listSessions();
    assert.deepEqual(
      sessions.map((row) => [row.id, row.state]),
      [
        ['beta-1', 'open'],
        ['alpha-2', 'lost'],
        ['alpha-1', 'closed'],
      ],
    );
    const alpha = index.sessionById('alpha-1');
    assert.deepEqual(
      [alpha.requests, alpha.denied, alpha.approved, alpha.failed, alpha.rows, alpha.bytes],
      [33, 1, 1, 1, 437, 4370],
    );
    assert.equal(alpha.closedReason, 'the client left');
    assert.deepEqual(alpha.groups, ['dev', 'dba']);
    assert.deepEqual(alpha.client, { address: '127.0.0.1:50000', application: 'psql' });
    const ids = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id);
    assert.deepEqual(ids(index.listSessions({ limit: 1 })), ['beta-1']);
    assert.deepEqual(ids(index.listSessions({ open: true })), ['beta-1']);
    assert.deepEqual(ids(index.listSessions({ open: false, agent: 'claude' })), ['alpha-1']);
    assert.deepEqual(ids(index.listSessions({ resource: 'other-db' })), ['alpha-2']);
    assert.deepEqual(ids(index.listSessions({ since: new Date(index.sessionById('alpha-2').openedAt) })), [
      'beta-1',
      'alpha-2',
    ]);

    assert.equal(index.sessionById('beta').id, 'beta-1');
    assert.throws(() => index.sessionById('alpha'), { code: 'session-unknown', message: /alpha-2, alpha-1/ });
    for (const unknown of ['gamma', '', '%', "' OR 1"]) {
      assert.throws(() => index.sessionById(unknown), { code: 'session-unknown' });
    }

    const requests = index.requestsOf('alpha-1');
    assert.equal(requests.length, 34);
    const [held] = requests.filter((row) => row.id === 'alpha-1-held');
    assert.deepEqual([held?.effect, held?.observed, held?.approval], ['approve', 'deny', 'alpha-1-approval']);
    const [failed] = requests.filter((row) => row.id === 'alpha-1-failed');
    assert.deepEqual(failed?.answer?.error, { code: '22012', message: 'division by zero' });
    const [denied] = requests.filter((row) => row.effect === 'deny');
    assert.deepEqual(
      [denied?.text, denied?.undecidable, denied?.answer],
      ['DROP TABLE orders', 'syntax', undefined],
    );
    assert.deepEqual(
      index.requestsOf('alpha-1', { limit: 2, after: requests[3]?.seq ?? 0 }),
      requests.slice(4, 6),
    );
    assert.equal(requests.filter((row) => row.stage === 'prepare').length, 1);

    const [long, lost] = index.recentRequests(2);
    assert.deepEqual([long?.session, long?.text.length, long?.textCut], ['beta-1', 4096, true]);
    assert.deepEqual(
      [lost?.session, lost?.agent, lost?.resource, lost?.answer],
      ['alpha-2', 'copilot', 'other-db', undefined],
    );
    assert.equal(index.recentRequests(9, { effect: 'deny' }).length, 1);
    assert.equal(index.recentRequests(99, { agent: 'copilot' }).length, 1);

    const [count, ...others] = index.ruleCounts();
    assert.deepEqual(
      [count?.policy, count?.rule, count?.line, count?.requests],
      ['shop-database', 'read-shop', 8, 35],
    );
    assert.deepEqual(others, []);
    assert.equal(index.ruleCounts({ session: 'beta-1' })[0]?.requests, 1);
    assert.equal(index.rulesOf(held?.seq ?? 0)[0]?.rule, 'read-shop');
    const [approval] = index.listApprovals({ session: 'alpha-1' });
    assert.deepEqual(
      [approval?.answered?.answer, approval?.answered?.by, approval?.by],
      ['approved', 'ada', [['group:dba'], ['person:ada']]],
    );
    assert.deepEqual(index.listApprovals({ waiting: true }), []);
    assert.deepEqual(
      index.policyChanges(5).map((row) => [row.state, row.by, row.detail]),
      [
        ['pending', undefined, 'allows more'],
        ['accepted', 'mira', undefined],
      ],
    );
  });

  it('is the same whether built at once, in slices, or while the store grows', async (t) => {
    const grown = tempFolder(t);
    const recorder = await openRecorder(grown, {
      durability: 'written',
      segmentBytes: 5000,
      now: tickingClock(),
    });
    const index = indexOf(t, grown);
    for (const [n, entry] of entries.entries()) {
      await recorder.append(entry);
      if (n % 3 === 0) await index.catchUp({ slice: 1 + (n % 4) });
    }
    await recorder.close();
    await index.catchUp({ slice: 7 });
    const incremental = contents(grown);
    assert.ok(segmentFiles(grown).length > 5);
    index.rebuild();
    assert.deepEqual(index.listSessions(), []);
    assert.equal((await index.catchUp({ slice: 1000 })).indexed, entries.length);
    assert.deepEqual(contents(grown), incremental);
    assert.equal((await index.catchUp()).indexed, 0);
  });

  it('is begun anew when the store is another, or no longer reaches so far', async (t) => {
    const folder = tempFolder(t);
    await fill(folder, 40);
    const index = indexOf(t, folder);
    await index.catchUp();
    assert.equal(index.position.head.seq, 40);
    renameSync(join(folder, 'segments'), join(folder, 'aside'));
    assert.match((await index.catchUp()).rebuilt ?? '', /is gone/);
    assert.equal(index.position.head.seq, 0);
    await fill(folder, 39);
    assert.deepEqual(await index.catchUp(), { indexed: 39 });
    const last = segmentFiles(folder).at(-1) ?? '';
    const bytes = readFileSync(last);
    truncateSync(last, bytes.lastIndexOf(10, bytes.length - 2) + 1);
    const shorter = await index.catchUp();
    assert.match(shorter.rebuilt ?? '', /no longer reaches record 39/);
    assert.equal(shorter.indexed, 38);
    writeFileSync(
      last,
      bytes
        .subarray(0, bytes.lastIndexOf(10, bytes.length - 2) + 1)
        .toString()
        .replace(/record 38 /, 'Record 38 '),
    );
    assert.match((await index.catchUp()).rebuilt ?? '', /record 38 is another/);
  });

  it('stops at damage, names it, and goes on when the records do', async (t) => {
    const folder = tempFolder(t);
    await fill(folder, 40);
    const file = segmentFiles(folder)[2] ?? '';
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace('"seq":25', '"seq":26'));
    const index = indexOf(t, folder);
    const found = await index.catchUp();
    assert.equal(found.indexed, 24);
    assert.equal(found.damage?.segment, 3);
    assert.equal(good.slice(found.damage?.offset).indexOf('"seq":25'), 75);
    assert.deepEqual((await index.catchUp()).damage, found.damage);
    writeFileSync(file, good);
    assert.deepEqual(await index.catchUp(), { indexed: 16 });
  });

  it('does not take in a last line that is not ended', async (t) => {
    const folder = tempFolder(t);
    await fill(folder, 4);
    const file = segmentFiles(folder)[0] ?? '';
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 1));
    const index = indexOf(t, folder);
    assert.deepEqual(await index.catchUp(), { indexed: 3 });
    writeFileSync(file, bytes);
    assert.deepEqual(await index.catchUp(), { indexed: 1 });
  });

  it('treats a record that chains but lacks its fields as damage', async (t) => {
    const folder = tempFolder(t);
    await write(folder, [noted('one'), { kind: 'session.opened', session: 's' } as unknown as RecordEntry]);
    const found = await indexOf(t, folder).catchUp();
    assert.deepEqual([found.indexed, found.damage?.segment], [1, 1]);
  });

  it('is made anew where its file is broken or of another version', async (t) => {
    const folder = tempFolder(t);
    await write(folder, entries);
    writeFileSync(join(folder, 'index.sqlite'), 'no database at all, but long enough to look at '.repeat(50));
    const index = openIndex(folder);
    await index.catchUp();
    index.close();
    const made = contents(folder);
    const database = new DatabaseSync(join(folder, 'index.sqlite'));
    database.exec('DROP TABLE requests; ALTER TABLE sessions DROP COLUMN task; PRAGMA user_version = 999');
    database.close();
    const again = indexOf(t, folder);
    assert.equal((await again.catchUp()).indexed, entries.length);
    assert.deepEqual(contents(folder), made);
  });

  it('is kept by several at once, beside a writer', async (t) => {
    const folder = tempFolder(t);
    const recorder = await openRecorder(folder, { durability: 'written', segmentBytes: 5000 });
    const indexing = startIndexing(recorder, { every: 5, onProblem: (message) => assert.fail(message) });
    t.after(() => indexing.close());
    const index = indexOf(t, folder);
    let taken = 0;
    for (let n = 0; n < 40; n++) {
      for (const entry of sampleSession(`s${n}`, 4)) recorder.note(entry);
      await recorder.append(noted(`${n}`));
      taken += (await index.catchUp({ slice: 9 })).indexed;
    }
    await recorder.close();
    const rest = await indexing.now();
    assert.equal(rest.damage, undefined);
    assert.equal(index.position.head.seq, recorder.lines);
    assert.ok(taken <= recorder.lines);
    await indexing.close();
    await assert.rejects(indexing.now(), { code: 'store-unwritable' });
    const kept = contents(folder);
    index.rebuild();
    await index.catchUp();
    assert.deepEqual(contents(folder), kept);
  });

  it('tells the daemon of damage, and of a thread that fails, without failing itself', async (t) => {
    const folder = tempFolder(t);
    await fill(folder, 40);
    const file = segmentFiles(folder)[2] ?? '';
    writeFileSync(file, readFileSync(file, 'utf8').replace('record 25', 'Record 25'));
    const told = new Promise<string>((resolve) => {
      const indexing = startIndexing({ folder, lines: 40 }, { every: 1, onProblem: resolve });
      t.after(() => indexing.close());
    });
    assert.match(await told, /damaged in segment 3/);
    const failed = new Promise<string>((resolve) => {
      const indexing = startIndexing({ folder: join(folder, 'nowhere'), lines: 1 }, { onProblem: resolve });
      t.after(() => indexing.close());
    });
    assert.match(await failed, /ENOENT/);
  });

  it('takes in an answer that comes in another slice than its request', async (t) => {
    const folder = tempFolder(t);
    await write(folder, [
      sampleOpened('s'),
      sampleDecided('s', 'r'),
      sampleAnswered('s', 'r', 7),
      sampleAnswered('s', 'r', 8),
    ]);
    const index = indexOf(t, folder);
    await index.catchUp({ slice: 1 });
    assert.equal(index.requestsOf('s')[0]?.answer?.rows, 7);
  });
});
