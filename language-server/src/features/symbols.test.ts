import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deskOf } from '../desk.fixture.ts';
import { documentSymbols, type FileSymbol } from './document-symbols.ts';
import { shop } from './names.fixture.ts';
import { fuzzyScore, workspaceSymbols } from './workspace-symbols.ts';

function outline(files: string | Readonly<Record<string, string>>, name?: string): readonly string[] {
  const { desk, file } = deskOf(files);
  const lines: string[] = [];
  const visit = (symbols: readonly FileSymbol[], depth: number): void => {
    for (const { kind, name, detail, children } of symbols) {
      lines.push(`${'  '.repeat(depth)}${kind} ${name}${detail === undefined ? '' : ` (${detail})`}`);
      visit(children, depth + 1);
    }
  };
  visit(documentSymbols(desk, name ?? file), 0);
  return lines;
}

const policy = `gatehouse: v1
kind: Policy
name: shop
mode: observe
applies: { to: ["*"] }
lists: { one: [a.b], two: [a.b, $one] }
rules:
  - name: read
    effect: allow
  - { name: ask, effect: approve }
masks:
  - { columns: ["*.ssn", $cards], with: redact }
  - { columns: ["*.x"], with: null }
limits: { rows: 10, duration: 30s }
budgets: { day: { cost: 5 } }
`;

test('the outline of a policy has its lists, rules, masks, limits and budgets', () => {
  assert.deepEqual(outline(policy), [
    'policy shop (observe)',
    '  list one (1 pattern)',
    '  list two (2 patterns)',
    '  rule read (allow)',
    '  rule ask (approve)',
    '  mask *.ssn, $cards (redact)',
    '  mask *.x (null)',
    '  limits limits',
    '    bound rows (10)',
    '    bound duration (30s)',
    '  budget day',
    '    bound cost (5)',
  ]);
});

test('the outline of gatehouse.yaml has resources and groups', () => {
  assert.deepEqual(outline(shop, 'gatehouse.yaml'), [
    'workspace Workspace',
    '  resource shop-db (postgres localhost)',
    '  resource dev-db (postgres localhost)',
    '  group dba (Whoever runs the databases.)',
    '  group privacy (Whoever may see all.)',
  ]);
});

test('the head of a symbol is its name', () => {
  const { desk, file } = deskOf(policy);
  const [symbol] = documentSymbols(desk, file);
  const heads = [symbol, ...(symbol?.children ?? [])].map((each) =>
    policy.slice(each?.head.start, each?.head.end),
  );
  assert.deepEqual(heads, [
    'shop',
    'one',
    'two',
    'read',
    'ask',
    '["*.ssn", $cards]',
    '["*.x"]',
    'limits',
    'day',
  ]);
});

test('a broken file has an outline of what can be read', () => {
  const lines = outline(
    'name: a\nrules:\n  - name: one\n    effect: deny\n  - name:\n  - effect: allow\n  - [\n',
  );
  assert.deepEqual(lines.slice(0, 4), [
    'policy a',
    '  rule one (deny)',
    '  rule rule',
    '  rule rule (allow)',
  ]);
  assert.deepEqual(outline(''), []);
  assert.deepEqual(outline('x', 'no-such-file'), []);
});

test('symbols of the workspace are found by letters in their order, the best first', () => {
  const { desk } = deskOf(shop);
  const found = (query: string) =>
    workspaceSymbols(desk, query).map(({ kind, name, container }) => `${kind} ${name} in ${container}`);
  assert.deepEqual(found('cat'), ['list catalogue in lists']);
  assert.deepEqual(found('RD'), ['rule read in other', 'rule read in shop']);
  assert.equal(found('shop')[0], 'list shop in lists');
  assert.deepEqual(found('sdb'), ['resource shop-db in gatehouse.yaml']);
  assert.deepEqual(found('zz'), []);
  assert.ok(found('').length > 10);
});

test('letters side by side and at the start of words count more', () => {
  const best = (query: string, ...names: readonly string[]) =>
    [...names].sort((a, b) => (fuzzyScore(query, b) ?? -1) - (fuzzyScore(query, a) ?? -1))[0];
  assert.equal(best('so', 'last-orders', 'shop-orders'), 'shop-orders');
  assert.equal(best('read', 'already', 'read-orders'), 'read-orders');
  assert.equal(best('read', 'read-orders', 'read'), 'read');
  assert.equal(fuzzyScore('ba', 'ab'), undefined);
});

test('a name is found by any of its letters in their order, and by nothing else', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, (query, name) => {
      let at = 0;
      for (const letter of name) if (letter === query[at]) at++;
      assert.equal(fuzzyScore(query, name) !== undefined, at === query.length);
    }),
    { numRuns: 3000 },
  );
});
