import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyEdits } from '../syntax/edits.ts';
import { policyOf, sampleWorkspace } from './check.fixture.ts';
import { type CheckedWorkspace, checkWorkspace } from './check-workspace.ts';

const listOf = (...items: readonly string[]) =>
  fc
    .array(fc.constantFrom(...items), { minLength: 1, maxLength: 3 })
    .map((found) => [...new Set(found)].join(', '));

const condition = fc
  .array(
    fc.constantFrom(
      'resource.labels.team == "a"',
      '!(resource.labels["team"] == "a")',
      'has(resource.labels.team)',
      'principal.groups[0] == "dba"',
      'int(principal.task) > 1',
      'request.text.contains("DROP")',
      '!request.text.startsWith("/*")',
      'now.getHours() < 8',
      'now.getHours("Europe/Berlin") < 8',
      'request.sql.tables.all(t, t != "x" && !(t == "y"))',
      '!("a.b" in request.sql.tables)',
      'request.sql.application == "x"',
    ),
    { minLength: 1, maxLength: 3 },
  )
  .chain((parts) => fc.constantFrom(' && ', ' || ').map((operator) => parts.join(operator)));

const rule = fc
  .record({
    effect: fc.constantFrom('allow', 'deny', 'approve'),
    block: fc.record(
      {
        actions: listOf('select', 'insert', 'drop', 'call', 'set', 'copy', '"*"'),
        tables: listOf(
          'public.a',
          '"public.*"',
          '"*"',
          '$list',
          'pg_catalog.pg_shadow',
          'public.\u043erders',
        ),
        columns: listOf('id', 'email', '"*"'),
        functions: listOf('public.f', '"pg_catalog.*"', 'pg_catalog.lo_export'),
        parameters: listOf('role', '"app.*"', 'timezone'),
      },
      { requiredKeys: [] },
    ),
    when: fc.option(condition),
    style: fc.constantFrom('|', '>-', 'single', 'flow'),
    within: fc.constantFrom('5m', '2h'),
  })
  .map(({ effect, block, when, style, within }) => {
    const sql = Object.entries(block).map(([key, items]) => `${key}: [${items}]`);
    const quoted = `'${when ?? ''}'`;
    const text = style === 'single' || style === 'flow' ? quoted : `${style}\n      ${when}`;
    const approval =
      effect === 'approve' ? `approval: { by: ["*", "group:dba"], within: ${within} }` : 'message: a\u202eb';
    if (style === 'flow')
      return `{ name: x, effect: ${effect}, sql: { ${sql.join(', ')} }${when === null ? '' : `, when: ${quoted}`}, ${approval} }`;
    const lines = [`name: x`, `effect: ${effect}`, `sql: { ${sql.join(', ')} }`, approval];
    return [...lines, ...(when === null ? [] : [`when: ${text}`])].join('\n    ');
  });

const mask = fc
  .record({
    columns: listOf('public.a.email', '"*.born"', '"*.gender"', 'public.a.id'),
    rest: fc.constantFrom(
      'with: range, step: day',
      'with: tokenize, writable: true',
      'with: hash, unless: { groups: ["*"] }',
      'with: partial, keep: { first: 9 }',
      'with: redact, harmless: [lower, length]',
    ),
  })
  .map(({ columns, rest }) => `{ columns: [${columns}], ${rest} }`);

const file = fc
  .record({ rule, mask, mode: fc.constantFrom('', 'mode: observe\n') })
  .map((parts) => policyOf(`${parts.mode}rules:\n  - ${parts.rule}\nmasks:\n  - ${parts.mask}\n`));

/** What makes a file another one than it seems, or none. */
const odd = fc.constantFrom(
  ...[
    '"',
    "'",
    '\\',
    '\\e[31m',
    '\u202e',
    '\u200b',
    '\u00a0',
    '\u043e',
    '\uff4f',
    '“',
    '\u001b',
    '\u2028',
    '\ufeff',
  ],
  ...['👩\u200d💻', '\ud83d', '\n', ' # ', ': ', '[', ']', '{', '}', '- ', '*', '&a ', 'PGPASSWORD=hunter22'],
);

function checked(text: string): CheckedWorkspace {
  const lists = policyOf('lists: { list: ["*", public.a] }\nrules: []\n', { name: 'b' });
  return checkWorkspace({
    workspace: { file: 'gatehouse.yaml', text: sampleWorkspace },
    policies: new Map([
      ['a.policy.yaml', text],
      ['b.policy.yaml', lists],
    ]),
  });
}

function holds(text: string, mustStayReadable: boolean): void {
  const { diagnostics } = checked(text);
  const readable = !diagnostics.some(({ severity }) => severity === 'error');
  for (const { file: name, range, message, code, fixes = [] } of diagnostics) {
    if (name !== 'a.policy.yaml') continue;
    assert.ok(range.start >= 0 && range.start <= range.end && range.end <= text.length, code);
    // What the YAML library adds in parentheses ends as it likes.
    if (code !== 'syntax') assert.match(message, /[.!?]$/, code);
    for (const { title, edits } of fixes) {
      const own = edits.filter((edit) => edit.file === name).sort((a, b) => a.start - b.start);
      own.forEach((edit, at) => {
        assert.ok(
          edit.start >= (own[at - 1]?.end ?? 0) && edit.start <= edit.end && edit.end <= text.length,
          code,
        );
      });
      const made = applyEdits(text, own);
      if (!readable || !mustStayReadable) continue;
      const errors = checked(made).diagnostics.filter(({ severity }) => severity === 'error');
      assert.deepEqual(errors, [], `${code}: ${title}\n${made}`);
    }
  }
}

test('places of findings are in the file, and a file without errors has none once a fix is made', () => {
  fc.assert(
    fc.property(file, (text) => holds(text, true)),
    { numRuns: 150 },
  );
});

test('checks look at any text', () => {
  const cut = fc.record({
    text: file,
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    odd,
    away: fc.nat(20),
  });
  fc.assert(
    fc.property(cut, ({ text, at, odd: piece, away }) => {
      const from = Math.floor(at * text.length);
      holds(text.slice(0, from) + piece + text.slice(from + away), false);
    }),
    { numRuns: 300 },
  );
});
