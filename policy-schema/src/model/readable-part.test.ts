import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPolicy } from './load-policy.ts';
import { readablePart } from './readable-part.ts';

const head = 'gatehouse: v1\nkind: Policy\nname: a\napplies: { to: [db] }\n';

function rulesOf(rest: string, start = head): readonly string[] | undefined {
  const loaded = loadPolicy('a.yaml', start + rest);
  assert.equal(loaded.policy, undefined, 'the file has no error');
  return readablePart(loaded)?.policy.rules.map(({ name }) => name);
}

const rule = (name: string, more = ''): string => `  - name: ${name}\n    effect: deny\n${more}`;

const broken: readonly (readonly [what: string, more: string])[] = [
  ['an unknown key', '    efect: deny\n'],
  ['a key half written', '    mess\n'],
  ['a value of the wrong type', '    message: [x]\n'],
  ['a pattern that cannot be', '    sql: { tables: ["a.b.c.d.e"] }\n'],
  ['two colons on a line', '    message: a: b\n'],
];
for (const [what, more] of broken) {
  test(`rules beside one with ${what} are read`, () => {
    assert.deepEqual(rulesOf(`rules:\n${rule('x')}${rule('y', more)}${rule('z')}`), ['x', 'z']);
  });
}

test('a list that is not closed is left out, and so is what follows it', () => {
  const text = `rules:\n${rule('x')}${rule('y', '    sql: { tables: [a.b\n')}${rule('z')}`;
  assert.deepEqual(rulesOf(text), ['x']);
});

test('a quote that is not closed takes along what it swallows', () => {
  const text = `rules:\n${rule('x')}${rule('y', '    message: "a\n')}${rule('z', '    message: "b"\n')}${rule('last')}`;
  const read = rulesOf(text) ?? [];
  assert.ok(!read.includes('y') && !read.includes('z'), read.join());
});

test('the place of what is read is its place in the file', () => {
  const loaded = loadPolicy('a.yaml', `${head}rules:\n${rule('x', '    z: 1\n')}${rule('y')}`);
  assert.equal(readablePart(loaded)?.policy.rules[0]?.location.line, 9);
});

test('bounds with a mistake are left out, and rules stay', () => {
  assert.deepEqual(rulesOf(`limits: { rows: x }\nrules:\n${rule('x')}`), ['x']);
});

test('nothing is certain without the head', () => {
  assert.equal(rulesOf(`rules:\n${rule('x')}`, 'gatehouse: v1\nkind: Policy\nname: a\n'), undefined);
  assert.equal(rulesOf(`rules:\n${rule('x')}`, head.replace('[db]', '[')), undefined);
  assert.equal(rulesOf('rules: 1\nrules: 2\n', 'x'), undefined);
});
