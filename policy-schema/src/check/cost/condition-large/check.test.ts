import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'condition-large';
const when = (condition: string): string =>
  ruleOf(`name: x\neffect: deny\nmessage: Ask for less.\nwhen: ${condition}`);
const parts = (count: number, operator: string): string =>
  Array.from({ length: count }, (_, at) => `request.text.contains('word${at}')`).join(operator);

test('a condition of very many parts is found whole, with their number', () => {
  finds(code, when(`«"${parts(40, ' || ')}"»`), [/has 1\d\d parts/]);
});

test('what stands between the parts is no matter', () => {
  finds(code, when(`«"(${parts(30, ' || ')}) && !(${parts(40, ' && ')})"»`), [
    /Make rules of its alternatives/,
  ]);
});

test('conditions that a person can read are fine, and so are long lists of texts', () => {
  silent(code, when(`"${parts(10, ' || ')}"`));
  const names = Array.from({ length: 200 }, (_, at) => `'table${at}'`).join(', ');
  silent(code, when(`"request.sql.tables.all(t, t in [${names}])"`));
});

test('a long text in a small condition is no matter', () => {
  silent(code, when(`"request.text == '${'a'.repeat(3000)}'"`));
});
