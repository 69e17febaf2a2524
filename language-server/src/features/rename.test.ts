import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPolicySet } from '@gatehouse/policy-schema/model/policy-set.ts';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import fc from 'fast-check';
import { deskOf } from '../desk.fixture.ts';
import { type ShopFile, shop, shopAt } from './names.fixture.ts';
import { prepareRename, rename } from './rename.ts';

type Texts = Readonly<Record<string, string>>;

function renamed(files: Texts | string, to: string): { texts: Texts; mayMatch: readonly string[] } {
  const { desk, file, offset } = deskOf(files);
  const result = rename(desk, file, offset, to);
  assert.ok(result?.ok, result === undefined ? 'no name stands there' : JSON.stringify(result));
  const texts = Object.fromEntries(
    [...desk.files.values()].map(({ file: each, text }) => [
      each,
      applyEdits(
        text,
        result.edits.filter((edit) => edit.file === each),
      ),
    ]),
  );
  return { texts, mayMatch: result.mayMatch.map(({ name }) => name) };
}

/** Renaming at the cursor changes the text to `after`; the one file is a policy. */
function becomes(before: string, to: string, after: string): void {
  assert.deepEqual(Object.values(renamed(before, to).texts), [after]);
}

function refused(files: Texts | string, to: string, message: RegExp): void {
  const { desk, file, offset } = deskOf(files);
  const result = rename(desk, file, offset, to);
  assert.ok(result !== undefined && !result.ok, 'it was renamed');
  assert.match(result.message, message);
}

const head = 'gatehouse: v1\nkind: Policy\nname: a\napplies: { to: ["*"] }\n';

test('a list is renamed in all files', () => {
  const { texts } = renamed(shopAt('policies/shop.policy.yaml', '$cata▮logue'), 'goods');
  assert.deepEqual(
    texts,
    Object.fromEntries(
      Object.entries(shop).map(([file, text]) => [file, text.replaceAll('catalogue', 'goods')]),
    ),
  );
});

test('a resource is renamed in lists and conditions, and patterns that match it are told', () => {
  const { texts, mayMatch } = renamed(shopAt('gatehouse.yaml', 'name: shop▮-db'), 'store');
  assert.deepEqual(
    texts,
    Object.fromEntries(
      Object.entries(shop).map(([file, text]) => [file, text.replaceAll('shop-db', 'store')]),
    ),
  );
  assert.deepEqual(mayMatch, ['shop-*']);
});

test('patterns that the new name would newly match are told', () => {
  const { mayMatch } = renamed(shopAt('gatehouse.yaml', 'name: dev▮-db'), 'shop-dev');
  assert.deepEqual(mayMatch, ['shop-*']);
});

test('a group is renamed in owners, approvals, masks and conditions', () => {
  const { texts, mayMatch } = renamed(shopAt('policies/shop.policy.yaml', 'group:db▮a'), 'admins');
  assert.equal(JSON.stringify(texts), JSON.stringify(shop).replaceAll('dba', 'admins'));
  assert.deepEqual(mayMatch, ['d*']);
});

test('the value of a label is renamed where the label has it, and nowhere else', () => {
  const { texts } = renamed(shopAt('policies/shop.policy.yaml', 'env=pr▮od'), 'live');
  assert.equal(
    JSON.stringify(texts),
    JSON.stringify(shop)
      .replaceAll('prod}', 'x')
      .replace(/\bprod\b/g, 'live'),
  );
});

test('the key of a label is renamed, as a field of conditions too', () => {
  const at = shopAt('gatehouse.yaml', 'e▮nv: prod');
  assert.equal(JSON.stringify(renamed(at, 'stage').texts), JSON.stringify(shop).replace(/\benv\b/g, 'stage'));
  const dashed = renamed(at, 'the-env').texts['policies/shop.policy.yaml'] ?? '';
  assert.match(dashed, /resource\.labels\["the-env"\] == 'prod'/);
  assert.match(dashed, /"the-env=prod"/);
});

