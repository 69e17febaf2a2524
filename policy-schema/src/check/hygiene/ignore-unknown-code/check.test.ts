import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'ignore-unknown-code';

/** A rule that allow-without-tables finds, with a comment above it. */
const above = (comment: string): string =>
  ruleOf('name: x\neffect: allow\nsql: { actions: [select] }').replace('rules:\n', `rules:\n  ${comment}\n`);

test('a code that no check has is found, and the one that is meant is offered', () => {
  finds(code, above('# gatehouse-ignore «allow-without-table»: why'), [
    /Did you mean `allow-without-tables`/,
  ]);
  mends(
    code,
    above('# gatehouse-ignore allow-without-table: why'),
    above('# gatehouse-ignore allow-without-tables: why'),
    { safety: 'unsafe' },
  );
});

test('a comment without a code leaves nothing', () => {
  finds(code, above('«# gatehouse-ignore»'), [/which code/]);
  finds(code, above('«# gatehouse-ignore: because»'), [/which code/]);
});

test('several codes may stand in one comment, and codes of the language are known', () => {
  silent(code, above('# gatehouse-ignore allow-without-tables, unknown-resource: why'));
});
