import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'typographic-character';
const deny = (table: string) => ruleOf(`name: x\neffect: deny\nsql: { tables: [${table}] }`);

test('quotes of a word processor are found', () => {
  finds(code, deny('«“»public.orders«”»'), [/no `"`/, /no `"`/], { broken: true });
});

test('stars and dashes that are others are found in patterns and conditions', () => {
  finds(code, deny('"public.«∗»"'), [/Write `\*`/], { broken: true });
  finds(code, ruleOf('name: x\neffect: deny\nwhen: request.sql.statementCount > «–»1'), [/no `-`/], {
    broken: true,
  });
});

test('comments, messages and descriptions are written as people like', () => {
  silent(code, ruleOf('name: x # “so” – or not\neffect: deny\nmessage: Don’t – ask “a person”.'));
});

test('the usual signs are no matter', () => {
  silent(code, deny('"public.*", public.order-items'));
});

test('the usual sign can be put there', () => {
  mends(code, deny('"public.x∗"'), deny('"public.x*"'), { safety: 'unsafe' });
});
