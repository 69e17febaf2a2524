import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'comprehension-nested';
const when = (condition: string): string =>
  ruleOf(`name: x\neffect: deny\nmessage: Ask for less.\nwhen: |\n  ${condition}`);

test('a list of the request inside of another is found at the inner word', () => {
  finds(code, when('request.sql.tables.exists(t, request.sql.columns.«exists»(c, t.endsWith(c)))'), [
    /`request\.sql\.tables` this goes through all of `request\.sql\.columns`/,
  ]);
});

test('the same list twice is found too, however deep the inner one stands', () => {
  finds(
    code,
    when('request.sql.tables.all(t, !(t == "a" || request.sql.tables.«exists»(u, u.contains(t))))'),
    [/product of both/],
  );
});

test('a list that is spelled out, or a part of the item, stays short', () => {
  silent(code, when('request.sql.tables.all(t, ["public.", "app."].exists(p, t.startsWith(p)))'));
  silent(code, when('["public.", "app."].all(p, request.sql.tables.exists(t, t.startsWith(p)))'));
  silent(code, when('request.sql.tables.all(t, t.split(".").exists(p, p.size() > 60))'));
});

test('lists one after the other are no product', () => {
  silent(code, when('request.sql.tables.all(t, t != "a") && request.sql.columns.all(c, c != "b")'));
});
