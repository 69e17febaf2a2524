import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyOf, sampleWorkspace } from '../check/check.fixture.ts';
import { checkWorkspace } from '../check/check-workspace.ts';
import { assertFound, marked } from '../model/marked.fixture.ts';

const policy = policyOf(
  'rules:\n  - { name: no-drops, effect: deny, sql: { actions: [drop] }, message: Ask first. }\n',
  { name: 'shop' },
);

function found(source: string, policies: Readonly<Record<string, string>>, workspace = sampleWorkspace) {
  const file = '.gatehouse/tests/shop.test.yaml';
  const text = marked(`gatehouse: v1\nkind: Test\n${source}`);
  const { diagnostics, set } = checkWorkspace({
    workspace: { file: '.gatehouse/gatehouse.yaml', text: workspace },
    policies: new Map(Object.entries(policies)),
    tests: new Map([[file, text.text]]),
  });
  return { text, set, diagnostics: diagnostics.filter((each) => each.file === file) };
}

test('resources and rules that are not there are told, with what is meant', () => {
  const { text, diagnostics, set } = found(
    `defaults: { resource: «shop» }
cases:
  - { name: a, request: x, resource: «shop-bd», expect: { decision: deny, rules: [«shop/no-drop», shop/no-drops] } }
  - { name: b, request: x, resource: dev-db, expect: { decision: deny, rules: [«test/no-drops»] } }
matrices:
  - { name: c, principals: [{ name: p }], requests: [{ name: r, request: x, resource: «other» }], expect: { r: { p: deny } } }
`,
    { 'shop.policy.yaml': policy },
  );
  assertFound(text, diagnostics, [
    ['unknown-value', /No resource .* There are: shop-db, dev-db/],
    ['unknown-value', /Did you mean `shop-db`/],
    ['unknown-value', /Did you mean `shop\/no-drops`/],
    ['unknown-value', /Did you mean `shop\/no-drops`/],
    ['unknown-value', /No resource/],
  ]);
  assert.ok(set, 'tests have no part in what is enforced');
});

test('nothing is said of rules while a policy cannot be read, nor of resources without gatehouse.yaml', () => {
  const source =
    'cases:\n  - { name: a, request: x, resource: x, expect: { decision: deny, rules: [x/y] } }\n';
  const { diagnostics } = found(source, { 'shop.policy.yaml': `${policy}oops: 1\n` }, 'gatehouse: v2\n');
  assert.deepEqual(diagnostics, []);
});
