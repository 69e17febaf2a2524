import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Policy, Rule } from '../model/policy.ts';
import { compareSets } from './compare.ts';
import { at, generalRule, policy, rule, setOf } from './samples.ts';

const read = rule('allow', { actions: ['select'], tables: ['public.orders'] }, { name: 'read' });
const noDrops = rule('deny', { actions: ['drop'] }, { name: 'no-drops' });
const ask = rule(
  'approve',
  { actions: ['update'], tables: ['public.orders'] },
  {
    name: 'ask',
    approval: { by: ['group:dba', 'group:lead'], within: 60_000 },
  },
);
const hide = { columns: ['public.customers.email'], with: 'redact', location: at(40) } as const;
const base = policy([read, noDrops, ask], { masks: [hide], limits: { rows: 100 } });

/** Both sides of one edit of `base`. */
function edited(edit: (policy: Policy) => Policy): {
  loosens: readonly string[];
  tightens: readonly string[];
} {
  return compareSets(setOf(base), setOf(edit(base)));
}
const withRule =
  (name: string, change: (rule: Rule) => Rule) =>
  (each: Policy): Policy => ({
    ...each,
    rules: each.rules.map((own) => (own.name === name ? change(own) : own)),
  });
const without =
  (name: string) =>
  (each: Policy): Policy => ({
    ...each,
    rules: each.rules.filter((own) => own.name !== name),
  });
const plus =
  (fresh: Rule) =>
  (each: Policy): Policy => ({ ...each, rules: [...each.rules, fresh] });

const cases: readonly (readonly [
  string,
  (policy: Policy) => Policy,
  RegExp | undefined,
  RegExp | undefined,
])[] = [
  [
    'a new allow rule',
    plus(rule('allow', { actions: ['delete'] }, { name: 'more' })),
    /allow rule more is new/,
    undefined,
  ],
  ['an allow rule that another one covers', plus({ ...read, name: 'again' }), undefined, undefined],
  ['an allow rule gone', without('read'), undefined, /allow rule read is gone/],
  [
    'a new deny rule',
    plus(rule('deny', { actions: ['copy'] }, { name: 'no-copy' })),
    undefined,
    /deny rule no-copy is new/,
  ],
  ['a deny rule gone', without('no-drops'), /deny rule no-drops is gone/, undefined],
  ['an approve rule gone', without('ask'), /approve rule ask is gone/, /approve rule ask is gone/],
  [
    'a table added to an allow rule',
    withRule('read', (own) => ({
      ...own,
      selector: { ...own.selector, tables: ['public.orders', 'public.secret'] },
    })),
    /allow rule read allows more \(tables \+public\.secret\)/,
    undefined,
  ],
  [
    'a table taken from an allow rule',
    withRule('read', (own) => ({ ...own, selector: { ...own.selector, tables: ['public.order'] } })),
    /allows more/,
    /allows less/,
  ],
  [
    'a wider pattern for the same table',
    withRule('read', (own) => ({ ...own, selector: { ...own.selector, tables: ['public.*'] } })),
    /tables \+public\.\* -public\.orders/,
    undefined,
  ],
  [
    'a condition on an allow rule',
    withRule('read', (own) => ({ ...own, when: 'request.sql.hasWhere' })),
    undefined,
    /allow rule read allows less \(when added\)/,
  ],
  [
    'a condition on a deny rule',
    withRule('no-drops', (own) => ({ ...own, when: 'request.sql.hasWhere' })),
    /deny rule no-drops restricts less \(when added\)/,
    undefined,
  ],
  [
    'deny becomes approve',
    withRule('no-drops', (own) => ({ ...own, effect: 'approve' })),
    /deny becomes approve/,
    undefined,
  ],
  [
    'approve becomes allow',
    withRule('ask', (own) => ({ ...own, effect: 'allow' })),
    /approve becomes allow/,
    undefined,
  ],
  [
    'approve becomes deny',
    withRule('ask', (own) => ({ ...own, effect: 'deny' })),
    undefined,
    /approve becomes deny/,
  ],
  [
    'allow becomes approve',
    withRule('read', (own) => ({ ...own, effect: 'approve' })),
    undefined,
    /allow becomes approve/,
  ],
  [
    'fewer approvers',
    withRule('ask', (own) => ({ ...own, approval: { by: ['group:dba'], within: 60_000 } })),
    undefined,
    /restricts more \(approval\)/,
  ],
  [
    'more approvers',
    withRule('ask', (own) => ({ ...own, approval: { by: ['*'], within: 60_000 } })),
    /restricts less \(approval\)/,
    undefined,
  ],
  [
    'a longer wait',
    withRule('ask', (own) => ({ ...own, approval: { by: ['group:dba', 'group:lead'], within: 90_000 } })),
    /restricts less \(approval\)/,
    undefined,
  ],
  [
    'an approve rule that gains a condition',
    withRule('ask', (own) => ({ ...own, when: 'request.sql.hasWhere' })),
    /restricts less/,
    /allows less/,
  ],
  ['observed only', (each) => ({ ...each, mode: 'observe' }), /no longer enforces/, undefined],
  [
    'a wider scope',
    (each) => ({ ...each, applies: { to: ['*'], agents: ['*'], groups: ['*'] } }),
    /restricts less/,
    /allows less/,
  ],
  [
    'a mask gone',
    (each) => ({ ...each, masks: [] }),
    /mask redact on public\.customers\.email is gone/,
    undefined,
  ],
  [
    'a mask more',
    (each) => ({ ...each, masks: [hide, { ...hide, columns: ['*.ssn'] }] }),
    undefined,
    /mask redact on \*\.ssn is new/,
  ],
  [
    'a wider mask',
    (each) => ({ ...each, masks: [{ ...hide, columns: ['public.customers.*'] }] }),
    undefined,
    /hides more/,
  ],
  [
    'a mask with an exception',
    (each) => ({ ...each, masks: [{ ...hide, unless: { groups: ['privacy'] } }] }),
    /hides less/,
    undefined,
  ],
  [
    'a weaker kind of mask',
    (each) => ({ ...each, masks: [{ ...hide, with: 'hash' }] }),
    /mask redact on .* hides less/,
    undefined,
  ],
  [
    'a stricter kind of mask',
    (each) => ({ ...each, masks: [{ ...hide, with: 'null' }] }),
    undefined,
    /mask null on .* hides more/,
  ],
  [
    'a function called harmless',
    (each) => ({ ...each, masks: [{ ...hide, harmless: ['length'] }] }),
    /mask redact on .* hides less/,
    undefined,
  ],
  [
    'a larger limit',
    (each) => ({ ...each, limits: { rows: 200 } }),
    /limit rows of 100 is gone or larger/,
    undefined,
  ],
  [
    'a smaller limit',
    (each) => ({ ...each, limits: { rows: 50 } }),
    undefined,
    /limit rows of 50 is new or smaller/,
  ],
  [
    'a limit of the plan more',
    (each) => ({ ...each, limits: { rows: 100, cost: 9 } }),
    undefined,
    /limit cost of 9/,
  ],
  [
    'a budget more',
    (each) => ({ ...each, budgets: { day: { rows: 9 } } }),
    undefined,
    /budget day rows of 9/,
  ],
  ['a limit more', (each) => ({ ...each, limits: { rows: 100, bytes: 9 } }), undefined, /limit bytes of 9/],
  [
    'names, messages and places',
    (each) => ({
      ...each,
      name: 'other',
      rules: each.rules.map((own) => ({ ...own, name: `x-${own.name}`, message: 'm', location: at(99) })),
    }),
    undefined,
    undefined,
  ],
];

