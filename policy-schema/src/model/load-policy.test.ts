import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SyntaxNode } from '../syntax/tree.ts';
import { loadPolicy } from './load-policy.ts';
import { assertFound, marked } from './marked.fixture.ts';

const sample = `# The shop
gatehouse: v1
kind: Policy
name: shop-database
description: What agents may do with the shop.
mode: enforce
applies: { to: [shop-db, env=prod], agents: ["*"], groups: [engineering] }

rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.products, public.orders, 'public."odd.name"'] }
  - name: no-schema-changes
    effect: deny
    sql: { actions: [create, alter, drop, truncate, grant] }
    message: Schema changes go through a migration.
  - name: big-writes-need-a-person
    description: Orders are money.
    effect: approve
    sql:
      actions: [insert, update, delete]
      tables: [public.orders]
      columns: [total]
    when: request.sql.statementCount > 1 || !request.sql.hasWhere
    approval: { by: ["group:dba", "person:ada@example.com"], within: 90s }
  - name: functions
    effect: approve
    sql: { functions: [pg_catalog.pg_sleep], parameters: [app.*], objects: [table], names: [reporting] }
  - name: everything-else
    effect: deny

masks:
  - { columns: [public.customers.email], with: partial, keep: { first: 2, last: 0 } }
  - { columns: ["*.ssn", "*.card_number"], with: redact, unless: { groups: [privacy], people: [ada] } }
  - { columns: [public.customers.phone], with: null }
  - { columns: [public.orders.total], with: range, step: 2.5 }
  - { columns: [public.customers.born], with: range, step: month }
  - { columns: ["*.iban"], with: tokenize, harmless: [length, count, length] }
limits: { rows: 1000, bytes: 5MB, duration: 30s, statementsPerMinute: 120, cost: 50000, estimatedRows: 9000 }
budgets:
  session: { rows: 5000 }
  agent: { bytes: 1GB, cost: 1000000 }
`;

test('a policy becomes its typed form, with defaults and places', () => {
  const { policy, diagnostics } = loadPolicy('policies/shop.policy.yaml', sample);
  assert.deepEqual(diagnostics, []);
  assert.ok(policy);
  const at = (line: number, column: number) => ({ file: 'policies/shop.policy.yaml', line, column });
  assert.deepEqual(
    { ...policy, rules: policy.rules.map(({ name, location }) => ({ name, location })) },
    {
      name: 'shop-database',
      mode: 'enforce',
      applies: { to: ['shop-db', 'env=prod'], agents: ['*'], groups: ['engineering'] },
      rules: [
        { name: 'read-shop', location: at(10, 5) },
        { name: 'no-schema-changes', location: at(13, 5) },
        { name: 'big-writes-need-a-person', location: at(17, 5) },
        { name: 'functions', location: at(26, 5) },
        { name: 'everything-else', location: at(29, 5) },
      ],
      masks: [
        {
          columns: ['public.customers.email'],
          with: 'partial',
          keep: { first: 2, last: 0 },
          location: at(33, 5),
        },
        {
          columns: ['*.ssn', '*.card_number'],
          with: 'redact',
          unless: { groups: ['privacy'], people: ['ada'] },
          location: at(34, 5),
        },
        { columns: ['public.customers.phone'], with: 'null', location: at(35, 5) },
        { columns: ['public.orders.total'], with: 'range', step: 2.5, location: at(36, 5) },
        { columns: ['public.customers.born'], with: 'range', step: 'month', location: at(37, 5) },
        { columns: ['*.iban'], with: 'tokenize', harmless: ['length', 'count'], location: at(38, 5) },
      ],
      limits: {
        rows: 1000,
        bytes: 5_000_000,
        duration: 30_000,
        statementsPerMinute: 120,
        cost: 50_000,
        estimatedRows: 9000,
      },
      budgets: { session: { rows: 5000 }, agent: { bytes: 1_000_000_000, cost: 1_000_000 } },
      boundPlaces: {
        'limits.rows': at(39, 17),
        'limits.bytes': at(39, 30),
        'limits.duration': at(39, 45),
        'limits.statementsPerMinute': at(39, 71),
        'limits.cost': at(39, 82),
        'limits.estimatedRows': at(39, 104),
        'budgets.session.rows': at(41, 20),
        'budgets.agent.bytes': at(42, 19),
        'budgets.agent.cost': at(42, 30),
      },
      location: at(2, 1),
    },
  );
  assert.deepEqual(policy.rules[2], {
    name: 'big-writes-need-a-person',
    effect: 'approve',
    vocabulary: 'sql',
    selector: { actions: ['insert', 'update', 'delete'], tables: ['public.orders'], columns: ['total'] },
    when: 'request.sql.statementCount > 1 || !request.sql.hasWhere',
    approval: { by: ['group:dba', 'person:ada@example.com'], within: 90_000 },
    location: at(17, 5),
  });
  assert.deepEqual(policy.rules[3]?.approval, { by: ['*'], within: 600_000 });
  assert.deepEqual(policy.rules[4], {
    name: 'everything-else',
    effect: 'deny',
    selector: {},
    location: at(29, 5),
  });
});

