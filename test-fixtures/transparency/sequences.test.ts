import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import {
  bind,
  close,
  describe as describeOf,
  execute,
  flush,
  parse,
  query,
  sync,
} from '../clients/frontend-messages.ts';
import { RawPostgres, type RawTarget } from '../clients/raw-postgres.ts';
import { allowAll, type RunningGate, startGate } from '../servers/gate.ts';
import type { RunningPostgres } from '../servers/postgres.ts';
import { describeAnswer } from './compare.ts';
import { startPair } from './pair.ts';

/**
 * Messages in orders that nobody thought of: what the server answers through the gate is what it answers directly, up
 * to the first statement that the gate refuses in words of its own.
 */

const texts = [
  'SELECT 1',
  'SELECT $1::text',
  'SELECT id FROM products WHERE id < 4 ORDER BY id',
  'SELECT nothing FROM products',
  'SELEC 1',
  '',
  'SELECT 1; SELECT 2',
  'SELECT 1/0',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT a',
  'ROLLBACK TO a',
  "SET application_name = 'one'",
  'SHOW application_name',
  'PREPARE q AS SELECT 2',
  'DEALLOCATE q',
  'DEALLOCATE ALL',
  'DISCARD ALL',
  'DECLARE c CURSOR FOR SELECT generate_series(1, 4)',
  'DECLARE c CURSOR WITH HOLD FOR SELECT generate_series(5, 9)',
  'FETCH 2 FROM c',
  'CLOSE c',
  'CLOSE ALL',
  'COPY (SELECT 1) TO STDOUT',
  "DO $$ BEGIN RAISE NOTICE 'here'; END $$",
  "INSERT INTO products VALUES (1, 'new', 'home', 1, 1, '{}', '{}', '2024-01-01')",
  'SELECT generate_series(1, 5)',
];
const text = fc.constantFrom(...texts);
/** Parse of an EXECUTE of nothing is refused where the server refuses only to run it. */
const simpleText = fc.constantFrom(...texts, 'EXECUTE q');
const statement = fc.constantFrom('', 's', 'q');
const portal = fc.constantFrom('', 'p', 'r');
const target = fc.constantFrom('S' as const, 'P' as const);

const message = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(text, statement).map(([sql, name]) => parse(sql, name)) },
  {
    weight: 3,
    arbitrary: fc
      .record({
        statement,
        portal,
        values: fc.constantFrom([], ['5']),
        resultFormats: fc.constantFrom([], [1]),
      })
      .map(bind),
  },
  { weight: 1, arbitrary: fc.tuple(target, portal).map(([kind, name]) => describeOf(kind, name)) },
  {
    weight: 3,
    arbitrary: fc.tuple(portal, fc.constantFrom(0, 1)).map(([name, rows]) => execute(name, rows)),
  },
  { weight: 1, arbitrary: fc.tuple(target, portal).map(([kind, name]) => close(kind, name)) },
  { weight: 1, arbitrary: fc.constant(flush) },
  // What drivers send.
  {
    weight: 4,
    arbitrary: text.map((sql) => Buffer.concat([parse(sql), bind(), describeOf('P'), execute()])),
  },
);

const unit = fc.oneof(
  { weight: 1, arbitrary: simpleText.map((sql) => [query(sql)]) },
  { weight: 2, arbitrary: fc.array(message, { maxLength: 6 }).map((all) => [...all, sync]) },
);
/** Sent at once, or each when the one before is answered. */
const sequence = fc.record({ units: fc.array(unit, { minLength: 1, maxLength: 8 }), ahead: fc.boolean() });

async function answers(
  to: RawTarget,
  { units, ahead }: { readonly units: readonly (readonly Buffer[])[]; readonly ahead: boolean },
): Promise<(readonly string[])[]> {
  const client = await RawPostgres.connect(to);
  try {
    if (ahead) client.send(...units.flat());
    const all: (readonly string[])[] = [];
    for (const each of units) {
      if (!ahead) client.send(...each);
      all.push(describeAnswer(await client.until('Z')));
      if (client.ended) break;
    }
    return all;
  } finally {
    client.socket.destroy();
  }
}

/**
 * The gate read the batch before it sent any of it, and said what the server would have said behind other answers, or
 * never, for an error that comes before. What would have begun a transaction was not sent.
 */
function isEarly(found: readonly string[], expected: readonly string[]): boolean {
  // A setting that the error takes back is reported behind it.
  const said = found.filter((words) => !words.startsWith('S '));
  const expectedToSay = expected.filter((words) => !words.startsWith('S '));
  return (
    said.at(-2)?.startsWith('E ') === true &&
    said.slice(0, -2).every((words, index) => words === expectedToSay[index]) &&
    expected.some((words) => words.startsWith('E '))
  );
}

describe('sequences of messages', () => {
  let pair: readonly [RunningPostgres, RunningPostgres];
  let gate: RunningGate;
  before(async () => {
    pair = await startPair('18');
    gate = await startGate({
      resources: [{ name: 'shop', server: pair[1] }],
      policies: { all: allowAll },
      followRecords: false,
    });
  });
  after(async () => {
    await gate?.stop();
    for (const server of pair ?? []) await server.stop();
  });

  test('get the same answers as without the gate', async () => {
    const login = await gate.login('shop');
    let compared = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(sequence, async (each) => {
        const direct = await answers(pair[0], each);
        const through = await answers(login, each);
        for (const [index, expected] of direct.entries()) {
          const found = through[index] ?? [];
          compared++;
          if (isDeepStrictEqual(found, expected)) continue;
          const own = found.some((words) => /M=Gatehouse|H=A cursor that SQL/.test(words));
          if (!own && !isEarly(found, expected)) assert.deepEqual(found, expected);
          refused++;
          break;
        }
        // Whatever was refused, every Sync and every query had its ReadyForQuery.
        assert.equal(through.length, direct.length);
      }),
      { numRuns: Number(process.env.SEQUENCES ?? 150) },
    );
    assert.ok(compared > refused, `${compared} answers compared, ${refused} sequences refused`);
  });
});
