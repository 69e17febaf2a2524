import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'mixed-script-name';
const deny = (table: string) => ruleOf(`name: x\neffect: deny\nsql: { tables: ["${table}"] }`);

test('a Cyrillic or Greek letter among Latin ones is found', () => {
  finds(code, deny('public.«\u043erders»'), [/Latin and Cyrillic/]);
  finds(code, deny('«publ\u03b9c».orders'), [/Latin and Greek/]);
});

test('a word in letters that only look Latin is found beside Latin ones', () => {
  finds(code, deny('public.«\u0441\u043e\u0440\u0443»'), [/looks like `copy`/]);
});

test('also in a condition', () => {
  finds(code, ruleOf('name: x\neffect: deny\nwhen: \'"«db\u0430»" in principal.groups\''), [/Cyrillic/]);
});

test('names of another language are no matter', () => {
  silent(code, deny('public.заказы'));
  silent(code, deny('public.users_таблица'));
  silent(code, deny('public.πελάτες'));
  silent(code, deny('магазин.сору'));
  silent(code, deny('public.größe", "public.注文テーブルA'));
});

test('comments, messages and descriptions are no matter', () => {
  silent(code, ruleOf('name: x # Δt und αTocopherol\neffect: deny\nmessage: "SQL-запрос, DBА"'));
});

test('the look-alikes can be put right', () => {
  mends(code, deny('public.\u043erders'), deny('public.orders'), { safety: 'unsafe' });
});
