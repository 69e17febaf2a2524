import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { policyDigest } from './digest.ts';
import { assertFound, marked } from './marked.fixture.ts';
import type { Policy, Rule } from './policy.ts';
import { loadPolicySet } from './policy-set.ts';

function fileOf(name: string, rest = ''): string {
  return `gatehouse: v1\nkind: Policy\nname: ${name}\napplies: { to: ["*"] }\n${rest}`;
}

test('the policies of all files make one set', () => {
  const { set, diagnostics } = loadPolicySet(
    new Map([
      ['b.yaml', fileOf('b')],
      ['a.yaml', fileOf('a')],
    ]),
  );
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    set?.policies.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.match(set?.digest ?? '', /^[0-9a-f]{64}$/);
});

test('no files make an empty set, which allows nothing', () => {
  assert.deepEqual(loadPolicySet(new Map()).set?.policies, []);
});

test('one broken file leaves no set', () => {
  const { set, diagnostics } = loadPolicySet(
    new Map([
      ['a.yaml', fileOf('a')],
      ['b.yaml', fileOf('b', 'x: 1')],
    ]),
  );
  assert.equal(set, undefined);
  assert.deepEqual(
    diagnostics.map(({ file, code }) => [file, code]),
    [['b.yaml', 'unknown-key']],
  );
});

test('two policies of one name are told in the later file', () => {
  const file = marked(fileOf('«a»'));
  const { set, diagnostics } = loadPolicySet(
    new Map([
      ['b.yaml', file.text],
      ['a.yaml', fileOf('a')],
    ]),
  );
  assert.equal(set, undefined);
  assert.equal(diagnostics[0]?.file, 'b.yaml');
  assertFound(file, diagnostics, [['duplicate-policy', /policy of a\.yaml/]]);
});

const word = fc.constantFrom('a', 'b', 'c', 'public.*', 'x"y', 'é', '__proto__');
const words = fc.array(word, { minLength: 1, maxLength: 3 });
const location = { file: 'a.yaml', line: 1, column: 1 };
const rules = fc.array(
  fc.record(
    {
      name: word,
      effect: fc.constantFrom('allow', 'approve', 'deny'),
      vocabulary: fc.constant('sql'),
      selector: fc.dictionary(fc.constantFrom('actions', 'tables', 'columns'), words),
      when: fc.string({ maxLength: 3 }),
      message: fc.string({ maxLength: 3 }),
      approval: fc.record({ by: words, within: fc.nat(9) }),
      location: fc.constant(location),
    },
    { requiredKeys: ['name', 'effect', 'selector', 'location'] },
  ),
  { maxLength: 4 },
) as fc.Arbitrary<Rule[]>;
const policies = fc.array(
  fc.record({
    name: word,
    mode: fc.constantFrom('enforce', 'observe'),
    applies: fc.record({ to: words, agents: words, groups: words }, { requiredKeys: ['to', 'agents'] }),
    rules,
    masks: fc.array(
      fc.record(
        {
          columns: words,
          with: fc.constantFrom('redact', 'partial', 'hash', 'range', 'tokenize', 'null'),
          keep: fc.record({ first: fc.nat(3), last: fc.nat(3) }),
          step: fc.constantFrom(1, 10, 'month'),
          harmless: words,
          unless: fc.record({ groups: words, people: words }, { requiredKeys: [] }),
          location: fc.constant(location),
        },
        { requiredKeys: ['columns', 'with', 'location'] },
      ),
      { maxLength: 3 },
    ),
    limits: fc.record({ rows: fc.nat(9), bytes: fc.nat(9) }, { requiredKeys: [] }),
    budgets: fc.record({ session: fc.record({ rows: fc.nat(9), cost: fc.nat(9) }) }, { requiredKeys: [] }),
    location: fc.constant(location),
  }),
  { maxLength: 4 },
) as fc.Arbitrary<Policy[]>;

/** Every list in another order, every place elsewhere, every mapping with its keys the other way round. */
function shuffled(value: unknown, swap: () => boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, swap));
    for (let i = items.length - 1; i > 0; i--) {
      if (swap()) [items[i], items[i - 1]] = [items[i - 1], items[i]];
    }
    return swap() ? items.reverse() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [
    key,
    key === 'location' ? { file: 'z.yaml', line: 9, column: 9 } : shuffled(member, swap),
  ]);
  return Object.fromEntries(entries.reverse());
}

test('the digest does not depend on places or on any order', () => {
  fc.assert(
    fc.property(policies, fc.infiniteStream(fc.boolean()), (set, swaps) => {
      const other = shuffled(set, () => swaps.next().value === true) as Policy[];
      assert.equal(policyDigest(other), policyDigest(set));
    }),
    { numRuns: 500 },
  );
});

test('files in any order and rules in any order give one digest', () => {
  const ruleTexts = [
    '  - { name: x, effect: deny }\n',
    '  - { name: y, effect: allow, sql: { tables: [a.b, a.c] } }\n',
  ];
  const one = new Map([
    ['a.yaml', fileOf('a', `rules:\n${ruleTexts.join('')}`)],
    ['b.yaml', fileOf('b')],
  ]);
  const two = new Map([
    ['1.yaml', `# moved\n\n${fileOf('b')}`],
    ['2.yaml', fileOf('a', `rules:\n${ruleTexts.toReversed().join('').replace('a.b, a.c', 'a.c, a.b')}`)],
  ]);
  assert.equal(loadPolicySet(one).set?.digest, loadPolicySet(two).set?.digest);
});

test('any change of meaning changes the digest', () => {
  const text = fileOf(
    'a',
    'mode: enforce\nrules:\n  - { name: x, effect: approve, sql: { actions: [select] }, when: "true", message: m, approval: { by: ["group:a"], within: 1m } }\nmasks: [{ columns: ["*.a"], with: partial, keep: { first: 1, last: 2 }, unless: { groups: [g] }, harmless: [length] }, { columns: ["*.n"], with: range, step: 10 }, { columns: ["*.t"], with: tokenize, writable: false }]\nlimits: { rows: 1 }\n',
  );
  const changes = [
    ['name: a', 'name: b'],
    ['["*"]', '[x]'],
    ['enforce', 'observe'],
    ['name: x', 'name: z'],
    ['writable: false', 'writable: true'],
    ['[select]', '[insert]'],
    ['"true"', '"false"'],
    ['message: m', 'message: n'],
    ['group:a', 'group:b'],
    ['1m', '2m'],
    ['*.a', '*.b'],
    ['first: 1', 'first: 2'],
    ['[g]', '[h]'],
    ['[length]', '[length, upper]'],
    ['step: 10', 'step: 20'],
    ['step: 10', 'step: month'],
    ['rows: 1', 'rows: 2'],
  ] as const;
  const digest = (source: string): string => {
    const { set, diagnostics } = loadPolicySet(new Map([['a.yaml', source]]));
    assert.deepEqual(diagnostics, []);
    return set?.digest ?? '';
  };
  const digests = [text, ...changes.map(([from, to]) => text.replace(from, to))].map(digest);
  assert.equal(new Set(digests).size, changes.length + 1);
});
