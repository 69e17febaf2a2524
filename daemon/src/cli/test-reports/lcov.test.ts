import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RuleCoverage } from '@gatehouse/policy-schema/tests/coverage.ts';
import { lcov } from './lcov.ts';

const file = '.gatehouse/policies/shop.policy.yaml';
const text = `gatehouse: v1
kind: Policy
name: shop
rules:
  - name: read
    effect: allow
    sql: { actions: [select] }
  - name: write, once
    effect: approve
    when: >-
      request.sql.hasWhere &&
      request.sql.estimatedRows > 100
  - { name: a, effect: deny, when: 'true' }
`;
const write = 'request.sql.hasWhere && request.sql.estimatedRows > 100';
const rule = (
  more: Partial<RuleCoverage> & { readonly rule: string; readonly line: number },
): RuleCoverage => ({
  policy: 'shop',
  effect: 'allow',
  location: { file, line: more.line, column: 5 },
  deciding: 0,
  contributing: 0,
  condition: [],
  ...more,
});
const part = (of: string, start: number, end: number, yes: number, no: number) => ({
  start,
  end,
  text: of.slice(start, end),
  true: yes,
  false: no,
});
const rules: readonly RuleCoverage[] = [
  rule({ rule: 'read', line: 5, deciding: 3 }),
  rule({
    rule: 'write, once',
    line: 8,
    condition: [
      part(write, 0, write.length, 0, 2),
      part(write, 0, 20, 1, 1),
      part(write, 24, write.length, 0, 0),
    ],
  }),
  rule({ rule: 'a', line: 13, deciding: 1, condition: [part('true', 0, 4, 1, 0)] }),
];

test('conditions are branches on the lines where they are written', () => {
  assert.equal(
    lcov(rules, new Map([[file, text]])),
    `TN:
SF:${file}
FN:5,shop/read
FN:8,shop/write__once
FN:13,shop/a
FNDA:3,shop/read
FNDA:0,shop/write__once
FNDA:1,shop/a
FNF:3
FNH:2
BRDA:11,0,0,0
BRDA:11,0,1,2
BRDA:11,1,0,1
BRDA:11,1,1,1
BRDA:12,2,0,-
BRDA:12,2,1,-
BRDA:13,3,0,1
BRDA:13,3,1,0
BRF:8
BRH:4
DA:5,3
DA:8,0
DA:11,2
DA:12,0
DA:13,1
LF:5
LH:3
end_of_record
`,
  );
});

test('what readers of the format insist on holds: sums, one record a line, functions and branches on lines that are there', () => {
  for (const texts of [new Map([[file, text]]), new Map<string, string>()]) {
    const lines = lcov(rules, texts).trimEnd().split('\n');
    const fields = (kind: string) =>
      lines
        .filter((line) => line.startsWith(`${kind}:`))
        .map((line) => line.slice(kind.length + 1).split(','));
    const total = (kind: string) => Number(fields(kind)[0]?.[0]);
    const known = fields('DA').map(([line]) => line);
    assert.equal(new Set(known).size, known.length);
    assert.equal(total('LF'), known.length);
    assert.equal(total('LH'), fields('DA').filter(([, times]) => Number(times) > 0).length);
    assert.equal(total('FNF'), fields('FN').length);
    assert.equal(total('FNH'), fields('FNDA').filter(([times]) => Number(times) > 0).length);
    assert.equal(total('BRF'), fields('BRDA').length);
    const taken = fields('BRDA').filter(([, , , times]) => times !== '-' && Number(times) > 0);
    assert.equal(total('BRH'), taken.length);
    const branches = fields('BRDA').map(([line, block, branch]) => `${line}/${block}/${branch}`);
    assert.equal(new Set(branches).size, branches.length);
    for (const [line] of [...fields('FN'), ...fields('BRDA')]) assert.ok(known.includes(line), line);
    assert.deepEqual(
      fields('FN').map(([, name]) => name),
      fields('FNDA').map(([, name]) => name),
    );
  }
});
