import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'bidi-character';

test('an override in a comment, a pattern or a message is found', () => {
  finds(code, ruleOf('name: x # «\u202e» deny\neffect: allow\nsql: { actions: [begin] }'), [/U\+202E/]);
  finds(
    code,
    ruleOf('name: x\neffect: deny\nsql: { tables: ["public.«\u2066»orders«\u2069»"] }\nmessage: a«\u202d»b'),
    [/U\+2066/, /U\+2069/, /U\+202D/],
  );
});

test('a mark beside nothing that needs it is found', () => {
  finds(code, ruleOf('name: x\neffect: deny\nmessage: Ask«\u200f» a person.'), [/U\+200F/]);
});

test('also in a file that is not YAML', () => {
  finds(code, '{ a: «\u202e»', [/another order/], { broken: true });
});

test('marks beside Hebrew or Arabic are part of it', () => {
  silent(code, ruleOf('name: x\neffect: deny\nmessage: "שאל אדם (DBA)\u200f."'));
  silent(code, ruleOf('name: x # اسأل\u200e!\neffect: deny'));
});

test('a file without such characters is no matter', () => {
  silent(code, ruleOf('name: x\neffect: deny\nmessage: "Fragen Sie: „wer?“ – 日本語"'));
});

test('it can be removed', () => {
  mends(
    code,
    ruleOf('name: x\neffect: deny\nmessage: a\u202eb'),
    ruleOf('name: x\neffect: deny\nmessage: ab'),
    {
      safety: 'safe',
    },
  );
});
