import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ConditionResult, compileCondition } from '../../../conditions/condition.ts';
import { anyCondition, everyInput } from '../../../conditions/conditions.fixture.ts';
import { applyEdits } from '../../../syntax/edits.ts';
import { finds, mends, ruleOf, sampleWorkspace, silent } from '../../check.fixture.ts';
import { checkWorkspace } from '../../check-workspace.ts';
import { conditionRedundantPart } from './check.ts';

const code = 'condition-redundant-part';
const when = (condition: string) =>
  ruleOf(`name: x\neffect: deny\nsql: { actions: [delete] }\nwhen: ${condition}`);
const block = (...lines: readonly string[]) => when(`|\n${lines.map((line) => `      ${line}`).join('\n')}`);

test('a part that stands twice is found the second time', () => {
  finds(code, block('request.sql.hasWhere && «request.sql.hasWhere»'), [/is true too/]);
  finds(code, block('request.sql.hasWhere || (resource.name == "a" || «request.sql.hasWhere»)'), [
    /is false too/,
  ]);
});

test('a constant in a chain is found', () => {
  finds(code, block('request.sql.hasWhere && «true»'), [/always true/]);
  finds(code, block('«false» || request.sql.hasWhere'), [/always false/]);
});

test('a comparison that another one implies is found', () => {
  finds(code, block('«request.sql.length > 3» && request.sql.length > 5'), [/changes nothing/]);
  finds(code, block('resource.name == "a" && «resource.name != "b"»'), [/changes nothing/]);
  finds(code, block('request.sql.hasWhere && («request.sql.hasWhere || request.sql.hasLimit»)'), [
    /changes nothing/,
  ]);
});

test('two negations and comparisons with true are found, in comprehensions too', () => {
  finds(code, block('«!!»request.sql.hasWhere'), [/Two negations/]);
  finds(code, block('principal.groups.exists(g, (g == "a") == «true»)'), [/true or false already/]);
});

test('parts that differ are needed', () => {
  silent(code, block('request.sql.hasWhere && request.sql.hasLimit || request.sql.inTransaction'));
  silent(code, block('request.sql.length > 3 && request.sql.length < 5'));
  silent(code, block('principal.groups.exists(g, g == "a") && principal.groups.exists(h, h == "b")'));
  silent(code, block('(request.sql.hasWhere || request.sql.hasLimit) && !request.sql.hasWhere'));
});

test('a condition that is always true is told of as a whole', () => {
  silent(code, when('"true && true"'));
  silent(code, block('request.sql.hasWhere || !request.sql.hasWhere || request.sql.hasWhere'));
});

test('the part goes with its operator and its parentheses', () => {
  const one = block('request.sql.hasWhere');
  mends(code, block('request.sql.hasWhere && request.sql.hasWhere'), one, { safety: 'safe' });
  mends(code, block('request.sql.hasWhere', '  && (true)'), one, { safety: 'safe' });
  mends(code, block('((false)) || request.sql.hasWhere'), one, { safety: 'safe' });
  mends(code, block('request.sql.hasWhere && (request.sql.hasLimit || request.sql.hasWhere)'), one, {
    safety: 'safe',
  });
  mends(
    code,
    block('(request.sql.hasLimit || true && request.sql.hasWhere) && resource.name == "a"'),
    block('(request.sql.hasLimit || request.sql.hasWhere) && resource.name == "a"'),
  );
  mends(code, block('!!request.sql.hasWhere'), one, { safety: 'safe' });
  mends(code, block('request.sql.hasWhere == true'), one, { safety: 'safe' });
  mends(code, block('request.sql.hasWhere == false'), block('!request.sql.hasWhere'), { safety: 'safe' });
});

test('safe fixes leave every answer as it was', () => {
  let made = 0;
  fc.assert(
    fc.property(anyCondition, (source) => {
      const text = ruleOf(`name: x\neffect: deny\nwhen: ${JSON.stringify(source)}`);
      const { diagnostics } = checkWorkspace({
        workspace: { file: 'gatehouse.yaml', text: sampleWorkspace },
        policies: new Map([['a', text]]),
        checks: [conditionRedundantPart],
      });
      const before = compileCondition(source);
      assert.ok(before.ok);
      for (const { fixes = [] } of diagnostics) {
        for (const { edits, safety } of fixes) {
          made++;
          const changed = applyEdits(text, edits);
          const after = compileCondition(JSON.parse(/when: (.*)/.exec(changed)?.[1] ?? ''));
          assert.ok(after.ok, changed);
          for (const input of everyInput) {
            const was: ConditionResult = before.condition.evaluate(input);
            const is: ConditionResult = after.condition.evaluate(input);
            // Words about what failed may be of another part.
            const asWell = typeof was === 'object' && typeof is === 'object';
            if (safety === 'safe' && !asWell) assert.deepEqual(is, was, changed);
            if (typeof was === 'boolean' && typeof is === 'boolean') assert.equal(is, was, changed);
          }
        }
      }
    }),
    { numRuns: 400 },
  );
  assert.ok(made > 80, `${made} fixes`);
});
