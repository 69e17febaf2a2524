import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits } from '../syntax/edits.ts';
import { assertFound, marked } from '../model/marked.fixture.ts';
import { checkWorkspace } from './check-workspace.ts';

const workspace = {
  file: '.gatehouse/gatehouse.yaml',
  text: `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
`,
};

function policyOf(rest: string, to = '[shop-db]'): string {
  return `gatehouse: v1\nkind: Policy\nname: a\napplies: { to: ${to} }\n${rest}`;
}

function check(text: string): ReturnType<typeof checkWorkspace> {
  return checkWorkspace({ workspace, policies: new Map([['a.yaml', text]]) });
}

test('a workspace without mistakes has its parts and nothing to say', () => {
  const checked = check(
    policyOf(
      'rules:\n  - { name: x, effect: deny, message: Ask a person., when: "!request.sql.hasWhere" }\n',
      '[shop-*, env=prod]',
    ),
  );
  assert.deepEqual(checked.diagnostics, []);
  assert.equal(checked.workspace?.resources.length, 1);
  assert.equal(checked.set?.policies[0]?.rules[0]?.when, '!request.sql.hasWhere');
});

const conditions: readonly (readonly [style: string, text: string])[] = [
  ['plain', 'when: request.sql.«hasWher»\n'],
  ['plain over lines', 'when: request.sql.hasLimit &&\n      request.sql.«hasWher»\n'],
  ['single quotes', "when: '\"it''s\" == request.text && request.sql.«hasWher»'\n"],
  ['double quotes', 'when: "\\"\\u0041\\" == request.text && request.sql.«hasWher»"\n'],
  ['literal', 'when: |\n      request.sql.hasLimit\n        && request.sql.«hasWher»\n'],
  ['folded', 'when: >-\n      request.sql.hasLimit ||\n\n      request.sql.«hasWher»\n'],
  ['CRLF', 'when: >\r\n      request.sql.hasLimit ||\r\n      request.sql.«hasWher»\r\n'],
];

for (const [style, text] of conditions) {
  test(`a mistake in a condition is found at its characters: ${style}`, () => {
    const file = marked(
      policyOf(`rules:\n  - name: x\n    effect: deny\n    message: Ask a person.\n    ${text}`),
    );
    const { set, diagnostics } = check(file.text);
    assert.equal(set, undefined);
    assertFound(file, diagnostics, [['condition-unknown-field', /hasWher/]]);
  });
}

test('a condition that is not CEL is found, also beside other mistakes', () => {
  const file = marked(policyOf('rules:\n  - { name: x, «efect»: deny, when: "request.sql.hasWhere «&»" }\n'));
  assertFound(file, check(file.text).diagnostics, [
    ['unknown-key', /effect/],
    ['condition-syntax', /./],
  ]);
});

test('a condition that YAML cuts short is explained', () => {
  const { diagnostics } = check(
    policyOf(
      'rules:\n  - name: x\n    effect: deny\n    message: Ask a person.\n    when: request.text == "a #1"\n',
    ),
  );
  assert.match(diagnostics[0]?.message ?? '', /comment.*when: \|/);
});

test('a policy for a resource that is not declared gets a warning and stays in force', () => {
  const file = marked(
    policyOf('limits: { rows: 5 }\n', '[shop-db, «shop-bd», env=prod, «env=test», «"staging-*"»]'),
  );
  const { set, diagnostics } = check(file.text);
  assertFound(file, diagnostics, [
    ['unknown-resource', /Did you mean `shop-db`/],
    ['unknown-resource', /Labels in gatehouse\.yaml: env=prod/],
    ['unknown-resource', /Resources in gatehouse\.yaml: shop-db/],
  ]);
  assert.ok(diagnostics.every(({ severity }) => severity === 'warning'));
  assert.equal(set?.policies.length, 1);
});

test('each part stands without the other', () => {
  const none = checkWorkspace({
    workspace: undefined,
    policies: new Map([['a.yaml', policyOf('limits: { rows: 5 }\n')]]),
  });
  assert.equal(none.workspace, undefined);
  assert.equal(none.set?.policies.length, 1);
  assert.deepEqual(none.diagnostics, []);
  const broken = checkWorkspace({ workspace, policies: new Map([['a.yaml', 'x']]) });
  assert.equal(broken.workspace?.resources.length, 1);
  assert.equal(broken.set, undefined);
});

test('diagnostics come in the order of files and places', () => {
  const policies = new Map([
    ['b.yaml', policyOf('limits: { bytes: 0 }\nx: 1\n')],
    ['a.yaml', policyOf('limits: { rows: 0, bytes: 0 }\n').replace('name: a', 'name: b')],
  ]);
  const { diagnostics } = checkWorkspace({ workspace, policies });
  assert.deepEqual(
    diagnostics.map(({ file, line }) => `${file}:${line}`),
    ['a.yaml:5', 'a.yaml:5', 'b.yaml:5', 'b.yaml:6'],
  );
});

test('no text makes the check throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, condition) => {
      const policy = policyOf(`rules:\n  - { name: x, effect: deny, when: ${JSON.stringify(condition)} }\n`);
      checkWorkspace({
        workspace: { file: 'w', text },
        policies: new Map([
          ['a', text],
          ['b', policy],
        ]),
      });
    }),
    { numRuns: 250 },
  );
});

test('mistakes of conditions have codes of their own, and names that are near are offered', () => {
  const found = (when: string) => {
    const { diagnostics } = check(
      policyOf(`rules:\n  - { name: x, effect: deny, message: Ask a person., when: '${when}' }\n`),
    );
    return diagnostics.map(({ code, fixes = [] }) => [code, ...fixes.map(({ title }) => title)]);
  };
  assert.deepEqual(found('request.sql.hasWher'), [['condition-unknown-field', 'Write `hasWhere`']]);
  assert.deepEqual(found('requst.text == ""'), [['condition-unknown-name', 'Write `request`']]);
  assert.deepEqual(found('request.text.startWith("x")'), [['condition-unknown-name', 'Write `startsWith`']]);
  assert.deepEqual(found('has(request.sql.tabels)'), [['condition-unknown-field', 'Write `tables`']]);
  assert.deepEqual(found('qwertz'), [['condition-unknown-name']]);
  assert.deepEqual(found('request.text.matches("(")'), [['condition-regex']]);
  assert.deepEqual(found('now > timestamp("2026-01-31")'), [['condition-timestamp']]);
  assert.deepEqual(found('now - now > duration("7d")'), [['condition-duration']]);
  assert.deepEqual(found('now.getHours("Berlin") > 1'), [['condition-time-zone']]);
  assert.deepEqual(found('request.sql.length == "1"'), [['condition-type']]);
});

test('the word that is meant takes the place of the wrong one alone', () => {
  const text = policyOf(
    'rules:\n  - { name: x, effect: deny, message: Ask a person., when: "has(request.sql.tabels)" }\n',
  );
  const [found] = check(text).diagnostics;
  assert.equal(applyEdits(text, found?.fixes?.[0]?.edits ?? []), text.replace('tabels', 'tables'));
});
