import { test } from 'node:test';
import { finds, silent } from '../../check.fixture.ts';

const code = 'approval-by-requester';
const policy = (groups: string, by: string) =>
  `gatehouse: v1\nkind: Policy\nname: a\napplies: { to: [shop-db], groups: [${groups}] }\nrules:\n  - { name: x, effect: approve, approval: { by: [${by}] } }\n`;

test('a group that asks and answers is found at the approver', () => {
  finds(code, policy('dba', '«"group:dba"»'), [/agents of `dba`/]);
  finds(code, policy('dba, ops', '«"group:ops"», "group:dba"'), [/whoever asks/]);
});

test('another group, or another one beside it, makes a second person', () => {
  silent(code, policy('engineering', '"group:dba"'));
  silent(code, policy('engineering', '"group:engineering", "person:ada"'));
});

test('a policy for everyone, and a pattern for groups, say nothing about who asks', () => {
  silent(code, policy('"*"', '"group:dba"'));
  silent(code, policy('"eng*"', '"group:engineering"'));
});
