import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { marked } from '../model/marked.fixture.ts';
import { declaredLists } from '../model/lists.ts';
import { IncrementalYaml } from '../syntax/incremental.ts';
import { parseYaml } from '../syntax/parse-yaml.ts';
import { namesInCondition } from './condition-names.ts';
import { NameIndex } from './name-index.ts';
import { namesOf } from './names-of.ts';

function treeOf(file: string, text: string) {
  return parseYaml(file, text).tree;
}

/** The marked names must be exactly those found, in this order. */
function assertNames(kind: 'Policy' | 'Workspace', source: string, expected: readonly string[]): void {
  const { text, ranges } = marked(source);
  const places = [...namesOf('a.yaml', kind, treeOf('a.yaml', text))].sort((a, b) => a.start - b.start);
  assert.deepEqual(
    places.map(({ kind, name, role }) => `${role} ${kind} ${name}`),
    expected,
  );
  assert.deepEqual(
    places.map(({ start, end }) => text.slice(start, end)),
    ranges.map(({ start, end }) => text.slice(start, end)),
  );
  assert.deepEqual(
    places.map(({ start, end }) => ({ start, end })),
    ranges,
  );
}

test('gatehouse.yaml makes resources, labels and groups known', () => {
  assertNames(
    'Workspace',
    `gatehouse: v1
kind: Workspace
resources:
  - name: «shop-db»
    labels: { «env»: «prod», "«team»": '«shop»' }
  - { name: "«dev»", host: localhost }
groups: { «dba»: Those. }
`,
    [
      'definition resource shop-db',
      'definition label env',
      'definition label env=prod',
      'definition label team',
      'definition label team=shop',
      'definition resource dev',
      'definition group dba',
    ],
  );
});

test('a policy makes its own name, rules and lists known, and uses all kinds', () => {
  assertNames(
    'Policy',
    `gatehouse: v1
kind: Policy
name: «shop»
owner: group:«dba»
applies: { to: [«shop-db», "«env»=«prod»", «dev*», $«shops»], agents: [«claude», "«*»"], groups: ["«eng*»", «web»] }
lists:
  «shops»: [a, $«more»]
rules:
  - name: «read»
    effect: approve
    sql: { actions: [select], tables: [$«tables», a.b], columns: ["$«cols»"] }
    approval: { by: ["*", "group:«dba»", 'person:«ada@example.com»'] }
    when: |
      "«dba»" in principal.groups &&
      resource.labels.«env» == '«prod»'
masks:
  - { columns: [$«secret», "*.ssn"], with: tokenize, tokens: «people», unless: { groups: [«privacy»], people: [«ada»] } }
`,
    [
      'definition policy shop',
      'reference group dba',
      'reference resource shop-db',
      'reference label env',
      'reference label env=prod',
      'pattern resource dev*',
      'reference list shops',
      'reference agent claude',
      'pattern agent *',
      'pattern group eng*',
      'reference group web',
      'definition list shops',
      'reference list more',
      'definition rule shop/read',
      'reference list tables',
      'reference list cols',
      'reference group dba',
      'reference person ada@example.com',
      'reference group dba',
      'reference label env',
      'reference label env=prod',
      'reference list secret',
      'reference tokens people',
      'reference group privacy',
      'reference person ada',
    ],
  );
});

const conditions: readonly (readonly [title: string, source: string, ...found: string[]])[] = [
  ['a group among those of the principal', '"«dba»" in principal.groups', 'group dba'],
  ['an agent on either side', "principal.agent == '«a»' || '«b»' != principal.agent", 'agent a', 'agent b'],
  ['one of several', 'principal.person in ["«ada»", "«bob»"]', 'person ada', 'person bob'],
  ['a resource by a part of its name', 'resource.name.startsWith("«shop-»")', 'resource shop-*'],
  [
    'the other parts',
    'resource.name.endsWith("«-db»") && resource.name.contains("«x»")',
    'resource *-db',
    'resource *x*',
  ],
  [
    'labels by field and by key',
    'resource.labels.«env» == "«prod»" && resource.labels["«team»"] in ["«a»"]',
    'label env',
    'label env=prod',
    'label team',
    'label team=a',
  ],
  [
    'the key of a label',
    '"«env»" in resource.labels && has(resource.labels.«env»)',
    'label env',
    'label env',
  ],
  [
    'groups in a comprehension',
    'principal.groups.exists(g, g == "«dba»" || g in ["«ops»"])',
    'group dba',
    'group ops',
  ],
  [
    'a list whose items are looked for',
    '["«dba»", "«ops»"].exists(x, x in principal.groups)',
    'group dba',
    'group ops',
  ],
  ['raw texts', 'principal.agent == r"«a\\b»"', 'agent a\\b'],
  ['escaped quotes', 'principal.agent == "«a\\"b»"', 'agent a"b'],
  ['an open text', 'principal.agent == "«cla»', 'agent cla'],
  ['nothing of texts about the request', 'request.text == "dba" && "x" in request.sql.tables'],
  ['nothing of a text that is put together', 'principal.agent == "a" + "b"'],
  [
    'nothing in comments and other texts',
    '"principal.agent == \'a\'" == request.text // principal.agent == "b"',
  ],
  ['nothing of a field of that name', 'x.principal.agent == "a" && principal.task == "b"'],
];

