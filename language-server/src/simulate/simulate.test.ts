import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import { deskOf } from '../desk.fixture.ts';
import { tryLenses } from '../features/try-lens.ts';
import { report } from './report.ts';
import { type Try, type Tried, tryRequest } from './try-request.ts';

before(loadReaders);

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
  - name: blind-writes
    effect: deny
    sql: { actions: [update, delete] }
    when: "!request.sql.hasWhere && size(request.sql.tables) == 1"
    message: Say which rows, with WHERE.
  - name: writes
    effect: approve
    sql: { actions: [update], tables: [public.orders] }
    approval: { by: ["group:dba"] }
  - name: costly
    effect: deny
    when: request.sql.estimatedRows > 1000
masks:
  - { columns: [public.orders.email], with: redact }
limits: { rows: 100 }
`;

const deskWith = (text = policy) =>
  deskOf({ 'gatehouse.yaml': workspace, 'policies/shop.policy.yaml': text }).desk;
function tried(asked: Try, text = policy): Tried {
  const made = tryRequest(deskWith(text), asked);
  assert.ok(made.ok, JSON.stringify(made));
  return made;
}

test('a statement is decided by the text as it stands, with each rule’s part in it', () => {
  const { effect, reason, actions, masks, limits, who, resource } = tried({
    text: 'UPDATE orders SET total = 0',
    agent: 'claude',
    person: 'ada',
    groups: ['dba'],
  });
  assert.deepEqual([effect, resource, who], ['deny', 'shop-db', 'claude for ada (dba)']);
  assert.match(reason, /Say which rows/);
  const [action] = actions;
  assert.match(action?.words ?? '', /update on public\.orders/);
  assert.deepEqual(
    action?.rules
      .filter(({ spoke }) => spoke)
      .map(({ rule }) => rule)
      .sort(),
    ['blind-writes', 'writes'],
  );
  const silent = action?.rules.find(({ rule }) => rule === 'read-shop');
  assert.match(silent?.why ?? '', /actions: update is none of select/);
  assert.deepEqual(
    [masks, limits],
    [['redact: public.orders.email'], ['A request returns at most 100 rows.']],
  );
});

test('the values of a condition’s parts are told, with what was not looked at', () => {
  const parts = (text: string) =>
    tried({ text })
      .actions[0]?.rules.find(({ rule }) => rule === 'blind-writes')
      ?.condition.map(
        ({ text: part, outcome }) => `${part} ${outcome.kind === 'value' ? outcome.value : outcome.kind}`,
      );
  assert.deepEqual(parts('UPDATE orders SET total = 0 WHERE id = 1')?.slice(0, 3), [
    '!request.sql.hasWhere && size(request.sql.tables) == 1 false',
    '!request.sql.hasWhere false',
    'request.sql.hasWhere true',
  ]);
  assert.ok(
    parts('UPDATE orders SET total = 0 WHERE id = 1')?.includes('size(request.sql.tables) == 1 skipped'),
  );
  assert.ok(parts('UPDATE orders SET total = 0')?.includes('size(request.sql.tables) 1'));
});

test('a rule’s place is where it stands in the text', () => {
  const rule = tried({ text: 'SELECT * FROM orders' }).actions[0]?.rules.find(
    (each) => each.rule === 'read-shop',
  );
  assert.match(policy.slice(rule?.place?.start, rule?.place?.end), /^name: read-shop\n/);
});

test('what needs the server’s plan is said to be open, and closed when the plan is given', () => {
  const text = 'SELECT * FROM orders';
  assert.match(tried({ text }).open[0] ?? '', /plan is not known/);
  assert.equal(tried({ text, plan: { cost: 1, rows: 10 } }).effect, 'allow');
  assert.equal(tried({ text, plan: { cost: 1, rows: 5000 } }).effect, 'deny');
});

test('what cannot be parsed, and statements without any right, are denied in the gate’s words', () => {
  assert.match(tried({ text: 'SELEC 1' }).reason, /syntax error/);
  assert.equal(tried({ text: 'DROP TABLE orders' }).effect, 'deny');
});

test('a try that cannot be made says what to do', () => {
  assert.deepEqual(tryRequest(deskWith(), { text: 'SELECT 1', resource: 'shop-bd' }), {
    ok: false,
    message: 'No resource is named "shop-bd". Did you mean shop-db?',
  });
  assert.deepEqual(tryRequest(deskWith(), { text: ' ' }), {
    ok: false,
    message: 'Type a SQL statement to try.',
  });
  const { desk } = deskOf(policy);
  assert.match(JSON.stringify(tryRequest(desk, { text: 'SELECT 1' })), /gatehouse\.yaml is not there/);
});

test('each rule has a lens with a request that the rule speaks of', () => {
  const desk = deskWith();
  const lenses = tryLenses(desk, 'policies/shop.policy.yaml');
  assert.deepEqual(
    lenses.map(({ rule }) => rule),
    [undefined, 'read-shop', 'blind-writes', 'writes', 'costly'],
  );
  for (const { rule, sample } of lenses) {
    const made = tryRequest(desk, sample);
    assert.ok(made.ok);
    if (rule === undefined || rule === 'costly') continue;
    const own = made.actions.flatMap(({ rules }) => rules).find((each) => each.rule === rule);
    assert.ok(own?.spoke, `${rule}: ${sample.text}: ${own?.why}`);
  }
  assert.equal(lenses[2]?.sample.text, 'UPDATE public.orders SET status = 1');
});

test('the report is Markdown in which nothing of the statement is markup', () => {
  const text = 'SELECT "<b>`x`</b>|y" FROM orders';
  const shown = report(tried({ text }));
  assert.match(shown, /^# [✓✗] /);
  assert.match(shown, /```sql\nSELECT "<b>`x`<\/b>\|y" FROM orders\n```/);
  assert.match(shown, /allow `read-shop` of `shop`, policies\/shop\.policy\.yaml:6/);
  assert.match(report({ ok: false, message: 'a_b' }), /a\\_b/);
});

test('no statement makes it throw', () => {
  const desk = deskWith();
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (text) => {
      report(tryRequest(desk, { text }));
    }),
    { numRuns: 300 },
  );
});
