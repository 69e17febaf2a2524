import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseYaml } from '../syntax/parse-yaml.ts';
import { plainValue } from '../syntax/tree.ts';
import { formatText } from './format-text.ts';

const untidy = `# what it is for
gatehouse: v1
kind:   Policy   # the kind
name: a
applies: {to: [shop-db],agents: ["*"]}


rules:
- name: x
  effect:   deny
  sql: {actions: [select,insert,update,delete,truncate], tables: [public.orders,public.products,public.customers,public.other]}
  # why
  when: >-
      a &&
      b
  message: 'it''s'
- {name: y, effect: allow}
`;
const tidy = `# what it is for
gatehouse: v1
kind: Policy # the kind
name: a
applies: { to: [shop-db], agents: ["*"] }

rules:
  - name: x
    effect: deny
    sql:
      actions: [select, insert, update, delete, truncate]
      tables: [public.orders, public.products, public.customers, public.other]
    # why
    when: >-
      a &&
      b
    message: "it's"
  - { name: y, effect: allow }
`;

/** The text, or undefined where it stays. */
async function formattedText(text: string): Promise<string | undefined> {
  const formatted = await formatText('a.yaml', text);
  return formatted.kind === 'formatted' ? formatted.text : undefined;
}

test('a file is laid out with its comments, and laying it out again changes nothing', async () => {
  assert.equal(await formattedText(untidy), tidy);
  assert.equal(await formattedText(tidy), tidy);
});

test('line breaks of Windows stay', async () => {
  assert.equal(await formattedText('a:   1\r\nb: 2\r\n'), 'a: 1\r\nb: 2\r\n');
});

test('a text that is broken is told of, with its place', async () => {
  const broken = await formatText('a.yaml', 'a: 1\nb: [1\n');
  assert.equal(broken.kind, 'broken');
  assert.ok(broken.kind === 'broken' && broken.diagnostics[0]?.file === 'a.yaml');
});

const word = fc.constantFrom(
  'a',
  'public.orders',
  '"*"',
  "'it''s'",
  '{}',
  '[x,  y]',
  '{k:  v}',
  '"a#b"',
  '1',
  'true',
  '',
);
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '  ', '    ', '- ', '  - '), word, word)
    .map(([indent, key, value]) => `${indent}${key}: ${value}`),
  fc.constantFrom(
    '# note',
    '  # note',
    '',
    'when: |',
    '  x > 1',
    'text: >-',
    '  y # no comment',
    '---',
    'a: &b c',
    'd: *b',
  ),
);

test('laying out never changes the meaning, and is stable', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      const text = `${lines.join('\n')}\n`;
      const after = await formattedText(text);
      if (after === undefined) return;
      const [before, then] = [parseYaml('', text).root, parseYaml('', after).root];
      assert.ok(before && then);
      assert.deepEqual(plainValue(then), plainValue(before));
      assert.equal(await formattedText(after), after);
    }),
    { numRuns: 300 },
  );
});
