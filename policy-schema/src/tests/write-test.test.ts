import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../syntax/edits.ts';
import { loadTests } from './load-tests.ts';
import fc from 'fast-check';
import type { RecordedDecision } from './recorded-decision.ts';
import { writeTest } from './write-test.ts';

const file = 'tests/shop.test.yaml';
const recorded: RecordedDecision = {
  request: 'delete from orders',
  resource: 'shop-db',
  principal: { agent: 'codex', person: 'ada', groups: ['dba'], task: '' },
  at: '2026-05-04T10:00:00.000Z',
  decision: 'deny',
  rules: ['shop/no-deletes'],
};

function written(before: string | undefined, more: Partial<RecordedDecision> = {}): string {
  const made = writeTest(before, file, { ...recorded, ...more });
  assert.ok(made.ok, JSON.stringify(made));
  assert.equal(made.isNew, before === undefined);
  return applyEdits(before ?? '', [made.edit]);
}

const own = `  - name: delete from orders is denied for codex
    request: delete from orders
    resource: shop-db
    principal: { agent: codex, person: ada, groups: [dba] }
    now: 2026-05-04T10:00:00.000Z
    expect:
      decision: deny
      rules: ["shop/no-deletes"]
`;

test('a new file holds the one test', () => {
  assert.equal(
    written(undefined).replace('[shop/no-deletes]', '["shop/no-deletes"]'),
    `gatehouse: v1\nkind: Test\n\ncases:\n${own}`,
  );
});

test('it comes behind the last case, before what follows, as deep as the others', () => {
  const head = 'gatehouse: v1\nkind: Test\ncases:\n';
  const first = '- name: a\n  request: |\n    select 1\n  expect: { decision: deny }\n';
  const rest =
    '# And all of them:\nmatrices:\n- name: m\n  principals: [{ name: p }]\n  requests: [{ name: r, request: x }]\n  expect: { r: { p: deny } }\n';
  const after = written(head + first + rest);
  assert.ok(after.startsWith(`${head}${first}\n- name: delete`));
  assert.ok(after.endsWith(rest));
  const cases = loadTests(file, after).tests?.cases ?? [];
  assert.deepEqual(
    cases.map(({ id }) => id),
    ['a', 'delete from orders is denied for codex', 'm/r/p'],
  );
});

test('a file without a last line break, and one of the same name', () => {
  const twice = written(written(undefined).trimEnd());
  assert.deepEqual(
    loadTests(file, twice).tests?.cases.map(({ name }) => name),
    ['delete from orders is denied for codex', 'delete from orders is denied for codex (2)'],
  );
});

test('what the server planned and the parameters are kept; unknown rules are left out', () => {
  const text = written(undefined, {
    parameters: ['1', null, 'base64:AA=='],
    plan: { cost: 12.5, rows: 3 },
    rules: [],
  });
  assert.match(text, /parameters: \["1", null, "base64:AA=="\]/);
  assert.match(text, /facts: \{ estimatedRows: 3, plannerCost: 12.5 \}/);
  assert.match(text, /rules: \[\]/);
  const { rules: _, ...unknown } = recorded;
  const made = writeTest(undefined, file, unknown);
  assert.ok(made.ok && !made.edit.text.includes('rules:'));
});

test('a broken file, and cases on one line, are not written to', () => {
  for (const text of ['gatehouse: v1\nkind: [', 'gatehouse: v1\nkind: Test\ncases: [{ name: a }]\n']) {
    assert.equal(writeTest(text, file, recorded).ok, false);
  }
});

test('whatever an agent sent is read back to the letter, or not written', () => {
  const pieces = fc.constantFrom(
    ...[
      'select 1',
      '\n',
      '  ',
      '\t',
      '# x',
      ': ',
      '- ',
      '"',
      "'",
      '{',
      '\\',
      '\u2028',
      '\u0000',
      '\r\n',
      '|',
      'é',
      '😀',
      '\ud800',
      '---',
      '%',
    ],
  );
  let kept = 0;
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (parts) => {
      const request = parts.join('');
      const made = writeTest('gatehouse: v1\nkind: Test\n', file, { ...recorded, request });
      if (!made.ok) return;
      kept++;
      const after = applyEdits('gatehouse: v1\nkind: Test\n', [made.edit]);
      const [only] = loadTests(file, after).tests?.cases ?? [];
      assert.equal(only?.text, request);
      assert.equal(after.slice(made.range.start, made.range.start + 4), 'name');
    }),
    { numRuns: 300 },
  );
  assert.ok(kept > 250, `${kept} were written`);
});
