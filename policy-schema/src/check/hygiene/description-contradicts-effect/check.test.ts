import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'description-contradicts-effect';
const rule = (
  name: string,
  effect: string,
  more = 'sql: { actions: [delete], tables: [public.a] }',
): string => ruleOf(`name: ${name}\neffect: ${effect}\n${more}`);

test('a name that says deny on a rule that allows is found at the name', () => {
  for (const name of [
    'deny-deletes',
    'block_deletes',
    'no-deletes',
    'no-schema-changes',
    'never-delete',
    'forbid-all',
  ])
    finds(code, rule(`«${name}»`, 'allow'), [/whose effect is `allow`/]);
});

test('a name that says allow on a rule that denies is found', () => {
  finds(code, rule('«allow-deletes»', 'deny'), [/whose effect is `deny`/]);
  finds(code, rule('«permit-all»', 'deny'), [/Make one of them say what is meant/]);
});

test('a rule that says that it asks, and does not, is found', () => {
  finds(code, rule('«deletes-need-a-person»', 'allow'), [/`allow`/]);
  finds(code, rule('«ask-before-deletes»', 'allow'), [/`allow`/]);
});

test('descriptions are read as names are', () => {
  finds(
    code,
    rule(
      'deletes',
      'allow',
      'description: «Blocks every delete of an order.»\nsql: { actions: [delete], tables: [public.a] }',
    ),
    [/`allow`/],
  );
});

test('reading only is no writing', () => {
  finds(code, rule('«shop-read-only»', 'allow'), [/reading only/]);
  finds(code, rule('«readonly»', 'allow', 'sql: { tables: [public.a] }'), [/lets more than that pass/]);
  silent(code, rule('shop-read-only', 'allow', 'sql: { actions: [select, show], tables: [public.a] }'));
  silent(code, rule('only-reads', 'deny'));
});

test('words and effect that agree are fine, and a held request is neither', () => {
  silent(code, rule('deny-deletes', 'deny'));
  silent(code, rule('no-deletes', 'approve'));
  silent(code, rule('allow-deletes', 'allow'));
  silent(code, rule('allow-deletes', 'approve'));
  silent(code, rule('deletes-need-a-person', 'approve'));
});

test('words that say more than one thing are left alone', () => {
  silent(code, rule('allow-only-reads', 'deny'));
  silent(code, rule('no-op', 'allow'));
  silent(code, rule('no-where-needed', 'allow'));
  silent(code, rule('deny-list-of-the-shop', 'allow'));
  silent(code, rule('blocked-users', 'allow', 'sql: { actions: [select], tables: [public.blocked] }'));
  silent(
    code,
    rule(
      'drafts',
      'allow',
      'description: Never more than drafts, but those freely.\nsql: { actions: [delete], tables: [public.a] }',
    ),
  );
});

test('the fix denies what was said to be denied', () => {
  mends(code, rule('no-deletes', 'allow'), rule('no-deletes', 'deny'), { safety: 'unsafe' });
});
