import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deskOf } from '../desk.fixture.ts';
import { type Call, type CallItem, incomingCalls, outgoingCalls, prepareCalls } from './call-hierarchy.ts';
import { type ShopFile, shop, shopAt } from './names.fixture.ts';

function at(file: ShopFile, place: string) {
  const { desk, file: name, offset } = deskOf(shopAt(file, place));
  const item = prepareCalls(desk, name, offset);
  return { desk, item };
}

function shown({ kind, name, file }: CallItem): string {
  return `${kind} ${name} in ${file.replace(/^policies\/|\.policy\.yaml$/g, '')}`;
}

function all(calls: readonly Call[]): readonly string[] {
  return calls.map(({ item, places }) => `${shown(item)} ${places.length}`);
}

const prepared: readonly (readonly [title: string, file: ShopFile, place: string, item: string])[] = [
  ['a list by its name', 'policies/lists.policy.yaml', 'cata▮logue: [', 'list catalogue in lists'],
  ['a list where it is used', 'policies/shop.policy.yaml', '$cata▮logue', 'list catalogue in lists'],
  ['a group where it is made known', 'gatehouse.yaml', 'groups: { db▮a', 'group dba in gatehouse.yaml'],
  ['a group where it is used', 'policies/shop.policy.yaml', '"db▮a" in', 'group dba in gatehouse.yaml'],
  ['a rule by its name', 'policies/shop.policy.yaml', 'name: re▮ad', 'rule shop/read in shop'],
  ['a rule by anything in it', 'policies/shop.policy.yaml', 'person:ada▮', 'rule shop/write in shop'],
  ['a policy by its name', 'policies/shop.policy.yaml', 'name: sh▮op', 'policy shop in shop'],
  ['a mask by its columns', 'policies/shop.policy.yaml', '"*.ss▮n"', 'mask *.ssn in shop'],
];

for (const [title, file, place, expected] of prepared) {
  test(`a hierarchy begins at ${title}`, () => {
    const { item } = at(file, place);
    assert.ok(item);
    assert.equal(shown(item), expected);
    assert.ok(item.range.start <= item.head.start && item.head.end <= item.range.end);
  });
}

test('a rule uses lists and groups', () => {
  const { desk, item } = at('policies/shop.policy.yaml', 'name: re▮ad');
  assert.ok(item);
  assert.deepEqual(all(outgoingCalls(desk, item)), ['list catalogue in lists 1', 'list shop in lists 1']);
  const write = at('policies/shop.policy.yaml', 'name: wri▮te');
  assert.ok(write.item);
  assert.deepEqual(all(outgoingCalls(write.desk, write.item)), [
    'list catalogue in lists 1',
    'group dba in gatehouse.yaml 2',
  ]);
  assert.deepEqual(incomingCalls(desk, item), []);
});

test('a list uses lists, and is used by rules and lists of all files', () => {
  const { desk, item } = at('policies/shop.policy.yaml', '$sh▮op');
  assert.ok(item);
  assert.deepEqual(all(outgoingCalls(desk, item)), ['list catalogue in lists 1']);
  const [catalogue] = outgoingCalls(desk, item);
  assert.ok(catalogue);
  assert.deepEqual(all(incomingCalls(desk, catalogue.item)), [
    'list shop in lists 1',
    'rule other/read in other 1',
    'rule shop/read in shop 1',
    'rule shop/write in shop 1',
  ]);
  const [place] = catalogue.places;
  assert.equal(shop['policies/lists.policy.yaml'].slice(place?.start, place?.end), 'catalogue');
});

test('a list is used by the policies that apply to it', () => {
  const { desk, item } = at('policies/lists.policy.yaml', 'shop▮s:');
  assert.ok(item);
  assert.deepEqual(all(incomingCalls(desk, item)), ['policy other in other 1']);
});

test('a group is used by owners, approvals, conditions and masks, by patterns too', () => {
  const { desk, item } = at('gatehouse.yaml', 'groups: { db▮a');
  assert.ok(item);
  assert.deepEqual(all(incomingCalls(desk, item)), [
    'policy shop in shop 1',
    'rule shop/write in shop 2',
    'mask *.ssn in shop 1',
  ]);
  assert.deepEqual(outgoingCalls(desk, item), []);
});

test('where nothing stands no hierarchy begins', () => {
  const { desk } = deskOf(shop);
  assert.equal(prepareCalls(desk, 'gatehouse.yaml', 3), undefined);
  assert.equal(prepareCalls(desk, 'no-such-file', 3), undefined);
});
