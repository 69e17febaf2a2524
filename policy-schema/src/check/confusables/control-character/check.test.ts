import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'control-character';
const message = (text: string) => ruleOf(`name: x\neffect: deny\nmessage: ${text}`);

test('an escape sequence in a message is found as a whole', () => {
  finds(code, message('a«\u001b[2J»b'), [/U\+001B/]);
  finds(code, message('a«\u009b»31m b'), [/U\+009B/]);
});

test('other control characters are found anywhere', () => {
  finds(code, ruleOf('name: x # «\b\b»\neffect: deny\nsql: { tables: ["public.a«\u007f»"] }'), [
    /U\+0008/,
    /U\+007F/,
  ]);
});

test('escapes for them are found in a double-quoted message', () => {
  finds(code, message('"a«\\e[31m»b«\\x1b»c«\\u0007»"'), [/terminal/, /terminal/, /terminal/]);
  finds(code, ruleOf('{ name: x, effect: deny, message: "«\\x9b»" }'), [/escape/]);
});

test('tabs, line breaks and backslashes that stand for themselves are no matter', () => {
  silent(code, message('"a\\tb\\nc\\\\e[31m \\u00e9 \\x41"'));
  silent(code, message("'a\\e[31m'"));
  silent(code, message('a\tb'));
});

test('regular expressions of conditions are no matter', () => {
  silent(code, ruleOf(`name: x\neffect: deny\nwhen: 'request.text.matches("\\\\bdrop\\\\b")'`));
});

test('they can be removed', () => {
  mends(code, message('a\u001b[2Jb'), message('ab'), { safety: 'safe' });
  mends(code, message('"a\\e[31mb"'), message('"ab"'), { safety: 'safe' });
});
