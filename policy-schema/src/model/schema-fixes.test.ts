import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../syntax/edits.ts';
import { loadPolicy } from './load-policy.ts';

const policy = (rest: string): string =>
  `gatehouse: v1\nkind: Policy\nname: a\napplies: { to: [x] }\nrules:\n  - name: r\n    effect: deny\n    ${rest}\n`;

const mended: readonly (readonly [title: string, text: string, after: string])[] = [
  ['a key that is misspelt', policy('mesage: No.'), policy('message: No.')],
  ['a value that is misspelt', policy('sql: { actions: [slect] }'), policy('sql: { actions: [select] }')],
  [
    'one value in the place of a list',
    policy('sql: { tables: public.a }'),
    policy('sql: { tables: [public.a] }'),
  ],
  ['a pattern in the place of a list', policy('sql: { tables: "*" }'), policy('sql: { tables: ["*"] }')],
  ['a number in the place of a text', policy('message: 12'), policy('message: "12"')],
  ['a version that does not exist', policy('message: No.').replace('v1', 'v2'), policy('message: No.')],
];
for (const [title, text, after] of mended)
  test(`what is meant is offered: ${title}`, () => {
    const [finding, ...others] = loadPolicy('a.yaml', text).diagnostics;
    assert.deepEqual(others, []);
    const [fix] = finding?.fixes ?? [];
    assert.equal(fix?.safety, 'unsafe');
    assert.equal(applyEdits(text, fix?.edits ?? []), after);
    assert.ok(loadPolicy('a.yaml', after).policy);
  });

test('where nobody knows what is meant nothing is offered', () => {
  for (const text of [
    policy('zzzzzz: 1'),
    policy('sql: { actions: [] }'),
    policy('sql: { tables: { a: b } }'),
  ])
    assert.deepEqual(
      loadPolicy('a.yaml', text).diagnostics.flatMap(({ fixes = [] }) => fixes),
      [],
    );
});
