import { test } from 'node:test';
import { finds, mends, ruleOf, silent } from '../../check.fixture.ts';

const code = 'unknown-literal';
const when = (condition: string) => ruleOf(`name: x\neffect: deny\nwhen: |\n      ${condition}`);

test('kinds of action that do not exist are found, with the one that is near', () => {
  finds(code, when('«"delte"» in request.sql.actions'), [/Did you mean `delete`/]);
  finds(code, when('request.sql.statements[0] == «"DROP"»'), [/`drop`/]);
  finds(code, when('request.sql.statements.all(s, s in ["select", «"sellect"»])'), [/select/]);
  finds(code, when('request.sql.actions.exists(a, a == «"merge"»)'), [/There are: select/]);
});

test('a protocol that does not exist is found', () => {
  finds(code, when('resource.protocol == «"mysql"»'), [/no protocol `mysql`/]);
});

test('kinds that exist, and texts that are compared with something else, are fine', () => {
  silent(code, when('"delete" in request.sql.actions || request.sql.statements[0] == "drop"'));
  silent(code, when('request.sql.tables.exists(a, a == "delte")'));
  silent(code, when('request.sql.actions.exists(a, request.sql.tables.exists(t, t == "delte"))'));
  silent(code, when('resource.labels.kind == "mysql"'));
});

test('a part of a kind is looked for on purpose', () => {
  silent(code, when('request.sql.actions.exists(a, a.startsWith("security"))'));
});

test('the word can be written, for sure where only the case differs', () => {
  mends(code, when('"DROP" in request.sql.actions'), when('"drop" in request.sql.actions'), {
    safety: 'safe',
  });
  mends(code, when('"delte" in request.sql.actions'), when('"delete" in request.sql.actions'), {
    safety: 'unsafe',
  });
});
