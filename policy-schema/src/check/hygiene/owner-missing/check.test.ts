import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'owner-missing';
const owned = (name: string, owner?: string): string =>
  policyOf(`rules: []\n${owner === undefined ? '' : `owner: "${owner}"\n`}`, { name });

test('the policy that has no owner among those that have one is found at its name', () => {
  const files = {
    'a.policy.yaml': owned('a', 'group:dba'),
    'b.policy.yaml': owned('«b»'),
    'c.policy.yaml': owned('c', 'person:ada'),
  };
  const [found] = finds(code, files, [/Nobody is named/]);
  assert.equal(found?.fixes, undefined);
});

test('with one half of the policies owned, the others are told', () => {
  finds(code, { 'a.policy.yaml': owned('a', 'group:dba'), 'b.policy.yaml': owned('«b»') }, [/Add `owner/]);
});

test('where nobody, or only a few, name an owner, that is the custom', () => {
  silent(code, { 'a.policy.yaml': owned('a'), 'b.policy.yaml': owned('b') });
  silent(code, {
    'a.policy.yaml': owned('a', 'group:dba'),
    'b.policy.yaml': owned('b'),
    'c.policy.yaml': owned('c'),
  });
});

test('one policy alone has no others', () => {
  silent(code, owned('test'));
});

test('where all others have the same owner, the fix names it', () => {
  const files = (owner?: string) => ({
    'a.policy.yaml': owned('a', 'group:dba'),
    'b.policy.yaml': owned('b', owner),
  });
  mends(code, files(), files('group:dba'), { safety: 'unsafe' });
});
