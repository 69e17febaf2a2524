import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkWorkspace } from '../check/check-workspace.ts';
import { compilePolicies, decide } from '../evaluate/decide.ts';
import type { Effect } from '../model/policy.ts';
import { learn, type Level, levels, type Observed } from './learn.ts';
import { learnedPolicyText } from './learned-policy.ts';

type Seen = Observed['actions'][number];
const on = (
  kind: string,
  table: string,
  columns: readonly string[] = [],
  effect: Seen['effect'] = 'allow',
): Seen => ({
  vocabulary: 'sql',
  kind,
  facts: { table, columns },
  effect,
});
const request = (...actions: readonly Seen[]): Observed => ({
  text: `-- ${JSON.stringify(actions)}`,
  at: '2026-05-04T10:00:00.000Z',
  actions,
});

function textOf(observed: readonly Observed[], level: Level): string {
  return learnedPolicyText({
    agent: 'claude',
    resource: 'shop-db',
    level,
    requests: observed.length,
    from: '2026-05-01T00:00:00.000Z',
    to: '2026-05-04T00:00:00.000Z',
    rules: learn(observed, level),
    approval: { by: ['group:dba'], within: 300_000 },
    masks: [],
    limits: {},
  });
}

/** What becomes of actions by the policy alone. */
function decider(text: string): (actions: readonly Omit<Seen, 'effect'>[]) => Effect {
  const { set, diagnostics } = checkWorkspace({
    workspace: undefined,
    policies: new Map([['l.policy.yaml', text]]),
    checks: [],
  });
  assert.ok(set, JSON.stringify(diagnostics));
  const compiled = compilePolicies(set);
  return (actions) =>
    decide(compiled, {
      request: { vocabulary: 'sql', text: 'x', actions, facts: {} },
      principal: { person: 'ada', groups: [], agent: 'claude', workspace: 'w', task: '' },
      resource: { name: 'shop-db', protocol: 'postgres', labels: {} },
      now: new Date('2026-05-04T10:00:00Z'),
    }).effect;
}

describe('the least policy for what was seen', () => {
  it('has a rule for tables that are used alike, and one for what a person approved', () => {
    const observed = [
      request(on('select', 'public.orders', ['id'])),
      request(on('select', 'public.products', ['id', 'name'])),
      request(on('insert', 'public.orders', ['note'])),
      request(on('update', 'public.orders', ['note'], 'approve'), on('select', 'public.orders', ['id'])),
    ];
    const rules = learn(observed, 'tables').map(({ effect, block, evidence }) => [
      effect,
      block,
      evidence.requests,
    ]);
    assert.deepEqual(rules, [
      ['allow', { actions: ['insert', 'select'], tables: ['public.orders'] }, 3],
      ['allow', { actions: ['select'], tables: ['public.products'] }, 1],
      ['approve', { actions: ['update'], tables: ['public.orders'] }, 1],
    ]);
    const effectOf = decider(textOf(observed, 'tables'));
    assert.equal(effectOf([on('select', 'public.orders', ['total'])]), 'allow');
    assert.equal(effectOf([on('update', 'public.orders', ['total'])]), 'approve');
    assert.equal(effectOf([on('insert', 'public.products', ['id'])]), 'deny');
  });

  it('is as wide as its level: columns, tables, schemas, and never all that is built in', () => {
    const sleep: Seen = {
      vocabulary: 'sql',
      kind: 'call',
      facts: { function: 'pg_catalog.pg_sleep' },
      effect: 'allow',
    };
    const observed = [request(on('select', 'public.orders', ['id'])), request(sleep)];
    const [columns, tables, schemas] = levels.map((level) => decider(textOf(observed, level)));
    const total = [on('select', 'public.orders', ['total'])];
    const other = [on('select', 'public.customers', ['id'])];
    assert.deepEqual([columns?.(total), tables?.(total), schemas?.(total)], ['deny', 'allow', 'allow']);
    assert.deepEqual([columns?.(other), tables?.(other), schemas?.(other)], ['deny', 'deny', 'allow']);
    const cancel = [{ ...sleep, facts: { function: 'pg_catalog.pg_terminate_backend' } }];
    assert.equal(schemas?.([sleep]), 'allow');
    assert.equal(schemas?.(cancel), 'deny');
    assert.equal(schemas?.([on('select', 'private.wages', ['id'])]), 'deny');
  });

  it('leaves out what the server does on its own account', () => {
    const view = request(on('select', 'public.v', ['id']), {
      ...on('select', 'public.hidden', ['id']),
      implied: true,
    });
    assert.deepEqual(
      learn([view], 'tables').map(({ block }) => block.tables),
      [['public.v']],
    );
  });

  it('allows all of what was seen and nothing of another kind or table, whatever it was, and is stable', () => {
    const table = fc.constantFrom('public.a', 'public.b', 'app.c', '"Odd ""x"".t".d', 'public."a.b"');
    const kind = fc.constantFrom('select', 'insert', 'update', 'delete');
    const column = fc.constantFrom('id', 'name', 'e mail', '$x', '#y');
    const action = fc.record({
      kind,
      table,
      columns: fc.uniqueArray(column, { maxLength: 3 }),
      effect: fc.constantFrom('allow' as const, 'approve' as const),
    });
    const actions = fc.array(action, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(actions, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...levels),
        (requests, level) => {
          const observed = requests.map((each) =>
            request(...each.map(({ kind: k, table: t, columns, effect }) => on(k, t, columns, effect))),
          );
          const text = textOf(observed, level);
          assert.equal(textOf([...observed].reverse(), level), text);
          const effectOf = decider(text);
          for (const each of observed) assert.notEqual(effectOf(each.actions), 'deny', text);
          const seen = new Set(
            observed.flatMap((each) =>
              each.actions.map(({ kind: k, facts }) => `${k} ${String(facts.table)}`),
            ),
          );
          if (level !== 'schemas')
            for (const k of ['select', 'insert', 'update', 'delete', 'truncate'])
              for (const t of ['public.a', 'public.b', 'app.c', 'public.z'])
                if (!seen.has(`${k} ${t}`))
                  assert.equal(effectOf([on(k, t, ['id'])]), 'deny', `${k} ${t}\n${text}`);
        },
      ),
      { numRuns: 150 },
    );
  });
});
