import assert from 'node:assert/strict';
import { before as beforeAll, describe, test } from 'node:test';
import type { Policy, Rule } from '../../model/policy.ts';
import { analyzeSql, loadSqlParser } from '../../vocabulary/sql/postgres/analyze.ts';
import { deskNames } from '../../vocabulary/sql/postgres/desk-names.ts';
import { toRequest } from '../../vocabulary/sql/postgres/to-request.ts';
import { at, generalRule, policy, rule, setOf, shop } from '../samples.ts';
import { compareMeaning, type Example } from './compare-meaning.ts';

const reads = rule('allow', { actions: ['select'], tables: ['public.orders', 'public.products'] });
const deletes = (when?: string): Rule =>
  rule('allow', { actions: ['delete'], tables: ['public.orders'] }, when === undefined ? {} : { when });

const meaning = (before: readonly Policy[], after: readonly Policy[]) =>
  compareMeaning(setOf(...before), setOf(...after), { resources: [shop] });

const told = (example: Example | undefined): string | undefined =>
  example &&
  `${example.statement ?? '—'} by ${example.input.principal.agent} on ${example.input.resource.name}: ${example.before.effect} → ${example.after.effect}`;

interface Case {
  readonly name: string;
  readonly before: readonly Rule[];
  readonly after: readonly Rule[];
  readonly verdict: string;
  readonly loosens?: string;
  readonly tightens?: string;
}

const cases: readonly Case[] = [
  {
    name: 'the same rules in another order',
    before: [reads, deletes()],
    after: [deletes(), reads],
    verdict: 'equivalent',
  },
  {
    name: 'a new allow rule',
    before: [reads],
    after: [reads, deletes()],
    verdict: 'looser',
    loosens: 'DELETE FROM public.orders by claude on shop-db: deny → allow',
  },
  {
    name: 'an allow rule that another covers already',
    before: [rule('allow', {})],
    after: [rule('allow', {}), deletes()],
    verdict: 'equivalent',
  },
  {
    name: 'a deny rule in place of an approve rule',
    before: [reads, rule('approve', { actions: ['delete'] })],
    after: [reads, rule('deny', { actions: ['delete'] })],
    verdict: 'stricter',
    tightens: 'DELETE FROM public.orders by claude on shop-db: approve → deny',
  },
  {
    name: 'one rule split in two by a condition and its opposite',
    before: [deletes()],
    after: [deletes('request.sql.hasWhere'), deletes('!request.sql.hasWhere')],
    verdict: 'equivalent',
  },
  {
    name: 'the same condition in other words',
    before: [deletes('request.sql.hasWhere && request.sql.statementCount < 3')],
    after: [deletes('!(request.sql.statementCount >= 3 || !request.sql.hasWhere)')],
    verdict: 'equivalent',
  },
  {
    name: 'a bound in a condition that grows',
    before: [deletes('request.sql.estimatedRows < 100')],
    after: [deletes('request.sql.estimatedRows <= 1000')],
    verdict: 'looser',
    loosens: 'DELETE FROM public.orders by claude on shop-db: deny → allow',
  },
  {
    name: 'an hour less of a nightly lock',
    before: [reads, generalRule('deny', { when: 'now.getHours("Europe/Berlin") < 8' })],
    after: [reads, generalRule('deny', { when: 'now.getHours("Europe/Berlin") < 7' })],
    verdict: 'looser',
    loosens: 'SELECT * FROM public.orders by claude on shop-db: deny → allow',
  },
  {
    name: 'patterns that come to the same',
    before: [rule('allow', { actions: ['select'], tables: ['public.*', 'public.orders'] })],
    after: [rule('allow', { actions: ['select'], tables: ['public.*'] })],
    verdict: 'equivalent',
  },
  {
    name: 'three pairs of columns made one rule, which three columns show and no two',
    before: [
      ['x', 'y'],
      ['y', 'z'],
      ['x', 'z'],
    ].map((columns) => rule('allow', { actions: ['select'], tables: ['public.a'], columns })),
    after: [rule('allow', { actions: ['select'], tables: ['public.a'], columns: ['x', 'y', 'z'] })],
    verdict: 'looser',
    loosens: 'SELECT x, y, z FROM public.a by claude on shop-db: deny → allow',
  },
  {
    name: 'a deny rule that only views could meet',
    before: [reads, rule('deny', { tables: ['audit.log'] })],
    after: [reads],
    verdict: 'looser',
    loosens: 'SELECT * FROM public.orders by claude on shop-db: deny → allow',
  },
  {
    name: 'a deny rule under a wider one',
    before: [reads, generalRule('deny'), rule('deny', { tables: ['audit.log'] })],
    after: [reads, generalRule('deny')],
    verdict: 'equivalent',
  },
  {
    name: 'a word in the text that is denied no more',
    before: [reads, generalRule('deny', { when: 'request.text.contains("secret")' })],
    after: [reads],
    verdict: 'looser',
    loosens: 'SELECT * FROM public.orders /* secret */ by claude on shop-db: deny → allow',
  },
  {
    name: 'a group that may no longer do without approval',
    before: [reads],
    after: [reads, rule('approve', reads.selector, { when: '!("dba" in principal.groups)' })],
    verdict: 'stricter',
    tightens: 'SELECT * FROM public.orders by claude on shop-db: allow → approve',
  },
  {
    name: 'one table for another',
    before: [rule('allow', { actions: ['select'], tables: ['public.orders'] })],
    after: [rule('allow', { actions: ['select'], tables: ['public.products'] })],
    verdict: 'incomparable',
    loosens: 'SELECT * FROM public.products by claude on shop-db: deny → allow',
    tightens: 'SELECT * FROM public.orders by claude on shop-db: allow → deny',
  },
  {
    name: 'regular expressions that come to the same, which is more than is understood',
    before: [reads, generalRule('deny', { when: 'request.text.matches("a+")' })],
    after: [reads, generalRule('deny', { when: 'request.text.matches("aa*")' })],
    verdict: 'unknown',
  },
];

