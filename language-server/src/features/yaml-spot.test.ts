import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spotAt } from './yaml-spot.ts';

const cases: readonly (readonly [title: string, text: string, expected: string])[] = [
  ['an empty file', '▮', 'key '],
  ['the first key', 'gate▮', 'key  gate'],
  ['a key below others', 'a: 1\nb▮\nc: 2', 'key  b'],
  ['an empty line at the root', 'a: 1\n▮\nc: 2', 'key '],
  ['the value of a key', 'a: 1\nkind: Pol▮', 'value kind Pol'],
  ['an empty value', 'kind: ▮', 'value kind'],
  ['an empty value without a space', 'kind:▮', 'value kind'],
  ['a quoted value', 'kind: "Po▮l"', 'value kind Po'],
  ['below a key without a value', 'applies:\n  ▮', 'either applies'],
  ['a word below a key without a value', 'applies:\n  to▮', 'either applies to'],
  ['the second key of a mapping', 'applies:\n  to: [a]\n  ag▮', 'key applies ag'],
  ['an empty line inside of a mapping', 'applies:\n  to: [a]\n  ▮', 'key applies'],
  ['back at the root', 'applies:\n  to: [a]\n▮', 'key '],
  ['behind a dash', 'rules:\n  - ▮', 'either rules.0'],
  ['the first key of an item', 'rules:\n  - na▮', 'either rules.0 na'],
  ['the second item', 'rules:\n  - name: a\n  - ▮', 'either rules.1'],
  ['a key of an item', 'rules:\n  - name: a\n    eff▮', 'key rules.0 eff'],
  ['a dash at the key’s own column', 'rules:\n- name: a\n  eff▮', 'key rules.0 eff'],
  ['a value in an item', 'rules:\n  - name: a\n    effect: al▮', 'value rules.0.effect al'],
  ['the first value in an item', 'rules:\n  - effect: al▮', 'value rules.0.effect al'],
  ['a nested mapping', 'rules:\n  - name: a\n    sql:\n      act▮', 'either rules.0.sql act'],
  [
    'a list in a nested mapping',
    'rules:\n  - sql:\n      actions:\n        - sel▮',
    'either rules.0.sql.actions.0 sel',
  ],
  ['a key of a flow mapping', 'applies: { t▮ }', 'key applies t flow'],
  ['an empty flow mapping', 'applies: {▮}', 'key applies flow'],
  ['the second key of a flow mapping', 'applies: { to: [a], ▮', 'key applies flow'],
  ['a value of a flow mapping', 'x: { with: re▮ }', 'value x.with re flow'],
  ['an item of a flow list', 'applies: { to: [a, sh▮] }', 'value applies.to.1 sh flow'],
  ['an empty flow list', 'a: [▮]', 'value a.0 flow'],
  ['a quoted item of a flow list', 'a: ["x, y", "pu▮"]', 'value a.1 pu flow'],
  [
    'a flow mapping over lines',
    'rules:\n  - { name: a,\n      sql: { actions: [se▮',
    'value rules.0.sql.actions.0 se flow',
  ],
  ['an item that is a flow mapping', 'masks:\n  - { columns: [a], wi▮', 'key masks.0 wi flow'],
  ['a condition', 'rules:\n  - when: request.sq▮', 'value rules.0.when request.sq'],
  [
    'a condition with colons and brackets',
    'rules:\n  - when: a ? [b]: re▮',
    'value rules.0.when a ? [b]: re',
  ],
  [
    'a condition in a block',
    'rules:\n  - when: |\n      a &&\n      req▮',
    'value rules.0.when       a &&\n      req block',
  ],
  ['behind a block', 'rules:\n  - when: |\n      a\n    mes▮', 'key rules.0 mes'],
  [
    'a condition over lines',
    'rules:\n  - when: a &&\n      req▮',
    'value rules.0.when a &&\n      req block',
  ],
  ['behind a comment line', '# x\nki▮', 'key  ki'],
  ['in a comment', 'a: 1\n# x▮', 'none'],
  ['behind a comment in flow', 'a: [b, # x▮', 'none'],
];
for (const [title, text, expected] of cases) {
  test(`the spot is known: ${title}`, () => {
    const offset = text.indexOf('▮');
    const spot = spotAt(text.replace('▮', ''), offset);
    const said =
      spot === undefined
        ? 'none'
        : [spot.kind, spot.path.join('.'), spot.typed, spot.flow ? 'flow' : '', spot.block ? 'block' : ''];
    assert.equal(
      typeof said === 'string'
        ? said
        : said
            .join(' ')
            .trimEnd()
            .replace(/ +(?=flow$|block$)/, ' '),
      expected.trimEnd(),
    );
  });
}

test('no text and no offset makes it throw, and what it replaces holds the cursor', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ':', ' ', '\n', '\r', '-', '"', "'", '[', ']', '{', '}', '|', '>', '#', ','),
  });
  fc.assert(
    fc.property(text, fc.nat(), (source, at) => {
      const offset = at % (source.length + 1);
      const spot = spotAt(source, offset);
      if (spot === undefined) return;
      assert.ok(spot.start <= offset && offset <= spot.end, JSON.stringify({ source, offset, spot }));
    }),
    { numRuns: 3000 },
  );
});
