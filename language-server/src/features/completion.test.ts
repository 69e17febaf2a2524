import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import fc from 'fast-check';
import { deskOf } from '../desk.fixture.ts';
import type { LiveNames } from '../desk.ts';
import { completion } from './completion.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
  - { name: crm-db, protocol: postgres, labels: { env: dev }, host: localhost, database: crm, user: rw }
`;
const other = `gatehouse: v1
kind: Policy
name: other
applies: { to: [crm-db], agents: [claude], groups: [engineering] }
lists:
  catalogue: [public.orders, public.products]
rules:
  - name: writes
    effect: approve
    sql: { actions: [update], tables: [public.deals] }
    message: Ask first.
    approval: { by: ["group:dba", "person:ada@example.com"] }
    when: '"ops" in principal.groups'
masks:
  - { columns: [public.deals.name], with: tokenize, tokens: people }
`;
const live: LiveNames = {
  tables: (resource) =>
    resource === 'shop-db'
      ? [
          {
            name: 'public.orders',
            kind: 'table',
            columns: [
              { name: 'id', type: 'bigint' },
              { name: 'total', type: 'numeric' },
            ],
          },
          { name: 'sales."Odd.name"', kind: 'view', columns: [{ name: 'x', type: 'text' }] },
        ]
      : undefined,
};
const head = 'gatehouse: v1\nkind: Policy\nname: test\napplies: { to: [shop-db] }\n';

function at(text: string, known?: LiveNames) {
  const { desk, file, offset } = deskOf(
    { 'gatehouse.yaml': workspace, 'policies/other.policy.yaml': other, 'policies/test.policy.yaml': text },
    known,
  );
  const found = completion(desk, file, offset);
  return {
    labels: found.map(({ label }) => label),
    found,
    /** The text once a suggestion is taken. */
    take: (label: string) => {
      const chosen = found.find((each) => each.label === label);
      assert.ok(chosen, `${label} is none of ${found.map((each) => each.label).join(', ')}`);
      const { start, end, insert } = chosen;
      return applyEdits(desk.files.get(file)?.text ?? '', [{ file, start, end, text: insert }]);
    },
  };
}

/** The cursor in a policy; the suggestions must hold these and none of those. */
const cases: readonly (readonly [
  title: string,
  text: string,
  some: readonly string[],
  none?: readonly string[],
])[] = [
  ['keys of an empty file, and a whole policy', '▮', ['gatehouse', 'kind', 'policy file'], ['effect']],
  ['keys that are not there yet', 'gatehouse: v1\n▮', ['kind', 'name', 'applies', 'rules'], ['gatehouse']],
  ['keys of an inner mapping', 'gatehouse: v1\napplies:\n  ▮', ['to', 'agents', 'groups'], ['rules']],
  ['keys of a flow mapping', 'applies: { to: [a], ▮ }', ['agents', 'groups'], ['to']],
  ['keys of a rule, and whole rules', `${head}rules:\n  - ▮`, ['name', 'effect', 'sql', 'when', 'deny rule']],
  [
    'keys of a rule that go on',
    `${head}rules:\n  - name: x\n    ▮`,
    ['effect', 'sql', 'message'],
    ['name', 'deny rule'],
  ],
  [
    'keys of the block of a protocol',
    `${head}rules:\n  - name: x\n    sql: { ▮`,
    ['actions', 'tables', 'columns'],
  ],
  ['effects', `${head}rules:\n  - effect: ▮`, ['allow', 'approve', 'deny']],
  ['kinds of action', `${head}rules:\n  - sql: { actions: [▮] }`, ['select', 'drop', '*']],
  [
    'kinds of action that are not there yet',
    `${head}rules:\n  - sql: { actions: [select, ▮] }`,
    ['drop'],
    ['select'],
  ],
  ['kinds of mask', `${head}masks:\n  - { columns: ["*"], with: ▮ }`, ['redact', 'tokenize', 'null']],
  [
    'resources and labels',
    'gatehouse: v1\napplies: { to: [▮] }',
    ['shop-db', 'crm-db', 'env=prod', '$catalogue', '*'],
  ],
  ['agents', 'applies: { agents: [▮] }', ['claude', '*']],
  ['groups, those of conditions too', 'applies: { groups: [▮] }', ['engineering', 'ops', 'dba']],
  ['approvers', `${head}rules:\n  - approval: { by: [▮] }`, ['group:dba', 'person:ada@example.com', '*']],
  ['owners', `${head}owner: ▮`, ['group:dba', 'person:ada@example.com']],
  ['sets of tokens', `${head}masks:\n  - { tokens: ▮ }`, ['people']],
  ['functions that tell little', `${head}masks:\n  - { harmless: [le▮] }`, ['length']],
  ['lists by their dollar', `${head}rules:\n  - sql: { tables: [$▮] }`, ['$catalogue']],
  ['kinds of object', `${head}rules:\n  - sql: { objects: [▮] }`, ['table', 'index', 'role']],
  ['durations', `${head}limits: { duration: ▮ }`, ['30s']],
  ['booleans', `${head}masks:\n  - { writable: ▮ }`, ['true', 'false']],
];
for (const [title, text, some, none = []] of cases) {
  test(`suggested are ${title}`, () => {
    const { labels } = at(text);
    for (const label of some) assert.ok(labels.includes(label), `${label} is none of ${labels.join(', ')}`);
    for (const label of none) assert.ok(!labels.includes(label), label);
    assert.equal(new Set(labels).size, labels.length, 'each once');
  });
}

test('tables and columns are those of the policy’s resources, when the daemon knows them', () => {
  assert.ok(at(`${head}rules:\n  - sql: { tables: [▮] }`, live).labels.includes('public.orders'));
  assert.ok(!at(`${head}rules:\n  - sql: { tables: [▮] }`).labels.includes('public.orders'));
  const crm = head.replace('shop-db', 'crm-db');
  assert.ok(!at(`${crm}rules:\n  - sql: { tables: [▮] }`, live).labels.includes('public.orders'));
  const columns = at(`${head}rules:\n  - sql: { tables: [public.orders], columns: [▮] }`, live).labels;
  assert.ok(columns.includes('total') && !columns.includes('x'));
  assert.ok(at(`${head}masks:\n  - { columns: [▮] }`, live).labels.includes('public.orders.total'));
});

test('what is taken is written as YAML wants it', () => {
  const tables = (cursor: string) => `${head}rules:\n  - sql: { tables: [${cursor}] }`;
  assert.equal(at(tables('▮'), live).take('*'), tables('"*"'));
  assert.equal(at(tables('"pu▮"'), live).take('public.orders'), tables('"public.orders"'));
  assert.equal(at(tables('▮'), live).take('sales."Odd.name"'), tables('"sales.\\"Odd.name\\""'));
  assert.equal(at('ki▮: Policy').take('kind'), 'kind: Policy');
  assert.equal(at('ki▮').take('kind'), 'kind: Policy');
});

test('suggestions carry types and docs', () => {
  const { found } = at(`${head}rules:\n  - sql: { actions: [▮] }`);
  assert.match(found.find(({ label }) => label === 'truncate')?.doc ?? '', /Empty a table/);
  const effect = at(`${head}rules:\n  - name: x\n    ▮`).found.find(({ label }) => label === 'effect');
  assert.equal(effect?.detail, 'required');
  assert.match(effect?.doc ?? '', /Deny beats approve/);
});

const when = (condition: string) => `${head}rules:\n  - name: x\n    effect: deny\n    when: ${condition}\n`;
const conditions: readonly (readonly [
  title: string,
  text: string,
  some: readonly string[],
  none?: readonly string[],
])[] = [
  [
    'variables and functions at the start',
    when('▮'),
    ['request', 'principal', 'now', 'has', 'size'],
    ['startsWith'],
  ],
  ['fields', when('request.▮'), ['sql', 'text'], ['request']],
  ['facts of a protocol', when('request.sql.ha▮'), ['hasWhere', 'hasLimit']],
  ['methods by type', when('request.sql.tables.▮'), ['exists', 'all', 'join'], ['startsWith']],
  ['variables of macros', when('request.sql.tables.exists(t, ▮)'), ['t', 'request']],
  [
    'methods of what a macro goes through',
    when('request.sql.tables.exists(t, t.▮)'),
    ['startsWith'],
    ['exists'],
  ],
  ['groups between quotes', when('\'"▮" in principal.groups\''), ['ops', 'engineering']],
  ['values of a label', when('resource.labels.env == "▮"'), ['prod', 'dev']],
  ['keys of labels', when('resource.labels["▮"] == "x"'), ['env']],
  ['kinds of action between quotes', when('\'"▮" in request.sql.actions\''), ['select', 'drop']],
  ['operators behind an operand', when('request.sql.hasWhere ▮'), ['&&', '||']],
  [
    'in a block',
    `${head}rules:\n  - name: x\n    when: |\n      true &&\n      request.sql.▮\n`,
    ['hasWhere'],
  ],
  ['in a folded block that just begins', `${head}rules:\n  - name: x\n    when: >-\n      ▮\n`, ['request']],
  ['in quotes that do not close', `${head}rules:\n  - name: x\n    when: "request.sql.▮\n`, ['hasWhere']],
  ['in a flow mapping', `${head}rules:\n  - { name: x, when: request.sql.▮`, ['hasWhere']],
];
for (const [title, text, some, none = []] of conditions) {
  test(`suggested in conditions are ${title}`, () => {
    const { labels } = at(text);
    for (const label of some) assert.ok(labels.includes(label), `${label} is none of ${labels.join(', ')}`);
    for (const label of none) assert.ok(!labels.includes(label), label);
  });
}

