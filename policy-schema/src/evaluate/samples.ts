/** Small policy sets and requests for the tests of this folder: few names, so that they meet often. */
import fc from 'fast-check';
import type {
  Applies,
  Budgets,
  Effect,
  Limits,
  Location,
  Mask,
  Policy,
  PolicySet,
  Rule,
} from '../model/policy.ts';
import type { Action, FactValue } from '../vocabulary/vocabulary.ts';
import type { DecisionInput, Principal, ResourceFacts } from './decision.ts';

export const at = (line: number, file = 'policies/shop.policy.yaml'): Location => ({ file, line, column: 5 });

export function rule(effect: Effect, selector: Rule['selector'], more: Partial<Rule> = {}): Rule {
  return { name: 'r', effect, vocabulary: 'sql', selector, location: at(1), ...more };
}

/** A rule that speaks of every action of every protocol. */
export function generalRule(effect: Effect, more: Omit<Partial<Rule>, 'vocabulary'> = {}): Rule {
  return { name: 'r', effect, selector: {}, location: at(1), ...more };
}

/** A policy that applies everywhere; its rules get lines of their own. */
export function policy(rules: readonly Rule[], more: Partial<Policy> = {}): Policy {
  const file = `policies/${more.name ?? 'shop'}.policy.yaml`;
  return {
    name: 'shop',
    mode: 'enforce',
    applies: { to: ['*'], agents: ['*'] },
    rules: rules.map((each, index) => ({ ...each, location: at(10 + index, file) })),
    masks: [],
    limits: {},
    budgets: {},
    location: at(1, file),
    ...more,
  };
}

export const setOf = (...policies: readonly Policy[]): PolicySet => ({ policies, digest: 'digest' });

export function action(kind: string, facts: Action['facts'] = {}, implied = false): Action {
  return { vocabulary: 'sql', kind, facts, ...(implied ? { implied } : {}) };
}

export const person: Principal = {
  person: 'ann',
  groups: ['dba'],
  agent: 'claude',
  workspace: 'w',
  task: 't',
};
export const shop: ResourceFacts = { name: 'shop-db', protocol: 'postgres', labels: { env: 'prod' } };

export function asks(actions: readonly Action[], more: Partial<DecisionInput> = {}): DecisionInput {
  return {
    request: { vocabulary: 'sql', text: 'text', actions, facts: { hasWhere: true } },
    principal: person,
    resource: shop,
    now: new Date('2026-03-02T10:00:00Z'),
    ...more,
  };
}

const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 });

const names = {
  kinds: ['select', 'update', 'drop'],
  kindPatterns: ['select', 'update', 'drop', '*'],
  tables: ['public.a', 'public.b', 'audit.a', '*'],
  tablePatterns: ['public.a', 'public.*', '*.a', '*', 'audit.a'],
  columns: ['x', 'y', '*'],
  columnPatterns: ['x', 'y', '*'],
  agents: ['claude', 'copilot'],
  groups: ['dba', 'dev'],
  conditions: [
    'request.sql.hasWhere',
    '"dba" in principal.groups',
    'request.sql.inTransaction',
    'request.sql.estimatedRows > 10',
    'broken (',
  ],
};

const applies: fc.Arbitrary<Applies> = fc
  .record({
    to: some(['shop-db', 'crm-db', '*-db', 'env=prod', '*']),
    agents: fc.oneof(fc.constant(['*']), some([...names.agents, 'c*'])),
    groups: fc.option(some(names.groups), { nil: undefined }),
  })
  .map(({ groups, ...more }) => ({ ...more, ...(groups === undefined ? {} : { groups }) }));

const selector: fc.Arbitrary<Rule['selector']> = fc
  .record({
    actions: fc.option(some(names.kindPatterns), { nil: undefined }),
    tables: fc.option(some(names.tablePatterns), { nil: undefined }),
    columns: fc.option(some(names.columnPatterns), { nil: undefined, freq: 1 }),
  })
  .map((keys) =>
    Object.fromEntries(
      Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    ),
  );

export const anyRule: fc.Arbitrary<Rule> = fc
  .record({
    effect: fc.constantFrom<Effect>('allow', 'allow', 'approve', 'deny'),
    general: fc.nat(6),
    selector,
    when: fc.option(fc.constantFrom(...names.conditions), { nil: undefined, freq: 2 }),
    message: fc.option(fc.constantFrom('first message', 'second message'), { nil: undefined }),
    by: some(['group:dba', 'person:ann', '*']),
    within: fc.constantFrom(1000, 2000),
  })
  .map(({ effect, general, selector, when, message, by, within }) => ({
    name: 'r',
    effect,
    selector: general === 0 ? {} : selector,
    ...(general === 0 ? {} : { vocabulary: 'sql' as const }),
    ...(when === undefined ? {} : { when }),
    ...(message === undefined ? {} : { message }),
    ...(effect === 'approve' ? { approval: { by, within } } : {}),
    location: at(1),
  }));

