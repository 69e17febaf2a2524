import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareSets } from '../evaluate/compare.ts';
import { parseYaml } from '../syntax/parse-yaml.ts';
import { Lists, listNamed, maxListedItems, patternOf } from './lists.ts';
import { loadPolicy } from './load-policy.ts';
import { assertFound, marked } from './marked.fixture.ts';
import type { PolicySet } from './policy.ts';
import { loadPolicySet } from './policy-set.ts';

function policyOf(rest: string, name = 'a', to = '["*"]'): string {
  return `gatehouse: v1\nkind: Policy\nname: ${name}\napplies: { to: ${to} }\n${rest}\n`;
}

function readRule(tables: string): string {
  return `rules: [{ name: read, effect: allow, sql: { actions: [select], tables: ${tables} } }]`;
}

function setOf(files: Readonly<Record<string, string>>): PolicySet {
  const { set, diagnostics } = loadPolicySet(new Map(Object.entries(files)));
  assert.deepEqual(diagnostics, []);
  assert.ok(set);
  return set;
}

test('a list stands for its patterns wherever names are chosen, from any file', () => {
  const set = setOf({
    'a.yaml': `gatehouse: v1
kind: Policy
name: a
applies: { to: [$shops, dev-db], agents: [$helpers] }
rules: [{ name: read, effect: allow, sql: { actions: [select], tables: [$all, public.notes], columns: [$open] } }]
masks: [{ columns: [$secret], with: redact }]
`,
    'z.yaml': policyOf(
      `lists:
  shops: [shop-db, env=prod]
  helpers: ["claude*"]
  all: [$catalogue, public.orders, public.notes]
  catalogue: [public.products]
  open: [id]
  secret: ["*.ssn", public.people.email]`,
      'z',
    ),
  });
  const [policy] = set.policies;
  assert.deepEqual(policy?.applies, { to: ['shop-db', 'env=prod', 'dev-db'], agents: ['claude*'] });
  assert.deepEqual(policy?.rules[0]?.selector, {
    actions: ['select'],
    tables: ['public.orders', 'public.notes', 'public.products'],
    columns: ['id'],
  });
  assert.deepEqual(policy?.masks[0]?.columns, ['*.ssn', 'public.people.email']);
});

test('what decides sees no list: the digest is that of the patterns written out', () => {
  const plain = setOf({ 'a.yaml': policyOf(readRule('[public.products, public.orders]')) });
  for (const name of ['catalogue', 'other']) {
    const listed = setOf({
      'a.yaml': policyOf(`lists: { ${name}: [public.orders, public.products] }\n${readRule(`[$${name}]`)}`),
    });
    assert.equal(listed.digest, plain.digest);
  }
});

test('a list that grows loosens the allow rules that use it, and one that shrinks tightens them', () => {
  const files = (tables: string) => ({
    'a.yaml': policyOf(readRule('[$catalogue]')),
    'lists.yaml': policyOf(`lists: { catalogue: ${tables} }`, 'lists'),
  });
  const small = setOf(files('[public.products]'));
  const large = setOf(files('[public.products, public.customers]'));
  assert.match(compareSets(small, large).loosens.join('\n'), /read/);
  assert.deepEqual(compareSets(large, small).loosens, []);
  assert.match(compareSets(large, small).tightens.join('\n'), /read/);
});

test('a `$` that belongs to the name is written twice', () => {
  assert.equal(listNamed('$x'), 'x');
  assert.equal(listNamed('$$x'), undefined);
  assert.equal(patternOf('$$x'), '$x');
  assert.equal(patternOf('a$$'), 'a$$');
  const { policy } = loadPolicy('a.yaml', policyOf('masks: [{ columns: ["$$odd.t.c"], with: redact }]'));
  assert.deepEqual(policy?.masks[0]?.columns, ['$odd.t.c']);
});

