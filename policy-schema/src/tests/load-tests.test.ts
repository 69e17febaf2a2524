import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionVariables } from '../conditions/variables.ts';
import fc from 'fast-check';
import { assertFound, marked } from '../model/marked.fixture.ts';
import { loadTests } from './load-tests.ts';

const file = '.gatehouse/tests/shop.test.yaml';
const head = 'gatehouse: v1\nkind: Test\n';

test('a case becomes its typed form, with what the file says for all', () => {
  const text = `${head}defaults:
  resource: shop-db
  principal: { agent: claude-code, groups: [dba] }
  now: 2026-05-04T22:00:00+02:00
  session: { searchPath: [shop] }
cases:
  - name: big writes wait
    request: update orders set status = $1
    parameters: [paid]
    principal: { person: ada }
    session: { inTransaction: true }
    facts: { estimatedRows: 5000 }
    expect:
      decision: approve
      observed: deny
      rules: [shop/b, shop/a, shop/b]
      masks: { public.customers.email: null, public.customers.name: none }
      limits: { bytes: 5MB, duration: 30s, rows: 10 }
      message: a person
`;
  const { tests, diagnostics } = loadTests(file, text);
  assert.deepEqual(diagnostics, []);
  const [only, ...others] = tests?.cases ?? [];
  assert.equal(others.length, 0);
  const { expected, place, ...rest } = only ?? assert.fail();
  assert.deepEqual(rest, {
    id: 'big writes wait',
    name: 'big writes wait',
    text: 'update orders set status = $1',
    resource: 'shop-db',
    now: new Date('2026-05-04T20:00:00Z'),
    session: { inTransaction: true, application: 'gatehouse test', searchPath: ['shop'] },
    plan: { cost: 0, rows: 5000 },
    principal: { agent: 'claude-code', person: 'ada', groups: ['dba'], task: '', workspace: 'test' },
  });
  const { places, ...wanted } = expected;
  assert.deepEqual(wanted, {
    decision: 'approve',
    observed: 'deny',
    rules: ['shop/a', 'shop/b'],
    masks: { 'public.customers.email': 'null', 'public.customers.name': 'none' },
    limits: { bytes: 5_000_000, duration: 30_000, rows: 10 },
    message: 'a person',
  });
  assert.equal(text.slice(places.decision?.start, places.decision?.end), 'approve');
  assert.deepEqual([place.line, place.column], [9, 5]);
});

test('a matrix is a test for each request and principal, at its cell', () => {
  const text = `${head}matrices:
  - name: orders
    principals: [{ name: analyst }, { name: dba, groups: [dba] }]
    requests:
      - { name: read, request: select 1 }
      - { name: drop, request: drop table orders }
    expect:
      read: { analyst: allow, dba: allow }
      drop: { analyst: deny, dba: approve }
`;
  const cases = loadTests(file, text).tests?.cases ?? [];
  assert.deepEqual(
    cases.map(({ id, name, matrix, expected, principal, place }) => ({
      id,
      name,
      matrix,
      decision: expected.decision,
      groups: principal.groups,
      at: text.slice(place.start, place.end),
    })),
    [
      ['read', 'analyst', 'allow', []],
      ['read', 'dba', 'allow', ['dba']],
      ['drop', 'analyst', 'deny', []],
      ['drop', 'dba', 'approve', ['dba']],
    ].map(([request, principal, decision, groups]) => ({
      id: `orders/${request}/${principal}`,
      name: `${request} by ${principal}`,
      matrix: 'orders',
      decision,
      groups,
      at: `${principal}: ${decision}`,
    })),
  );
});

