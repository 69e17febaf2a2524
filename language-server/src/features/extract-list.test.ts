import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPolicySet } from '@gatehouse/policy-schema/model/policy-set.ts';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import { deskOf } from '../desk.fixture.ts';
import { extractList } from './extract-list.ts';

const head = 'gatehouse: v1\nkind: Policy\nname: a\napplies: { to: [shop-db] }\n';
const rules = (sql: string): string => `${head}rules:\n  - name: x\n    effect: allow\n    sql: ${sql}\n`;

function extracted(text: string): string | undefined {
  const { desk, file, offset } = deskOf(text);
  const [action] = extractList(desk, file, { start: offset, end: offset });
  return action && applyEdits(desk.files.get(file)?.text ?? '', action.edits);
}
const digest = (text: string): string | undefined =>
  loadPolicySet(new Map([['a.policy.yaml', text]])).set?.digest;

const cases: readonly (readonly [title: string, text: string, after: string])[] = [
  [
    'of a flow list',
    rules('{ actions: [select], tables: [public.▮a, "public.b.*"] }'),
    `${rules('{ actions: [select], tables: [$tables] }')}lists: { tables: [public.a, "public.b.*"] }\n`,
  ],
  [
    'of lines',
    rules('\n      actions: [select]\n      tables:\n        - public.▮a\n        - public.b'),
    `${rules('\n      actions: [select]\n      tables:\n        [$tables]')}lists: { tables: [public.a, public.b] }\n`,
  ],
  [
    'beside other lists, by a name that is free',
    `${rules('{ tables: [public.a, ▮public.b] }')}lists:\n  tables: [public.c]\n`,
    `${rules('{ tables: [$tables-2] }')}lists:\n  tables: [public.c]\n  tables-2: [public.a, public.b]\n`,
  ],
];
for (const [title, text, after] of cases)
  test(`patterns get a name of their own: ${title}`, () => {
    assert.equal(extracted(text), after);
    assert.equal(digest(after), digest(text.replace('▮', '')));
    assert.notEqual(digest(after), undefined);
  });

test('one pattern, a list that is used already, and other lists are left alone', () => {
  for (const text of [
    rules('{ tables: [▮public.a] }'),
    rules('{ tables: [$a, ▮public.b] }'),
    rules('{ actions: [▮select, update] }'),
    'a: [▮',
  ])
    assert.equal(extracted(text), undefined);
});
