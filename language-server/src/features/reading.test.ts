import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deskOf } from '../desk.fixture.ts';
import type { LiveNames } from '../desk.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { semanticTokens } from './semantic-tokens.ts';
import { signatureHelp } from './signature-help.ts';

const workspace = `gatehouse: v1
kind: Workspace
groups: { dba: "Whoever runs the *databases*." }
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
`;
const policy = `gatehouse: v1
kind: Policy
name: test
applies: { to: [shop-db, "env=prod"] }
lists:
  catalogue: [public.orders, public.products]
rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [$catalogue] }
  - name: blind
    effect: deny
    sql: { actions: [update] }
    when: |
      !request.sql.hasWhere &&
      request.sql.tables.exists(t, t.startsWith("pay."))
  - name: held
    effect: approve
    sql: { actions: [delete], tables: [public.orders] }
    approval: { by: ["group:dba"] }
masks:
  - { columns: [public.customers.email], with: redact }
limits: { rows: 100, bytes: 1500000 }
`;
const live: LiveNames = {
  tables: () => [{ name: 'public.orders', kind: 'table', columns: [{ name: 'id', type: 'bigint' }] }],
};

/** The cursor behind the first letter of the first place of a text, after another where one is given. */
function at(needle: string, after = '') {
  const { desk, file } = deskOf({ 'gatehouse.yaml': workspace, 'policies/test.policy.yaml': policy }, live);
  const offset = policy.indexOf(needle, policy.indexOf(after)) + 1;
  return { desk, file, offset };
}
function says(needle: string, after = ''): string {
  const { desk, file, offset } = at(needle, after);
  const found = hover(desk, file, offset);
  assert.ok(found, needle);
  assert.ok(found.range.start <= offset && offset <= found.range.end);
  return found.markdown;
}

const hovers: readonly (readonly [title: string, words: RegExp, needle: string, after?: string])[] = [
  ['a key tells what it is for', /\*\*effect\*\*\n\n.*Deny beats approve/, 'effect:'],
  [
    'a rule’s name tells what the rule means',
    /Lets every agent run `select` on `public\.orders` or `public\.products`/,
    'read-shop',
  ],
  [
    'a deny rule’s effect tells it with its condition',
    /Never lets every agent run `update`.*when some statement has no WHERE/,
    'deny',
  ],
  [
    'a policy’s name tells whom it holds for',
    /For every agent on `shop-db` and resources labelled `env=prod`: 1 allow, 1 approve and 1 deny rules and 1 mask/,
    'test\n',
  ],
  [
    'a resource tells where it is',
    /\*\*resource\*\* `shop-db`[\s\S]*database `shop` on `localhost`/,
    'shop-db',
  ],
  ['a label tells who has it', /On `shop-db`/, 'env=prod'],
  [
    'a list tells what it stands for and who uses it',
    /Stands for `public\.orders`, `public\.products`[\s\S]*Used once, in rule `test\/read-shop`/,
    '$catalogue',
  ],
  [
    'a group tells who is in it, without markup of its own',
    /Whoever runs the \\\*databases\\\*/,
    'group:dba',
  ],
  ['a kind of action tells what it does', /`select`: Read rows of a table/, 'select'],
  ['a table tells its columns', /\| `id` \| bigint \|/, 'public.orders', 'held'],
  ['a mask tells what is shown', /Of `public\.customers\.email`, agents see a fixed text/, 'redact'],
  [
    'limits are told',
    /- A request returns at most 100 rows\.\n- A request returns at most 1\.5 MB/,
    'limits',
  ],
  [
    'a fact of a condition has a type and words',
    /request\.sql\.hasWhere: bool[\s\S]*has a WHERE clause/,
    'hasWhere',
  ],
  [
    'a macro of a condition shows how it is called',
    /list\.exists\(variable: name, condition: bool\) → bool/,
    'exists',
  ],
  ['a method is that of its receiver', /string\.startsWith\(prefix: string\) → bool/, 'startsWith'],
  ['a variable of a macro has the type of its elements', /t: string/, 't.startsWith'],
];
for (const [title, words, needle, after] of hovers)
  test(`hover: ${title}`, () => assert.match(says(needle, after), words));

