import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'invisible-character';
const deny = (table: string) => ruleOf(`name: x\neffect: deny\nsql: { tables: ["${table}"] }`);

test('characters of no width in a name are found', () => {
  finds(code, deny('public.or«\u200b»ders'), [/U\+200B/]);
  finds(code, deny('public.«\u00ad»or«\ufeff»ders'), [/U\+00AD/, /U\+FEFF/]);
  finds(code, deny('public.orders«\u3164»'), [/U\+3164/]);
});

test('also in conditions, in comments and where several stand together', () => {
  finds(code, ruleOf('name: x # a«\u2060\u2060»b\neffect: deny\nwhen: |\n  request.text == "a«\ufe0f»b"'), [
    /U\+2060/,
    /U\+FE0F/,
  ]);
  finds(code, ruleOf('name: x # «\u{e0041}\u{e0042}»\neffect: deny'), [/U\+E0041/]);
});

test('what belongs to a picture or to a word is no matter', () => {
  silent(code, ruleOf('name: x\neffect: deny\nmessage: "⚠\ufe0f Ask 👩\u200d💻 first"'));
  silent(code, ruleOf('name: x\neffect: deny\nmessage: "می\u200cخواهم"'));
});

test('a byte order mark at the start of a file is no matter', () => {
  silent(code, `\ufeff${ruleOf('{ name: x, effect: deny }')}`);
});

test('it can be removed', () => {
  mends(code, deny('public.or\u200bders'), deny('public.orders'), { safety: 'safe' });
});
