import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileCondition } from './condition.ts';
import { anyExpression } from './expressions.fixture.ts';
import { type ConditionNode, nodesOf } from './tree.ts';
import { conditionWords, wordsAndComments } from './words.ts';

const told = (source: string): readonly string[] =>
  wordsAndComments(source).map(({ kind, text }) => `${kind} ${text}`);

const cases: readonly (readonly [source: string, words: readonly string[]])[] = [
  ['a.b != 1.5e3', ['name a', 'sign .', 'name b', 'sign !=', 'number 1.5e3']],
  ['"a // b" // c', ['text a // b', 'comment // c']],
  ['// "a\n"b"', ['comment // "a', 'text b']],
  [String.raw`r"\" + "\""`, ['text \\', 'sign +', 'text "']],
  [`'''a'b\n''' == "c`, ["text a'b\n", 'sign ==', 'text c']],
  ['a.?b[?0]', ['name a', 'sign .?', 'name b', 'sign [?', 'number 0', 'sign ]']],
];
for (const [source, words] of cases)
  test(`the words of ${source.replace(/\n/g, '↵')}`, () => assert.deepEqual(told(source), words));

test('between the words of any text stand blanks only', () => {
  const piece = fc.constantFrom(
    '"',
    "'",
    '"""',
    'r"',
    '\\',
    '//',
    '\n',
    '\r',
    ' ',
    'a',
    '1',
    '.',
    '(',
    '🙂',
    '\u0000',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (source) => {
      let at = 0;
      for (const { start, end, ...word } of wordsAndComments(source)) {
        assert.match(source.slice(at, start), /^\s*$/);
        assert.ok(end > start);
        if (word.kind === 'text') assert.ok(word.inner.start >= start && word.inner.end <= end);
        else assert.equal(source.slice(start, end), word.text);
        at = end;
      }
      assert.match(source.slice(at), /^\s*$/);
    }),
    { numRuns: 2000 },
  );
});

/** What the parser found at which place: names, fields, functions, variables and literals. */
function placesOf(node: ConditionNode): readonly string[] {
  const own = ((): readonly { readonly start: number; readonly end: number }[] => {
    switch (node.kind) {
      case 'name':
      case 'literal':
        return [node];
      case 'field':
        return [node.field];
      case 'call':
        return [node.name];
      case 'comprehension':
        return [node.name, node.variable];
      default:
        return [];
    }
  })();
  return own.map(({ start, end }) => `${start} ${end}`);
}

test('the words of a condition are those that the parser finds', () => {
  let held = 0;
  fc.assert(
    fc.property(anyExpression, (source) => {
      const compiled = compileCondition(source);
      if (!compiled.ok) return;
      held++;
      const parsed = [...nodesOf(compiled.condition.tree)].flatMap(placesOf);
      const words = conditionWords(source).filter(({ kind, text }) => kind !== 'sign' && text !== 'in');
      assert.deepEqual(words.map(({ start, end }) => `${start} ${end}`).sort(), [...parsed].sort(), source);
    }),
    { numRuns: 1000 },
  );
  assert.ok(held > 300, `only ${held} conditions were read`);
});
