import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asks } from '../evaluate/samples.ts';
import { compiledCondition } from './condition-cache.ts';
import { anyExpression } from './expressions.fixture.ts';
import { evaluateParts } from './parts.ts';

const input = asks([], {
  request: {
    vocabulary: 'sql',
    text: 'SELECT 1',
    actions: [],
    facts: {
      hasWhere: true,
      hasLimit: false,
      tables: ['public.a', 'public.b'],
      statementCount: 2n,
      inTransaction: false,
    },
  },
});

function told(source: string): readonly string[] {
  return evaluateParts(source, input).map(({ depth, text, outcome }) => {
    const what =
      outcome.kind === 'value'
        ? outcome.value
        : outcome.kind === 'error'
          ? `error: ${outcome.error}`
          : 'skipped';
    return `${'  '.repeat(depth)}${text} → ${what}`;
  });
}

test('each part has its value, and what was not looked at says so', () => {
  assert.deepEqual(told('request.sql.hasLimit && request.sql.statementCount > 1'), [
    'request.sql.hasLimit && request.sql.statementCount > 1 → false',
    '  request.sql.hasLimit → false',
    '  request.sql.statementCount > 1 → skipped',
    '    request.sql.statementCount → skipped',
  ]);
  assert.deepEqual(
    told('(request.sql.hasWhere || request.sql.hasLimit) && size(request.sql.tables) == 2').slice(1),
    [
      '  request.sql.hasWhere || request.sql.hasLimit → true',
      '    request.sql.hasWhere → true',
      '    request.sql.hasLimit → skipped',
      '  size(request.sql.tables) == 2 → true',
      '    size(request.sql.tables) → 2',
      '      request.sql.tables → ["public.a", "public.b"]',
    ],
  );
});

test('what fails is told where it fails', () => {
  const parts = told('resource.labels.region == "eu"');
  assert.match(parts[0] ?? '', /→ error: /);
  assert.match(parts[1] ?? '', /resource\.labels\.region → error: /);
});

test('macros show what they go through', () => {
  assert.deepEqual(told('request.sql.tables.exists(t, t == "public.b")'), [
    'request.sql.tables.exists(t, t == "public.b") → true',
    '  request.sql.tables → ["public.a", "public.b"]',
  ]);
});

test('a condition that does not compile has no parts', () => {
  assert.deepEqual(evaluateParts('request.sql.hasWher', input), []);
  assert.deepEqual(evaluateParts('&&', input), []);
});

test('what would cost too much is told, as the gate does, and not looked for', () => {
  const tables = Array.from({ length: 3000 }, (_, at) => `public.t${at}`);
  const long = asks([], { request: { ...input.request, facts: { ...input.request.facts, tables } } });
  const source = 'request.sql.tables.exists(t, request.sql.tables.exists(u, t + "x" == u))';
  const compiled = compiledCondition(source);
  assert.ok(compiled.ok);
  const result = compiled.condition.evaluate(long);
  const [whole] = evaluateParts(source, long);
  assert.ok(typeof result === 'object');
  assert.deepEqual(whole?.outcome, { kind: 'error', error: result.error });
});

const atom = fc.constantFrom(
  'request.sql.hasWhere',
  'request.sql.hasLimit',
  'request.sql.statementCount > 1',
  '"dba" in principal.groups',
  'resource.labels.region == "eu"',
  'size(request.sql.tables) == (1 + 1)',
  'true',
  'now.getHours() < 12',
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    tie('condition').map((a) => `!(${a})`),
    fc
      .tuple(tie('condition'), tie('condition'), tie('condition'))
      .map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
}));

test('the whole has the value that the gate would find', () => {
  fc.assert(
    fc.property(fc.oneof(condition, anyExpression), (source) => {
      const compiled = compiledCondition(source);
      if (!compiled.ok) return;
      const result = compiled.condition.evaluate(input);
      const parts = evaluateParts(source, input);
      for (const { start, end, text } of parts)
        assert.equal(text, source.slice(start, end).replace(/\s+/g, ' '));
      const [whole] = parts;
      if (whole === undefined) return assert.equal(compiled.condition.tree.kind, 'literal');
      if (typeof result === 'boolean')
        assert.deepEqual(whole.outcome, { kind: 'value', value: String(result) }, source);
      else assert.equal(whole.outcome.kind, 'error', source);
    }),
    { numRuns: 1500 },
  );
});
