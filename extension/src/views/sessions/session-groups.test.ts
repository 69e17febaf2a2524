import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionRow } from '@gatehouse/daemon/control/messages.ts';
import { dayKey, groupsOf, worstOf } from './session-groups.ts';

const row = (id: string, more: Partial<SessionRow> = {}): SessionRow =>
  ({
    id,
    agent: 'claude-code',
    resource: 'shop-db',
    task: '',
    person: 'ada',
    state: 'closed',
    openedAt: '2026-05-04T10:00:00.000Z',
    requests: 1,
    denied: 0,
    approved: 0,
    ...more,
  }) as SessionRow;

const rows = [
  row('4', { agent: 'codex', state: 'open' }),
  row('3', { resource: 'other-db', denied: 2, task: 'Fix-7' }),
  row('2', { openedAt: '2026-05-01T10:00:00.000Z' }),
  row('1', { agent: 'codex' }),
];
const told = (...given: Parameters<typeof groupsOf>) =>
  groupsOf(...given).map(({ key, sessions }) => [key, sessions.map(({ id }) => id).join()]);

test('sessions come together by agent, resource or day, the newest first', () => {
  assert.deepEqual(told(rows, 'agent', {}), [
    ['codex', '4,1'],
    ['claude-code', '3,2'],
  ]);
  assert.deepEqual(told(rows, 'resource', {}), [
    ['shop-db', '4,2,1'],
    ['other-db', '3'],
  ]);
  const day = (at: string) => dayKey(new Date(at));
  assert.deepEqual(told(rows, 'day', {}), [
    [day('2026-05-04T10:00:00Z'), '4,3,1'],
    [day('2026-05-01T10:00:00Z'), '2'],
  ]);
});

test('a filter leaves what it names', () => {
  assert.deepEqual(told(rows, 'agent', { text: ' fix ' }), [['claude-code', '3']]);
  assert.deepEqual(told(rows, 'agent', { only: 'open' }), [['codex', '4']]);
  assert.deepEqual(told(rows, 'agent', { only: 'denied', text: 'codex' }), []);
});

test('a session looks as the worst of its requests', () => {
  assert.equal(worstOf(row('a', { denied: 1, approved: 1 })), 'deny');
  assert.equal(worstOf(row('a', { approved: 1 })), 'approve');
  assert.equal(worstOf(row('a')), 'allow');
  assert.equal(worstOf(row('a', { requests: 0 })), 'none');
});
