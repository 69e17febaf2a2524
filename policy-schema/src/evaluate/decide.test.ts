import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Policy } from '../model/policy.ts';
import { compilePolicies, decide } from './decide.ts';
import type { DecisionInput } from './decision.ts';
import { action, asks, at, generalRule, person, policy, rule, setOf, shop } from './samples.ts';

const run = (policies: readonly Policy[], input: DecisionInput) =>
  decide(compilePolicies(setOf(...policies)), input);

const orders = { table: 'public.orders' };
const select = action('select', orders);
const update = action('update', orders);
const drop = action('drop', { ...orders, object: 'table' });
const allowSelect = rule('allow', { actions: ['select'] });
const allowAll = generalRule('allow');

const fails = 'request.sql.inTransaction';
const holdsNot = '!request.sql.hasWhere';

describe('whom a policy speaks of', () => {
  const speaks = (applies: Partial<Policy['applies']>, input: Partial<DecisionInput> = {}) =>
    run([policy([allowAll], { applies: { to: ['*'], agents: ['*'], ...applies } })], asks([select], input))
      .effect === 'allow';

  test('resources by name and pattern', () => {
    assert.ok(speaks({ to: ['shop-db'] }));
    assert.ok(speaks({ to: ['*-db'] }));
    assert.ok(!speaks({ to: ['shop'] }));
    assert.ok(!speaks({ to: [] }));
  });
  test('resources by label', () => {
    assert.ok(speaks({ to: ['env=prod'] }));
    assert.ok(speaks({ to: ['env=p*'] }));
    assert.ok(!speaks({ to: ['env=dev'] }));
    assert.ok(!speaks({ to: ['region=*'] }));
    assert.ok(!speaks({ to: ['constructor=*', '__proto__=*'] }));
  });
  test('agents and groups', () => {
    assert.ok(speaks({ agents: ['cl*'] }));
    assert.ok(!speaks({ agents: ['copilot'] }));
    assert.ok(speaks({ groups: ['dev', 'dba'] }));
    assert.ok(!speaks({ groups: ['dev'] }));
    assert.ok(!speaks({ groups: ['*'] }, { principal: { ...person, groups: [] } }));
  });
  test('no policy at all is told apart', () => {
    const none = run([policy([allowAll], { applies: { to: ['other'], agents: ['*'] } })], asks([select]));
    assert.deepEqual([none.effect, none.reason], ['deny', 'no policy applies to claude on shop-db']);
  });
});

describe('reasons and hints', () => {
  const read = {
    ...allowSelect,
    name: 'read',
    selector: { actions: ['select'], tables: ['public.orders', 'public.products'] },
  };

  test('a rule that denies', () => {
    const no = rule(
      'deny',
      { actions: ['drop'] },
      { name: 'no-schema-changes', message: 'Schema changes go through a migration.' },
    );
    const { reason, hint } = run([policy([read, no])], asks([drop]));
    assert.equal(
      reason,
      'denied by rule no-schema-changes (policies/shop.policy.yaml:11): Schema changes go through a migration.',
    );
    assert.equal(hint, 'this agent may: select on public.orders, public.products');
  });
  test('the default', () => {
    const { reason } = run([policy([read])], asks([select, drop, update]));
    assert.equal(reason, 'no rule allows drop table on public.orders, update on public.orders');
  });
  test('a rule that a person wrote goes before one that failed', () => {
    const first = rule('deny', {}, { name: 'fails', when: fails });
    const second = rule('deny', {}, { name: 'says-no' });
    assert.match(run([policy([first, second])], asks([select])).reason, /rule says-no/);
    assert.match(
      run([policy([first])], asks([select])).reason,
      /rule fails .*condition could not be evaluated: No such/,
    );
  });
  test('approval', () => {
    const ask = rule('approve', { actions: ['update'] }, { name: 'ask', message: 'A person looks at this.' });
    const { reason, hint } = run([policy([ask])], asks([update]));
    assert.equal(
      reason,
      'rule ask (policies/shop.policy.yaml:10) asks for approval: A person looks at this.',
    );
    assert.equal(hint, undefined);
    assert.equal(run([policy([ask])], asks([drop])).hint, 'with approval this agent may: update');
  });
  test('allowed', () => {
    assert.equal(
      run([policy([read])], asks([select])).reason,
      'allowed by rule read (policies/shop.policy.yaml:10)',
    );
    assert.equal(run([], asks([])).reason, 'nothing to do');
  });
});

