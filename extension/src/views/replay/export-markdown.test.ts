import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionRow, ToldStep } from '@gatehouse/daemon/control/messages.ts';
import { sessionMarkdown } from './export-markdown.ts';
import { settled } from './read-session.ts';

const session = {
  id: 's-1',
  agent: 'claude-code',
  resource: 'shop-db',
  person: 'ada',
  task: 'a | b',
  openedAt: '2026-05-04T10:00:00.000Z',
  state: 'closed',
  closedReason: 'the client left',
  requests: 2,
  denied: 1,
  approved: 0,
  client: { address: '127.0.0.1:5', application: '' },
} as unknown as SessionRow;

const location = { file: '.gatehouse/policies/shop.policy.yaml', line: 7, column: 1 };
const rules = [{ policy: 'shop', rule: 'read', effect: 'allow', location }];
const decided = (seq: number, more: object) => ({
  kind: 'request',
  decided: { seq, at: '2026-05-04T10:00:01.000Z', reason: 'r', actions: [], masks: [], ...more },
  masks: [],
});
const allowed = {
  ...decided(2, {
    effect: 'allow',
    text: 'SELECT 1',
    parameters: ['x', null],
    actions: [{ effect: 'allow', rules }],
  }),
  answered: {
    outcome: 'completed',
    tag: 'SELECT 1',
    rows: 1,
    bytes: 9,
    durationMs: 2,
    result: { columns: ['a|b'], rows: [['<b>'], [null]], truncated: true },
  },
} as unknown as ToldStep;
const denied = decided(4, { effect: 'deny', text: 'DROP TABLE ```x``` ' }) as unknown as ToldStep;

test('a session becomes a document whose texts cannot become markup', () => {
  const text = sessionMarkdown(session, [allowed, denied]);
  assert.match(text, /^# claude-code on shop-db\n/);
  assert.match(text, /- Task: a \\\| b\n/);
  assert.match(text, /## 1\. Allowed\n\n```sql\nSELECT 1\n```/);
  assert.match(text, /- Rule: `shop\/read \(\.gatehouse\/policies\/shop\.policy\.yaml:7\)`/);
  assert.match(text, /- Parameter: `\$2 = NULL`/);
  assert.match(text, /\| a\\\|b \|\n\| --- \|\n\| \\<b\\> \|\n\| NULL \|\n\nThere was more/);
  assert.match(text, /## 2\. Denied\n\n````sql\nDROP TABLE ```x```\n````/);
});

test('what may still be added to is read again', () => {
  const running = decided(6, { effect: 'allow', text: 'x' }) as unknown as ToldStep;
  const prepared = decided(3, { effect: 'allow', stage: 'prepare', text: 'x' }) as unknown as ToldStep;
  assert.deepEqual(settled([allowed, prepared, denied]), [allowed, prepared, denied]);
  assert.deepEqual(settled([allowed, running, denied]), [allowed]);
});
