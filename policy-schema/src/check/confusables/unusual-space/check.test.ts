import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'unusual-space';

test('a no-break space in a list or a condition is found', () => {
  finds(code, ruleOf('name: x\neffect: deny\nsql: { tables: [public.a,«\u00a0»public.b] }'), [/U\+00A0/], {
    broken: true,
  });
  finds(code, ruleOf("name: x\neffect: deny\nwhen: |\n  request.text ==«\u3000»'a'"), [/U\+3000/], {
    broken: true,
  });
});

test('also where a key or an indentation should end', () => {
  finds(code, ruleOf('name: x\neffect:«\u2003»deny'), [/U\+2003/], { broken: true });
});

test('a break that YAML does not know is found even in a comment', () => {
  finds(code, ruleOf('name: x # a«\u2028»effect: allow\neffect: deny'), [/line break/]);
});

test('comments, messages and descriptions are written as people like', () => {
  silent(code, ruleOf('name: x # 10\u00a0000 rows\neffect: deny\nmessage: Qui\u202f? Pourquoi\u00a0!'));
  silent(code, ruleOf('name: x\neffect: deny\ndescription: >\n  10\u00a0000\n  rows'));
});

test('usual spaces are no matter', () => {
  silent(code, ruleOf('name:   x\neffect: deny\nmessage: a  b'));
});

test('a usual space can be put there', () => {
  mends(
    code,
    ruleOf('name: x\neffect: deny\nsql: { tables: [public.a,\u00a0 public.b] }'),
    ruleOf('name: x\neffect: deny\nsql: { tables: [public.a,  public.b] }'),
    { safety: 'safe' },
  );
});
