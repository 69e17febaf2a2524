import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Flow, Lineage, Operand } from './lineage.ts';
import { executed, fetched } from './references.ts';

const email: Flow = { origins: [{ relation: 1, attribute: 2, how: 'copy' }], anything: false };

const lineage = (more: Partial<Lineage>): Lineage => ({
  form: 'rows',
  columns: [],
  uses: [],
  writes: [],
  code: false,
  keepsText: false,
  exposedParameters: [],
  ...more,
});

const compared = (...operands: Operand[]): Lineage['uses'][number] => ({
  kind: 'equality',
  place: 'WHERE',
  value: email,
  with: operands,
});
const literal = (start: number): Operand => ({ kind: 'literal', start, end: start + 3, value: 'x' });
const parameter = (number: number, isArray = false): Operand => ({ kind: 'parameter', number, isArray });

const inner = lineage({
  columns: [{ name: 'email', ...email }],
  uses: [compared(parameter(1), literal(50), parameter(2, true))],
  exposedParameters: [3],
});
const outer = lineage({ form: 'unknown' });

function operandsOf({ uses }: Lineage): readonly Operand[] {
  return uses.flatMap((use) => (use.kind === 'equality' ? use.with : []));
}

describe('an EXECUTE', () => {
  it('gives its arguments where the prepared text has parameters, and settles its constants', () => {
    const told = executed(outer, inner, [literal(10), literal(20), literal(30)]);
    assert.deepEqual(operandsOf(told), [
      literal(10),
      { kind: 'null' },
      { kind: 'array-literal', start: 20, end: 23, value: 'x' },
    ]);
    assert.deepEqual([told.form, told.columns], ['rows', inner.columns]);
  });

  it('hands parameters of its own on, and exposes what the prepared text does', () => {
    const told = executed(outer, inner, [parameter(5), parameter(6), parameter(7)]);
    assert.deepEqual(operandsOf(told), [parameter(5), { kind: 'null' }, parameter(6, true)]);
    assert.deepEqual(told.exposedParameters, [7]);
  });

  it('gives anything where it gives too little', () => {
    const [first] = operandsOf(executed(outer, inner, []));
    assert.deepEqual(first, { kind: 'value', flow: { origins: [], anything: true } });
  });

  it('is a plan in EXPLAIN, which keeps its text', () => {
    const told = executed(lineage({ form: 'plan' }), inner, []);
    assert.deepEqual([told.form, told.keepsText], ['plan', true]);
  });

  it('puts its columns into a table that is made of it', () => {
    const told = executed(lineage({ form: 'none' }), inner, []);
    assert.equal(told.form, 'none');
    assert.deepEqual(
      told.writes.map(({ target, made, value }) => [target, made?.column, value]),
      [[undefined, 'email', { kind: 'value', flow: email }]],
    );
  });
});

it('a FETCH gives the columns of its cursor, whose values were settled when it was opened', () => {
  const told = fetched(inner);
  assert.deepEqual([told.form, told.columns], ['rows', inner.columns]);
  assert.deepEqual(operandsOf(told), [{ kind: 'null' }, { kind: 'null' }, { kind: 'null' }]);
});
