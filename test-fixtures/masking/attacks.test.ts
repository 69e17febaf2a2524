import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RawPostgres } from '../clients/raw-postgres.ts';
import type { Attack } from '../corpora/masking/attack.ts';
import { attacks, guarded } from '../corpora/masking/attacks.ts';
import type { Twin } from '../corpora/masking/schema.ts';
import { mount, nameOf } from './mount.ts';
import { Needles } from './needles.ts';
import { bytesOf, comparable, isRefused, type Outcome } from './outcome.ts';
import { type Path, paths } from './paths.ts';
import { startTwins, type Twins } from './twins.ts';

const needles = { a: new Needles('a'), b: new Needles('b') };

/** What is wrong with what an agent received from the two databases; undefined: nothing. */
function fault(a: Outcome, b: Outcome): string | undefined {
  const found = needles.a.find(bytesOf(a)) ?? needles.b.find(bytesOf(b));
  if (found !== undefined) return `it shows ${found}`;
  const [left, right] = [comparable(a), comparable(b)];
  if (left === right) return undefined;
  const lines = right.split('\n');
  const at = left.split('\n').findIndex((line, index) => line !== lines[index]);
  return `the twins tell different things: ${left.split('\n')[at]} / ${lines[at]}`;
}

describe('attacks on masks', () => {
  let twins: Twins;
  let clients: Record<Twin, RawPostgres>;
  before(async () => {
    twins = await startTwins();
    clients = { a: await twins.agent('a'), b: await twins.agent('b') };
  });
  after(async () => {
    for (const client of Object.values(clients ?? {})) await client.end();
    await twins?.stop();
  });

  async function both(attack: Attack, path: Path): Promise<readonly [Outcome, Outcome]> {
    const twice = [mount(attack, path, clients.a), mount(attack, path, clients.b)] as const;
    return Promise.all(twice);
  }

  for (const family of new Set([...attacks, ...guarded].map((each) => each.family))) {
    test(family, async () => {
      const faults: string[] = [];
      for (const attack of [...attacks, ...guarded].filter((each) => each.family === family)) {
        for (const path of paths) {
          if (path.queriesOnly && !attack.isQuery) continue;
          // What is refused in text is decided alike in binary.
          if (path.name.includes('binary') && attack.expected === 'refused') continue;
          const [a, b] = await both(attack, path);
          const wrong = fault(a, b) ?? (path === paths[0] ? unexpected(attack, a) : undefined);
          if (wrong !== undefined) faults.push(`${nameOf(attack)} [${path.name}]: ${wrong}`);
        }
      }
      assert.deepEqual(faults, []);
    });
  }
});

function unexpected({ expected }: Attack, outcome: Outcome): string | undefined {
  if (isRefused(outcome) === (expected === 'refused')) return undefined;
  return expected === 'refused' ? 'it was not refused' : 'it was refused without need';
}