for (const [title, source, ...found] of conditions) {
  test(`in a condition: ${title}`, () => {
    const { text, ranges } = marked(source);
    const names = namesInCondition(text);
    assert.deepEqual(
      names.map(({ kind, name }) => `${kind} ${name}`),
      found,
    );
    assert.deepEqual(
      names.map(({ start, end }) => ({ start, end })),
      ranges,
    );
  });
}

test('names of a broken file are those that can still be read', () => {
  const text = 'name: a\napplies: { to: [x, $l] }\nrules:\n  - name: r\n    when: "b\n  - name: [\n';
  const names = namesOf('a.yaml', 'Policy', treeOf('a.yaml', text)).map(
    ({ kind, name }) => `${kind} ${name}`,
  );
  assert.ok(
    names.includes('policy a') && names.includes('resource x') && names.includes('list l'),
    names.join(),
  );
});

test('items of a list are names where the list is used for resources or agents, by other lists too', () => {
  const files = {
    'a.yaml': 'name: a\napplies: { to: [$shops], agents: [$helpers] }\n',
    'l.yaml':
      'name: l\nlists: { shops: [$inner, "env=prod"], inner: [shop-db], helpers: ["claude*"], tables: [a.b] }\n',
  };
  const index = new NameIndex(
    Object.entries(files).map(([file, text]) => ({ file, kind: 'Policy', tree: treeOf(file, text) })),
  );
  const names = (kind: 'resource' | 'agent' | 'label') =>
    index.ofKind(kind).map(({ name, role }) => `${role} ${name}`);
  assert.deepEqual(names('resource'), ['reference shop-db']);
  assert.deepEqual(names('agent'), ['pattern claude*']);
  assert.deepEqual(names('label'), ['reference env', 'reference env=prod']);
  const text = files['l.yaml'];
  assert.equal(index.at('l.yaml', text.indexOf('shop-db') + 2)?.name, 'shop-db');
  assert.equal(index.at('l.yaml', text.indexOf('$inner'))?.name, 'inner');
});

test('no text makes the search for names throw, and every name stands inside of the text', () => {
  const piece = fc.constantFrom(
    'principal.groups',
    'resource.labels',
    '.',
    '[',
    ']',
    '"',
    "'",
    '"a"',
    'r"',
    'in',
    '==',
    '(',
    ')',
    ',',
    'exists',
    'x',
    '\\',
    ' ',
    '\n',
    'name: ',
    'rules:\n  - ',
    'when: ',
    'lists: ',
    'applies: { to: [',
    '$a',
    '{',
    '}',
    '- ',
    ': ',
    '"""',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      for (const { start, end } of namesInCondition(text))
        assert.ok(0 <= start && start <= end && end <= text.length);
      for (const kind of ['Policy', 'Workspace'] as const) {
        for (const { start, end } of namesOf('a', kind, treeOf('a', text)))
          assert.ok(0 <= start && start <= end && end <= text.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test('after any edits the names of a file are those of its text, at their places', () => {
  const first = `# A policy\ngatehouse: v1\nkind: Policy\nname: a\napplies: { to: [x, $l] }\nlists:\n  l: [shop-db]\nrules:\n  - name: r\n    effect: deny\n    when: '"dba" in principal.groups'\n  - name: s\n    effect: allow\n    sql: { tables: [$t] }\n`;
  const edit = fc.tuple(
    fc.nat(260),
    fc.nat(3),
    fc.constantFrom('', '\n', ' ', '# more\n', 'x', '$', '"', '  - name: t\n    effect: deny\n'),
  );
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      const parser = new IncrementalYaml('a.yaml');
      let text = first;
      parser.parse(text);
      for (const [at, gone, put] of edits) {
        text = text.slice(0, at) + put + text.slice(at + gone);
        const kept = parser.parse(text);
        const fresh = parseYaml('a.yaml', text);
        const plain = (parsed: typeof fresh) =>
          namesOf('a.yaml', 'Policy', parsed.tree).map(({ kind, name, role, start, end }) => ({
            kind,
            name,
            role,
            start,
            end,
          }));
        assert.deepEqual(plain(kept), plain(fresh));
        assert.deepEqual(declaredLists(kept), declaredLists(fresh));
      }
    }),
    { numRuns: 400 },
  );
});
