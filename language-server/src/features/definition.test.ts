import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deskOf } from '../desk.fixture.ts';
import { definition, references } from './definition.ts';
import { highlights } from './highlight.ts';
import { linkedEditing } from './linked-editing.ts';
import { type ShopFile, shop, shopAt } from './names.fixture.ts';

function lineOf(file: string, start: number, end: number): string {
  const text = shop[file as ShopFile];
  return `${file.replace(/^policies\/|\.policy\.yaml$/g, '')}:${text.slice(0, start).split('\n').length} ${text.slice(start, end)}`;
}

function defined(file: ShopFile, at: string): readonly string[] {
  const { desk, file: name, offset } = deskOf(shopAt(file, at));
  return (definition(desk, name, offset)?.targets ?? []).map((target) =>
    lineOf(target.file, target.head.start, target.head.end),
  );
}

function used(file: ShopFile, at: string, declaration = true): readonly string[] {
  const { desk, file: name, offset } = deskOf(shopAt(file, at));
  return references(desk, name, offset, { declaration }).map((use) => lineOf(use.file, use.start, use.end));
}

const definitions: readonly (readonly [title: string, file: ShopFile, at: string, ...targets: string[]])[] = [
  ['a list, in another file', 'policies/shop.policy.yaml', '$cata▮logue', 'lists:6 catalogue'],
  ['a list, from the dollar sign on', 'policies/shop.policy.yaml', '▮$shop', 'lists:7 shop'],
  ['a list in quotes', 'policies/shop.policy.yaml', '"$▮catalogue"', 'lists:6 catalogue'],
  ['a list in a list', 'policies/lists.policy.yaml', '$catalogue▮', 'lists:6 catalogue'],
  ['a resource', 'policies/shop.policy.yaml', 'to: [shop▮-db', 'gatehouse.yaml:4 shop-db'],
  [
    'a resource in a list that policies apply to',
    'policies/lists.policy.yaml',
    'shops: [shop▮',
    'gatehouse.yaml:4 shop-db',
  ],
  ['the value of a label', 'policies/shop.policy.yaml', 'env=▮prod', 'gatehouse.yaml:4 prod'],
  [
    'the key of a label, everywhere',
    'policies/shop.policy.yaml',
    '"e▮nv=',
    'gatehouse.yaml:4 env',
    'gatehouse.yaml:5 env',
  ],
  ['a group behind its prefix', 'policies/shop.policy.yaml', '"gro▮up:dba"', 'gatehouse.yaml:6 dba'],
  [
    'a resource in a condition',
    'policies/shop.policy.yaml',
    'resource.name == "sh▮op-db"',
    'gatehouse.yaml:4 shop-db',
  ],
  ['a label in a condition', 'policies/shop.policy.yaml', "labels.env == 'pr▮od", 'gatehouse.yaml:4 prod'],
  ['what a pattern is for', 'policies/shop.policy.yaml', '"shop-▮*"', 'gatehouse.yaml:4 shop-db'],
  ['nothing for a person', 'policies/shop.policy.yaml', 'person:ada▮'],
  ['nothing for a table', 'policies/shop.policy.yaml', 'public.no▮tes'],
  ['itself for a rule', 'policies/shop.policy.yaml', 'name: re▮ad', 'shop:7 read'],
];

for (const [title, file, at, ...targets] of definitions) {
  test(`definition: ${title}`, () => assert.deepEqual(defined(file, at), targets));
}

test('the definition of a list is the list with all its items, and the origin is the name alone', () => {
  const { desk, file, offset } = deskOf(shopAt('policies/shop.policy.yaml', '$cata▮logue'));
  const found = definition(desk, file, offset);
  const [target] = found?.targets ?? [];
  assert.ok(found && target);
  assert.equal(
    shop['policies/lists.policy.yaml'].slice(target.range.start, target.range.end),
    'catalogue: [public.products, public.prices]',
  );
  assert.equal(shop['policies/shop.policy.yaml'].slice(found.origin.start, found.origin.end), 'catalogue');
});