test('hover: nothing that a file says becomes markup', () => {
  const link = '[x](https://e.example)`<img>';
  const text = `gatehouse: v1
kind: Policy
name: test
applies: { to: [${JSON.stringify(link)}], agents: [${JSON.stringify(link)}] }
lists: { l: [${JSON.stringify(link)}] }
rules:
  - name: bad
    effect: deny
    sql: { tables: [${JSON.stringify(link)}, $l] }
    when: ${JSON.stringify(`principal.task == ${JSON.stringify(link)} && request.text + ${JSON.stringify(link)} == "a"`)}
masks:
  - { columns: [${JSON.stringify(link)}], with: redact, unless: { people: [${JSON.stringify(link)}] } }
`;
  const { desk, file } = deskOf({ 'gatehouse.yaml': workspace, 'policies/test.policy.yaml': text });
  let links = 0;
  for (let offset = 0; offset <= text.length; offset++) {
    const markdown = hover(desk, file, offset)?.markdown ?? '';
    links += markdown.includes('[x](') ? 1 : 0;
    // Without its code, nothing of the link is left.
    const bare = markdown.replace(/(`+)([\s\S]*?[^`])\1(?!`)/g, '');
    assert.ok(!/\[x\]\(|<img>/.test(bare), markdown);
  }
  assert.ok(links > 0);
  const tooltips = inlayHints(desk, file, { start: 0, end: text.length }).map(({ tooltip }) => tooltip);
  assert.deepEqual(tooltips, ['- `` [x](https://e.example)`<img> ``']);
});

test('the arguments of a call are shown with the one that is written', () => {
  const help = (condition: string) => {
    const text = `gatehouse: v1\nkind: Policy\nname: a\napplies: { to: [shop-db] }\nrules:\n  - name: x\n    effect: deny\n    when: ${condition}\n`;
    const { desk, file, offset } = deskOf(text);
    return signatureHelp(desk, file, offset);
  };
  const first = help('request.text.startsWith(▮');
  assert.equal(first?.signatures[0]?.label, 'string.startsWith(prefix: string) → bool');
  assert.deepEqual(
    first?.signatures[0]?.parameters.map(([start, end]) => first.signatures[0]?.label.slice(start, end)),
    ['prefix: string'],
  );
  const second = help('request.sql.tables.exists(t, ▮)');
  assert.deepEqual([second?.parameter, second?.active], [1, 0]);
  assert.equal(help('request.sql.hasWhere ▮'), undefined);
});

test('words of conditions, effects, actions and lists are told apart', () => {
  const { desk, file } = at('x');
  const tokens = semanticTokens(desk, file).map(
    ({ start, end, type }) => `${policy.slice(start, end)} ${type}`,
  );
  for (const token of [
    'allow keyword',
    'select enumMember',
    '$catalogue type',
    '! operator',
    'request variable',
    'sql property',
    'exists function',
    '"pay." string',
    't variable',
    'redact keyword',
  ])
    assert.ok(tokens.includes(token), `${token} is none of ${tokens.join(', ')}`);
  const starts = semanticTokens(desk, file).map(({ start }) => start);
  assert.deepEqual(
    starts,
    [...starts].sort((a, b) => a - b),
  );
});

test('what is left unsaid stands beside: defaults, lists, units', () => {
  const { desk, file } = at('x');
  const hints = inlayHints(desk, file, { start: 0, end: policy.length });
  const shown = hints.map(
    ({ offset, label }) => `${policy.slice(policy.lastIndexOf('\n', offset) + 1, offset).trim()}${label}`,
  );
  assert.deepEqual(shown, [
    'sql: { actions: [select], tables: [$catalogue = public.orders, public.products',
    'approval: { by: ["group:dba"] within: 10m',
    'limits: { rows: 100, bytes: 1500000 = 1.5 MB',
  ]);
  assert.deepEqual(inlayHints(desk, file, { start: 0, end: 10 }), []);
});

test('a time without a zone is said to be in UTC', () => {
  const text =
    'gatehouse: v1\nkind: Policy\nname: a\napplies: { to: [x] }\nrules:\n  - name: x\n    effect: deny\n    when: now.getHours() < 8 && now.getHours("Europe/Berlin") > 2\n';
  const { desk, file } = deskOf(text);
  const [only, ...others] = inlayHints(desk, file, { start: 0, end: text.length });
  assert.deepEqual(
    [text.slice(0, only?.offset).endsWith('now.getHours('), only?.label, others],
    [true, 'UTC', []],
  );
});

test('no text and no place makes them throw', () => {
  const piece = fc.constantFrom(
    'rules',
    ':',
    ' ',
    '\n',
    '  ',
    '- ',
    'when',
    'request.sql',
    '"',
    '[',
    ']',
    '{',
    '}',
    '$a',
    'masks',
    '|',
    'effect: approve',
    'limits: { bytes: 1500 }',
    '(',
    ',',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.nat(), (pieces, place) => {
      const text = pieces.join('');
      const { desk, file } = deskOf({ 'gatehouse.yaml': workspace, 'policies/test.policy.yaml': text }, live);
      const offset = place % (text.length + 1);
      hover(desk, file, offset);
      signatureHelp(desk, file, offset);
      inlayHints(desk, file, { start: 0, end: text.length });
      for (const { start, end } of semanticTokens(desk, file))
        assert.ok(start < end && !/[\r\n]/.test(text.slice(start, end)));
    }),
    { numRuns: 400 },
  );
});
