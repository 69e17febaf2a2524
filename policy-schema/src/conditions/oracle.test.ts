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

type Expression = fc.Arbitrary<string>;
const text = (...values: readonly string[]) => fc.constantFrom(...values);
const quoted: Expression = fc
  .oneof(
    text('', 'a', 'public', 'prod', 'dba', 'é', '😀', 'a.b', '\n', "'", '\\', '1', '-7', '9.5', 'x'),
    fc.string({ maxLength: 4, unit: fc.constantFrom('a', 'B', 'é', ' ', '"', '\\', '.', '~') }),
  )
  .map((value) => JSON.stringify(value));

const zones = ['', '"Europe/Berlin"', '"UTC"', '"America/New_York"', '"+05:30"', '"-03:00"'];
const dateParts = [
  'FullYear',
  'Month',
  'Date',
  'DayOfMonth',
  'DayOfWeek',
  'DayOfYear',
  'Hours',
  'Minutes',
  'Seconds',
  'Milliseconds',
];

const literalSpan = text(
  'duration("1h")',
  'duration("90s")',
  'duration("1h30m")',
  'duration("250ms")',
  'duration("0s")',
);

const { bool } = fc.letrec<Record<'bool' | 'int' | 'string' | 'list' | 'time' | 'span', string>>((tie) => {
  const of = (template: string, ...parts: readonly fc.Arbitrary<string>[]): Expression => {
    const between = template.split('$');
    return fc
      .tuple(...parts)
      .map((values) => between.reduce((made, piece, at) => made + (values[at - 1] ?? '') + piece));
  };
  const [b, i, s, l, t, d] = [tie('bool'), tie('int'), tie('string'), tie('list'), tie('time'), tie('span')];
  const compare = text('==', '!=', '<', '<=', '>', '>=');
  const grow = { depthSize: 'small', withCrossShrink: true } as const;
  return {
    bool: fc.oneof(
      grow,
      text(
        'true',
        'false',
        'request.sql.hasWhere',
        'request.sql.inTransaction',
        'has(resource.labels.env)',
        'has(resource.labels.none)',
        'has(request.sql.inTransaction)',
        'has(request.sql)',
      ),
      of('($ && $)', b, b),
      of('($ || $)', b, b),
      of('!$', b),
      of('($ ? $ : $)', b, b, b),
      of('($ == $)', b, b),
      of('($ $ $)', i, compare, i),
      of('($ $ $)', s, compare, s),
      of('($ $ $)', t, compare, t),
      of('($ $ $)', d, compare, d),
      of('($ == $)', l, l),
      of('($ != $)', l, l),
      of('($ in $)', s, l),
      of('$.startsWith($)', s, s),
      of('$.endsWith($)', s, s),
      of('$.contains($)', s, s),
      of('$.matches($)', s, text('"^a"', '"[a-z]+$"', '"a|b"', '"(a+)+$"', '"\\\\."', '"(?i)PROD"', '""')),
      of('$.exists(x, x == $)', l, s),
      of('$.all(x, x.size() < $)', l, i),
      of('$.exists_one(x, x.contains($))', l, s),
      of('$.exists(x, $.exists(y, y == x))', l, l),
      of('resource.labels.all(k, k != $)', s),
    ),
    int: fc.oneof(
      grow,
      text('0', '1', '2', '-1', '7', '0x10', 'request.sql.statementCount', 'request.sql.length'),
      of('($ $ $)', i, text('+', '-', '*', '/', '%'), i),
      of('size($)', s),
      of('size($)', l),
      of('$.size()', l),
      of('int($)', text('"12"', '"-3"', '"x"', '"1.5"', '2.9', '-2.9')),
      of('($ ? $ : $)', b, i, i),
      of('$.get$($)', t, text(...dateParts), text(...zones)),
      of('$.get$()', d, text('Hours', 'Minutes', 'Seconds')),
      text('size(resource.labels)'),
    ),
    string: fc.oneof(
      grow,
      quoted,
      text(
        'request.text',
        'principal.person',
        'principal.agent',
        'principal.task',
        'resource.name',
        'resource.labels.env',
        'resource.labels["odd key"]',
        'resource.labels.none',
        'resource.labels["constructor"]',
        'resource.labels.__proto__',
        'request.sql.application',
      ),
      of('($ + $)', s, s),
      of('$.lowerAscii()', s),
      of('$.upperAscii()', s),
      of('$.trim()', s),
      of('$.join($)', l, s),
      of('string($)', i),
      of('string($)', b),
      of('$[$]', l, text('0', '1', '5', '-1')),
      of('($ ? $ : $)', b, s, s),
    ),
    list: fc.oneof(
      grow,
      text(
        'request.sql.tables',
        'request.sql.columns',
        'principal.groups',
        '["a", "dba"]',
        'request.sql.functions',
      ),
      of('[$, $]', s, s),
      of('($ + $)', l, l),
      of('$.filter(x, x != $)', l, s),
      of('$.map(x, x + $)', l, s),
      of('$.map(x, x > $, $)', l, s, s),
      of('$.split($)', s, text('","', '"."', '" "')),
    ),
    time: fc.oneof(
      grow,
      text(
        'now',
        'timestamp("2026-03-29T01:00:00Z")',
        'timestamp("2024-02-29T23:59:59.5+02:00")',
        'timestamp("1969-12-31T23:59:59Z")',
      ),
      of('($ $ $)', t, text('+', '-'), literalSpan),
    ),
    span: fc.oneof(grow, literalSpan, of('($ - $)', t, t)),
  };
});

describe('conditions and @bufbuild/cel agree', () => {
  test('on random conditions', () => {
    let decided = 0;
    fc.assert(
      fc.property(bool, (source) => {
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
