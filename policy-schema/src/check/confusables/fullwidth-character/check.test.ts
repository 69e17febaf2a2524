import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'fullwidth-character';
const deny = (table: string) => ruleOf(`name: x\neffect: deny\nsql: { tables: ["${table}"] }`);

test('wide letters and a wide star in a pattern are found', () => {
  finds(code, deny('public.«ｏｒｄｅｒｓ»'), [/is not `orders`/]);
  finds(code, deny('public.«＊»'), [/is not `\*`/], { broken: true });
});

test('also in a condition', () => {
  finds(code, ruleOf(`name: x\neffect: deny\nwhen: request.text == "«ｄｒｏｐ»"`), [/`drop`/]);
});

test('comments, messages and names in East Asian writing are no matter', () => {
  silent(code, ruleOf('name: x # ！\neffect: deny\nmessage: Ask（DBA）'));
  silent(code, deny('public.社員ＩＤ'));
});

test('usual letters are no matter', () => {
  silent(code, deny('public.orders'));
});

test('the usual characters can be put there', () => {
  mends(code, deny('public.ｏrders'), deny('public.orders'), { safety: 'unsafe' });
});
