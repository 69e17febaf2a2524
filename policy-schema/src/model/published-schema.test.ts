import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

/** What an editor without the extension has: the published file, and nothing else of Gatehouse. */
function published(name: string): ValidateFunction {
  const file = new URL(`../../../docs/schema/v1/${name}.schema.json`, import.meta.url);
  return new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
    JSON.parse(readFileSync(file, 'utf8')),
  );
}

const samples = fileURLToPath(new URL('../../../test-fixtures/workspaces/shop/.gatehouse/', import.meta.url));
const demo = fileURLToPath(new URL('../../../daemon/src/demo/workspace/.gatehouse/', import.meta.url));

const places = {
  policy: 'policies/*.policy.yaml',
  workspace: 'gatehouse.yaml',
  test: 'tests/*.test.yaml',
} as const;

for (const [name, place] of Object.entries(places)) {
  test(`the published ${name} schema takes every sample`, () => {
    const validate = published(name);
    const files = [samples, demo].flatMap((folder) =>
      globSync(place, { cwd: folder }).map((file) => `${folder}${file}`),
    );
    assert.ok(files.length > 0);
    for (const file of files)
      assert.ok(validate(parse(readFileSync(file, 'utf8'))), `${file} ${JSON.stringify(validate.errors)}`);
  });
}

const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
`;
const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: db, protocol: postgres, host: localhost, port: 5432, database: d, user: u, password: { env: PW } }
`;
const tests = `gatehouse: v1
kind: Test
cases:
  - name: reads
    resource: db
    principal: { agent: claude }
    request: SELECT 1
    expect: { decision: allow }
`;

const bad: readonly (readonly [
  name: keyof typeof places,
  text: string,
  from: string,
  to: string,
  at: string,
])[] = [
  ['policy', policy, 'allow', 'permit', '/rules/0/effect'],
  ['policy', policy, 'select', 'selekt', '/rules/0/sql/actions/0'],
  ['policy', policy, 'kind: Policy', 'kind: Polizei', '/kind'],
  ['policy', policy, 'name: shop\n', '', ''],
  ['policy', policy, 'applies:', 'aplies:', ''],
  ['policy', policy, '[public.orders]', '[]', '/rules/0/sql/tables'],
  ['workspace', workspace, 'postgres', 'oracle', '/resources/0/protocol'],
  ['workspace', workspace, '{ env: PW }', 'hunter2', '/resources/0/password'],
  ['test', tests, 'decision: allow', 'decision: maybe', '/cases/0/expect/decision'],
];
for (const [name, text, from, to, at] of bad) {
  test(`the published ${name} schema finds ${JSON.stringify(to)} in the place of ${JSON.stringify(from)}`, () => {
    const validate = published(name);
    assert.ok(validate(parse(text)), JSON.stringify(validate.errors));
    const changed = text.replace(from, to);
    assert.notEqual(changed, text);
    assert.equal(validate(parse(changed)), false);
    const found = (validate.errors ?? []).map(({ instancePath }) => instancePath);
    assert.ok(found.includes(at), JSON.stringify(found));
  });
}

test('the published schemas say what each key is for, and are named by URNs that stay', () => {
  for (const name of Object.keys(places)) {
    const file = new URL(`../../../docs/schema/v1/${name}.schema.json`, import.meta.url);
    const schema = JSON.parse(readFileSync(file, 'utf8'));
    assert.equal(schema.$id, `urn:gatehouse:schema:v1:${name}`);
    assert.equal(typeof schema.title, 'string');
    const silent: string[] = [];
    const look = (part: Record<string, unknown>, at: string): void => {
      const properties = (part.properties ?? {}) as Record<string, Record<string, unknown>>;
      for (const [key, own] of Object.entries(properties)) {
        if (own.description === undefined) silent.push(`${at}.${key}`);
        look(own, `${at}.${key}`);
      }
      for (const key of ['items', 'additionalProperties'])
        if (typeof part[key] === 'object') look(part[key] as Record<string, unknown>, `${at}[]`);
      for (const key of ['anyOf', 'oneOf', 'allOf'])
        for (const own of (part[key] ?? []) as Record<string, unknown>[]) look(own, at);
    };
    look(schema, name);
    assert.deepEqual(silent, []);
  }
});