describe('compareMeaning', () => {
  for (const { name, before, after, verdict, loosens, tightens } of cases) {
    test(`${name}: ${verdict}`, () => {
      const found = meaning([policy(before)], [policy(after)]);
      assert.deepEqual(
        [found.verdict, told(found.examples.loosens), told(found.examples.tightens)],
        [verdict, loosens, tightens],
        found.unknown.join(),
      );
      assert.equal(found.unknown.length > 0, verdict === 'unknown');
    });
  }

  test('a mask that hides less is looser, and the example reads the column', () => {
    const masked = (kind: 'redact' | 'hash') =>
      policy([reads], { masks: [{ columns: ['public.orders.email'], with: kind, location: at(9) }] });
    const { verdict, examples } = meaning([masked('redact')], [masked('hash')]);
    assert.equal(verdict, 'looser');
    assert.equal(examples.loosens?.statement, 'SELECT email FROM public.orders');
    assert.deepEqual(examples.loosens?.laxity, { kind: 'mask', column: 'public.orders.email' });
  });

  test('a mask where nothing passes makes no difference', () => {
    const masked = policy([], { masks: [{ columns: ['*'], with: 'redact', location: at(9) }] });
    assert.equal(meaning([masked], [policy([])]).verdict, 'equivalent');
  });

  test('limits, budgets and approvals are compared', () => {
    const limit = meaning(
      [policy([reads], { limits: { rows: 10 } })],
      [policy([reads], { limits: { rows: 20 } })],
    );
    assert.deepEqual(
      [limit.verdict, limit.examples.loosens?.laxity],
      ['looser', { kind: 'bound', name: 'limit rows' }],
    );
    const budget = meaning([policy([reads])], [policy([reads], { budgets: { day: { bytes: 9 } } })]);
    assert.deepEqual(budget.examples.tightens?.laxity, { kind: 'bound', name: 'budget day bytes' });
    const by = (list: readonly string[]) =>
      policy([{ ...reads, effect: 'approve', approval: { by: list, within: 1 } }]);
    assert.equal(meaning([by(['group:dba'])], [by(['*'])]).verdict, 'looser');
  });

  test('a policy that only observes now lets everything pass', () => {
    const { verdict, examples } = meaning([policy([reads])], [policy([reads], { mode: 'observe' })]);
    assert.equal(verdict, 'looser');
    assert.equal(examples.loosens?.after.effect, 'allow');
  });

  test('an undeclared resource stands in an example only where no declared one does', () => {
    const on = (to: readonly string[]) => [policy([reads], { applies: { to, agents: ['*'] } })];
    const { examples } = meaning(on(['shop-db']), on(['shop-db', 'staging-*']));
    assert.deepEqual(
      [examples.loosens?.declared, examples.loosens?.input.resource.name],
      [false, 'staging-'],
    );
    assert.equal(meaning(on(['crm-db']), on(['*'])).examples.loosens?.input.resource.name, 'shop-db');
  });

  describe('statements of examples', () => {
    beforeAll(loadSqlParser);

    test('do what their actions say', () => {
      for (const selector of [
        { actions: ['select'], tables: ['public.a'], columns: ['x', 'y'] },
        { actions: ['delete'], tables: ['public.order items'] },
        { actions: ['update'], tables: ['public.a'], columns: ['x'] },
        { actions: ['insert', 'truncate'], tables: ['public.a'] },
        { actions: ['drop'], tables: ['public.a'] },
        { actions: ['create'], objects: ['role'], names: ['x'] },
        { actions: ['call'], functions: ['public.f'] },
        { actions: ['set'], parameters: ['work_mem'] },
        { actions: ['notify'], names: ['jobs'] },
        { actions: ['begin'] },
      ]) {
        const example = meaning([policy([])], [policy([rule('allow', selector)])]).examples.loosens;
        const text = example?.statement ?? '';
        const session = { inTransaction: false, application: '' };
        const { request } = toRequest(text, analyzeSql(text), deskNames(), session);
        assert.deepEqual([request.undecidable, request.actions], [undefined, example?.actions], text);
      }
    });
  });

  test('an approve rule lets pass what nothing allowed before', () => {
    const { verdict, examples } = meaning(
      [policy([reads])],
      [policy([reads, rule('approve', { actions: ['select'] })])],
    );
    assert.equal(verdict, 'incomparable');
    assert.equal(examples.loosens?.after.effect, 'approve');
  });

  test('one rule changed among 4000 takes few steps, however long a machine takes for one', () => {
    const many = (changed: boolean) =>
      Array.from({ length: 200 }, (_, p) =>
        policy(
          Array.from({ length: 20 }, (_each, r) =>
            rule(r % 5 === 0 ? 'deny' : 'allow', {
              actions: ['select', 'delete'],
              tables: changed && p === 7 && r === 3 ? [`app${p}.*`] : [`app${p}.t${r}`, `shared.t${r}`],
            }),
          ),
          { name: `p${p}`, applies: { to: p % 4 === 0 ? ['*'] : [`db-${p}`], agents: ['*'] } },
        ),
      );
    const { verdict, unknown } = meaning(many(false), many(true));
    assert.deepEqual([verdict, unknown], ['looser', []]);
  });
});
