import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IncrementalYaml, reparse } from './incremental.ts';
import { type ParsedYaml, parseYaml } from './parse-yaml.ts';
import { entryOf, type SyntaxNode } from './tree.ts';

/** All that a node says, the place of each character included. */
function told(node: SyntaxNode): unknown {
  switch (node.kind) {
    case 'sequence':
      return { range: node.range, items: node.items.map(told) };
    case 'mapping':
      return {
        range: node.range,
        entries: node.entries.map(({ key, keyRange, value }) => ({ key, keyRange, value: told(value) })),
      };
    case 'scalar': {
      const { value, style, range } = node;
      const table = node.offsets();
      const places = table.value.split('').map((_, index) => table.range(index, index + 1));
      return {
        value: Object.is(value, -0) ? '-0' : value,
        style,
        range,
        text: table.value,
        places,
        past: table.at(1e9),
        none: table.range(0, 0),
      };
    }
  }
}

function toldOf({ root, tree, diagnostics, local, source }: ParsedYaml): unknown {
  return {
    root: root && told(root),
    tree: tree && told(tree),
    diagnostics,
    local,
    text: source.text,
    end: source.position(source.text.length),
  };
}

const value = fc.constantFrom(
  'x',
  '"a\\n\\"b"',
  "'it''s'",
  '|\n      a\n       b\n\n      c',
  '|+\n      a\n\n',
  '|-\n\n      a # no comment',
  '>\n      folded\n      text\n\n        more\n      end',
  '>2-\n      x',
  'plain over\n      two lines',
  '"quoted over\n      two \\\n      lines"',
  '[a, "b", c.*]',
  '[a,\n      b, # why\n      c]',
  '{ by: [x], within: 5m }',
  '{ }',
  '',
  '12',
  '\n      deep: [1]\n      deeper:\n        - a\n        - b: c',
  '\n    - same\n    - column',
  'a # comment - with dash',
  '~',
);
const key = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('name', 'when', 'message', 'sql', 'x', '"quoted"') },
  fc.constant('? odd'),
);
const gap = fc.constantFrom(
  '',
  '',
  '',
  '',
  '\n',
  '  # about it\n',
  '# at the margin\n',
  '    # deep - comment\n',
  '      \n',
);
const item = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .uniqueArray(fc.tuple(key, value, gap), { minLength: 1, maxLength: 4, selector: ([name]) => name })
      .map((entries) =>
        entries
          .map(([name, text, after], index) => `${index === 0 ? '  - ' : '    '}${name}: ${text}\n${after}`)
          .join(''),
      ),
  },
  fc.constantFrom(
    '  - plain\n',
    '  -\n',
    '  - # why - so\n    name: x\n',
    '  -\n    name: x\n',
    '  - - a\n    - b\n',
    '  - [a, b]\n',
    '  - |\n    text\n',
  ),
);
const list = fc
  .tuple(
    fc.constantFrom('rules:\n', 'masks: # these\n', 'more:\n\n  # first\n', 'plain: 1\nlist:\n'),
    fc.array(fc.tuple(item, gap), { minLength: 1, maxLength: 5 }),
  )
  .map(([name, items]) => name + items.map((parts) => parts.join('')).join(''));
const ends = fc.constantFrom('', '', 'limits: { rows: 5 }\n', '# the end', 'x:', '  \n');
const file = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('gatehouse: v1\nname: a\n', '', '# head\n\n') },
      fc.constantFrom('---\n', '&a x: 1\n', 'x: *a\n'),
    ),
    fc.uniqueArray(list, { maxLength: 3, selector: (text) => text.slice(0, 4), minLength: 1 }),
    ends,
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([head, lists, end, form]) => {
    const text = head + lists.join('') + end;
    // Some files have CRLF, some lists stand at the margin, some end without a break.
    if (form === 0) return text.replaceAll('\n', '\r\n');
    if (form === 1) return text.replaceAll(/^ {2}/gm, '');
    return form === 2 ? text.trimEnd() : text;
  });

