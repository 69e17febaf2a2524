import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compiledConditions } from '../conditions/condition-cache.ts';
import { checkWorkspace } from './check-workspace.ts';
import { CheckSession } from './session.ts';

const workspaceFile = 'gatehouse.yaml';
const now = new Date('2026-06-01T12:00:00Z');

const rule = fc
  .record({
    name: fc.constantFrom('reads', 'writes', 'no-deletes', 'ALL', 'x'),
    effect: fc.constantFrom('allow', 'deny', 'approve', 'audit'),
    sql: fc.constantFrom(
      '',
      '    sql: { actions: [select], tables: [public.orders] }\n',
      '    sql:\n      actions: [delete, update]\n      tables: ["*"]\n',
      '    sql: { functions: ["*"] }\n',
      '    sql: { tables: [$catalogue] }\n',
    ),
    when: fc.constantFrom(
      '',
      '    when: request.sql.hasWhere\n',
      '    when: |\n      request.sql.hasWhere &&\n        "\u0430dmin" in principal.groups\n',
      '    when: request.sql.hasWher\n',
      '    when: "true"\n',
    ),
    more: fc.constantFrom(
      '',
      '    message: No.\n',
      '    approval: { by: [person:ann], within: 5d }\n',
      '    # a comment\n',
      '    efect: x\n',
    ),
  })
  .map(
    ({ name, effect, sql, when, more }) => `  - name: ${name}\n    effect: ${effect}\n${sql}${when}${more}`,
  );
const mask = fc.constantFrom(
  '  - columns: [public.people.email]\n    with: redact\n',
  '  - columns: ["*.*.phone"]\n    with: partial\n    keep: { first: 2 }\n',
  '  - columns: [public.people.email]\n    wit: hash\n',
);
const policyText = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c'),
    to: fc.constantFrom('db', 'dev', '"*"', 'env=prod', 'nowhere'),
    rules: fc.array(rule, { maxLength: 5 }),
    masks: fc.array(mask, { maxLength: 2 }),
    rest: fc.constantFrom(
      '',
      'limits: { rows: 10 }\n',
      'limits: { rows: -1 }\n',
      'lists: { catalogue: [public.a] }\n',
      'lists:\n  catalogue: [public.b, $more]\n  more: [a]\n',
      'lists: { more: [$catalogue, public.c] }\n',
      'x',
    ),
  })
  .map(
    ({ name, to, rules, masks, rest }) =>
      `gatehouse: v1\nkind: Policy\nname: ${name}\napplies: { to: [${to}] }\n` +
      (rules.length > 0 ? `rules:\n${rules.join('')}` : '') +
      (masks.length > 0 ? `masks:\n${masks.join('')}` : '') +
      rest,
  );
const workspaceText = fc.constantFrom(
  'gatehouse: v1\nkind: Workspace\nresources:\n  - { name: db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }\n',
  'gatehouse: v1\nkind: Workspace\nresources:\n  - { name: dev, protocol: postgres, host: localhost, database: shop, user: postgres }\n',
  'gatehouse: v1\n',
);

const policyFiles = ['a.policy.yaml', 'b.policy.yaml', 'c.policy.yaml'] as const;
type Step =
  | { readonly kind: 'set'; readonly file: string; readonly text: string | undefined }
  | {
      readonly kind: 'edit';
      readonly file: string;
      readonly at: number;
      readonly gone: number;
      readonly put: string;
    }
  | { readonly kind: 'look'; readonly file: string };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    file: fc.constantFrom(...policyFiles),
    text: fc.option(policyText, { nil: undefined, freq: 6 }),
  }),
  fc.record({ kind: fc.constant('set' as const), file: fc.constant(workspaceFile), text: workspaceText }),
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      file: fc.constantFrom(...policyFiles),
      at: fc.nat(2000),
      gone: fc.nat(3),
      put: fc.oneof(fc.constantFrom('', '\n', ' ', 'x', '"', '- ', ': ', '    message: Hi.\n'), rule),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('look' as const), file: fc.constantFrom(...policyFiles) }),
  },
);

function applied(texts: Map<string, string>, each: Step): void {
  if (each.kind === 'look') return;
  if (each.kind === 'set') {
    if (each.text === undefined) texts.delete(each.file);
    else texts.set(each.file, each.text);
    return;
  }
  const text = texts.get(each.file) ?? '';
  const at = each.at % (text.length + 1);
  texts.set(each.file, text.slice(0, at) + each.put + text.slice(at + each.gone));
}

