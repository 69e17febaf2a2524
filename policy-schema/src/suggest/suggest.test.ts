import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { compilePolicies, decide } from '../evaluate/decide.ts';
import type { DecisionInput } from '../evaluate/decision.ts';
import { loadPolicySet } from '../model/policy-set.ts';
import { applyEdits } from '../syntax/edits.ts';
import { loadReaders, readers } from '../vocabulary/readers.ts';
import { suggestRules } from './suggest.ts';
import type { Suggested, Suggestion } from './suggestion.ts';

const file = '.gatehouse/policies/shop.policy.yaml';
const workspace = {
  file: '.gatehouse/gatehouse.yaml',
  text: `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod }, host: localhost, database: shop, user: rw }
`,
};
const shop = `# Who may do what in the shop.
gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }

rules:
  # Reading is fine.
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.products, public.orders] } # not the people
  - name: careful-updates
    effect: approve
    sql:
      actions:
        - update
      tables:
        - public.orders
    approval: { by: ["group:dba"], within: 5m }
  - name: no-schema-changes
    effect: deny
    sql: { actions: [create, alter, drop] }
    message: Schema changes go through a migration.
`;

function asks(text: string, more: Partial<DecisionInput['principal']> = {}): DecisionInput {
  return {
    request: readers.postgres.read(text, { inTransaction: false, application: '' }),
    principal: { person: 'ann', groups: ['dba'], agent: 'claude', workspace: 'w', task: '', ...more },
    resource: { name: 'shop-db', protocol: 'postgres', labels: { env: 'prod' } },
    now: new Date('2026-03-02T10:00:00Z'),
    plan: 'later',
  };
}

function suggest(
  text: string,
  others: readonly string[] = [],
  policy = shop,
): Extract<Suggested, { kind: 'suggested' }> {
  const found = suggestRules({
    workspace,
    policies: new Map([[file, policy]]),
    request: [asks(text)],
    others: others.map((each) => [asks(each)]),
  });
  assert.ok(found.kind === 'suggested', JSON.stringify(found));
  return found;
}

/** The file with a suggestion made. */
function made({ edits, file: name }: Suggestion, policy = shop): string {
  assert.ok(edits.every((edit) => edit.file === name));
  return applyEdits(name === file ? policy : '', edits);
}

function effectOf(text: string, policy: string, name = file): string {
  const { set, diagnostics } = loadPolicySet(new Map([[name, policy]]));
  assert.ok(set !== undefined, JSON.stringify(diagnostics));
  return decide(compilePolicies(set), asks(text)).effect;
}

