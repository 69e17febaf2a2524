/**
 * Statements made at random over the schema of the corpus, on both twins, through the gate. For longer runs:
 * MASKING_RUNS=5000 MASKING_SEED=11 node --test test-fixtures/masking/generator.test.ts
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { RawPostgres } from '../clients/raw-postgres.ts';
import type { Attack } from '../corpora/masking/attack.ts';
import type { Twin } from '../corpora/masking/schema.ts';
import { mount } from './mount.ts';
import { Needles } from './needles.ts';
import { bytesOf, comparable, isRefused, type Outcome } from './outcome.ts';
import { type Path, paths } from './paths.ts';
import { attackOf } from './random/statements.ts';
import { startTwins, twinNames, type Twins } from './twins.ts';

const runs = Number(process.env.MASKING_RUNS ?? 140);
const seed = Number(process.env.MASKING_SEED ?? 3);

let twins: Twins;
let clients: Record<Twin, RawPostgres>;
let direct: Record<Twin, RawPostgres>;
const needles = { a: new Needles('a'), b: new Needles('b') };
const tokens: Record<Twin, Map<string, string>> = { a: new Map(), b: new Map() };

before(async () => {
  twins = await startTwins();
  clients = { a: await twins.agent('a'), b: await twins.agent('b') };
  direct = { a: await twins.direct('a'), b: await twins.direct('b') };
  for (const twin of twinNames)
    for (const [id, email] of await clients[twin].rows('SELECT id, email FROM customers'))
      tokens[twin].set(`{email ${id}}`, email ?? '');
});
after(async () => {
  for (const client of [...Object.values(clients ?? {}), ...Object.values(direct ?? {})]) await client.end();
  await twins?.stop();
});

function withTokens(attack: Attack, twin: Twin): Attack {
  const token = (place: string) => tokens[twin].get(place) ?? place;
  return { ...attack, steps: attack.steps.map((step) => step.replaceAll(/\{email \d+\}/g, token)) };
}

async function both(
  attack: Attack,
  path: Path,
  through: Record<Twin, RawPostgres>,
): Promise<Record<Twin, Outcome>> {
  const [a, b] = await Promise.all(
    twinNames.map((twin) => mount(withTokens(attack, twin), path, through[twin])),
  );
  assert.ok(a !== undefined && b !== undefined);
  return { a, b };
}

/**
 * In which order groups and joins by equal tokens come is that of what they stand for (docs/masking.md says so): what
 * is the same in another order, with other names for its tokens, is the same.
 */
function unordered(text: string): string {
  return text
    .replaceAll(/<made \d+>/g, '<made>')
    .split('\n')
    .sort()
    .join('\n');
}

function fault(outcomes: Record<Twin, Outcome>): string | undefined {
  for (const twin of twinNames) {
    const found = needles[twin].find(bytesOf(outcomes[twin]));
    if (found !== undefined) return `it shows ${found}`;
  }
  const [a, b] = [comparable(outcomes.a), comparable(outcomes.b)];
  if (unordered(a) === unordered(b)) return undefined;
  const other = b.split('\n');
  const at = a.split('\n').findIndex((line, index) => line !== other[index]);
  return `the twins tell different things: ${a.split('\n')[at]} / ${other[at]}`;
}

test('statements made at random show nothing of masked values', async () => {
  const counts = { allowed: 0, telling: 0, refused: 0, failed: 0 };
  const wanted = paths.filter(({ name }) => name === 'simple' || name === 'extended, binary');
  const property = fc.asyncProperty(
    fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 1, maxLength: 120, size: 'max' })),
    async (numbers) => {
      const attack = attackOf(numbers);
      const text = attack.steps.join(';\n');
      for (const path of wanted) {
        const outcomes = await both(attack, path, clients);
        const wrong = fault(outcomes);
        assert.equal(wrong, undefined, `[${path.name}] ${text}\n${wrong}`);
        for (const twin of twinNames) assert.deepEqual(await clients[twin].rows('SELECT 1'), [['1']], text);
        if (path !== wanted[0]) continue;
        if (isRefused(outcomes.a)) counts.refused++;
        else if (outcomes.a.messages.some(({ type }) => type === 'E')) counts.failed++;
        else {
          counts.allowed++;
          const plain = await both(attack, path, direct);
          if (fault(plain) !== undefined) counts.telling++;
        }
      }
    },
  );
  await fc.assert(property, { numRuns: runs, seed });
  const { allowed, telling, refused, failed } = counts;
  console.log(
    `${runs} statements: ${allowed} allowed (${telling} tell of masked values where no gate is), ${refused} refused, ${failed} failed`,
  );
  assert.ok(allowed > runs / 4, 'a fair part is allowed');
  assert.ok(telling > allowed / 4, 'a fair part of those shows masked columns');
});
