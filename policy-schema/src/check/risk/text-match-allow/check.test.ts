import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'text-match-allow';
const allow = (block: string, when: string) =>
  ruleOf(`name: x\neffect: allow\n${block === '' ? '' : `sql: { ${block} }\n`}when: '${when}'`);

test('a rule that allows whatever begins with a word is found', () => {
  finds(code, allow('', '«request.text.startsWith("SELECT")»'), [/more statements/]);
  finds(code, allow('actions: [select]', '«request.text.matches("from orders")»'), [
    /Name `actions` and `tables`/,
  ]);
});

test('a rule that allows what does not contain a word is found', () => {
  finds(code, allow('tables: ["*"]', '!«request.text.contains("secret")»'), [/other tables/]);
});

test('words beside named tables or functions only narrow down', () => {
  silent(code, allow('actions: [select], tables: [public.orders]', 'request.text.contains("TICKET-")'));
  silent(code, allow('actions: [call], functions: [public.f]', 'request.text.contains("TICKET-")'));
});

test('facts of the statement are no matter', () => {
  silent(code, allow('actions: [select]', 'request.sql.hasLimit'));
  silent(code, allow('actions: [select]', 'request.sql.tables.all(t, t.startsWith("public."))'));
});

test('deny rules are another matter', () => {
  silent(code, ruleOf(`name: x\neffect: deny\nwhen: 'request.text.startsWith("SELECT")'`));
});