test('references of a list are all its uses, with and without where it is made', () => {
  const uses = ['other:6 catalogue', 'shop:9 catalogue', 'shop:12 catalogue'];
  assert.deepEqual(used('policies/shop.policy.yaml', '$cata▮logue'), [
    'lists:6 catalogue',
    'lists:7 catalogue',
    ...uses,
  ]);
  assert.deepEqual(used('policies/lists.policy.yaml', 'cata▮logue: [', false), [
    'lists:7 catalogue',
    ...uses,
  ]);
});

test('references of a resource are in lists, conditions and patterns too, but not in a bare `*`', () => {
  assert.deepEqual(used('gatehouse.yaml', 'name: shop▮-db'), [
    'gatehouse.yaml:4 shop-db',
    'lists:8 shop-db',
    'shop:5 shop-db',
    'shop:5 shop-*',
    'shop:15 shop-db',
  ]);
});

test('references of a group are found where nothing makes it known, and in patterns that match it', () => {
  assert.deepEqual(used('policies/shop.policy.yaml', 'group:▮dba'), [
    'gatehouse.yaml:6 dba',
    'shop:4 dba',
    'shop:13 dba',
    'shop:16 dba',
    'shop:18 d*',
  ]);
  assert.deepEqual(used('policies/shop.policy.yaml', 'person:▮ada'), ['shop:13 ada@example.com']);
});

test('references of a pattern are what it matches', () => {
  assert.deepEqual(used('policies/shop.policy.yaml', '"▮shop-*"'), [
    'gatehouse.yaml:4 shop-db',
    'lists:8 shop-db',
    'shop:5 shop-db',
    'shop:5 shop-*',
    'shop:15 shop-db',
  ]);
});

test('rules of one name in two policies are two names', () => {
  assert.deepEqual(used('policies/shop.policy.yaml', 'name: re▮ad'), ['shop:7 read']);
});

test('where there is no name there is nothing', () => {
  const { desk } = deskOf(shop);
  for (const file of ['policies/shop.policy.yaml', 'no-such-file']) {
    assert.equal(definition(desk, file, 3), undefined);
    assert.deepEqual(references(desk, file, 3, { declaration: true }), []);
    assert.deepEqual(highlights(desk, file, 3), []);
    assert.equal(linkedEditing(desk, file, 3), undefined);
  }
});

function assertHighlights(text: string, kinds: readonly string[]): void {
  const { desk, file, offset, marks } = deskOf(text);
  const found = highlights(desk, file, offset);
  assert.deepEqual(
    found.map(({ range: { start, end } }) => ({ file, start, end })),
    marks,
  );
  assert.deepEqual(
    found.map(({ kind }) => kind),
    kinds,
  );
}

const head = 'gatehouse: v1\nkind: Policy\nname: a\napplies: { to: ["*"] }\n';

test('a name is highlighted in its file, where it is made and where it is used', () => {
  assertHighlights(
    `${head}lists: { «x»: [a.b], y: [$«x»] }\nrules:\n  - { name: x, effect: deny, sql: { tables: [$«▮x»] } }\n`,
    ['write', 'read', 'read'],
  );
});

test('a pattern is highlighted wherever the same one stands', () => {
  assertHighlights(
    `${head}lists: { x: [«a.b»] }\nrules:\n  - { name: a.b, effect: deny, sql: { tables: [«a.▮b», b.c] } }\n`,
    ['text', 'text'],
  );
});

test('a list and its uses are edited together', () => {
  const { desk, file, offset, marks } = deskOf(
    `${head}lists: { «x»: [a.b], y: [$«x»] }\nrules:\n  - { name: x, effect: deny, sql: { tables: ["$«▮x»"] } }\n`,
  );
  assert.deepEqual(
    linkedEditing(desk, file, offset)?.ranges.map((range) => ({ file, ...range })),
    marks,
  );
});

test('a list is not edited together where other files use it, nothing makes it, or nothing uses it', () => {
  const at = (files: Record<string, string> | string) => {
    const { desk, file, offset } = deskOf(files);
    return linkedEditing(desk, file, offset);
  };
  assert.equal(at(shopAt('policies/lists.policy.yaml', 'cata▮logue: [')), undefined);
  assert.equal(at(`${head}lists: { x▮: [a.b] }\n`), undefined);
  assert.equal(at(`${head}masks: [{ columns: [$x▮, $x], with: redact }]\n`), undefined);
});
