import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Effect, Policy } from '../model/policy.ts';
import type { Action } from '../vocabulary/vocabulary.ts';
import { compilePolicies, decide } from './decide.ts';
import { action, asks, generalRule, policy, rule, setOf } from './samples.ts';

const orders = { table: 'public.orders' };
const select = action('select', orders);
const update = action('update', orders);
const drop = action('drop', { ...orders, object: 'table' });
const allowSelect = rule('allow', { actions: ['select'] });
const allowAll = generalRule('allow');

const fails = 'request.sql.inTransaction';
const holds = 'request.sql.hasWhere';
const holdsNot = '!request.sql.hasWhere';

type Case = readonly [
  name: string,
  rules: readonly Policy['rules'][number][],
  actions: readonly Action[],
  effect: Effect,
];

const cases: readonly Case[] = [
  ['no rule at all denies', [], [select], 'deny'],
  ['an allow rule allows its kind', [allowSelect], [select], 'allow'],
  ['an allow rule allows no other kind', [allowSelect], [update], 'deny'],
  ['every action must be allowed', [allowSelect], [select, update], 'deny'],
  [
    'several rules may allow one action each',
    [allowSelect, rule('allow', { actions: ['update'] })],
    [select, update],
    'allow',
  ],
  ['`*` is every kind', [rule('allow', { actions: ['*'] })], [select, update, drop], 'allow'],
  ['a rule without a vocabulary speaks of everything', [allowAll], [select, drop], 'allow'],
  ['a rule with an empty block speaks of its vocabulary', [rule('allow', {})], [select, drop], 'allow'],
  ['deny beats allow', [allowAll, rule('deny', { actions: ['drop'] })], [drop], 'deny'],
  ['deny beats allow, written first', [rule('deny', { actions: ['drop'] }), allowAll], [drop], 'deny'],
  [
    'deny of one action denies the request',
    [allowAll, rule('deny', { actions: ['drop'] })],
    [select, drop],
    'deny',
  ],
  ['approve beats allow', [allowAll, rule('approve', { actions: ['update'] })], [update], 'approve'],
  [
    'deny beats approve',
    [rule('approve', { actions: ['*'] }), rule('deny', { actions: ['update'] })],
    [update],
    'deny',
  ],
  ['approve alone covers', [rule('approve', { actions: ['update'] })], [update], 'approve'],
  [
    'approve of one action holds the request',
    [allowSelect, rule('approve', { actions: ['update'] })],
    [select, update],
    'approve',
  ],
  [
    'approve does not cover other actions',
    [rule('approve', { actions: ['update'] })],
    [select, update],
    'deny',
  ],

  ['a table is granted by its name', [rule('allow', { tables: ['public.orders'] })], [select], 'allow'],
  ['a table is not granted by another name', [rule('allow', { tables: ['public.order'] })], [select], 'deny'],
  ['a table is granted by a pattern', [rule('allow', { tables: ['public.*'] })], [select], 'allow'],
  ['a pattern is no prefix', [rule('allow', { tables: ['public'] })], [select], 'deny'],
  ['a pattern keeps case', [rule('allow', { tables: ['PUBLIC.*'] })], [select], 'deny'],
  ['any pattern of a list', [rule('allow', { tables: ['public.x', 'public.orders'] })], [select], 'allow'],
  ['every key must match', [rule('allow', { actions: ['select'], tables: ['public.x'] })], [select], 'deny'],
  [
    'a dot in a pattern is a dot',
    [rule('allow', { tables: ['public.orders'] })],
    [action('select', { table: 'publicXorders' })],
    'deny',
  ],
  ['an absent fact is not granted', [rule('allow', { tables: ['*'] })], [action('select')], 'deny'],
  [
    'an absent fact is not denied either',
    [allowAll, rule('deny', { actions: ['drop'], tables: ['public.*'] })],
    [action('drop', { object: 'role' })],
    'allow',
  ],
  [
    'a deny by kind needs no table',
    [allowAll, rule('deny', { actions: ['drop'] })],
    [action('drop', { object: 'role' })],
    'deny',
  ],
  [
    'objects tell kinds of drop apart',
    [allowAll, rule('deny', { actions: ['drop'], objects: ['role'] })],
    [drop],
    'allow',
  ],

  [
    'an unknown table is granted by `*` only',
    [rule('allow', { tables: ['*'] })],
    [action('select', { table: '*' })],
    'allow',
  ],
  [
    'an unknown table is not granted by a pattern',
    [rule('allow', { tables: ['public.*', 'a*', '*.*'] })],
    [action('select', { table: '*' })],
    'deny',
  ],
  [
    'an unknown table is denied by any pattern',
    [allowAll, rule('deny', { tables: ['audit.log'] })],
    [action('select', { table: '*' })],
    'deny',
  ],
  [
    'an unknown table is held by any pattern',
    [allowAll, rule('approve', { tables: ['audit.log'] })],
    [action('select', { table: '*' })],
    'approve',
  ],
  [
    'an unknown table is not covered by the pattern that holds it',
    [rule('approve', { tables: ['audit.log'] })],
    [action('select', { table: '*' })],
    'deny',
  ],
  [
    'a real table whose name is quoted is no unknown one',
    [rule('allow', { tables: ['public.*'] })],
    [action('select', { table: 'public."*"' })],
    'allow',
  ],

  [
    'columns are granted when all are',
    [rule('allow', { columns: ['id', 'total'] })],
    [action('select', { ...orders, columns: ['id', 'total'] })],
    'allow',
  ],
  [
    'columns are not granted when one is not',
    [rule('allow', { columns: ['id'] })],
    [action('select', { ...orders, columns: ['id', 'total'] })],
    'deny',
  ],
  [
    'no columns are granted by any list',
    [rule('allow', { columns: ['id'] })],
    [action('select', { ...orders, columns: [] })],
    'allow',
  ],
  [
    'one denied column is enough',
    [allowAll, rule('deny', { columns: ['ssn'] })],
    [action('select', { columns: ['id', 'ssn'] })],
    'deny',
  ],
  [
    'no columns are denied by none',
    [allowAll, rule('deny', { columns: ['ssn'] })],
    [action('select', { columns: [] })],
    'allow',
  ],
  [
    '`select *` is denied by any column',
    [allowAll, rule('deny', { columns: ['ssn'] })],
    [action('select', { columns: ['*'] })],
    'deny',
  ],
  [
    '`select *` is not granted by columns',
    [rule('allow', { columns: ['id', 's*'] })],
    [action('select', { columns: ['*'] })],
    'deny',
  ],
  [
    'one column is held',
    [allowAll, rule('approve', { columns: ['ssn'] })],
    [action('select', { columns: ['id', 'ssn'] })],
    'approve',
  ],
  [
    'approve covers columns only when it covers all',
    [rule('approve', { columns: ['ssn'] })],
    [action('select', { columns: ['id', 'ssn'] })],
    'deny',
  ],
  [
    'approve covers no columns by nothing',
    [rule('approve', { columns: ['ssn'] })],
    [action('select', { columns: [] })],
    'deny',
  ],

  [
    'what is implied needs no allow',
    [rule('allow', { tables: ['public.v'] })],
    [action('select', { table: 'public.v' }), action('select', { table: 'public.base' }, true)],
    'allow',
  ],
  [
    'what is implied is denied',
    [rule('allow', { tables: ['public.v'] }), rule('deny', { tables: ['public.base'] })],
    [action('select', { table: 'public.v' }), action('select', { table: 'public.base' }, true)],
    'deny',
  ],
  [
    'what is implied is held',
    [rule('allow', { tables: ['public.v'] }), rule('approve', { tables: ['public.base'] })],
    [action('select', { table: 'public.v' }), action('select', { table: 'public.base' }, true)],
    'approve',
  ],
  ['what is implied by nothing is denied', [], [action('select', orders, true)], 'deny'],

  ['a condition that holds', [{ ...allowSelect, when: holds }], [select], 'allow'],
  ['a condition that does not hold', [{ ...allowSelect, when: holdsNot }], [select], 'deny'],
  ['a failing condition allows nothing', [{ ...allowSelect, when: fails }], [select], 'deny'],
  [
    'a failing condition of a deny rule denies',
    [allowAll, rule('deny', {}, { when: fails })],
    [select],
    'deny',
  ],
  [
    'a failing condition of an approve rule denies',
    [allowAll, rule('approve', {}, { when: fails })],
    [select],
    'deny',
  ],
  [
    'a failing condition of a rule about other actions has no part',
    [allowAll, rule('deny', { actions: ['drop'] }, { when: fails })],
    [select],
    'allow',
  ],
  [
    'a deny rule whose condition does not hold',
    [allowAll, rule('deny', {}, { when: holdsNot })],
    [select],
    'allow',
  ],
  [
    'an approve rule whose condition does not hold',
    [allowAll, rule('approve', {}, { when: holdsNot })],
    [select],
    'allow',
  ],
  [
    'an approve rule whose condition does not hold covers nothing',
    [rule('approve', {}, { when: holdsNot })],
    [select],
    'deny',
  ],
  [
    'a condition that does not compile fails, so deny denies',
    [allowAll, rule('deny', {}, { when: 'request.' })],
    [select],
    'deny',
  ],
  [
    'a condition that does not compile fails, so allow allows nothing',
    [{ ...allowSelect, when: '1 + 1' }],
    [select],
    'deny',
  ],
  [
    'an error that cannot matter is none',
    [{ ...allowSelect, when: `${fails} || ${holds}` }],
    [select],
    'allow',
  ],

  ['nothing to do passes', [], [], 'allow'],
  ['nothing to do passes a deny rule about actions', [rule('deny', { actions: ['*'] })], [], 'allow'],
  ['nothing to do is denied by a rule about everything', [generalRule('deny')], [], 'deny'],
  ['nothing to do is denied by a rule about the vocabulary', [rule('deny', {})], [], 'deny'],
  [
    'nothing to do passes a general rule whose condition does not hold',
    [generalRule('deny', { when: holdsNot })],
    [],
    'allow',
  ],
  [
    'nothing to do is denied by a general rule that fails',
    [generalRule('deny', { when: fails })],
    [],
    'deny',
  ],
  ['nothing to do is not held', [generalRule('approve')], [], 'allow'],

  [
    'a key that is not declared widens a deny rule',
    [allowAll, rule('deny', { tabels: ['public.x'] })],
    [select],
    'deny',
  ],
  ['a key that is not declared grants nothing', [rule('allow', { tabels: ['*'] })], [select], 'deny'],
  ['keys of Object.prototype are no facts', [rule('allow', { constructor: ['*'] })], [select], 'deny'],
  [
    'an action of a kind that nobody knows',
    [rule('allow', { actions: ['select', 'update'] })],
    [action('merge')],
    'deny',
  ],
];

describe('effects', () => {
  for (const [name, rules, actions, effect] of cases) {
    test(name, () => {
      const decision = decide(compilePolicies(setOf(policy(rules))), asks(actions));
      assert.equal(decision.effect, effect, decision.reason);
      assert.equal(decision.observed, effect);
      assert.equal(decision.approval !== undefined, effect === 'approve');
    });
  }
});
