import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'exists-for-in';
const when = (condition: string): string =>
  ruleOf(`name: no-drops\neffect: deny\nmessage: Ask the owners first.\nwhen: |\n  ${condition}`);

test('a comprehension that compares each item with one text is found at its word', () => {
  finds(code, when('principal.groups.«exists»(g, g == "dba")'), [/Write `"dba" in principal\.groups`/]);
  finds(code, when('request.sql.tables.«all»(t, "public.a" != t)'), [
    /Write `!\("public\.a" in request\.sql\.tables\)`/,
  ]);
});

test('inside of another comprehension its variable may be asked for', () => {
  finds(code, when('["dba", "ops"].all(r, principal.groups.«exists»(g, g == r))'), [
    /`r in principal\.groups`/,
  ]);
});

test('comprehensions that ask for more are fine', () => {
  silent(code, when('request.sql.tables.exists(t, t.startsWith("public."))'));
  silent(code, when('request.sql.tables.all(t, t == "public.a")'));
  silent(code, when('request.sql.tables.exists(t, t != "public.a")'));
  silent(code, when('request.sql.tables.exists(t, t == t)'));
});

test('what may be missing is not asked for earlier than it was', () => {
  silent(code, when('principal.groups.exists(g, g == resource.labels.team)'));
});

test('the fix asks with in', () => {
  mends(code, when('principal.groups.exists(g, g == "dba")'), when('"dba" in principal.groups'), {
    safety: 'safe',
  });
  mends(code, when('!principal.groups.exists(g, g == "dba")'), when('!("dba" in principal.groups)'));
  mends(
    code,
    when('request.sql.tables.all(t, t != "public.a") && request.sql.hasWhere'),
    when('!("public.a" in request.sql.tables) && request.sql.hasWhere'),
  );
});
