import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordLine } from '@gatehouse/daemon/control/messages.ts';
import { LiveRows, maxRows } from './live-rows.ts';

const folder = 'file:///shop';
const location = { file: '.gatehouse/policies/shop.policy.yaml', line: 7, column: 5 };
let seq = 0;
const line = (kind: RecordLine['kind'], more: object) =>
  ({ seq: ++seq, at: '2026-05-04T10:00:00.000Z', kind, session: 's', ...more }) as unknown as RecordLine;
const opened = () =>
  line('session.opened', { resource: 'shop-db', protocol: 'postgres', principal: { agent: 'claude-code' } });
const decided = (request: string, more: object = {}) =>
  line('request.decided', {
    request,
    effect: 'allow',
    text: 'SELECT 1\n  FROM orders',
    reason: 'Gatehouse: because.',
    actions: [
      { effect: 'allow', rules: [{ policy: 'shop', rule: 'read', effect: 'allow', location }] },
      { effect: 'allow', rules: [{ policy: 'shop', rule: 'read', effect: 'allow', location }] },
    ],
    ...more,
  });

test('a request is a row that its answer completes', () => {
  const rows = new LiveRows(folder);
  const [row] = rows.take([opened(), decided('r1')]);
  assert.deepEqual(
    [row?.agent, row?.resource, row?.look, row?.text, row?.rules.length, row?.reason],
    ['claude-code', 'shop-db', 'allow', 'SELECT 1 FROM orders', 1, 'because.'],
  );
  const answer = line('request.answered', { request: 'r1', outcome: 'completed', rows: 3, durationMs: 1.5 });
  const [after] = rows.take([answer]);
  assert.deepEqual([after?.key, after?.rows, after?.durationMs], [row?.key, 3, 1.5]);
  assert.equal(rows.all.length, 1);
});

test('what waits for a person becomes what was decided, in its place', () => {
  const rows = new LiveRows(folder);
  rows.take([opened()]);
  const [waiting] = rows.take([
    line('approval.asked', { approval: 'a1', text: 'UPDATE orders', reason: 'Ask.' }),
  ]);
  assert.equal(waiting?.look, 'waiting');
  rows.take([decided('r2')]);
  const rules = [{ policy: 'shop', rule: 'ask', effect: 'approve', location }];
  rows.take([
    decided('r3', { approval: 'a1', effect: 'deny', actions: [{ effect: 'approve', rules }] }),
    line('approval.answered', { approval: 'a1', answer: 'denied' }),
  ]);
  assert.deepEqual(
    rows.all.map(({ look, rules: behind }) => [look, behind[0]?.rule]),
    [
      ['deny', 'ask'],
      ['allow', 'read'],
    ],
  );
  const [left] = rows.take([line('approval.asked', { approval: 'a2', text: 'x', reason: 'Ask.' })]);
  rows.take([line('approval.answered', { approval: 'a2', answer: 'withdrawn', reason: 'The client left.' })]);
  assert.equal(rows.get(left?.key ?? '')?.look, 'deny');
});

test('a session that was opened before is told later, and old rows go', () => {
  const rows = new LiveRows(folder);
  rows.take([decided('r1')]);
  assert.deepEqual([...rows.unknown], ['s']);
  const [row] = rows.learn('s', { agent: 'codex', resource: 'shop-db', protocol: 'postgres' });
  assert.equal(row?.agent, 'codex');
  assert.equal(rows.unknown.size, 0);
  rows.take(Array.from({ length: maxRows }, (_, index) => decided(`more-${index}`)));
  assert.equal(rows.all.length, maxRows);
  assert.equal(rows.get(row?.key ?? ''), undefined);
});
