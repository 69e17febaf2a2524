import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import { deskOf } from '../desk.fixture.ts';
import { completion } from './completion.ts';
import { definition, references } from './definition.ts';
import { documentSymbols } from './document-symbols.ts';
import { hover } from './hover.ts';
import { rename } from './rename.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: localhost, database: shop, user: rw }
  - { name: crm-db, protocol: postgres, host: localhost, database: crm, user: rw }
groups: { dba: The people who run the databases. }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db], agents: [claude-code] }
rules:
  - { name: read, effect: allow, sql: { actions: [select], tables: [public.orders] } }
  - { name: no-drops, effect: deny, sql: { actions: [drop] }, message: Ask first. }
`;
const testFile = 'tests/shop.test.yaml';

function texts(body: string): Record<string, string> {
  return {
    'gatehouse.yaml': workspace,
    'policies/shop.policy.yaml': policy,
    [testFile]: `gatehouse: v1\nkind: Test\n${body}`,
  };
}

function labels(body: string): readonly string[] {
  const { desk, file, offset } = deskOf(texts(body));
  return completion(desk, file, offset).map(({ label }) => label);
}

test('keys and values are offered, with the names of the workspace', () => {
  assert.deepEqual(
    labels('cases:\n  - ▮\n').filter((each) =>
      ['name', 'request', 'expect', 'principal', 'test'].includes(each),
    ),
    ['name', 'request', 'principal', 'expect', 'test'],
  );
  assert.deepEqual(labels('cases:\n  - resource: ▮\n'), ['shop-db', 'crm-db']);
  assert.deepEqual(labels('cases:\n  - expect: { rules: [▮] }\n').slice(0, 2), [
    'shop/read',
    'shop/no-drops',
  ]);
  assert.deepEqual(labels('cases:\n  - expect: { decision: ▮ }\n'), ['allow', 'approve', 'deny']);
  assert.ok(labels('cases:\n  - principal: { groups: [▮] }\n').includes('dba'));
  assert.ok(labels('cases:\n  - principal: { agent: ▮ }\n').includes('claude-code'));
  assert.deepEqual(labels('matrices:\n  - expect: { r: { p: ▮ } }\n'), ['allow', 'approve', 'deny']);
});

const asked =
  'cases:\n  - { name: a, request: x, resource: shop-db, expect: { decision: deny, rules: [shop/no-drops] } }\n';

test('an expected rule leads to the rule, its policy part to the policy, and the resource to where it is declared', () => {
  const leadsTo = (at: string): string | undefined => {
    const { desk, file, offset } = deskOf(texts(asked.replace(at.replace('▮', ''), at)));
    const target = definition(desk, file, offset)?.targets[0];
    const text = target && desk.files.get(target.file)?.text;
    return target && `${target.file}: ${text?.slice(target.head.start, target.head.end)}`;
  };
  assert.equal(leadsTo('shop/no-▮drops'), 'policies/shop.policy.yaml: no-drops');
  assert.equal(leadsTo('sh▮op/no-drops'), 'policies/shop.policy.yaml: shop');
  assert.equal(leadsTo('resource: shop▮-db'), 'gatehouse.yaml: shop-db');
});

test('a rule knows the tests that expect it, and a hover tells', () => {
  const files = texts(asked);
  const at = deskOf({ ...files, 'policies/shop.policy.yaml': policy.replace('no-drops', 'no-▮drops') });
  const uses = references(at.desk, at.file, at.offset, { declaration: false });
  assert.deepEqual(
    uses.map(({ file }) => file),
    [testFile],
  );
  const { desk, file, offset } = deskOf(texts(asked.replace('decision', 'deci▮sion')));
  assert.match(hover(desk, file, offset)?.markdown ?? '', /What must be decided/);
});

test('renaming a rule renames it in tests too, from either side', () => {
  const wanted = { policy: policy.replace('no-drops', 'no-ddl'), tests: asked.replace('no-drops', 'no-ddl') };
  const sides = [
    { ...texts(asked), 'policies/shop.policy.yaml': policy.replace('no-drops', 'no-▮drops') },
    texts(asked.replace('shop/no-drops', 'shop/no-▮drops')),
  ];
  for (const files of sides) {
    const { desk, file, offset } = deskOf(files);
    const result = rename(desk, file, offset, 'no-ddl');
    assert.ok(result?.ok, JSON.stringify(result));
    const after = (name: string) =>
      applyEdits(
        desk.files.get(name)?.text ?? '',
        result.edits.filter((edit) => edit.file === name),
      );
    assert.equal(after('policies/shop.policy.yaml'), wanted.policy);
    assert.ok(after(testFile).endsWith(wanted.tests));
  }
});

test('findings and symbols of tests', () => {
  const { desk, marks } = deskOf(texts(asked.replace('shop/no-drops', '«shop/no-drop»')));
  const found = desk.diagnostics(testFile);
  assert.deepEqual(
    found.map(({ code, range }) => ({ code, ...range })),
    marks.map(({ start, end }) => ({ code: 'unknown-value', start, end })),
  );
  const [root] = documentSymbols(desk, testFile);
  assert.deepEqual(
    root?.children.map(({ kind, name, detail }) => [kind, name, detail]),
    [['test', 'a', 'deny']],
  );
});