describe('approvals', () => {
  const ask = (by: readonly string[], within: number, kind = '*') =>
    rule('approve', { actions: [kind] }, { approval: { by, within } });

  test('one list for each rule, the shortest wait', () => {
    const rules = [
      ask(['group:dba'], 60_000),
      ask(['group:lead', 'person:ann'], 30_000),
      ask(['group:dba'], 90_000),
    ];
    assert.deepEqual(run([policy(rules)], asks([update])).approval, {
      by: [['group:dba'], ['group:lead', 'person:ann']],
      within: 30_000,
    });
  });
  test('only of rules that speak of the request', () => {
    const rules = [ask(['group:dba'], 60_000, 'update'), ask(['group:lead'], 1000, 'drop')];
    assert.deepEqual(run([policy(rules)], asks([update])).approval, { by: [['group:dba']], within: 60_000 });
  });
  test('a rule without words of its own asks any person, for ten minutes', () => {
    assert.deepEqual(run([policy([rule('approve', {})])], asks([update])).approval, {
      by: [['*']],
      within: 600_000,
    });
  });
});

describe('masks and limits', () => {
  const mask = (columns: readonly string[], line: number, unless?: Policy['masks'][number]['unless']) => ({
    columns,
    with: 'redact' as const,
    ...(unless === undefined ? {} : { unless }),
    location: at(line),
  });
  const masked = (policies: readonly Policy[], input: Partial<DecisionInput> = {}) =>
    run(policies, asks([select], input)).masks.map(({ columns }) => columns[0]);

  test('masks add up, in the order of their places', () => {
    const [one, two] = [
      policy([allowAll], { masks: [mask(['b'], 9), mask(['a'], 3)] }),
      policy([], { masks: [mask(['c'], 6)] }),
    ];
    assert.deepEqual(masked([one, two]), ['a', 'c', 'b']);
    assert.deepEqual(masked([two, one]), ['a', 'c', 'b']);
  });
  test('except for whom they except', () => {
    const own = [
      policy([allowAll], {
        masks: [mask(['a'], 1, { groups: ['privacy'] }), mask(['b'], 2, { people: ['ann'] })],
      }),
    ];
    assert.deepEqual(masked(own), ['a']);
    assert.deepEqual(masked(own, { principal: { ...person, person: 'bob', groups: ['privacy'] } }), ['b']);
  });
  test('a mask is told with all that it says, and harmless functions with their schema', () => {
    const full = {
      columns: ['*.born'],
      with: 'range' as const,
      step: 'year' as const,
      harmless: ['length'],
      location: at(7),
    };
    const [applied] = run([policy([allowAll], { masks: [full] })], asks([select])).masks;
    assert.deepEqual(applied, { ...full, harmless: ['pg_catalog.length'], policy: 'shop' });
  });

  test('a policy that does not apply, or only observes, masks and limits nothing', () => {
    const far = policy([], {
      applies: { to: ['far'], agents: ['*'] },
      masks: [mask(['a'], 1)],
      limits: { rows: 1 },
    });
    const watching = policy([], { mode: 'observe', masks: [mask(['b'], 2)], limits: { rows: 2 } });
    const decision = run([far, watching, policy([allowAll], { limits: { rows: 9 } })], asks([select]));
    assert.deepEqual([decision.masks, decision.limits], [[], { rows: 9 }]);
  });
  test('the smallest of each limit', () => {
    const policies = [
      policy([allowAll], { limits: { rows: 10, bytes: 5 } }),
      policy([], { limits: { rows: 20, duration: 7, statementsPerMinute: 3 } }),
    ];
    assert.deepEqual(run(policies, asks([select])).limits, {
      rows: 10,
      bytes: 5,
      duration: 7,
      statementsPerMinute: 3,
    });
  });
});

