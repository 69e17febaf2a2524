import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withMaskingTable } from './masking-table.ts';

test('the table of attacks in docs/masking.md is current', () => {
  const page = readFileSync(new URL('../../docs/masking.md', import.meta.url), 'utf8');
  const hint = 'Run `node test-fixtures/masking/write-masking-table.ts`.';
  assert.equal(withMaskingTable(page), page, hint);
});