const faults: readonly (readonly [string, string, readonly (readonly [string, RegExp])[]])[] = [
  [
    'a mistyped key',
    'cases:\n  - { name: a, request: select 1, «expext»: { decision: deny } }\n',
    [['unknown-key', /Did you mean `expect`/]],
  ],
  [
    'a mistyped decision',
    'cases:\n  - { name: a, request: select 1, expect: { decision: «alow» } }\n',
    [['unknown-value', /Did you mean `allow`/]],
  ],
  [
    'a time that is none',
    'cases:\n  - { name: a, request: select 1, now: «tonight», expect: { decision: deny } }\n',
    [['bad-time', /2026-05-04T22:00:00Z/]],
  ],
  [
    'a day that no calendar has',
    'cases:\n  - { name: a, request: select 1, now: «2026-13-04T22:00:00Z», expect: { decision: deny } }\n',
    [['bad-time', /no such time/]],
  ],
  [
    'two tests of a name',
    'cases:\n  - { name: a, request: select 1, expect: { decision: deny } }\n  - { name: «a», request: select 2, expect: { decision: deny } }\n',
    [['duplicate-test', /line 4 has this name/]],
  ],
  [
    'a rule without its policy',
    'cases:\n  - { name: a, request: select 1, expect: { decision: deny, rules: [«no-drops»] } }\n',
    [['bad-name', /policy\/rule/]],
  ],
  [
    'a matrix whose cells do not fit',
    'matrices:\n  - name: m\n    principals: [{ name: ada }]\n    requests: [{ name: read, request: select 1 }]\n    expect: { «read»: { «adda»: allow } }\n',
    [
      ['missing-key', /`ada`/],
      ['unknown-value', /Did you mean `ada`/],
    ],
  ],
];

for (const [what, body, expected] of faults) {
  test(`${what} is told where it stands`, () => {
    const source = marked(head + body);
    const { tests, diagnostics } = loadTests(file, source.text);
    assert.equal(tests, undefined);
    assertFound(source, diagnostics, expected);
  });
}

test('a file without tests says so', () => {
  const { diagnostics } = loadTests(file, head);
  assert.match(diagnostics[0]?.message ?? '', /`cases` or `matrices`/);
});

test('no text makes the reader throw', () => {
  const pieces = fc.constantFrom(
    'cases:\n',
    'matrices:\n',
    '  - name: a\n',
    '    request: x\n',
    '    expect: {}\n',
    '    expect: { decision: deny, rules: [a/b], limits: { bytes: 1B } }\n',
    '    principals: [{ name: x }]\n',
    '    requests: [{ name: __proto__, request: y }]\n',
    '    expect: { __proto__: { constructor: deny } }\n',
    'defaults: { now: 2026-02-31T25:00Z }\n',
    ': [',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      loadTests(file, head + parts.join(''));
    }),
  );
});

test('whatever a condition may name, a case may say', () => {
  const text = `gatehouse: v1
kind: Test
cases:
  - name: all of it
    request: select 1
    resource: shop-db
    principal: { agent: a, person: p, groups: [g], task: t, workspace: w }
    now: 2026-05-04T10:00:00Z
    session: { inTransaction: true, application: psql }
    facts: { estimatedRows: 1, plannerCost: 2 }
    expect: { decision: deny }
`;
  const [only] = loadTests('all.test.yaml', text).tests?.cases ?? [];
  assert.ok(only);
  // What is no fact of the text or of the declared resource comes from the case.
  const said: Readonly<Record<string, unknown>> = {
    'request.sql.inTransaction': only.session.inTransaction,
    'request.sql.application': only.session.application,
    'request.sql.estimatedRows': only.plan?.rows,
    'request.sql.plannerCost': only.plan?.cost,
    'principal.person': only.principal.person,
    'principal.groups': only.principal.groups,
    'principal.agent': only.principal.agent,
    'principal.workspace': only.principal.workspace,
    'principal.task': only.principal.task,
    now: only.now,
  };
  const ofText = [
    'actions',
    'tables',
    'columns',
    'functions',
    'hasWhere',
    'hasLimit',
    'statements',
    'statementCount',
    'length',
  ];
  const rest = conditionVariables()
    .map(({ path }) => path)
    .filter(
      (path) =>
        said[path] === undefined &&
        !/^resource\.(name|protocol|labels)$|^request\.text$/.test(path) &&
        !ofText.some((fact) => path === `request.sql.${fact}`),
    );
  assert.deepEqual(rest, []);
});