const mask: fc.Arbitrary<Mask> = fc
  .record({
    columns: some(['public.a.x', 'public.a.*', '*.y', '*']),
    with: fc.constantFrom<Mask['with']>('redact', 'hash', 'tokenize', 'null'),
    harmless: fc.option(some(['length', 'ascii']), { nil: undefined }),
    writable: fc.option(fc.constant(true as const), { nil: undefined }),
    tokens: fc.option(fc.constantFrom('people', 'things'), { nil: undefined }),
    unless: fc.option(some(names.groups), { nil: undefined }),
  })
  .map(({ unless, harmless, writable, tokens, ...more }) => ({
    ...more,
    ...(harmless === undefined ? {} : { harmless }),
    ...(writable === undefined ? {} : { writable }),
    ...(tokens === undefined || more.with !== 'tokenize' ? {} : { tokens }),
    ...(unless === undefined ? {} : { unless: { groups: unless } }),
    location: at(1),
  }));

const limits: fc.Arbitrary<Limits> = fc
  .record({
    rows: fc.option(fc.constantFrom(1, 10, 100), { nil: undefined }),
    bytes: fc.option(fc.constantFrom(1, 10, 100), { nil: undefined }),
    estimatedRows: fc.option(fc.constantFrom(1, 10, 100), { nil: undefined, freq: 1 }),
  })
  .map(({ rows, bytes, estimatedRows }) => ({
    ...(estimatedRows === undefined ? {} : { estimatedRows }),
    ...(rows === undefined ? {} : { rows }),
    ...(bytes === undefined ? {} : { bytes }),
  }));

const budgets: fc.Arbitrary<Budgets> = fc
  .subarray(['session', 'agent', 'day'] as const)
  .chain((scopes) =>
    fc
      .tuple(...scopes.map(() => fc.constantFrom(1, 10, 100)))
      .map((bounds) =>
        Object.fromEntries(scopes.map((scope, index) => [scope, { rows: bounds[index] ?? 1 }])),
      ),
  );

export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  name: fc.constant('policy'),
  mode: fc.constantFrom<Policy['mode']>('enforce', 'enforce', 'enforce', 'observe'),
  applies,
  rules: fc.array(anyRule, { maxLength: 4 }),
  masks: fc.array(mask, { maxLength: 2 }),
  limits,
  budgets,
  location: fc.constant(at(1)),
});

/** A set whose policies, rules and masks have names and places of their own. */
export function named(policies: readonly Policy[]): PolicySet {
  return {
    digest: 'digest',
    policies: policies.map((each, index) => {
      const file = `policies/p${index}.policy.yaml`;
      return {
        ...each,
        name: `p${index}`,
        rules: each.rules.map((own, place) => ({
          ...own,
          name: `r${place}`,
          location: at(10 + place, file),
        })),
        masks: each.masks.map((own, place) => ({ ...own, location: at(50 + place, file) })),
        location: at(1, file),
      };
    }),
  };
}

export const anySet: fc.Arbitrary<PolicySet> = fc.array(anyPolicy, { maxLength: 3 }).map(named);

const anyAction: fc.Arbitrary<Action> = fc
  .record({
    kind: fc.constantFrom(...names.kinds),
    table: fc.option(fc.constantFrom(...names.tables), { nil: undefined, freq: 5 }),
    columns: fc.option(fc.subarray(names.columns), { nil: undefined }),
    implied: fc.nat(5),
  })
  .map(({ kind, table, columns, implied }) =>
    action(
      kind,
      { ...(table === undefined ? {} : { table }), ...(columns === undefined ? {} : { columns }) },
      implied === 0,
    ),
  );

export const anyPrincipal: fc.Arbitrary<Principal> = fc.record({
  person: fc.constantFrom('ann', 'bob'),
  groups: fc.subarray(names.groups),
  agent: fc.constantFrom(...names.agents),
  workspace: fc.constant('w'),
  task: fc.constant('t'),
});

export const anyInput: fc.Arbitrary<DecisionInput> = fc
  .record({
    actions: fc.array(anyAction, { maxLength: 3 }),
    hasWhere: fc.boolean(),
    inTransaction: fc.option(fc.boolean(), { nil: undefined }),
    estimatedRows: fc.option(fc.constantFrom(1n, 11n, 200n), { nil: undefined }),
    principal: anyPrincipal,
    resource: fc.constantFrom('shop-db', 'crm-db', 'other'),
    env: fc.constantFrom('prod', 'dev'),
  })
  .map(({ actions, hasWhere, inTransaction, estimatedRows, principal, resource, env }) => {
    const facts: Record<string, FactValue> = { hasWhere };
    if (inTransaction !== undefined) facts.inTransaction = inTransaction;
    if (estimatedRows !== undefined) Object.assign(facts, { estimatedRows, plannerCost: 1 });
    return {
      request: { vocabulary: 'sql', text: 'text', actions, facts },
      principal,
      resource: { name: resource, protocol: 'postgres', labels: { env } },
      now: new Date('2026-03-02T10:00:00Z'),
    };
  });