describe('observing', () => {
  const watch = (...rules: Policy['rules']) => policy(rules, { name: 'watch', mode: 'observe' });

  test('alone, it blocks nothing and says what it would', () => {
    const decision = run([watch(allowSelect)], asks([drop]));
    assert.deepEqual([decision.effect, decision.observed], ['allow', 'deny']);
    assert.equal(decision.reason, 'only observed: no rule allows drop table on public.orders');
    assert.deepEqual(
      decision.actions.map(({ effect }) => effect),
      ['allow'],
    );
    const held = run([watch(rule('approve', {}))], asks([drop]));
    assert.deepEqual([held.effect, held.observed, held.approval], ['allow', 'approve', undefined]);
  });
  test('beside an enforcing one, it does not count', () => {
    const strict = policy([allowSelect]);
    const denied = run([strict, watch(allowAll)], asks([drop]));
    assert.deepEqual([denied.effect, denied.observed], ['deny', 'allow']);
    const allowed = run([strict, watch(rule('deny', { actions: ['select'] }))], asks([select]));
    assert.deepEqual([allowed.effect, allowed.observed], ['allow', 'deny']);
    assert.match(
      allowed.reason,
      /^allowed by rule r .*; observing policies: denied by rule r \(policies\/watch/,
    );
  });
  test('what cannot be decided is denied all the same', () => {
    const request = {
      ...asks([]).request,
      undecidable: { code: 'syntax', message: 'syntax error', hint: 'mend it' },
    } as const;
    const decision = run([watch(allowAll)], asks([], { request }));
    assert.deepEqual(
      [decision.effect, decision.observed, decision.reason, decision.hint],
      ['deny', 'deny', 'syntax error', 'mend it'],
    );
  });
});

describe('whatever goes wrong denies', () => {
  test('undecidable, with every action allowed', () => {
    const request = {
      ...asks([select]).request,
      undecidable: { code: 'oversized', message: 'too long' },
    } as const;
    const decision = run([policy([allowAll])], asks([select], { request }));
    assert.deepEqual([decision.effect, decision.reason], ['deny', 'too long']);
    assert.deepEqual(
      decision.actions.map(({ effect }) => effect),
      ['deny'],
    );
  });
  test('an exception', () => {
    const broken = new Proxy(select, {
      get() {
        throw new Error('out of order');
      },
    });
    const decision = run([policy([allowAll])], asks([broken]));
    assert.deepEqual(
      [decision.effect, decision.reason],
      ['deny', 'the request could not be decided: out of order'],
    );
    assert.deepEqual(decision.trace(), []);
  });
  test('a date that is none', () => {
    const late = rule('deny', {}, { when: 'now > timestamp("2026-01-01T00:00:00Z")' });
    assert.equal(
      run([policy([allowAll, late])], asks([select], { now: new Date(Number.NaN) })).effect,
      'deny',
    );
  });
});

describe('the trace', () => {
  test('tells of every rule that applies', () => {
    const policies = [
      policy([
        { ...allowSelect, name: 'one' },
        rule('deny', { actions: ['drop'] }, { name: 'two', when: fails }),
        rule('deny', {}, { name: 'three', when: holdsNot }),
        rule('deny', {}, { name: 'four', when: fails }),
      ]),
    ];
    const trace = run(policies, asks([select, update])).trace();
    assert.deepEqual(
      trace.map(({ rule: name, actions, condition }) => [name, actions, condition]),
      [
        ['one', [0], 'none'],
        ['two', [], 'not evaluated'],
        ['three', [0, 1], 'false'],
        ['four', [0, 1], 'failed'],
      ],
    );
    assert.deepEqual(trace[0]?.unmatched, [{ action: 1, why: 'actions: update is none of select' }]);
    assert.match(trace[3]?.error ?? '', /inTransaction/);
  });
});

test('decisions over the same actions share work, and keep apart what conditions and persons tell apart', () => {
  const policies = compilePolicies(
    setOf(
      policy([{ ...allowSelect, when: 'request.sql.hasWhere' }], {
        applies: { to: ['*'], agents: ['*'], groups: ['dba'] },
      }),
    ),
  );
  const actions = [select];
  const ask = (hasWhere: boolean | undefined, principal = person) =>
    decide(policies, {
      request: { vocabulary: 'sql', text: '', actions, facts: hasWhere === undefined ? {} : { hasWhere } },
      principal,
      resource: shop,
      now: new Date(0),
    }).effect;
  assert.deepEqual([ask(true), ask(false), ask(undefined), ask(true)], ['allow', 'deny', 'deny', 'allow']);
  assert.equal(ask(true, { ...person, groups: [] }), 'deny');
});
