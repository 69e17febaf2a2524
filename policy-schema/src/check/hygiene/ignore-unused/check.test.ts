import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'ignore-unused';

/** A rule that allow-without-tables finds, with a comment above it. */
const above = (comment: string): string =>
  ruleOf('name: x\neffect: allow\nsql: { actions: [select] }').replace('rules:\n', `rules:\n  ${comment}\n`);

test('a comment that leaves nothing is found at its code, and can be removed', () => {
  finds(code, above('# gatehouse-ignore «broad-functions»: why'), [/can go/]);
  mends(
    code,
    above('# gatehouse-ignore broad-functions: why'),
    ruleOf('name: x\neffect: allow\nsql: { actions: [select] }'),
    {
      safety: 'safe',
    },
  );
});

test('a comment that stands at another rule than the finding says where it would hold', () => {
  const two = policyOf(
    'rules:\n  # gatehouse-ignore «allow-without-tables»: why\n  - { name: a, effect: deny, message: No. }\n  - { name: b, effect: allow, sql: { actions: [select] } }\n',
  );
  finds(code, two, [/not found where this comment holds/]);
});

test('above a key, behind a line and for a file comments hold', () => {
  silent(
    code,
    ruleOf(
      'name: x\neffect: allow\n# gatehouse-ignore allow-without-tables: why\nsql: { actions: [select] }',
    ),
  );
  silent(
    code,
    ruleOf('name: x\neffect: allow\nsql: { actions: [select] } # gatehouse-ignore allow-without-tables: why'),
  );
  silent(
    code,
    `# gatehouse-ignore-file allow-without-tables: why\n${ruleOf('name: x\neffect: allow\nsql: { actions: [select] }')}`,
  );
});

test('while a file is broken nothing is said of its comments', () => {
  silent(code, `${above('# gatehouse-ignore broad-functions: why')}oops: 1\n`, { broken: true });
});
