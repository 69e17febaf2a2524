import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  bind,
  describe as describeMessage,
  execute,
  parse,
  query,
  sync,
} from '../clients/frontend-messages.ts';
import { type BackendMessage, dataRow, errorFields, type RawPostgres } from '../clients/raw-postgres.ts';
import { analystQueries, refusedWithNeed } from '../corpora/masking/analyst.ts';
import { Needles } from './needles.ts';
import { startTwins, tidy, type Twins } from './twins.ts';

let twins: Twins;
let agent: RawPostgres;
let direct: RawPostgres;
const tokens = new Map<string, string>();

before(async () => {
  twins = await startTwins();
  agent = await twins.agent('a');
  direct = await twins.direct('a');
  for (const [id, email] of await agent.rows('SELECT id, email FROM customers'))
    tokens.set(`{email ${id}}`, email ?? '');
});
after(async () => {
  await agent?.end();
  await direct?.end();
  await twins?.stop();
});

/** The text with tokens in it, and with the values that they stand for. */
async function bothWays(sql: string): Promise<readonly [string, string]> {
  const emails = await direct.rows('SELECT id, email FROM customers');
  const fill = (value: (place: string) => string | undefined) =>
    sql.replaceAll(/\{email \d+\}/g, (place) => value(place) ?? place);
  const real = (place: string) => emails.find(([id]) => place === `{email ${id}}`)?.[1] ?? undefined;
  return [fill((place) => tokens.get(place)), fill(real)];
}

async function run(client: RawPostgres, sql: string, extended: boolean): Promise<readonly BackendMessage[]> {
  await client.exchange(query('BEGIN'));
  try {
    return await (extended
      ? client.exchange(parse(sql), bind(), describeMessage('P'), execute(), sync)
      : client.exchange(query(sql)));
  } finally {
    await tidy(client, true);
  }
}

function errorOf(messages: readonly BackendMessage[]): string | undefined {
  const error = messages.find(({ type }) => type === 'E');
  return error === undefined ? undefined : JSON.stringify(errorFields(error.body));
}

/** Rows but for what masks made of a cell, which the server's own has in its place. */
function differences(ours: readonly BackendMessage[], theirs: readonly BackendMessage[]): string[] {
  const rows = (messages: readonly BackendMessage[]) =>
    messages.filter(({ type }) => type === 'D').map(({ body }) => dataRow(body));
  const [left, right] = [rows(ours), rows(theirs)];
  if (left.length !== right.length) return [`${left.length} rows, not ${right.length}`];
  const needles = new Needles('a');
  const isSecret = (cell: string | null) => cell === null || needles.find(Buffer.from(cell)) !== undefined;
  const secretColumns = new Set<number>();
  for (const row of right)
    for (const [at, cell] of row.entries()) if (cell !== null && isSecret(cell)) secretColumns.add(at);
  return right.flatMap((row, index) =>
    row.flatMap((cell, at) => {
      const own = left[index]?.[at];
      return own === cell || secretColumns.has(at) || isMasked(own, cell)
        ? []
        : [`row ${index}, column ${at}: ${own}, not ${cell}`];
    }),
  );
}

/** A token; a birthday cut to its year; what has no needle: a mood, a composite. */
function isMasked(own: string | null | undefined, cell: string | null): boolean {
  if (own === null || own === undefined || own.startsWith('tok_')) return true;
  return own.slice(0, 5) === (cell ?? '').slice(0, 5) && own.endsWith('-01-01');
}

for (const extended of [false, true]) {
  test(`ordinary queries give what they should (${extended ? 'extended' : 'simple'})`, async () => {
    const faults: string[] = [];
    let allowed = 0;
    for (const sql of analystQueries) {
      const [withTokens, withValues] = await bothWays(sql);
      const ours = await run(agent, withTokens, extended);
      const theirs = await run(direct, withValues, extended);
      const error = errorOf(ours);
      assert.equal(errorOf(theirs), undefined, sql);
      if (error !== undefined) faults.push(`${sql}: ${error}`);
      else {
        allowed++;
        if (!/^EXPLAIN|email FROM customers INTERSECT|ON \(email\)/.test(sql))
          faults.push(...differences(ours, theirs).map((each) => `${sql}: ${each}`));
      }
    }
    console.log(`${allowed} of ${analystQueries.length} ordinary queries are allowed`);
    assert.deepEqual(faults, []);
  });
}

test('what would tell a masked value is refused with words that say why', async () => {
  for (const [sql] of refusedWithNeed) {
    const error = errorOf(await run(agent, sql, false));
    assert.match(error ?? 'allowed', /"C":"42501".*masked/, sql);
  }
});
