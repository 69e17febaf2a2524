import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadReaders, readers } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import { sampleKinds, sampleStatements } from '@gatehouse/policy-schema/vocabulary/sql/sample-statements.ts';
import { sqlVocabulary } from '@gatehouse/policy-schema/vocabulary/sql/vocabulary.ts';
import type { Action } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import fc from 'fast-check';
import { deskOf } from '../desk.fixture.ts';
import { tryLenses } from '../features/try-lens.ts';
import { namesLike } from './sample-names.ts';
import { type Try, tryRequest } from './try-request.ts';

before(loadReaders);

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
  - { name: test-db, protocol: postgres, labels: { env: test }, host: localhost, database: test, user: rw }
`;
const file = 'policies/a.policy.yaml';

const policyOf = (rules: readonly object[], more: object = {}) =>
  JSON.stringify({ gatehouse: 'v1', kind: 'Policy', name: 'a', applies: { to: ['*'] }, rules, ...more });

function sampleOf(rule: object, more: object = {}): { sample: Try; spoke: boolean; why: string } {
  const { desk } = deskOf({ 'gatehouse.yaml': workspace, [file]: policyOf([{ name: 'r', ...rule }], more) });
  const lens = tryLenses(desk, file).find((each) => each.rule === 'r');
  assert.ok(lens, 'no lens');
  const tried = tryRequest(desk, lens.sample);
  assert.ok(tried.ok, JSON.stringify(tried));
  const own = tried.actions.flatMap(({ rules }) => rules).filter((each) => each.rule === 'r');
  return {
    sample: lens.sample,
    spoke: own.some(({ spoke }) => spoke),
    why: own.map(({ why }) => why).join('\n'),
  };
}
const textOf = (rule: object) => sampleOf(rule).sample.text;

test('a sample names what the rule names', () => {
  const texts: readonly (readonly [object, string])[] = [
    [{ effect: 'allow' }, 'SELECT * FROM public.orders WHERE id = 1 LIMIT 10'],
    [
      { effect: 'deny', sql: { actions: ['delete'], tables: ['sales.*'] } },
      'DELETE FROM sales.orders WHERE id = 1',
    ],
    [{ effect: 'deny', sql: { tables: ['*_log'] } }, 'SELECT * FROM public.x_log WHERE id = 1 LIMIT 10'],
    [
      { effect: 'allow', sql: { actions: ['select'], tables: ['public.c'], columns: ['name', 'city'] } },
      'SELECT name, city FROM public.c WHERE name = 1 LIMIT 10',
    ],
    [
      { effect: 'allow', sql: { actions: ['update'], columns: ['note'] } },
      'UPDATE public.orders SET note = 1 WHERE note = 1',
    ],
    [{ effect: 'deny', sql: { functions: ['pg_catalog.pg_sleep*'] } }, 'SELECT pg_catalog.pg_sleepx()'],
    [{ effect: 'deny', sql: { actions: ['set'], parameters: ['app.*'] } }, "SET app.x = '1'"],
    [{ effect: 'deny', sql: { actions: ['create', 'drop'], objects: ['role'] } }, 'CREATE ROLE reporting'],
    [
      { effect: 'deny', sql: { actions: ['copy'], objects: ['program'] } },
      "COPY public.orders TO PROGRAM 'gzip'",
    ],
    [
      { effect: 'deny', sql: { actions: ['explain'], names: ['analyze'] } },
      'EXPLAIN ANALYZE SELECT * FROM public.orders',
    ],
  ];
  for (const [rule, text] of texts) assert.equal(textOf(rule), text);
});

test('a sample is such that the condition is true, where one is found', () => {
  const withWhen = (when: string) => textOf({ effect: 'deny', sql: { actions: ['update', 'select'] }, when });
  assert.equal(withWhen('!request.sql.hasWhere'), 'SELECT * FROM public.orders LIMIT 10');
  assert.equal(withWhen('request.sql.hasWhere'), 'SELECT * FROM public.orders WHERE id = 1 LIMIT 10');
  assert.equal(withWhen('!request.sql.hasLimit'), 'SELECT * FROM public.orders WHERE id = 1');
  assert.equal(
    withWhen('!request.sql.hasWhere && "update" in request.sql.actions'),
    'UPDATE public.orders SET status = 1',
  );
  assert.equal(withWhen('principal.task == "x"'), 'SELECT * FROM public.orders WHERE id = 1 LIMIT 10');
});

test('a sample is asked by somebody whom the policy is for, on a resource that it is for', () => {
  const rule = { effect: 'deny', sql: { actions: ['select'] } };
  const { sample, spoke } = sampleOf(rule, {
    applies: { to: ['env=t*'], agents: ['cur*'], groups: ['team-*'] },
  });
  assert.deepEqual(sample, {
    text: 'SELECT * FROM public.orders WHERE id = 1 LIMIT 10',
    resource: 'test-db',
    agent: 'curx',
    groups: ['team-x'],
  });
  assert.ok(spoke);
});

test('a policy without rules has a sample of what it masks', () => {
  const masks = [{ columns: ['crm.people.*'], with: 'redact' }];
  const { desk } = deskOf({ 'gatehouse.yaml': workspace, [file]: policyOf([], { masks }) });
  assert.deepEqual(
    tryLenses(desk, file).map(({ sample }) => sample.text),
    ['SELECT * FROM crm.people WHERE id = 1 LIMIT 10'],
  );
});

/** Patterns that match a name, from the name itself to all. */
const patternFor = (name: string): fc.Arbitrary<string> => {
  const dot = name.indexOf('.');
  const cuts = fc.nat({ max: name.length }).map((at) => `${name.slice(0, at)}*`);
  const ends = fc.nat({ max: name.length }).map((at) => `*${name.slice(at)}`);
  const schemas = dot === -1 ? [] : [`${name.slice(0, dot)}.*`, `*${name.slice(dot)}`];
  return fc
    .oneof(fc.constantFrom(name, '*', ...schemas), cuts, ends)
    .filter((pattern) => !pattern.includes('"'));
};

const names = fc.record({
  table: fc.constantFrom('public.orders', 'sales.items', 'Big.Table', 'a.select'),
  columns: fc.option(fc.constantFrom(['id'], ['email', 'city'], ['Order']), { nil: undefined }),
  function: fc.constantFrom('public.f', 'pg_catalog.pg_sleep', 'x.G'),
  parameter: fc.constantFrom('work_mem', 'app.user'),
  name: fc.option(fc.constantFrom('reporting', 'public.i', 'x'), { nil: undefined }),
});

/** Actions of statements that exist, so that some statement does what a rule about them speaks of. */
const someAction = fc
  .tuple(fc.constantFrom(...sampleKinds), names, fc.nat())
  .map(([kind, { columns, name, ...given }, which]): Action | undefined => {
    const texts = sampleStatements(kind, {
      ...given,
      ...(columns && { columns }),
      ...(name !== undefined && { name }),
    });
    const text = texts[which % texts.length] ?? '';
    const { actions, undecidable } = readers.postgres.read(text, { inTransaction: false, application: 'x' });
    return undecidable === undefined ? actions.find((action) => action.kind === kind) : undefined;
  })
  .filter((action) => action !== undefined);

const someRule = someAction.chain((action) => {
  const keys = Object.entries(sqlVocabulary.selectors).flatMap(([key, { fact }]) => {
    const value = action.facts[fact];
    const values = value === undefined ? [] : [value].flat();
    return values.length === 0 || values.includes('*') ? [] : [{ key, values }];
  });
  const selectors = keys.map(({ key, values }) =>
    fc.option(
      fc.tuple(...values.map(patternFor)).map((patterns) => ({ [key]: [...new Set(patterns)] })),
      { nil: {} },
    ),
  );
  return fc.record({
    name: fc.constant('r'),
    effect: fc.constantFrom('allow', 'deny'),
    sql: fc
      .tuple(fc.constantFrom({ actions: [action.kind] }, {}), ...selectors)
      .map((parts) => Object.assign({}, ...parts)),
  });
});

test('whatever a rule without a condition names, its sample is one that it speaks of', () => {
  fc.assert(
    fc.property(someRule, (rule) => {
      const { desk } = deskOf({ 'gatehouse.yaml': workspace, [file]: policyOf([rule]) });
      // Some patterns cannot stand in a rule at all.
      fc.pre(desk.files.get(file)?.unit?.rules.length === 1);
      const { spoke, why, sample } = sampleOf(rule);
      assert.ok(spoke, `${sample.text}\n${why}`);
    }),
    { numRuns: 400 },
  );
});

test('names are made for patterns of any kind', () => {
  const table = ['public', 'orders'];
  assert.deepEqual(namesLike(['*', 'a.*', '*.b', 'x*', '*y'], table), [
    'public.orders',
    'a.orders',
    'public.b',
    'xx.x',
  ]);
  assert.deepEqual(namesLike(['*y'], table), ['public.y']);
  assert.deepEqual(namesLike(['*a*b*'], ['id']), ['xaxbx']);
  fc.assert(
    fc.property(fc.array(fc.string()), (patterns) => {
      namesLike(patterns, table);
    }),
  );
});