const mistakes: readonly (readonly [
  name: string,
  text: string,
  ...expected: (readonly [string, RegExp])[],
])[] = [
  [
    'a list that does not exist',
    policyOf(`lists: { catalogue: [a.b] }\n${readRule('[x.y, «$catalog»]')}`),
    ['unknown-list', /no list `catalog`\. Did you mean `\$catalogue`/],
  ],
  [
    'a list that nothing resembles',
    policyOf(readRule('[«$zoo»]')),
    ['unknown-list', /Make it below `lists`, or write `\$\$zoo`/],
  ],
  ['an unknown list in `applies`', policyOf('', 'a', '[«$x»]'), ['unknown-list', /no list `x`/]],
  [
    'an unknown list in a mask',
    policyOf('masks: [{ columns: [«"$x"»], with: redact }]'),
    ['unknown-list', /no list `x`/],
  ],
  [
    'an unknown list in a list',
    policyOf('lists:\n  a:\n    - b.c\n    - «$x»'),
    ['unknown-list', /no list `x`/],
  ],
  ['a list of itself', policyOf('lists: { a: [«$a», b.c] }'), ['circular-list', /leads back to `a`/]],
  [
    'lists in a circle, and not what leads there',
    policyOf('lists: { a: [«$b»], b: [«$c»], c: [«$a», $end], in: [$a], end: [b.c] }'),
    ['circular-list', /`\$b` leads back to `a`/],
    ['circular-list', /`\$c`/],
    ['circular-list', /`\$a`/],
  ],
  [
    'a list whose patterns cannot fit',
    policyOf(`lists: { mixed: [public.orders, email] }\n${readRule('[«$mixed»]')}`),
    ['bad-pattern', /list `mixed` holds.*`email`: .*1 part.*schema/],
  ],
  [
    'a pattern with white space in a list that nothing uses',
    policyOf('lists: { a: [«"b.c "»] }'),
    ['bad-pattern', /white space/],
  ],
  ['an empty list', policyOf('lists: { a: «[]» }'), ['out-of-range', /empty/]],
  ['a list that is no list', policyOf('lists: { a: «b.c» }'), ['wrong-type', /Write `a: \[\.\.\.\]`/]],
  ['a list with a bad name', policyOf('lists: { «$a»: [b.c] }'), ['bad-name', /A key of `lists`/]],
  [
    'a list among actions',
    policyOf('lists: { a: [b.c] }\nrules: [{ name: x, effect: deny, sql: { actions: [«$a»] } }]'),
    ['unknown-value', /cannot be `\$a`/],
  ],
  [
    'a list among people and groups',
    policyOf(
      'lists: { a: [b.c] }\nmasks: [{ columns: ["*.x"], with: redact, unless: { groups: [«$a»], people: [«$a»] } }]',
    ),
    ['bad-pattern', /lists stand only below/],
    ['bad-pattern', /lists stand only below/],
  ],
  ['an owner of no kind', policyOf('owner: «dba»'), ['bad-owner', /`group:NAME` or `person:NAME`/]],
];

for (const [name, text, ...expected] of mistakes) {
  test(`points at ${name}`, () => {
    const source = marked(text);
    const { policy, diagnostics } = loadPolicy('a.yaml', source.text);
    assert.equal(policy, undefined);
    assertFound(source, diagnostics, expected);
  });
}

test('a pattern that cannot fit is shown where the list has it', () => {
  const lists = marked(policyOf('lists: { inner: [«email»], outer: [$inner] }', 'lists'));
  const { diagnostics } = loadPolicySet(
    new Map([
      ['lists.yaml', lists.text],
      ['a.yaml', policyOf(readRule('[$outer]'))],
    ]),
  );
  assert.deepEqual(
    diagnostics.map(({ file, code, related }) => [
      file,
      code,
      related?.map(({ file, start, end }) => ({ file, start, end })),
    ]),
    [['a.yaml', 'bad-pattern', [{ file: 'lists.yaml', ...lists.ranges[0] }]]],
  );
});

