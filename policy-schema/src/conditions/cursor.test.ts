import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { conditionCursor, conditionWordAt } from './cursor.ts';
import { conditionFunctions } from './functions.ts';
import { signatures } from './signatures.ts';

test('every function has a form for each number of arguments that it takes', () => {
  conditionFunctions.forEach((each, index) => {
    const found = signatures[index];
    assert.deepEqual(
      found?.forms.map(({ length }) => length),
      each.arities,
      each.name,
    );
    assert.notEqual(found?.returns, 'any');
  });
});

const cases: readonly (readonly [source: string, expected: Record<string, unknown>])[] = [
  ['▮', { kind: 'name' }],
  ['req▮', { kind: 'name', start: 0, end: 3 }],
  ['request.▮', { kind: 'member', receiver: 'request' }],
  ['request.sql.ha▮', { kind: 'member', receiver: 'request.sql', start: 12, end: 14 }],
  ['request.sql.tables.▮', { kind: 'member', receiver: 'list<string>' }],
  ['principal.person.lowerAscii().▮', { kind: 'member', receiver: 'string' }],
  ['request.text.split(" ").▮', { kind: 'member', receiver: 'list<string>' }],
  ['request.text.split(" ")[0].▮', { kind: 'member', receiver: 'string' }],
  ['now.▮', { kind: 'member', receiver: 'timestamp' }],
  ['(now).▮', { kind: 'member', receiver: 'timestamp' }],
  ['duration("1h").▮', { kind: 'member', receiver: 'duration' }],
  ['resource.labels.env.▮', { kind: 'member', receiver: 'string' }],
  ['nobody.▮', { kind: 'member', receiver: undefined }],
  ['request.sql.tables.exists(t, t.▮', { kind: 'member', receiver: 'string' }],
  ['request.sql.tables.filter(t, true).exists(u, u.▮)', { kind: 'member', receiver: 'string' }],
  ['"▮" in principal.groups', { kind: 'text', comparedWith: 'principal.groups' }],
  ['resource.labels.env == "pr▮"', { kind: 'text', comparedWith: 'resource.labels.env', start: 24, end: 26 }],
  ['resource.labels["▮"]', { kind: 'text', comparedWith: 'resource.labels' }],
  ['principal.agent in ["claude", "▮', { kind: 'text', comparedWith: 'principal.agent' }],
  ['principal.groups.exists(g, g == "▮")', { kind: 'text', comparedWith: 'principal.groups' }],
  ['request.text.contains("▮")', { kind: 'text', comparedWith: undefined }],
  ['request.sql.hasWhere ▮', { kind: 'none' }],
  ['request.sql.hasWhere && ▮', { kind: 'name' }],
  ['!▮', { kind: 'name' }],
  ['1▮', { kind: 'none' }],
  ['true // request.▮', { kind: 'comment' }],
  ['true // why\n&& ▮', { kind: 'name' }],
  ['"// ▮"', { kind: 'text' }],
];
for (const [text, expected] of cases) {
  test(`the cursor is understood in ${text}`, () => {
    const offset = text.indexOf('▮');
    const cursor: Record<string, unknown> = { ...conditionCursor(text.replace('▮', ''), offset) };
    for (const [key, value] of Object.entries(expected)) assert.equal(cursor[key], value, key);
  });
}

test('the innermost call around the cursor is known with its argument', () => {
  const at = (text: string) => {
    const { call } = conditionCursor(text.replace('▮', ''), text.indexOf('▮'));
    return call && [call.name, call.argument, call.signatures.map(({ receiver }) => receiver)];
  };
  assert.deepEqual(at('size(▮'), ['size', 0, [undefined]]);
  assert.deepEqual(at('request.text.startsWith(▮)'), ['startsWith', 0, ['string']]);
  assert.deepEqual(at('request.sql.tables.all(t, t.contains("a,b") && ▮)'), ['all', 1, ['list']]);
  assert.equal(at('(▮)'), undefined);
  assert.equal(at('size(a)▮'), undefined);
});

test('a word tells its path, type and signatures', () => {
  const source = 'request.sql.tables.exists(t, t.startsWith("a"))';
  const at = (needle: string) => conditionWordAt(source, source.indexOf(needle) + 1);
  assert.deepEqual([at('tables')?.path, at('tables')?.type], ['request.sql.tables', 'list<string>']);
  assert.deepEqual(
    at('exists')?.signatures.map(({ receiver }) => receiver),
    ['list'],
  );
  assert.deepEqual(
    at('startsWith')?.signatures.map(({ receiver }) => receiver),
    ['string'],
  );
  assert.equal(conditionWordAt(source, source.indexOf('t.starts'))?.type, 'string');
});

test('no source and no offset makes it throw', () => {
  const piece = fc.constantFrom(
    'request',
    '.',
    'sql',
    '(',
    ')',
    '[',
    ']',
    '"',
    "'",
    'exists',
    ',',
    't',
    ' ',
    '==',
    'in',
    '&&',
    '1',
    '/',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), fc.nat(), (pieces, at) => {
      const source = pieces.join('');
      const offset = at % (source.length + 1);
      const { start, end } = conditionCursor(source, offset);
      assert.ok(start <= offset && offset <= end);
      conditionWordAt(source, offset);
    }),
    { numRuns: 2000 },
  );
});
