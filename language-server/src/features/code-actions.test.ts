import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import { deskOf } from '../desk.fixture.ts';
import type { Desk } from '../desk.ts';
import { codeActions, fixAll } from './code-actions.ts';

const policy = `gatehouse: v1
kind: Policy
name: a
applies: { to: [shop-db] }
rules:
  - name: x
    effect: deny
    when: |
      true &&
      «request.sql.hasWhere»
  - { name: «y», effect: allow }
`;

/** A desk whose only findings are made up: what is tested is what becomes of findings. */
function withFindings(findings: readonly Partial<Diagnostic>[]) {
  const { desk, file, marks } = deskOf(policy);
  const source = desk.files.get(file)?.parsed.source;
  assert.ok(source);
  const made = findings.map((finding, index) => {
    const { start, end } = marks[index] ?? { start: 0, end: 0 };
    return { ...source.diagnostic({ start, end }, 'made-up', 'Made up.', 'warning'), ...finding };
  });
  const own: Desk = { ...desk, diagnostics: () => made };
  return { desk: own, file, text: source.text, made };
}

test('the fixes of a finding under the cursor are offered, the safe one as preferred', () => {
  const { desk, file, made } = withFindings([
    {
      fixes: [
        { title: 'One', safety: 'safe', edits: [] },
        { title: 'Two', safety: 'unsafe', edits: [] },
      ],
    },
  ]);
  const { start } = made[0]?.range ?? { start: 0 };
  const offered = codeActions(desk, file, { start, end: start });
  assert.deepEqual(
    offered.map(({ title, preferred }) => [title, preferred]),
    [
      ['One', true],
      ['Two', undefined],
      ['Ignore made-up here, with a reason', undefined],
    ],
  );
  assert.deepEqual(codeActions(desk, file, { start: 0, end: 0 }), []);
});

test('a comment to ignore a finding stands above what it speaks of, never inside of a condition', () => {
  const { desk, file, made, text } = withFindings([{}, {}]);
  const [inside, flow] = made.map(({ range }) => {
    const [action] = codeActions(desk, file, range);
    assert.ok(action);
    return applyEdits(text, action.edits);
  });
  assert.match(inside ?? '', / {4}# gatehouse-ignore made-up: say why\n {4}when: \|\n/);
  assert.match(flow ?? '', / {2}# gatehouse-ignore made-up: say why\n {2}- \{ name: y/);
});

test('an error of the language cannot be ignored', () => {
  const { desk, file, made } = withFindings([{ code: 'unknown-key' }]);
  assert.deepEqual(codeActions(desk, file, made[0]?.range ?? { start: 0, end: 0 }), []);
});

test('all safe fixes are made at once, unless they touch each other', () => {
  const edit = (start: number, end: number, text: string) => ({ file: 'f', start, end, text });
  const { desk, file, made, text } = withFindings([
    { fixes: [{ title: 'a', safety: 'safe', edits: [edit(0, 2, 'x')] }] },
    { fixes: [{ title: 'b', safety: 'safe', edits: [edit(1, 3, 'y')] }] },
    { fixes: [{ title: 'c', safety: 'unsafe', edits: [edit(5, 6, 'z')] }] },
    { fixes: [{ title: 'd', safety: 'safe', edits: [edit(7, 7, 'w')] }] },
  ]);
  assert.deepEqual(fixAll(made), [edit(0, 2, 'x'), edit(7, 7, 'w')]);
  const all = codeActions(desk, file, { start: 0, end: text.length }).filter(({ kind }) => kind === 'fixAll');
  assert.deepEqual(all[0]?.edits, [edit(0, 2, 'x'), edit(7, 7, 'w')]);
});
