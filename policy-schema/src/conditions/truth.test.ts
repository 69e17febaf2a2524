import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileCondition } from './condition.ts';
import { anyCondition, everyInput } from './conditions.fixture.ts';
import { truth } from './truth.ts';

function known(source: string): boolean | undefined {
  const compiled = compileCondition(source);
  assert.ok(compiled.ok, source);
  return truth(compiled.condition.tree);
}

const cases: readonly (readonly [source: string, known: boolean | undefined])[] = [
  ['true', true],
  ['!true || false', false],
  ['request.sql.hasWhere && !request.sql.hasWhere', false],
  ['request.sql.hasWhere || !request.sql.hasWhere', true],
  ['request.sql.hasWhere', undefined],
  ['request.sql.length > 5 && request.sql.length < 3', false],
  ['request.sql.length > 2 && request.sql.length < 3', false],
  ['request.sql.length >= 2 && request.sql.length <= 3', undefined],
  [
    'request.sql.length > 1 && request.sql.length < 4 && request.sql.length != 2 && 3 != request.sql.length',
    false,
  ],
  ['request.sql.length > 3 || request.sql.length <= 5', true],
  ['request.sql.plannerCost > 3.0 || request.sql.plannerCost <= 5.0', undefined],
  ['request.sql.plannerCost > 5.0 && request.sql.plannerCost < 3.0', false],
  ['request.sql.plannerCost > 2.0 && request.sql.plannerCost < 3.0', undefined],
  ['resource.name == "a" && resource.name == "b"', false],
  ['resource.name != "a" || resource.name != "b"', true],
  ['resource.name == "a" || resource.name == "b"', undefined],
  ['resource.name in ["a", "b"] && resource.name == "c"', false],
  ['resource.name in ["a"] && resource.name != "a"', false],
  ['resource.name in []', false],
  ['resource.name == "a" && (resource.name == "b" || resource.name == "c")', false],
  ['resource.name == "a" && (resource.name == "a" || request.sql.hasWhere)', undefined],
  ['request.sql.hasWhere == true && request.sql.hasWhere == false', false],
  ['!(request.sql.hasWhere || request.sql.hasLimit) && request.sql.hasLimit', false],
  ['request.sql.hasWhere ? request.sql.hasLimit && !request.sql.hasLimit : false', false],
  ['now < timestamp("2026-01-01T00:00:00Z") && now > timestamp("2026-02-01T00:00:00Z")', false],
  ['principal.groups.exists(g, g == "a") && principal.groups.exists(g, g == "b")', undefined],
  ['principal.groups.exists(g, g == "a") && !principal.groups.exists(g, g == "a")', false],
];

for (const [source, expected] of cases) {
  test(`${source} is ${expected === undefined ? 'not known' : `always ${expected}`}`, () => {
    assert.equal(known(source), expected);
  });
}

test('what is known is so for every request for which the condition has a value', () => {
  let found = 0;
  fc.assert(
    fc.property(anyCondition, (source) => {
      const compiled = compileCondition(source);
      assert.ok(compiled.ok);
      const always = truth(compiled.condition.tree);
      if (always === undefined) return;
      found++;
      for (const input of everyInput) {
        const value = compiled.condition.evaluate(input);
        if (typeof value === 'boolean') assert.equal(value, always, source);
      }
    }),
    { numRuns: 1500 },
  );
  assert.ok(found > 100, `${found} conditions`);
});