test('a field that is taken stands where the cursor was, in each style of scalar', () => {
  for (const style of [
    'request.sql.ha▮',
    '"request.sql.ha▮"',
    "'request.sql.ha▮'",
    '|\n      request.sql.ha▮',
  ])
    assert.equal(at(when(style)).take('hasWhere'), when(style.replace('ha▮', 'hasWhere')));
});

test('a mapping where a name should stand does not matter', () => {
  assert.doesNotThrow(() => at('rules: [{ sql: { actions: [{}, ▮] } }]'));
  assert.doesNotThrow(() => at('rules: [{ sql: { actions: [{ a: b }], tables: [▮] } }]'));
});

test('no text and no place makes it throw', () => {
  const piece = fc.constantFrom(
    'rules',
    ':',
    ' ',
    '\n',
    '  ',
    '- ',
    'when',
    'request.',
    '"',
    '[',
    ']',
    '{',
    '}',
    'sql',
    ', ',
    'tables',
    'masks',
    '|',
    '$',
    'gatehouse: v1',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(), (pieces, place) => {
      const text = pieces.join('');
      const offset = place % (text.length + 1);
      const { found } = at(`${text.slice(0, offset)}▮${text.slice(offset)}`, live);
      for (const { start, end } of found) assert.ok(start <= offset && offset <= end && end <= text.length);
    }),
    { numRuns: 300 },
  );
});