const mild = fc.oneof(
  fc.constantFrom('a', 'b', ' ', '  ', '\n', '\n    ', '- ', '-', ' # ', ',', ': ', 's', '|', '"x"', ' [x]'),
  item,
  key.map((name) => `    ${name}1: x\n`),
  fc.stringMatching(/^[a-z .\n]{0,4}$/),
);
const wild = fc.oneof(
  fc.constantFrom(
    '\r\n',
    '\r',
    '\t',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ':',
    '#',
    '>',
    '|+\n',
    '&a ',
    '*a',
    '!t ',
  ),
  fc.constantFrom('? ', '---\n', '...\n', '%', '@', '\0', '\ufeff', 'r: x\n', 's: s\n'),
  list,
  fc.string({ maxLength: 4 }),
);
const bit = fc.oneof({ weight: 3, arbitrary: mild }, wild);
const edit = fc.record({
  at: fc.nat(10_000),
  gone: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
  with: fc.oneof(
    fc.constant(''),
    bit,
    fc.array(bit, { maxLength: 3 }).map((parts) => parts.join('')),
  ),
  /** Undone when it breaks the text. */
  back: fc.integer({ min: 0, max: 3 }).map((chance) => chance > 0),
  /** Snap to the start of a line, where most of the trouble is. */
  atLine: fc.boolean(),
});

function edited(
  text: string,
  {
    at: raw,
    gone,
    with: put,
    atLine,
  }: { at: number; gone: number; with: string; atLine: boolean; back: boolean },
): string {
  let at = raw % (text.length + 1);
  if (atLine) at = text.lastIndexOf('\n', at) + 1;
  return text.slice(0, at) + put + text.slice(at + gone);
}

test('a parse after an edit is that of the whole text', () => {
  const taken = { sound: 0, broken: 0, full: 0 };
  fc.assert(
    fc.property(file, fc.array(edit, { minLength: 1, maxLength: 6 }), (start, edits) => {
      const yaml = new IncrementalYaml('a.yaml');
      yaml.parse(start);
      let text = start;
      let sound = parseYaml('a.yaml', start);
      for (const each of edits) {
        text = edited(text, each);
        const whole = parseYaml('a.yaml', text);
        assert.deepEqual(toldOf(yaml.parse(text)), toldOf(whole));
        const again = reparse(sound, text);
        if (again) assert.deepEqual(toldOf(again), toldOf(whole));
        taken[again === undefined ? 'full' : again.root ? 'sound' : 'broken']++;
        if (whole.root && whole.local) sound = again ?? whole;
        else if (each.back) text = sound.source.text;
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(taken.sound > 100 && taken.broken > 20, JSON.stringify(taken));
});

const rules = 'rules:\n  - name: a\n    when: |\n      x\n  - name: b\n  - name: c\nlimits: {}\n';

test('only what an edit touches is read again', () => {
  const before = parseYaml('a.yaml', rules);
  const after = reparse(before, rules.replace('name: b', 'name: bbb'));
  const items = (parsed: ParsedYaml | undefined) => {
    const node = entryOf(parsed?.root, 'rules')?.value;
    assert.ok(node?.kind === 'sequence');
    return node.items;
  };
  assert.equal(items(after)[0], items(before)[0]);
  assert.notEqual(items(after)[1], items(before)[1]);
  assert.equal(items(after)[2]?.range.start, (items(before)[2]?.range.start ?? 0) + 2);
});

const whole: readonly (readonly [what: string, from: string, to: string])[] = [
  ['a key of the root', 'limits', 'limit'],
  ['the key of the list', 'rules', 'masks'],
  ['a quote that is not closed', 'name: b', 'name: "b'],
  ['an anchor', 'name: b', 'name: &x b'],
  ['a tab', 'name: b', 'name: b\t'],
  ['the column of an item', '  - name: b', '   - name: b'],
  ['a marker of documents', '  - name: b', '---\n  - name: b'],
];
for (const [what, from, to] of whole) {
  test(`${what} is left to the full parse`, () => {
    assert.equal(reparse(parseYaml('a.yaml', rules), rules.replace(from, to)), undefined);
  });
}