test('after any edits a session says what a check from nothing says', () => {
  fc.assert(
    fc.property(
      workspaceText,
      policyText,
      fc.array(step, { minLength: 1, maxLength: 8 }),
      (workspace, first, steps) => {
        const texts = new Map([
          [workspaceFile, workspace],
          [policyFiles[0], first],
        ]);
        const session = new CheckSession({ workspaceFile, now });
        for (const [file, text] of texts) session.setFile(file, text);
        for (const each of steps) {
          applied(texts, each);
          if (each.kind === 'look') session.diagnostics(each.file);
          else session.setFile(each.file, texts.get(each.file));
          const policies = new Map([...texts].filter(([file]) => file !== workspaceFile));
          const nothing = checkWorkspace({
            workspace: { file: workspaceFile, text: texts.get(workspaceFile) ?? '' },
            policies,
            now,
          });
          assert.deepEqual(session.all(), nothing.diagnostics);
          assert.deepEqual(session.checked.set, nothing.set);
          assert.deepEqual(session.checked.workspace, nothing.workspace);
        }
      },
    ),
    { numRuns: 150 },
  );
});

const head = 'gatehouse: v1\nkind: Policy\nname: a\napplies: { to: [db] }\n';

test('checks of a rule alone look at the edited rule alone', () => {
  const seen: string[] = [];
  const session = new CheckSession({
    now,
    checks: [
      {
        code: 'seen',
        family: 'hygiene',
        severity: 'information',
        title: 'Seen',
        unit: 'rule',
        reads: 'unit',
        check(unit, report) {
          seen.push(unit.rule.name);
          report(unit.node.range, `It is ${unit.rule.name}.`);
        },
      },
    ],
  });
  const text = `${head}rules:\n${['a', 'b', 'c'].map((name) => `  - name: ${name}\n    effect: deny\n`).join('')}`;
  session.setFile('a.yaml', text);
  session.diagnostics('a.yaml');
  assert.deepEqual(seen.splice(0), ['a', 'b', 'c']);
  session.setFile('a.yaml', text.replace('name: b', 'name: bb\n    message: x'));
  const found = session.diagnostics('a.yaml');
  assert.deepEqual(seen.splice(0), ['bb']);
  assert.deepEqual(
    found.map(({ line, message }) => `${line} ${message}`),
    ['6 It is a.', '8 It is bb.', '11 It is c.'],
  );
});

test('nobody asked, nothing read', () => {
  const session = new CheckSession({ now });
  session.setFile('a.yaml', head);
  const { checked } = session;
  session.setFile('a.yaml', head);
  assert.equal(session.checked, checked);
});

test('a rule that can be read is checked beside a broken one, and the set is not there', () => {
  const session = new CheckSession({ now });
  session.setFile('a.yaml', `${head}rules:\n  - name: x\n    effect: deny\n  - name: y\n    efect: deny\n`);
  const { policies, partial } = session.world;
  assert.equal(partial, true);
  assert.deepEqual(
    policies.map((unit) => [unit.partial, unit.rules.map(({ rule }) => rule.name)]),
    [[true, ['x']]],
  );
  assert.equal(session.checked.set, undefined);
});

test('nothing gathers over ten thousand edits', () => {
  const session = new CheckSession({ workspaceFile, now });
  const rules = 20;
  const textOf = (round: number): string =>
    `${head}rules:\n${Array.from(
      { length: rules },
      (_, index) =>
        `  - name: r${index}\n    effect: deny\n    when: request.text == "${index === round % rules ? round : ''}"\n`,
    ).join('')}`;
  session.setFile('b.yaml', textOf(3).replace('name: a', 'name: b'));
  for (let round = 0; round < 10_000; round++) {
    session.setFile('a.yaml', round % 97 === 0 ? undefined : textOf(round));
    if (round % 3 === 0) session.diagnostics('a.yaml');
  }
  session.all();
  const files = [...session.checked.files.values()];
  assert.equal(files.length, 2);
  for (const file of files) assert.ok(file.kept <= rules, `${file.kept} findings are kept`);
  assert.ok(compiledConditions() <= 2 * 4096);
});

test('the errors of one file are there before the others are read', () => {
  const session = new CheckSession({ workspaceFile, now });
  for (let index = 0; index < 50; index++)
    session.setFile(`p${index}.yaml`, head.replace('name: a', `name: p${index}`));
  const broken = `${head}rules:\n  - name: x\n    efect: deny\n    sql: { tables: [$made-elsewhere] }\n`;
  session.setFile('a.yaml', broken);
  const given = session.unread;
  assert.ok(given > 50 * 50);
  assert.deepEqual(
    session.early('a.yaml').map(({ code }) => code),
    ['unknown-key'],
  );
  assert.equal(session.unread, given - broken.length);
  while (!session.readSome(0));
  assert.equal(session.unread, 0);
  assert.equal(session.checked.files.size, 51);
  assert.deepEqual(session.early('nowhere.yaml'), []);
});
