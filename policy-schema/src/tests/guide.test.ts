import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadTests } from './load-tests.ts';

test('the example of docs/testing.md is a test file', () => {
  const guide = readFileSync(new URL('../../../docs/testing.md', import.meta.url), 'utf8');
  const [, example = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(guide) ?? [];
  const { tests, diagnostics } = loadTests('shop.test.yaml', example);
  assert.deepEqual(diagnostics, []);
  assert.equal(tests?.cases.length, 6);
});
