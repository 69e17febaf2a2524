import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyOf, sampleWorkspace } from './check.fixture.ts';
import { fixWorkspace } from './fix-workspace.ts';

const now = new Date('2026-06-01T12:00:00Z');
const file = 'policies/test.policy.yaml';

function fixed(text: string, unsafe = false) {
  const files = {
    workspace: { file: 'gatehouse.yaml', text: sampleWorkspace },
    policies: new Map([[file, text]]),
    now,
  };
  return fixWorkspace(files, { unsafe });
}

const wide = policyOf(
  'rules:\n  - { name: x, effect: allow, sql: { actions: [select] } }\nlimits: { rows: 10, duration: 9s, statementsPerMinute: 60 }\n',
);

test('safe fixes are made, unsafe ones only when they are asked for', () => {
  assert.equal(fixed(wide).changed.size, 0);
  const { changed, mended, diagnostics } = fixed(wide, true);
  assert.match(changed.get(file) ?? '', /tables: \["public\.\*"\]/);
  assert.deepEqual(
    mended.map(({ finding }) => finding.code),
    ['allow-without-tables'],
  );
  assert.ok(!diagnostics.some(({ code }) => code === 'allow-without-tables'));
});

test('comments that leave nothing go, one round after the other', () => {
  const text = policyOf(
    'rules:\n  # gatehouse-ignore broad-functions: a\n  # gatehouse-ignore broad-functions: b\n  - { name: x, effect: deny, message: Ask. }\n',
  );
  const { changed } = fixed(text);
  assert.doesNotMatch(changed.get(file) ?? '', /gatehouse-ignore/);
});

test('what is fixed already stays as it is', () => {
  const once = fixed(wide, true).changed.get(file) ?? '';
  assert.equal(fixed(once, true).changed.size, 0);
});