describe('suggested rules', () => {
  before(() => loadReaders());

  test('begin with a rule for exactly what was asked, and keep everything else of the file', () => {
    const text = 'SELECT name FROM public.customers WHERE id = 1';
    const { suggestions, effect, obstacles } = suggest(text);
    assert.equal(effect, 'deny');
    assert.deepEqual(obstacles, []);
    const [first] = suggestions;
    assert.ok(first !== undefined);
    assert.equal(first.title, 'Allow select on public.customers (id, name) for claude with WHERE');
    assert.equal(
      made(first),
      `${shop}  - name: allow-select-customers
    effect: allow
    sql: { actions: [select], tables: [public.customers], columns: [id, name] }
    when: principal.agent == "claude" && request.sql.hasWhere
`,
    );
    assert.equal(effectOf(text, made(first)), 'allow');
    assert.equal(effectOf('SELECT email FROM public.customers WHERE id = 1', made(first)), 'deny');
    assert.equal(effectOf('SELECT name FROM public.customers', made(first)), 'deny');
  });

  test('offer to ask a person, in the way in which the policy asks already', () => {
    const { suggestions } = suggest('SELECT name FROM public.customers');
    const asked = suggestions.find(({ effect }) => effect === 'approve');
    assert.ok(asked !== undefined);
    assert.match(made(asked), /effect: approve\n.*\n.*\n {4}approval: \{ by: \["group:dba"\], within: 5m \}/);
  });

  test('add to the list of a rule that lacks one entry, of lines and on one line', () => {
    const read = suggest('SELECT name FROM public.customers').suggestions.find(
      ({ kind }) => kind === 'entry',
    );
    assert.ok(read !== undefined);
    assert.equal(read.title, 'Add public.customers to the tables of read-shop');
    assert.match(made(read), /public\.orders, public\.customers\] \} # not the people/);
    const updated = suggest('UPDATE public.customers SET name = 1 WHERE 2 = 1').suggestions.find(
      ({ kind, effect }) => kind === 'entry' && effect === 'approve',
    );
    assert.ok(updated !== undefined);
    assert.match(made(updated), / {8}- public\.orders\n {8}- public\.customers\n/);
  });

  test('tell what else they would have let pass, the narrower the less', () => {
    const { suggestions } = suggest('SELECT name FROM public.customers WHERE id = 1', [
      'SELECT name FROM public.customers WHERE id = 2',
      'SELECT email FROM public.customers WHERE id = 2',
      'SELECT 1 FROM public.orders',
      'DROP TABLE public.customers',
    ]);
    const [first] = suggestions;
    const whole = suggestions.find(({ title }) => title === 'Allow select on public.customers');
    assert.deepEqual(first?.evidence, { loosened: 1, tightened: 0, examples: [0] });
    assert.deepEqual(whole?.evidence, { loosened: 2, tightened: 0, examples: [0, 1] });
  });

  test('tell what a rule that asks a person would hold that passes now', () => {
    const policy = shop.replace(', public.orders] } # not the people', ', public.orders], columns: [id] }');
    const { suggestions } = suggest(
      'SELECT id, total FROM public.orders',
      ['SELECT id FROM public.orders'],
      policy,
    );
    const asked = suggestions.find(({ kind, effect }) => kind === 'rule' && effect === 'approve');
    assert.equal(asked?.evidence.tightened, 1);
  });

  test('change the rule that denies, and say that nothing else would help', () => {
    const text = 'CREATE TABLE public.notes (id int)';
    const { suggestions, obstacles, note } = suggest(text, ['CREATE TABLE public.other (id int)']);
    assert.deepEqual(
      obstacles.map(({ rule, effect, location }) => [rule, effect, location.line]),
      [['no-schema-changes', 'deny', 20]],
    );
    assert.match(note ?? '', /No allow rule lifts a deny rule/);
    assert.ok(suggestions.length > 0);
    assert.ok(suggestions.every(({ kind }) => kind === 'exception'));
    const [first] = suggestions;
    assert.ok(first !== undefined);
    const after = made(first);
    assert.equal(effectOf(text, after), 'allow');
    assert.equal(effectOf('CREATE TABLE public.other (id int)', after), 'deny');
    assert.equal(effectOf('DROP TABLE public.notes', after), 'deny');
    assert.equal(first.evidence.loosened, 0);
    assert.match(after, /when: '!\(principal\.agent == "claude" &&/);
  });

  test('let a held request pass by an exception from the rule that holds it', () => {
    const text = 'UPDATE public.orders SET total = 1 WHERE id = 1';
    const { suggestions, effect } = suggest(text, ['UPDATE public.orders SET total = 1']);
    assert.equal(effect, 'approve');
    const [first] = suggestions;
    assert.ok(first !== undefined);
    assert.equal(first.effect, 'allow');
    assert.equal(first.evidence.loosened, 0);
    assert.equal(effectOf(text, made(first)), 'allow');
    assert.equal(effectOf('UPDATE public.orders SET total = 1', made(first)), 'approve');
  });

  test('make a policy where none applies', () => {
    const { suggestions } = suggest('SELECT 1', [], shop.replace('shop-db', 'other-db'));
    const [first] = suggestions;
    assert.equal(first?.kind, 'file');
    assert.equal(first?.file, '.gatehouse/policies/shop-db.policy.yaml');
    assert.equal(effectOf('SELECT 1', made(first as Suggestion), first?.file), 'allow');
  });

  test('are none for what is allowed, cannot be read, or files with errors', () => {
    assert.match(suggest('SELECT 1 FROM public.orders').note ?? '', /allow this request as they stand/);
    assert.match(suggest('SELEC').note ?? '', /could not be read/);
    const broken = suggestRules({
      workspace,
      policies: new Map([[file, shop.replace('effect: allow', 'effect: perhaps')]]),
      request: [asks('SELECT 1')],
      others: [],
    });
    assert.ok(broken.kind === 'broken');
    assert.match(broken.problems.join(), /shop\.policy\.yaml:10/);
  });

  test('say which bound is in the way where no rule is', () => {
    const { note } = suggestBounded();
    assert.match(note ?? '', /a bound does: .*Raise it in .*shop\.policy\.yaml:24/);
  });
});

function suggestBounded() {
  const request = asks('SELECT 1 FROM public.orders');
  const facts = { ...request.request.facts, plannerCost: 100, estimatedRows: 10n };
  const found = suggestRules({
    workspace,
    policies: new Map([[file, `${shop}limits: { cost: 10 }\n`]]),
    request: [{ ...request, request: { ...request.request, facts } }],
    others: [],
  });
  assert.ok(found.kind === 'suggested');
  return found;
}