test('a rule is renamed in its policy alone', () => {
  const { texts } = renamed(shopAt('policies/shop.policy.yaml', 'name: re▮ad'), 'look');
  assert.equal(JSON.stringify(texts), JSON.stringify(shop).replace('- name: read', '- name: look'));
});

test('a set of tokens is renamed in all masks', () => {
  becomes(
    `${head}masks:\n  - { columns: ["*.a"], with: tokenize, tokens: peo▮ple }\n  - { columns: ["*.b"], with: tokenize, tokens: 'people' }\n`,
    'persons',
    `${head}masks:\n  - { columns: ["*.a"], with: tokenize, tokens: persons }\n  - { columns: ["*.b"], with: tokenize, tokens: 'persons' }\n`,
  );
});

test('names that need quotes get them, and quotes that are there stay', () => {
  const text = (plain: string, single: string, double: string) =>
    `${head}masks: [{ columns: ["*"], with: redact, unless: { groups: [${plain}, '${single}', "${double}"] } }]\n`;
  becomes(
    text('d▮ba', 'dba', 'dba'),
    'Ann\'s, "b"',
    text('"Ann\'s, \\"b\\""', 'Ann\'\'s, "b"', 'Ann\'s, \\"b\\"'),
  );
  becomes(text('d▮ba', 'dba', 'dba'), 'true', text('"true"', 'true', 'true'));
  becomes(text('d▮ba', 'dba', 'dba'), '1.5', text('"1.5"', '1.5', '1.5'));
  becomes(text('d▮ba', 'dba', 'dba'), 'Data base', text('Data base', 'Data base', 'Data base'));
});

test('an approver keeps its prefix when it gets quotes', () => {
  becomes(`${head}owner: group:d▮ba\n`, 'a: b', `${head}owner: "group:a: b"\n`);
  becomes(`${head}owner: group:d▮ba\n`, 'a, b', `${head}owner: "group:a, b"\n`);
});

test('in a condition the name is written as its quotes want it, in every kind of scalar', () => {
  const rule = (when: string) => `${head}rules:\n  - name: x\n    effect: deny\n    when: ${when}\n`;
  becomes(rule('principal.agent == "a▮1"'), 'x"y', rule('principal.agent == "x\\"y"'));
  becomes(rule("principal.agent == 'a▮1'"), "it's", rule("principal.agent == 'it\\'s'"));
  becomes(rule('principal.agent == "a▮1" || true'), 'x: y', rule('"principal.agent == \\"x: y\\" || true"'));
  becomes(
    rule('principal.agent in ["a▮1", "a1"]'),
    'x # y',
    rule('"principal.agent in [\\"x # y\\", \\"x # y\\"]"'),
  );
  becomes(rule('\'principal.agent == "a▮1"\''), "it's", rule("'principal.agent == \"it''s\"'"));
  becomes(rule('"principal.agent == \'a▮1\'"'), 'x"y', rule('"principal.agent == \'x\\"y\'"'));
  becomes(
    rule('>-\n      principal.agent ==\n      "a▮1"'),
    'x: y',
    rule('>-\n      principal.agent ==\n      "x: y"'),
  );
  becomes(rule('principal.agent == r"a▮1"'), 'x\\y', rule('principal.agent == "x\\\\y"'));
  becomes(rule('"resource.labels.e▮nv == \'x\'"'), 'a-b', rule("\"resource.labels['a-b'] == 'x'\""));
});

