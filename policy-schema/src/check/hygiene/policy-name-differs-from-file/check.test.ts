import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'policy-name-differs-from-file';
const named = (name: string): string => policyOf('rules: []\n', { name });

test('a name that has nothing to do with the file is found', () => {
  finds(code, { 'policies/reading.policy.yaml': named('«shop»') }, [
    /nobody looks for that in `reading\.policy\.yaml`/,
  ]);
  finds(code, { 'policies/20-reading.policy.yaml': named('«"shop"»') }, [/Give both one name/]);
});

test('the same name is fine, and so is one with more words or in other letters', () => {
  for (const [file, name] of [
    ['reading', 'reading'],
    ['reading', 'shop-reading'],
    ['shop-reading', 'reading'],
    ['20-reading', 'reading'],
    ['Shop_Reading', 'shop-reading'],
  ] as const)
    silent(code, { [`policies/${file}.policy.yaml`]: named(name) });
});

test('a file that is not named as policies are, or only numbered, says nothing', () => {
  silent(code, { 'policies/20.policy.yaml': named('shop') });
  silent(code, { 'policy.yaml': named('shop') });
});

test('the fix gives the policy the name of its file, unless another one has it', () => {
  mends(
    code,
    { 'reading.policy.yaml': named('shop') },
    { 'reading.policy.yaml': named('reading') },
    {
      safety: 'unsafe',
    },
  );
  const [found] = finds(
    code,
    { 'a/reading.policy.yaml': named('reading'), 'b/reading.policy.yaml': named('«shop»') },
    [/one name/],
  );
  assert.equal(found?.fixes, undefined);
});
