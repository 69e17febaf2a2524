/**
 * Random conditions, evaluated by us and by @bufbuild/cel, an implementation that shares no code with ours. Where the
 * two are known to differ, the generator stays away, or the case stands in `differences` with its reason.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CelInput, isCelError, run } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import fc from 'fast-check';
import type { DecisionInput } from '../evaluate/decision.ts';
import { compileCondition } from './condition.ts';
import { anyExpression } from './expressions.fixture.ts';

const input: DecisionInput = {
  request: {
    vocabulary: 'sql',
    text: 'UPDATE orders SET total = 0 -- é',
    actions: [],
    facts: {
      actions: ['update'],
      tables: ['public.orders', 'audit.log'],
      columns: [],
      hasWhere: false,
      statementCount: 3n,
      length: 35n,
      application: 'psql',
    },
  },
  principal: {
    person: 'ann',
    groups: ['dba', 'dev', ''],
    agent: 'claude',
    workspace: 'w',
    task: 'Fix The Bug',
  },
  resource: { name: 'shop-db', protocol: 'postgres', labels: { env: 'prod', tier: '1', 'odd key': 'x' } },
  now: new Date('2026-03-29T00:59:30.250Z'),
};

const map = (entries: Readonly<Record<string, CelInput>>): CelInput =>
  new Map(Object.entries(entries)) as CelInput;

const bindings: Record<string, CelInput> = {
  request: map({
    text: input.request.text,
    sql: map(input.request.facts as Readonly<Record<string, CelInput>>),
  }),
  principal: map({ ...input.principal, groups: [...input.principal.groups] }),
  resource: map({ ...input.resource, labels: map(input.resource.labels) }),
  now: run(`timestamp("${input.now.toISOString()}")`) as CelInput,
};

/** What a condition comes to: a bool, or that it fails. */
type Outcome = boolean | 'fails';

function ours(source: string): Outcome | { readonly refused: string } {
  const compiled = compileCondition(source);
  if (!compiled.ok) return { refused: compiled.error.message };
  const value = compiled.condition.evaluate(input);
  return typeof value === 'boolean' ? value : 'fails';
}

function theirs(source: string): Outcome {
  try {
    const value = run(source, bindings, { funcs: strings });
    if (isCelError(value)) return 'fails';
    assert.equal(typeof value, 'boolean', `${source} gave ${String(value)}`);
    return value as boolean;
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return 'fails';
  }
}

describe('conditions and @bufbuild/cel agree', () => {
  test('on random conditions', () => {
    let decided = 0;
    fc.assert(
      fc.property(anyExpression, (source) => {
        const own = ours(source);
        // Our bounds (comprehension depth, tree size) are narrower.
        if (typeof own === 'object') {
          assert.match(own.refused, /nested deeper|Exceeded|is taken|least type/, source);
          return;
        }
        if (own !== 'fails') decided++;
        assert.equal(own, theirs(source), source);
      }),
      { numRuns: 4000 },
    );
    assert.ok(decided > 1000, `only ${decided} conditions came to a bool`);
  });

  /** Where the two differ, and why ours is right or good enough. */
  const differences: readonly (readonly [source: string, ours: Outcome, theirs: Outcome, why: string])[] = [
    [
      'timestamp(1700000000) == timestamp("2023-11-14T22:13:20Z")',
      true,
      false,
      'the oracle takes milliseconds; CEL has seconds',
    ],
    ['int("") == 0', 'fails', true, 'an empty text is no number'],
    [
      'timestamp("2024-02-30T00:00:00Z") == now',
      'fails',
      false,
      'February 30 is no day; ours does not compile',
    ],
    [
      '-(-9223372036854775807 - 1) > 0',
      true,
      'fails',
      'cel-js does not bound a negation; the number is right',
    ],
  ];
  for (const [source, own, other, why] of differences) {
    test(`except: ${why}`, () => {
      const value = ours(source);
      assert.equal(typeof value === 'object' ? 'fails' : value, own, source);
      assert.equal(theirs(source), other, 'the oracle has changed: let the generator have it again');
    });
  }
});
