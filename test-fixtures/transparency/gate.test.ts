import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RawTarget } from '../clients/raw-postgres.ts';
import { allowAll, type RunningGate, startGate } from '../servers/gate.ts';
import type { RunningPostgres } from '../servers/postgres.ts';
import { startPair } from './pair.ts';
import { knownDifferences, knownInExtended } from './known-differences.ts';
import { type Difference, differences, runConversations, runStatements } from './runs.ts';

/** `system` is an older server; the newest one gets every way of asking. */
const plans = {
  '18': ['simple', 'extended', 'prepared', 'portal', 'binary', 'conversations'],
  system: ['simple', 'prepared', 'conversations'],
} as const;

const noneKnown: ReadonlyMap<string, string> = new Map();

for (const [version, ways] of Object.entries(plans)) {
  describe(`with an allow-all policy nothing differs from a direct connection, ${version}`, () => {
    let pair: readonly [RunningPostgres, RunningPostgres];
    let gate: RunningGate;
    before(async () => {
      pair = await startPair(version as '18' | 'system');
      for (const way of ways) {
        for (const server of pair) await server.sql(`CREATE DATABASE by_${way} TEMPLATE shop`);
      }
      gate = await startGate({
        resources: ways.map((way) => ({ name: way, server: pair[1], database: `by_${way}` })),
        policies: { 'allow-all': allowAll },
        settings: 'sizes: { maxStatementBytes: 64MiB, maxMessageBytes: 64MiB }\n',
      });
    });
    after(async () => {
      await gate?.stop();
      for (const server of pair ?? []) await server.stop();
    });

    for (const way of ways) {
      test(way, async () => {
        const run = (target: RawTarget) =>
          way === 'conversations' ? runConversations(target) : runStatements(way, target);
        const direct = await run({ ...pair[0], database: `by_${way}` });
        const through = await run(await gate.login(way));
        const all = differences(direct, through);
        const known =
          way === 'conversations' ? knownDifferences : way === 'simple' ? noneKnown : knownInExtended;
        const found = all.filter((each) => !known.has(each.asked));
        assert.ok(found.length === 0, report(found, direct.length));
        if (way === 'conversations') {
          const differing = new Set(all.map((each) => each.asked));
          const settled = [...knownDifferences.keys()].filter((name) => !differing.has(name));
          assert.deepEqual(settled, []);
        }
      });
    }
  });
}

function report(found: readonly Difference[], of: number): string {
  const lines = found
    .slice(0, 12)
    .map(
      (each) =>
        `${each.place} ${each.asked.slice(0, 200)}\n  direct: ${each.direct.slice(0, 400)}\n  gate:   ${each.other.slice(0, 400)}`,
    );
  return `${found.length} of ${of} differ:\n${lines.join('\n')}`;
}