describe('what compareSets says of an edit', () => {
  for (const [name, edit, loosens, tightens] of cases) {
    test(name, () => {
      const found = edited(edit);
      for (const [lines, expected] of [
        [found.loosens, loosens],
        [found.tightens, tightens],
      ] as const) {
        if (expected === undefined) assert.deepEqual(lines, []);
        else assert.match(lines.join('\n'), expected);
      }
    });
  }

  test('white space in a condition has no meaning, but in a literal it has', () => {
    const when = (text: string) => setOf(policy([{ ...read, when: text }]));
    const same = compareSets(when('request.text  ==\n"a b"'), when('request.text == "a b"'));
    assert.deepEqual(same, { loosens: [], tightens: [] });
    assert.equal(
      compareSets(when('request.text == "a  b"'), when('request.text == "a b"')).loosens.length,
      1,
    );
    const comment = compareSets(
      when('true // x\n&& request.sql.hasWhere'),
      when('true // x && request.sql.hasWhere'),
    );
    assert.equal(comment.loosens.length, 1);
  });

  test('a mask that becomes writable loosens, and one that is so no more tightens', () => {
    for (const kind of ['tokenize', 'hash'] as const) {
      const mask = { ...hide, with: kind };
      const shut = setOf({ ...base, masks: [mask] });
      const open = setOf({ ...base, masks: [{ ...mask, writable: true }] });
      const words = new RegExp(`mask ${kind} on public\\.customers\\.email is gone or hides less`);
      assert.match(compareSets(shut, open).loosens.join(), words);
      assert.match(compareSets(open, shut).tightens.join(), new RegExp(`mask ${kind} on .* hides more`));
      assert.deepEqual(compareSets(open, shut).loosens, []);
    }
  });

  test('a policy that only observes loosens where nothing applied', () => {
    const watch = policy([], { name: 'watch', mode: 'observe' });
    assert.match(compareSets(setOf(), setOf(watch)).loosens.join(), /policy watch: observes/);
    assert.deepEqual(compareSets(setOf(base), setOf(base, watch)).loosens, []);
  });

  test('a policy that begins to enforce loosens nothing where it alone observed', () => {
    const watch = { ...base, mode: 'observe' } as const;
    assert.deepEqual(compareSets(setOf(watch), setOf(base)).loosens, []);
    const beside = policy([], { name: 'strict' });
    assert.match(compareSets(setOf(watch, beside), setOf(base, beside)).loosens.join(), /allow rule read/);
  });

  test('a rule for requests without actions is not made up for by one that needs an action', () => {
    const [whole, each] = [generalRule('deny'), rule('deny', { actions: ['*'] })];
    assert.equal(
      compareSets(setOf(policy([whole])), setOf(policy([{ ...each, name: 'e' }]))).loosens.length,
      1,
    );
  });
});