test('a list that two files make is told in the later one', () => {
  const later = marked(policyOf('lists: { «x»: [a.b] }', 'b'));
  const { set, diagnostics } = loadPolicySet(
    new Map([
      ['b.yaml', later.text],
      ['a.yaml', policyOf('lists: { x: [a.b] }')],
    ]),
  );
  assert.equal(set, undefined);
  assertFound(later, diagnostics, [['duplicate-list', /a\.yaml makes a list of this name/]]);
});

test('an error in a file of lists leaves no set', () => {
  const files = (lists: string) =>
    new Map([
      ['a.yaml', policyOf(readRule('[$x]'))],
      ['lists.yaml', policyOf(lists, 'lists')],
    ]);
  assert.ok(loadPolicySet(files('lists: { x: [a.b] }')).set);
  for (const broken of [
    'lists: { x: [a.b] }\ny: 1',
    'lists: { x: [a.b, $z] }',
    'lists: { x: [a.b, $x] }',
    'lists: { x: [a.b',
  ])
    assert.equal(loadPolicySet(files(broken)).set, undefined, broken);
});

test('lists of lists cannot grow without bounds', () => {
  const wide = Array.from({ length: 300 }, (_, i) => `a.b${i}`).join(', ');
  const uses = Array.from(
    { length: Math.ceil(maxListedItems / 300) },
    (_, i) => `    - { name: r${i}, effect: deny, sql: { tables: [$x] } }`,
  );
  const { policy, diagnostics } = loadPolicy(
    'a.yaml',
    policyOf(`lists: { x: [${wide}] }\nrules:\n${uses.join('\n')}`),
  );
  assert.equal(policy, undefined);
  assert.match(diagnostics[0]?.message ?? '', /more than 50000 patterns/);
});

test('a chain of very many lists is followed to its end', () => {
  const chain = Array.from({ length: 5000 }, (_, i) => `  l${i}: [$l${i + 1}]`).join('\n');
  const text = (end: string) => policyOf(`lists:\n${chain}\n  l5000: [${end}]\n${readRule('[$l0]')}`);
  assert.deepEqual(loadPolicy('a.yaml', text('a.b')).policy?.rules[0]?.selector.tables, ['a.b']);
  assert.equal(loadPolicy('a.yaml', text('$l0')).diagnostics.length, 5001);
});

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const graph = fc.dictionary(name, fc.array(name, { minLength: 1, maxLength: 3 }), { maxKeys: 5 });

test('an item is circular only where something circular is reached both ways, and always where it leads back', () => {
  fc.assert(
    fc.property(graph, (edges) => {
      const text = Object.entries(edges).map(
        ([list, items]) => `  ${list}: [${items.map((item) => `$${item}`).join(', ')}]`,
      );
      const parsed = parseYaml('a.yaml', `lists:\n${text.join('\n') || '  a: [x]'}\n`);
      const lists = Lists.of([parsed]);
      const reaches = (from: string): ReadonlySet<string> => {
        const seen = new Set<string>();
        const open = [...(edges[from] ?? [])];
        for (let each = open.pop(); each !== undefined; each = open.pop()) {
          if (seen.has(each) || edges[each] === undefined) continue;
          seen.add(each);
          open.push(...(edges[each] ?? []));
        }
        return seen;
      };
      const onCircle = (each: string) => reaches(each).has(each);
      for (const list of lists.declared) {
        for (const item of list.items) {
          const inner = item.text.slice(1);
          const circular = lists.isCircular(list, item);
          if (inner === list.name || reaches(inner).has(list.name)) assert.ok(circular);
          if (circular) assert.ok([...reaches(inner), inner].some(onCircle));
        }
      }
    }),
  );
});

test('lists are the same while their texts are, wherever they stand', () => {
  const lists = (text: string) => Lists.of([parseYaml('a.yaml', text)]);
  const one = lists('lists: { a: [b.c, $d] }');
  assert.ok(one.sameAs(lists('# moved\nlists:\n  a:\n    - b.c\n    - $d\n')));
  for (const other of ['lists: { a: [b.c] }', 'lists: { b: [b.c, $d] }', 'lists: {}', ''])
    assert.ok(!one.sameAs(lists(other)), other);
});