const bad: readonly (readonly [title: string, file: ShopFile, at: string, to: string, message: RegExp])[] = [
  ['an empty name', 'policies/shop.policy.yaml', '$cata▮logue', '', /letters, digits/],
  [
    'a name with characters that names do not have',
    'gatehouse.yaml',
    'name: shop▮-db',
    'a b',
    /name of a resource has letters/,
  ],
  ['a dollar sign before a list', 'policies/shop.policy.yaml', '$cata▮logue', '$goods', /letters, digits/],
  [
    'the name of another list',
    'policies/shop.policy.yaml',
    '$cata▮logue',
    'shop',
    /a list `shop` already, in policies\/lists/,
  ],
  [
    'the name of another resource',
    'gatehouse.yaml',
    'name: shop▮-db',
    'dev-db',
    /a resource `dev-db` already/,
  ],
  [
    'the name of another policy',
    'policies/shop.policy.yaml',
    'name: sh▮op',
    'other',
    /a policy `other` already/,
  ],
  [
    'the name of another rule of the policy',
    'policies/shop.policy.yaml',
    'name: re▮ad',
    'write',
    /a rule `write` already/,
  ],
  [
    'a value that the label has elsewhere',
    'gatehouse.yaml',
    'env: pr▮od',
    'dev',
    /label with the value `dev` already/,
  ],
  ['another key of a label', 'gatehouse.yaml', 'e▮nv: prod', 'team', /a label `team` already/],
  [
    'a group that files speak of',
    'policies/shop.policy.yaml',
    'group:▮dba',
    'privacy',
    /a group `privacy` already/,
  ],
  [
    'a pattern in place of a name',
    'policies/shop.policy.yaml',
    'agents: [cla▮ude',
    'claude*',
    /would be a pattern/,
  ],
  ['white space around', 'policies/shop.policy.yaml', 'agents: [cla▮ude', ' x', /white space/],
  ['a line break', 'policies/shop.policy.yaml', 'agents: [cla▮ude', 'a\nb', /line break/],
  ['a prefix', 'policies/shop.policy.yaml', 'group:▮dba', 'group:x', /bare name/],
  ['a list in place of an agent', 'policies/shop.policy.yaml', 'agents: [cla▮ude', '$x', /name of a list/],
  ['a pattern', 'policies/shop.policy.yaml', '"shop-▮*"', 'x', /is a pattern/],
];

for (const [title, file, at, to, message] of bad) {
  test(`renaming refuses ${title}`, () => refused(shopAt(file, at), to, message));
}

test('renaming refuses while a file cannot be read that may use the name, and not for others', () => {
  const at = shopAt('policies/shop.policy.yaml', '$cata▮logue');
  refused({ ...at, 'policies/x.policy.yaml': 'a: [$catalogue' }, 'goods', /x\.policy\.yaml cannot be read/);
  assert.ok(renamed({ ...at, 'policies/x.policy.yaml': 'a: [' }, 'goods').texts);
});

test('renaming refuses where an alias makes two names of one text', () => {
  refused(
    `${head}masks: [{ columns: ["*"], with: redact, unless: { groups: [&x d▮ba], people: [*x] } }]\n`,
    'y',
    /alias/,
  );
});

test('what would be renamed is the name alone, and where there is none there is nothing', () => {
  const at = (file: ShopFile, place: string) => {
    const { desk, file: name, offset } = deskOf(shopAt(file, place));
    const found = prepareRename(desk, name, offset);
    return found?.ok === true
      ? [found.name, shop[file].slice(found.range.start, found.range.end)]
      : found?.message;
  };
  assert.deepEqual(at('policies/shop.policy.yaml', '▮$catalogue'), ['catalogue', 'catalogue']);
  assert.deepEqual(at('policies/shop.policy.yaml', 'env=pr▮od'), ['prod', 'prod']);
  assert.deepEqual(at('policies/shop.policy.yaml', 'name: re▮ad'), ['read', 'read']);
  assert.equal(at('policies/shop.policy.yaml', 'public.no▮tes'), undefined);
  assert.equal(at('policies/shop.policy.yaml', 'ki▮nd'), undefined);
  assert.match(String(at('policies/shop.policy.yaml', '"shop-▮*"')), /pattern/);
});

function digestOf(texts: Texts): string | undefined {
  const { set, diagnostics } = loadPolicySet(
    new Map(Object.entries(texts).filter(([file]) => file !== 'gatehouse.yaml')),
  );
  assert.deepEqual(diagnostics, []);
  return set?.digest;
}