test('the smallest policy has defaults', () => {
  const text = 'gatehouse: v1\nkind: Policy\nname: a\napplies: { to: ["*"] }\n';
  assert.deepEqual(loadPolicy('a.yaml', text).policy, {
    name: 'a',
    mode: 'enforce',
    applies: { to: ['*'], agents: ['*'] },
    rules: [],
    masks: [],
    limits: {},
    budgets: {},
    boundPlaces: {},
    location: { file: 'a.yaml', line: 1, column: 1 },
  });
});

test('`with: null` and `with: "null"` mean the same', () => {
  for (const word of ['null', '"null"', '~']) {
    const { policy } = loadPolicy('a.yaml', policyOf(`masks: [{ columns: ["*.ssn"], with: ${word} }]`));
    assert.equal(policy?.masks[0]?.with, 'null');
  }
});

function policyOf(rest: string): string {
  return `gatehouse: v1\nkind: Policy\nname: a\napplies: { to: ["*"] }\n${rest}\n`;
}

function ruleOf(rest: string): string {
  return policyOf(`rules:\n  - name: x\n    ${rest}`);
}

const mistakes: readonly (readonly [
  name: string,
  text: string,
  ...expected: (readonly [string, RegExp])[],
])[] = [
  [
    'a mistyped key',
    ruleOf('effect: deny\n    sql: { «tabels»: [a.b] }'),
    ['unknown-key', /`tabels`\. Did you mean `tables`\?/],
  ],
  ['a mistyped key that is needed', ruleOf('«efect»: deny'), ['unknown-key', /Did you mean `effect`/]],
  ['a key of nowhere', policyOf('«colour»: red'), ['unknown-key', /Known here: gatehouse, kind, name/]],
  [
    'a key a level too high',
    ruleOf('effect: deny\n    «tables»: [a.b]'),
    ['unknown-key', /one level deeper: `sql: \{ tables/],
  ],
  ['a key from elsewhere', policyOf('«agents»: [x]'), ['unknown-key', /below `applies/]],
  [
    'a missing key',
    policyOf('rules: [{ «name»: x }]'),
    ['missing-key', /`effect` is missing.*allow, approve, deny/],
  ],
  [
    'a missing key of a mapping',
    'gatehouse: v1\nkind: Policy\nname: a\n«applies»: {}',
    ['missing-key', /`to` is missing/],
  ],
  [
    'another version',
    '«gatehouse»: v1\nname: a\napplies: { to: [a] }',
    ['missing-key', /Write `kind: Policy`/],
  ],
  [
    'another kind',
    'gatehouse: v1\nkind: «Polity»\nname: a\napplies: { to: [a] }',
    ['unknown-value', /Write `kind: Policy`/],
  ],
  ['an empty file', '«»', ['missing-key', /file is empty.*gatehouse: v1/]],
  ['a file that is a list', '«[]»', ['wrong-type', /no mapping/]],
  [
    'text for a list',
    ruleOf('effect: deny\n    sql: { tables: «a.b» }'),
    ['wrong-type', /`tables` must be a list; found text\. Write `tables: \[\.\.\.\]`/],
  ],
  ['nothing for a list', ruleOf('effect: deny\n    sql: { «tables»: }'), ['wrong-type', /found nothing/]],
  [
    'a list for text',
    ruleOf('effect: deny\n    message: «[a]»'),
    ['wrong-type', /`message` must be text; found a list/],
  ],
  [
    'a number for text',
    ruleOf('effect: deny\n    message: «42»'),
    ['wrong-type', /found a number\. Put it in quotes/],
  ],
  ['nothing for a mapping', ruleOf('effect: deny\n    «sql»:'), ['wrong-type', /must be a mapping.*Indent/]],
  [
    'a mistyped effect',
    ruleOf('effect: «alow»'),
    ['unknown-value', /`effect` cannot be `alow`\. Did you mean `allow`\? Possible: allow, approve, deny/],
  ],
  [
    'a mistyped action',
    ruleOf('effect: deny\n    sql: { actions: [select, «udpate»] }'),
    ['unknown-value', /Did you mean `update`/],
  ],
  [
    'an empty list',
    ruleOf('effect: deny\n    sql: { tables: «[]» }'),
    ['out-of-range', /would match nothing/],
  ],
  [
    'a bad name',
    'gatehouse: v1\nkind: Policy\nname: «a b»\napplies: { to: [a] }',
    ['bad-name', /letters, digits/],
  ],
  [
    'a bad approver',
    ruleOf('effect: approve\n    approval: { by: [«dba»] }'),
    ['bad-approver', /`group:NAME`/],
  ],
  [
    'a duration without its unit',
    ruleOf('effect: approve\n    approval: { within: «10» }'),
    ['bad-duration', /such as `30s`/],
  ],
  [
    'a duration that is too long',
    ruleOf('effect: approve\n    approval: { within: «8d» }'),
    ['bad-duration', /at most 7d/],
  ],
  ['a duration of nothing', policyOf('limits: { duration: «0s» }'), ['bad-duration', /longer than nothing/]],
  ['a size in other letters', policyOf('limits: { bytes: «5mb» }'), ['bad-size', /`5MB`/]],
  ['a size of nothing', policyOf('limits: { bytes: «0KB» }'), ['bad-size', /at least 1B/]],
  ['a number too small', policyOf('limits: { rows: «0» }'), ['out-of-range', /at least 1/]],
  ['a budget of nothing', policyOf('budgets: { «day»: {} }'), ['missing-key', /`rows`, `bytes`, `cost`/]],
  [
    'a budget of a scope',
    policyOf('budgets: { «week»: { rows: 1 } }'),
    ['unknown-key', /session, agent, day/],
  ],
  ['a budget too small', policyOf('budgets: { day: { cost: «0» } }'), ['out-of-range', /at least 1/]],
  ['a fraction', policyOf('limits: { rows: «1.5» }'), ['wrong-type', /whole number/]],
  [
    'a table without its schema',
    ruleOf('effect: deny\n    sql: { tables: [«orders»] }'),
    ['bad-pattern', /1 part\. Write a name with its schema.*"\*\.orders"/],
  ],
  [
    'a column with its table',
    ruleOf('effect: deny\n    sql: { columns: [«a.b.c»] }'),
    ['bad-pattern', /3 parts\. Write a bare name/],
  ],
  [
    'a masked column without its schema',
    policyOf('masks: [{ columns: [«customers.email»], with: redact }]'),
    ['bad-pattern', /schema\.table\.column/],
  ],
  [
    'quotes that need not be',
    ruleOf('effect: deny\n    sql: { tables: [«\'public."Orders"\'»] }'),
    ['bad-pattern', /`Orders` needs no double quotes/],
  ],
  [
    'quotes that do not close',
    ruleOf("effect: deny\n    sql: { tables: [«'public.\"orders'»] }"),
    ['bad-pattern', /double quotes do not fit/],
  ],
  ['white space in a pattern', policyOf('').replace('"*"', '«" a"»'), ['bad-pattern', /white space/]],
  [
    'a prefix on a group',
    policyOf('').replace('["*"]', '["*"], groups: [«group:dba»]'),
    ['bad-pattern', /bare name, `dba`/],
  ],
  ['an empty pattern', policyOf('').replace('"*"', '«""»'), ['bad-pattern', /1 to 512/]],
  [
    'approval without its effect',
    ruleOf('effect: deny\n    «approval»: { within: 10m }'),
    ['misplaced-key', /effect: approve/],
  ],
  [
    'keep without its mask',
    policyOf('masks: [{ columns: ["*"], with: hash, «keep»: { first: 1 } }]'),
    ['misplaced-key', /with: partial/],
  ],
  [
    'a partial mask that keeps nothing',
    policyOf('masks: [{ columns: ["*"], with: «partial» }]'),
    ['missing-key', /keep: \{ first/],
  ],
  [
    'a range without its step',
    policyOf('masks: [{ columns: ["*"], with: «range» }]'),
    ['missing-key', /`step: 10`.*`step: month`/],
  ],
  [
    'a step without its range',
    policyOf('masks: [{ columns: ["*"], with: tokenize, «step»: 10 }]'),
    ['misplaced-key', /with: range/],
  ],
  [
    'steps that are none',
    policyOf(
      'masks:\n' +
        ['hour', '0', '-1', '1e13', '1e-7', '[1]', 'true', '"10"']
          .map((step) => `  - { columns: ["*"], with: range, step: «${step}» }`)
          .join('\n'),
    ),
    ...Array.from(
      { length: 8 },
      () => ['bad-step', /0\.000001.*day, week, month, quarter, year, decade/] as const,
    ),
  ],
  [
    'nothing for a step',
    policyOf('masks: [{ columns: ["*"], with: range, «step»: }]'),
    ['bad-step', /month/],
  ],
  [
    'a mask kind that is none',
    policyOf('masks: [{ columns: ["*"], with: «tokenise» }]'),
    ['unknown-value', /Did you mean `tokenize`\?/],
  ],
  [
    'a mask that is writable where nothing can be compared',
    policyOf('masks: [{ columns: ["*"], with: redact, «writable»: true }]'),
    ['misplaced-key', /`with: tokenize` or `with: hash`/],
  ],
  [
    'a set of tokens for a mask that makes none',
    policyOf('masks: [{ columns: ["*"], with: hash, «tokens»: people }]'),
    ['misplaced-key', /`with: tokenize`.*Remove it/],
  ],
  [
    'a set of tokens without a name',
    policyOf('masks: [{ columns: ["*"], with: tokenize, tokens: «"a b"» }]'),
    ['bad-name', /tokens/],
  ],
  [
    'harmless functions that are none',
    policyOf(
      'masks: [{ columns: ["*"], with: redact, harmless: [«lenght», «pg_catalog.length», «LENGTH», «public.f», «pg_sleep», length] }]',
    ),
    ['unknown-value', /Did you mean `length`/],
    ['unknown-value', /Did you mean `length`/],
    ['unknown-value', /Did you mean `length`/],
    ['unknown-value', /Functions of your own cannot/],
    ['unknown-value', /does more than compute/],
  ],
  [
    'a harmless function without a name',
    policyOf('masks: [{ columns: ["*"], with: redact, harmless: [«""»] }]'),
    ['unknown-value', /such as `length`/],
  ],
  [
    'an empty list of harmless functions',
    policyOf('masks: [{ columns: ["*"], with: redact, harmless: «[]» }]'),
    ['out-of-range', /empty/],
  ],
  [
    'an exception for no one',
    policyOf('masks: [{ columns: ["*"], with: hash, «unless»: {} }]'),
    ['missing-key', /`groups`, `people`/],
  ],
  [
    'two rules of one name',
    ruleOf('effect: deny\n  - name: «x»\n    effect: allow'),
    ['duplicate-rule', /line 6/],
  ],
  ['an empty condition', ruleOf('effect: deny\n    when: «""»'), ['out-of-range', /condition in CEL/]],
  [
    'a condition that is no text',
    ruleOf('effect: deny\n    when: «true»'),
    ['wrong-type', /must be text; found the truth value true\. Put it in quotes/],
  ],
  [
    'a number for a name',
    'gatehouse: v1\nkind: Policy\nname: «7»\napplies: { to: [«1»] }',
    ['wrong-type', /quotes/],
    ['wrong-type', /quotes/],
  ],
  [
    'several mistakes at once',
    policyOf('rules:\n  - { name: x, effect: «x», «whn»: a }\nlimits: { «row»: 1 }'),
    ['unknown-value', /effect/],
    ['unknown-key', /`when`/],
    ['unknown-key', /`rows`/],
  ],
];

for (const [name, text, ...expected] of mistakes) {
  test(`points at ${name}`, () => {
    const file = marked(text);
    const { policy, diagnostics } = loadPolicy('a.yaml', file.text);
    assert.equal(policy, undefined);
    assertFound(file, diagnostics, expected);
  });
}

function places(node: SyntaxNode): { keys: { start: number; end: number }[]; values: SyntaxNode[] } {
  const keys: { start: number; end: number }[] = [];
  const values: SyntaxNode[] = [];
  const visit = (at: SyntaxNode): void => {
    if (at.kind === 'scalar') values.push(at);
    if (at.kind === 'sequence') at.items.forEach(visit);
    if (at.kind === 'mapping') {
      for (const entry of at.entries) {
        keys.push(entry.keyRange);
        visit(entry.value);
      }
    }
  };
  visit(node);
  return { keys, values };
}

test('a typo in any key of the sample is found at that key, with the key that was meant', () => {
  const { root } = loadPolicy('a.yaml', sample).parsed;
  assert.ok(root);
  for (const { start, end } of places(root).keys) {
    const key = sample.slice(start, end);
    const text = `${sample.slice(0, end)}x${sample.slice(end)}`;
    const { policy, diagnostics } = loadPolicy('a.yaml', text);
    assert.equal(policy, undefined, key);
    const own = diagnostics.find(({ range }) => range.start === start && range.end === end + 1);
    assert.equal(own?.code, 'unknown-key', key);
    assert.match(own?.message ?? '', new RegExp(`Did you mean \`${key}\``));
  }
});

test('a mapping in place of any value of the sample is found at that value', () => {
  const { root } = loadPolicy('a.yaml', sample).parsed;
  assert.ok(root);
  for (const { range } of places(root).values) {
    const text = `${sample.slice(0, range.start)}{ x: 1 }${sample.slice(range.end)}`;
    const { policy, diagnostics } = loadPolicy('a.yaml', text);
    assert.equal(policy, undefined);
    assert.deepEqual(
      diagnostics.map((found) => found.range),
      [{ start: range.start, end: range.start + 8 }],
      sample.slice(range.start, range.end),
    );
  }
});

test('no mutation of a policy makes the loader throw, and what has an error is no policy', () => {
  const noise = fc.constantFrom(
    '',
    ' ',
    '\n',
    '  ',
    ':',
    '- ',
    '[',
    '}',
    '"',
    "'",
    '#',
    '*',
    '!',
    '&a ',
    '|',
    'null',
    '1',
    '{}',
    '\t',
    '\r',
    '__proto__: 1\n',
  );
  const edits = fc.array(fc.tuple(fc.nat(sample.length), fc.nat(12), noise), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(edits, (changes) => {
      let text = sample;
      for (const [at, length, insert] of changes) text = text.slice(0, at) + insert + text.slice(at + length);
      const { policy, diagnostics } = loadPolicy('a.yaml', text);
      assert.equal(
        policy === undefined,
        diagnostics.some(({ severity }) => severity === 'error'),
      );
      for (const { range } of diagnostics) assert.ok(range.start <= range.end && range.end <= text.length);
    }),
    { numRuns: 700 },
  );
});
