import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'ignore-without-reason';

/** A rule that allow-without-tables finds, with a comment above it. */
const above = (comment: string): string =>
  ruleOf('name: x\neffect: allow\nsql: { actions: [select] }').replace('rules:\n', `rules:\n  ${comment}\n`);

test('a comment without a reason is found, and works', () => {
  finds(code, above('«# gatehouse-ignore allow-without-tables»'), [/Say why/]);
  silent('allow-without-tables', above('# gatehouse-ignore allow-without-tables'));
});

test('what the editor writes for a person to replace is no reason', () => {
  finds(code, above('«# gatehouse-ignore allow-without-tables: say why»'), [/Say why/]);
});

test('a reason is enough, and a text that only looks like a comment is none', () => {
  silent(code, above('# gatehouse-ignore allow-without-tables: all of it is public'));
  silent(code, ruleOf('name: x\neffect: deny\nmessage: |\n  # gatehouse-ignore allow-without-tables'));
});