const places: readonly (readonly [ShopFile, string, 'same' | 'changed'])[] = [
  ['policies/shop.policy.yaml', '$cata▮logue', 'same'],
  ['policies/lists.policy.yaml', 'shops▮:', 'same'],
  ['policies/shop.policy.yaml', 'name: re▮ad', 'changed'],
  ['policies/shop.policy.yaml', 'name: sh▮op', 'changed'],
  ['gatehouse.yaml', 'name: shop▮-db', 'changed'],
  ['gatehouse.yaml', 'name: dev▮-db', 'same'],
  ['gatehouse.yaml', 'e▮nv: prod', 'changed'],
  ['gatehouse.yaml', 'env: pr▮od', 'changed'],
  ['policies/shop.policy.yaml', 'group:▮dba', 'changed'],
  ['policies/shop.policy.yaml', 'person:▮ada', 'changed'],
  ['policies/shop.policy.yaml', 'agents: [cla▮ude', 'changed'],
];
const newName = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}z9$/);

test('there and back gives the same text, and only what policies mean by a name changes their digest', () => {
  fc.assert(
    fc.property(fc.constantFrom(...places), newName, ([file, at, meaning], to) => {
      // A field of a condition that needs brackets keeps them.
      const name = at.includes('e▮nv') ? to.replaceAll('-', '_') : to;
      const there = renamed(shopAt(file, at), name).texts;
      assert.equal(digestOf(there) === digestOf(shop), meaning === 'same');
      const { desk } = deskOf(there);
      const { offset } = deskOf(shopAt(file, at));
      const back = rename(desk, file, startOf(there[file] ?? '', shop[file], offset), originalName(file, at));
      assert.ok(back?.ok, JSON.stringify(back));
      const { edits: all } = back;
      for (const [each, text] of Object.entries(there)) {
        const edits = all.filter((edit) => edit.file === each);
        assert.equal(applyEdits(text, edits), shop[each as ShopFile]);
      }
    }),
    { numRuns: 150 },
  );
});

/** Where the texts begin to differ is where the first place of the name is; the cursor's own may stand further on. */
function startOf(there: string, before: string, offset: number): number {
  let at = 0;
  while (at < there.length && there[at] === before[at]) at++;
  return Math.min(at, offset, there.length);
}

function originalName(file: ShopFile, at: string): string {
  const { desk, file: name, offset } = deskOf(shopAt(file, at));
  const found = prepareRename(desk, name, offset);
  return found?.ok === true ? found.name : '';
}

test('any name that is taken is read back as it was given', () => {
  const scalars = [
    (name: string) => `${head}owner: group:${name}\n`,
    (name: string) =>
      `${head}masks:\n  - columns: ["*.x"]\n    with: redact\n    unless: { groups: [${name}] }\n`,
    (name: string) =>
      `${head}masks:\n  - columns: ["*.x"]\n    with: redact\n    unless:\n      groups:\n        - '${name}'\n`,
    (name: string) => `${head}rules: [{ name: x, effect: deny, when: '"${name}" in principal.groups' }]\n`,
    (name: string) =>
      `${head}rules:\n  - name: x\n    effect: deny\n    when: '''${name}'' in principal.groups'\n`,
    (name: string) =>
      `${head}rules:\n  - name: x\n    effect: deny\n    when: principal.groups.exists(g, g == "${name}")\n`,
    (name: string) =>
      `${head}rules:\n  - name: x\n    effect: deny\n    when: |\n      "${name}" in principal.groups\n`,
  ];
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', ' ', '"', "'", '\\', ':', '#', ',', '[', '}', '-', '&', '!', '%', 'é'),
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.constantFrom(...scalars), text, (make, to) => {
      const { desk, file, offset } = deskOf(make('d▮ba'));
      const result = rename(desk, file, offset, to);
      if (result?.ok !== true) return;
      const before = desk.files.get(file)?.text ?? '';
      const after = applyEdits(before, result.edits);
      const { desk: again } = deskOf(after);
      const found = again.files.get(file);
      assert.deepEqual(found?.parsed.diagnostics, [], after);
      const first = result.edits[0]?.start ?? 0;
      let seen = prepareRename(again, file, first);
      for (let at = first; seen === undefined && at <= after.length; at++)
        seen = prepareRename(again, file, at);
      assert.ok(seen?.ok === true, after);
      assert.equal(seen.name.replace(/\\(.)/g, '$1'), to.replace(/\\(.)/g, '$1'), after);
    }),
    { numRuns: 800 },
  );
});
