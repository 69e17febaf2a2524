import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileCondition, type ConditionResult } from '../conditions/condition.ts';
import { parseYaml } from '../syntax/parse-yaml.ts';
import { entryOf } from '../syntax/tree.ts';
import { applyEdits } from '../syntax/edits.ts';
import { ruleOf, sampleWorkspace } from './check.fixture.ts';
import { checkWorkspace } from './check-workspace.ts';

const codes: ReadonlySet<string> = new Set([
  'expensive-part-first',
  'exists-for-in',
  'negated-comparison',
  'needless-comparison',
  'or-of-equals',
]);

const asked = fc.constantFrom(
  'request.sql.hasWhere',
  'request.sql.hasLimit',
  '(request.sql.hasLimit)',
  "request.text.contains('drop (')",
  "request.text.matches('a+\\\\)')",
  "principal.agent == 'a'",
  "('b' == principal.agent)",
  "principal.agent != 'c'",
  "resource.labels.team == 'a'",
  "resource.labels.team == 'b'",
  'request.sql.statementCount == 1',
  'request.sql.statementCount + 1 > 2',
  "principal.groups.exists(g, g == 'dba')",
  "principal.groups.all(g, g != 'dba')",
  'principal.groups.exists(g, principal.groups.exists(h, h == g))',
  // Without the parentheses that most people write.
  "principal.groups.all(g, g == 'dba')",
  "!principal.groups.exists(g, g == 'dba')",
  "principal.groups.exists(g, g == 'dba') == request.sql.hasLimit",
  "!(principal.agent == 'a') == request.sql.hasWhere",
  "request.sql.hasWhere == !(principal.agent != 'b')",
  'request.sql.statementCount > 1 == false',
  'false != request.sql.statementCount < 2',
  "(principal.agent == 'a' || principal.agent == 'b' || 'd' == principal.agent)",
  "!(principal.agent != 'a' && principal.agent != 'b' && principal.agent != 'c')",
  "(principal.agent == 'a' && principal.agent == 'a' && principal.agent == 'a')",
  "(principal.agent != 'a' || principal.agent != 'b' || principal.agent != 'b')",
  'true',
  'false',
);

const condition = fc.letrec<{ all: string; chain: string; one: string }>((tie) => ({
  all: fc.oneof({ maxDepth: 4 }, tie('one'), tie('chain')),
  chain: fc
    .record({
      parts: fc.array(tie('all'), { minLength: 2, maxLength: 4 }),
      operator: fc.constantFrom('&&', '||'),
    })
    .map(({ parts, operator }) => `(${parts.join(` ${operator} `)})`),
  one: fc.oneof(
    { maxDepth: 3 },
    asked,
    tie('all').map((part) => `!(${part})`),
    tie('all').map((part) => `!${part.startsWith('(') ? part : `(${part})`}`),
    fc
      .record({ part: tie('all'), with: fc.constantFrom('== true', '!= true', '== false', '!= false') })
      .map(({ part, with: literal }) => `(${part}) ${literal}`),
    fc.record({ left: tie('all'), right: tie('all') }).map(({ left, right }) => `(${left}) == (${right})`),
  ),
})).all;

const facts = fc.record(
  {
    hasWhere: fc.boolean(),
    hasLimit: fc.boolean(),
    statementCount: fc.constantFrom(1n, 2n),
  },
  { requiredKeys: [] },
);
const inputs = fc.record({
  facts,
  agent: fc.constantFrom('a', 'b', 'c', 'd'),
  groups: fc.subarray(['dba', 'ops']),
  labels: fc.constantFrom({}, { team: 'a' }, { team: 'b' }),
  text: fc.constantFrom('drop (', 'aa)', 'select'),
});

function answer(
  source: string,
  input: typeof inputs extends fc.Arbitrary<infer Input> ? Input : never,
): ConditionResult {
  const compiled = compileCondition(source);
  assert.ok(compiled.ok, source);
  const result = compiled.condition.evaluate({
    request: { vocabulary: 'sql', text: input.text, actions: [], facts: input.facts },
    principal: { person: 'ann', groups: input.groups, agent: input.agent, workspace: 'shop', task: 't' },
    resource: { name: 'shop-db', protocol: 'postgres', labels: input.labels },
    now: new Date('2026-06-01T12:00:00Z'),
  });
  // Which of several parts failed first is no part of the answer.
  return typeof result === 'boolean' ? result : { error: '' };
}

function conditionOf(text: string): string {
  const rules = entryOf(parseYaml('', text).root, 'rules')?.value;
  const when = rules?.kind === 'sequence' ? entryOf(rules.items[0], 'when')?.value : undefined;
  assert.ok(when?.kind === 'scalar');
  return String(when.value);
}

const styles: Readonly<Record<string, (source: string) => string>> = {
  plain: (source) => source,
  double: (source) => JSON.stringify(source),
  single: (source) => `'${source.replaceAll("'", "''")}'`,
  literal: (source) => `|-\n  ${source}`,
};

test('a condition in other words gives each request the same answer', () => {
  let made = 0;
  fc.assert(
    fc.property(
      condition,
      fc.constantFrom(...Object.keys(styles)),
      fc.array(inputs, { minLength: 4, maxLength: 4 }),
      (source, style, requests) => {
        // Plain scalars cannot begin with `!`.
        const write = styles[style === 'plain' && source.startsWith('!') ? 'double' : style];
        const text = ruleOf(`name: x\neffect: deny\nmessage: Ask first.\nwhen: ${write?.(source)}`);
        const { diagnostics } = checkWorkspace({
          workspace: { file: 'gatehouse.yaml', text: sampleWorkspace },
          policies: new Map([['a.policy.yaml', text]]),
        });
        for (const { code, fixes = [] } of diagnostics) {
          if (!codes.has(code)) continue;
          for (const { edits, safety } of fixes) {
            made++;
            assert.equal(safety, 'safe');
            const after = conditionOf(applyEdits(text, edits));
            assert.notEqual(after, source);
            for (const input of requests)
              assert.deepEqual(answer(after, input), answer(source, input), `${code}: ${after}`);
          }
        }
      },
    ),
    { numRuns: 150 },
  );
  assert.ok(made > 50, `only ${made} fixes were tried`);
});
